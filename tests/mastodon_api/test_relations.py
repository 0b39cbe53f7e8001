"""Following, blocking, muting, noting, featuring: what they answer and what they change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from api_client import App

import cast
from cast import MOMENT, Member
from majlis.core.clock import now
from majlis.people import actions, queries
from majlis.people.models import Follow, FollowRequest

pytestmark = pytest.mark.django_db
DEEDS = [
    "follow", "unfollow", "remove_from_followers", "block", "unblock", "mute", "unmute", "note", "pin",
    "unpin", "endorse", "unendorse",
]  # fmt: skip


def standing(one: Member, other: Member) -> queries.Relationship:
    return queries.relationships(viewer_id=one.id, ids=[other.id], at=now())[other.id]


def test_following_and_setting_it_otherwise(alice: Member, bob: Member) -> None:
    app, path = App(alice), f"/api/v1/accounts/{bob.id}/follow"
    answer = app.post(path).json()
    assert (answer["following"], answer["showing_reblogs"], answer["notifying"]) == (True, True, False)
    answer = app.post(path, {"reblogs": False, "notify": True, "languages": ["ar", "en"]}).json()
    assert (answer["showing_reblogs"], answer["notifying"]) == (False, True)
    assert answer["languages"] == ["ar", "en"]
    # what is not sent stays; an empty language, as forms send it, takes the choice away
    assert app.form("POST", path, {"languages": [""]}).json()["languages"] is None
    assert standing(alice, bob).notifying


def test_forms_json_and_multipart_follow_alike(alice: Member, bob: Member) -> None:
    app, path, body = App(alice), f"/api/v1/accounts/{bob.id}/follow", {"reblogs": False, "languages": ["ar"]}
    answers = [app.post(path, body), app.form("POST", path, body), app.multipart("POST", path, body)]
    assert len({answer.content for answer in answers}) == 1


def test_one_who_decides_herself_is_asked(alice: Member, bob: Member) -> None:
    actions.change_profile(by=bob.id, at=MOMENT, locked=True)
    answer = App(alice).post(f"/api/v1/accounts/{bob.id}/follow").json()
    assert (answer["following"], answer["requested"]) == (False, True)
    assert App(bob).get("/api/v1/accounts/relationships", id=[alice.id]).json()[0]["requested_by"] is True
    assert App(alice).post(f"/api/v1/accounts/{bob.id}/unfollow").json()["requested"] is False


def test_removing_a_follower(alice: Member, bob: Member) -> None:
    cast.follows(bob, alice)
    answer = App(alice).post(f"/api/v1/accounts/{bob.id}/remove_from_followers").json()
    assert answer["followed_by"] is False
    assert not Follow.objects.exists()


def test_blocking_ends_everything_and_is_told_to_both(alice: Member, bob: Member) -> None:
    cast.friends(alice, bob)
    answer = App(alice).post(f"/api/v1/accounts/{bob.id}/block").json()
    assert (answer["blocking"], answer["following"], answer["followed_by"]) == (True, False, False)
    assert App(bob).get("/api/v1/accounts/relationships", id=[alice.id]).json()[0]["blocked_by"] is True
    refused = App(bob).post(f"/api/v1/accounts/{alice.id}/follow")
    assert refused.status_code == 403
    assert App(alice).post(f"/api/v1/accounts/{bob.id}/unblock").json()["blocking"] is False


def test_a_mute_ends_by_itself(alice: Member, bob: Member) -> None:
    app = App(alice)
    answer = app.post(f"/api/v1/accounts/{bob.id}/mute", {"duration": 3600, "notifications": False}).json()
    assert (answer["muting"], answer["muting_notifications"]) == (True, False)
    ends = datetime.fromisoformat(answer["muting_expires_at"])
    assert timedelta(minutes=59) < ends - now() <= timedelta(hours=1)
    muted = app.get("/api/v1/mutes").json()
    assert [(each["acct"], each["mute_expires_at"]) for each in muted] == [
        ("bob", answer["muting_expires_at"])
    ]
    assert app.form("POST", f"/api/v1/accounts/{bob.id}/mute", {"duration": 0}).json()["muting_notifications"]
    assert app.get("/api/v1/mutes").json()[0]["mute_expires_at"] is None
    assert app.post(f"/api/v1/accounts/{bob.id}/unmute").json()["muting"] is False
    assert app.get("/api/v1/mutes").json() == []


@pytest.mark.parametrize("duration", [-1, "soon", 10**12])
def test_a_mute_that_ends_never_or_before_is_refused(alice: Member, bob: Member, duration: Any) -> None:
    assert App(alice).post(f"/api/v1/accounts/{bob.id}/mute", {"duration": duration}).status_code == 422
    assert not standing(alice, bob).muting


def test_a_note(alice: Member, bob: Member) -> None:
    app, path = App(alice), f"/api/v1/accounts/{bob.id}/note"
    assert app.post(path, {"comment": "التقينا في دمشق"}).json()["note"] == "التقينا في دمشق"
    assert app.post(path, {"comment": "x" * 2_001}).status_code == 422
    assert standing(alice, bob).note == "التقينا في دمشق"
    assert app.post(path, {}).json()["note"] == ""


def test_featuring_needs_following(alice: Member, bob: Member) -> None:
    app = App(alice)
    assert app.post(f"/api/v1/accounts/{bob.id}/pin").status_code == 403
    cast.follows(alice, bob)
    assert app.post(f"/api/v1/accounts/{bob.id}/pin").json()["endorsed"] is True
    assert app.post(f"/api/v1/accounts/{bob.id}/unendorse").json()["endorsed"] is False


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_does_it_to_the_unknown(alice: Member, deed: str) -> None:
    for id_ in (4_711, "nonsense"):
        answer = App(alice).post(f"/api/v1/accounts/{id_}/{deed}", {"comment": "x"})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_there"), deed


@pytest.mark.parametrize("deed", ["follow", "block", "mute", "endorse"])
def test_nobody_does_it_to_herself(alice: Member, deed: str, told: list[Any]) -> None:
    assert App(alice).post(f"/api/v1/accounts/{alice.id}/{deed}").status_code == 422
    assert told == []


@pytest.mark.parametrize("deed", DEEDS)
def test_a_refusal_changes_nothing(
    alice: Member, bob: Member, deed: str, told: list[Any], choice: Callable[..., None]
) -> None:
    cast.friends(alice, bob)
    before = standing(alice, bob)
    told.clear()
    for app in (App(alice, scopes="read push"), App(None), App(None, scopes="read write follow")):
        assert app.post(f"/api/v1/accounts/{bob.id}/{deed}", {"comment": "x"}).status_code in {401, 403}
    assert standing(alice, bob) == before
    assert told == []


def test_the_old_follow_scope_is_enough(alice: Member, bob: Member) -> None:
    app = App(alice, scopes="follow")
    for deed in ("follow", "unfollow", "block", "unblock", "mute", "unmute"):
        assert app.post(f"/api/v1/accounts/{bob.id}/{deed}").status_code == 200, deed
    assert app.post(f"/api/v1/accounts/{bob.id}/note", {"comment": "x"}).status_code == 403


# requests


def test_requests_are_listed_accepted_and_refused(alice: Member, bob: Member, charlie: Member) -> None:
    actions.change_profile(by=bob.id, at=MOMENT, locked=True)
    for asker in (alice, charlie):
        App(asker).post(f"/api/v1/accounts/{bob.id}/follow")
    app = App(bob)
    assert [each["acct"] for each in app.get("/api/v1/follow_requests").json()] == ["charlie", "alice"]
    assert app.get("/api/v1/accounts/verify_credentials").json()["source"]["follow_requests_count"] == 2
    assert app.post(f"/api/v1/follow_requests/{alice.id}/authorize").json()["followed_by"] is True
    assert app.post(f"/api/v1/follow_requests/{charlie.id}/reject").json()["followed_by"] is False
    assert app.get("/api/v1/follow_requests").json() == []
    assert app.post(f"/api/v1/follow_requests/{charlie.id}/authorize").status_code == 404


def test_cve_2025_30741_charlie_does_not_answer_requests_of_others(
    alice: Member, bob: Member, charlie: Member
) -> None:
    actions.change_profile(by=bob.id, at=MOMENT, locked=True)
    App(alice).post(f"/api/v1/accounts/{bob.id}/follow")
    for asker in (charlie, alice):
        assert App(asker).get("/api/v1/follow_requests").json() == []
        for id_ in (alice.id, bob.id):
            assert App(asker).post(f"/api/v1/follow_requests/{id_}/authorize").status_code == 404
    assert FollowRequest.objects.count() == 1
    assert not Follow.objects.exists()
