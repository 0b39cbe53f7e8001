"""Lists and who is on them."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import App

import cast
from cast import MOMENT, Member
from majlis.people import actions
from majlis.people.models import List, ListMember

pytestmark = pytest.mark.django_db
UNKNOWN = 4_711


@pytest.fixture
def family(alice: Member) -> str:
    """A list of Alice's."""
    return str(App(alice).post("/api/v1/lists", {"title": "Family"}).json()["id"])


def members(app: App, list_id: str, **parameters: Any) -> list[str]:
    answer = app.get(f"/api/v1/lists/{list_id}/accounts", **parameters)
    assert answer.status_code == 200, answer.content
    return [each["acct"] for each in answer.json()]


def test_made_shown_changed_deleted(alice: Member) -> None:
    app = App(alice)
    made = app.post(
        "/api/v1/lists", {"title": " العائلة ", "replies_policy": "none", "exclusive": True}
    ).json()
    assert made == {"id": made["id"], "title": "العائلة", "replies_policy": "none", "exclusive": True}
    assert app.get(f"/api/v1/lists/{made['id']}").json() == made
    assert app.get("/api/v1/lists").json() == [made]
    for method, title in (("PUT", "Kin"), ("PATCH", "Clan")):  # trap 1
        changed = app.send(method, f"/api/v1/lists/{made['id']}", {"title": title}).json()
        assert changed == made | {"title": title}
    assert app.delete(f"/api/v1/lists/{made['id']}").json() == {}
    assert app.get("/api/v1/lists").json() == []


@pytest.mark.parametrize(
    "body",
    [{}, {"title": ""}, {"title": "x" * 121}, {"title": "x", "replies_policy": "all"}, {"title": ["x"]}],
)
def test_what_cannot_be_a_list_is_refused(alice: Member, body: dict[str, Any]) -> None:
    assert App(alice).post("/api/v1/lists", body).status_code == 422
    assert not List.objects.exists()


def test_trap_2_members_are_added_and_removed_in_every_form(
    alice: Member, bob: Member, charlie: Member, family: str
) -> None:
    app, path = App(alice), f"/api/v1/lists/{family}/accounts"
    body = {"account_ids": [str(bob.id), str(charlie.id)]}
    ways = [
        lambda method: app.send(method, path, body),
        lambda method: app.form(method, path, body),
        lambda method: app.multipart(method, path, body),
        lambda method: app.call(method, f"{path}?account_ids[]={bob.id}&account_ids[]={charlie.id}"),
    ]
    for way in ways:
        assert way("POST").json() == {}
        assert members(app, family) == ["charlie", "bob"]
        assert way("DELETE").json() == {}
        assert members(app, family) == []


def test_a_limit_of_zero_is_all(alice: Member, family: str) -> None:
    crowd = [str(cast.member(f"kin{number}").id) for number in range(5)]
    app = App(alice)
    app.post(f"/api/v1/lists/{family}/accounts", {"account_ids": crowd})
    assert len(members(app, family, limit=0)) == 5
    assert len(members(app, family, limit=2)) == 2


def test_all_or_none_are_added(alice: Member, bob: Member, charlie: Member, family: str) -> None:
    app, path = App(alice), f"/api/v1/lists/{family}/accounts"
    assert app.post(path, {"account_ids": [str(bob.id), "4711"]}).status_code == 404
    actions.block(by=charlie.id, whom=alice.seen, at=MOMENT)
    assert app.post(path, {"account_ids": [str(bob.id), str(charlie.id)]}).status_code == 403
    assert app.post(path, {"account_ids": [str(bob.id), str(alice.id)]}).status_code == 422
    assert not ListMember.objects.exists()


def test_ghsa_f3q8_7vw3_69v4_charlie_and_an_unknown_list_are_answered_alike(
    alice: Member, bob: Member, charlie: Member, family: str
) -> None:
    App(alice).post(f"/api/v1/lists/{family}/accounts", {"account_ids": [str(bob.id)]})
    app, answers = App(charlie), []
    for list_id in (family, UNKNOWN):
        path = f"/api/v1/lists/{list_id}"
        body = {"account_ids": [str(bob.id)]}
        answers.append(
            [
                (answer.status_code, answer.content)
                for answer in (
                    app.get(path),
                    app.put(path, {"title": "mine"}),
                    app.delete(path),
                    app.get(f"{path}/accounts"),
                    app.get(f"{path}/accounts", limit=0),
                    app.post(f"{path}/accounts", body),
                    app.delete(f"{path}/accounts", body),
                )
            ]
        )
    assert answers[0] == answers[1]
    assert {status for status, _body in answers[0]} == {404}
    assert app.get("/api/v1/lists").json() == []
    assert members(App(alice), family) == ["bob"]
    assert App(alice).get(f"/api/v1/lists/{family}").json()["title"] == "Family"


def test_cve_2021_39163_a_list_of_another_login_of_the_same_member_is_not_there(
    alice: Member, family: str
) -> None:
    other = actions.create_profile(user_id=alice.user_id, handle="alices_shop", at=MOMENT)
    shop = App(Member(alice.user_id, other, "alices_shop"))
    assert shop.get(f"/api/v1/lists/{family}").status_code == 404
