"""What is done with statuses, and who may not even learn that there is one."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import App
from api_routes import Route, routes
from django.db import connection
from entity_rules import Entities

from cast import MOMENT, Member, follows
from majlis.core.clock import now
from majlis.mastodon_api import interactions, statuses
from majlis.people import access
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db


def _publish(author: Member, text: str = "hello", **params: Any) -> int:
    return posts.publish(by=author.id, params=PostParams(text=text, **params), at=now()).post_id


# marks

MARKS = [
    ("favourite", "unfavourite", "favourited"),
    ("bookmark", "unbookmark", "bookmarked"),
    ("mute", "unmute", "muted"),
    ("reblog", "unreblog", "reblogged"),
]


@pytest.mark.parametrize(("do", "undo", "field"), MARKS)
def test_a_mark_is_set_once_and_taken_back(
    alice: Member, bob: Member, rules: Entities, do: str, undo: str, field: str
) -> None:
    app, post_id = App(bob), _publish(alice)
    for _again in range(2):
        answer = app.post(f"/api/v1/statuses/{post_id}/{do}").json()
        assert rules.faults("Status", answer) == []
        shown = answer["reblog"] or answer
        assert (shown["id"], shown[field]) == (str(post_id), True)
    assert App(alice).get(f"/api/v1/statuses/{post_id}").json()[field] is False
    for _again in range(2):
        answer = app.post(f"/api/v1/statuses/{post_id}/{undo}").json()
        assert (answer["id"], answer[field]) == (str(post_id), False)


def test_counts_are_those_of_people(alice: Member, bob: Member, charlie: Member) -> None:
    post_id = _publish(alice)
    for who in (bob, charlie):
        for deed in ("favourite", "favourite", "reblog", "reblog"):
            App(who).post(f"/api/v1/statuses/{post_id}/{deed}")
    status = App(alice).get(f"/api/v1/statuses/{post_id}").json()
    assert (status["favourites_count"], status["reblogs_count"]) == (2, 2)


def test_six_reactions_are_one_favourite_to_older_apps(alice: Member, bob: Member) -> None:
    app, path = App(bob), f"/api/v1/statuses/{_publish(alice)}"
    for kind in ("like", "love", "laugh", "wow", "sad", "angry"):
        status = app.post(f"{path}/react/{kind}").json()
        assert (status["majlis_reaction"], status["majlis"]["reactions"]) == (kind, {kind: 1})
        assert (status["favourited"], status["favourites_count"]) == (True, 1)
    kept = app.post(f"{path}/favourite").json()
    assert kept["majlis_reaction"] == "angry"  # an older app must not soften it
    assert app.post(f"{path}/unreact/love").json()["favourited"] is True
    assert app.post(f"{path}/unreact/angry").json()["favourited"] is False
    assert app.post(f"{path}/react/thumbs").status_code == 422


def test_a_boost_has_the_post_in_it_and_the_audience_asked_for(alice: Member, bob: Member) -> None:
    post_id = _publish(alice)
    boost = App(bob).post(f"/api/v1/statuses/{post_id}/reblog", {"visibility": "private"}).json()
    assert (boost["visibility"], boost["reblog"]["id"]) == ("private", str(post_id))
    assert boost["account"]["id"] == str(bob.id)
    assert App(bob).post(f"/api/v1/statuses/{post_id}/reblog", {"visibility": "direct"}).status_code == 422
    boosted_again = App(alice).post(f"/api/v1/statuses/{boost['id']}/favourite")
    assert boosted_again.status_code in {200, 404}


def test_marks_on_a_boost_are_marks_on_what_was_boosted(alice: Member, bob: Member) -> None:
    post_id = _publish(alice)
    boost = App(bob).post(f"/api/v1/statuses/{post_id}/reblog").json()
    for deed in ("favourite", "bookmark", "mute"):
        assert App(alice).post(f"/api/v1/statuses/{boost['id']}/{deed}").json()["id"] == str(post_id)


def test_what_few_may_see_is_not_boosted(alice: Member, bob: Member) -> None:
    follows(bob, alice)
    post_id = _publish(alice, audience="followers")
    assert App(bob).post(f"/api/v1/statuses/{post_id}/reblog").status_code == 403
    assert App(alice).post(f"/api/v1/statuses/{post_id}/reblog").json()["visibility"] == "private"


def test_pins_are_for_ones_own_posts_and_five(alice: Member, bob: Member) -> None:
    ids = [_publish(alice, f"number {number}") for number in range(6)]
    for post_id in ids[:5]:
        assert App(alice).post(f"/api/v1/statuses/{post_id}/pin").json()["pinned"] is True
    assert App(alice).post(f"/api/v1/statuses/{ids[5]}/pin").status_code == 422
    assert App(bob).post(f"/api/v1/statuses/{ids[5]}/pin").status_code == 403
    pinned = App(None).get(f"/api/v1/accounts/{alice.id}/statuses", pinned="true").json()
    assert [status["id"] for status in pinned] == [str(id_) for id_ in reversed(ids[:5])]
    assert App(alice).post(f"/api/v1/statuses/{ids[0]}/unpin").json()["pinned"] is False


# who did


def test_who_reacted_and_boosted(alice: Member, bob: Member, charlie: Member, rules: Entities) -> None:
    post_id = _publish(alice)
    for who in (bob, charlie):
        App(who).post(f"/api/v1/statuses/{post_id}/favourite")
        App(who).post(f"/api/v1/statuses/{post_id}/reblog")
    for what in ("favourited_by", "reblogged_by"):
        found = App(None).get(f"/api/v1/statuses/{post_id}/{what}").json()
        assert [account["id"] for account in found] == [str(charlie.id), str(bob.id)]
        assert [fault for account in found for fault in rules.faults("Account", account)] == []
    people.block(by=charlie.id, whom=alice.seen, at=MOMENT)
    found = App(alice).get(f"/api/v1/statuses/{post_id}/favourited_by").json()
    assert [account["id"] for account in found] == [str(bob.id)]


# Charlie

ROUTES = [route for route in routes([*statuses.urls, *interactions.urls]) if "<post_id>" in route.path]
SCENES = ["followers", "friends", "circle", "mentioned", "deleted", "blocked", "withdrawn"]
BODY = {"status": "mine", "quote_approval_policy": "nobody"}


def _scene(kind: str, author: Member, stranger: Member) -> int:
    """A post that is there, and not for the stranger."""
    if kind == "circle":
        circle_id = people.create_circle(by=author.id, name="family", at=MOMENT)
        access.own_circle(circle_id=circle_id, by=author.id)
        return _publish(author, audience="circle", circle_id=circle_id)
    if kind in {"followers", "friends", "mentioned"}:
        return _publish(author, audience=kind)
    post_id = _publish(author)
    if kind == "deleted":
        posts.delete(by=author.id, post_id=post_id, at=now())
    elif kind == "blocked":
        people.block(by=author.id, whom=stranger.seen, at=MOMENT)
    else:
        people.withdraw_profile(profile_id=author.id, at=MOMENT)
    return post_id


@pytest.mark.parametrize("kind", SCENES)
def test_masto_13161_ghsa_gwhw_gcjx_72v8_nodebb_diffs_invisible_is_unknown(
    alice: Member, charlie: Member, kind: str
) -> None:
    """Every endpoint of a status, its history, source and translation too, for every way of not being his."""
    post_id = _scene(kind, alice, charlie)
    callers = (
        [App(charlie)] if kind == "blocked" else [App(charlie), App(None), App(None, scopes="read write")]
    )
    before = _everything()
    for route in ROUTES:
        for app in callers:
            hidden, unknown, nonsense = (
                app.send(route.method, route.at(post_id=id_, quoting_id=1, name="love"), BODY)
                for id_ in (post_id, 123456, "nonsense")
            )
            assert hidden.status_code in {401, 403, 404}, route
            if app.member:
                assert hidden.status_code == 404, route
            assert _seen(hidden) == _seen(unknown) == _seen(nonsense), route
    assert _everything() == before


def _seen(answer: Any) -> tuple[int, bytes, dict[str, str]]:
    return answer.status_code, answer.content, dict(answer.headers)


def _everything() -> list[tuple[Any, ...]]:
    """What is in the tables that an interaction could touch."""
    tables = (
        "posts_reaction",
        "posts_bookmark",
        "posts_pin",
        "posts_threadmute",
        "posts_post",
        "posts_postcount",
    )
    rows: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT t.* FROM {table} t ORDER BY 1")  # noqa: S608  # names from above
            rows += cursor.fetchall()
        cursor.execute("SELECT count(*) FROM core_change")
        return [*rows, *cursor.fetchall()]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_ghsa_58x8_3qxw_6hm7_an_app_alone_reads_what_everybody_reads(alice: Member, route: Route) -> None:
    post_id = _publish(alice)
    path = route.at(post_id=post_id, quoting_id=post_id, name="love")
    nobody = App(None).send(route.method, path, BODY)
    app_alone = App(None, scopes="read write follow push").send(route.method, path, BODY)
    if nobody.status_code == 401:
        assert (app_alone.status_code, app_alone.json()["code"]) == (403, "no_member")
    else:
        assert route.method == "GET"
        assert (app_alone.status_code, app_alone.content) == (nobody.status_code, nobody.content)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_trap_4_trailing_slashes(alice: Member, route: Route) -> None:
    post_id = _publish(alice)
    path = route.at(post_id=post_id, quoting_id=1, name="love")
    assert (
        App(None).send(route.method, path, {}).content == App(None).send(route.method, f"{path}/", {}).content
    )


def test_masto_10969_one_viewers_answer_is_not_anothers(alice: Member, bob: Member) -> None:
    follows(bob, alice)
    post_id = _publish(alice, "canary", audience="followers")
    path = f"/api/v1/statuses/{post_id}"
    for app, may in ((App(bob), True), (App(None), False), (App(bob), True), (App(None), False)):
        answer = app.get(path)
        assert (b"canary" in answer.content) is may
        assert answer["Cache-Control"] == "private, no-store"
