"""Conversations over the API: threads of posts to the mentioned alone."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import App
from entity_rules import Entities
from test_timelines import _next

from cast import MOMENT, Member
from majlis.core.clock import now
from majlis.people import actions as people
from majlis.posts import actions
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db


def _say(author: Member, text: str, reply_to: int | None = None) -> int:
    params = PostParams(text=text, audience="mentioned", reply_to_id=reply_to)
    return actions.publish(by=author.id, params=params, at=now()).post_id


def _list(member: Member) -> Any:
    return App(member).get("/api/v1/conversations/").json()  # with the slash: Mastodon.py asks so


def test_a_conversation_is_known_to_those_in_it(
    alice: Member, bob: Member, charlie: Member, rules: Entities
) -> None:
    first = _say(alice, "@bob are you there?")
    last = _say(bob, "@alice yes", first)
    actions.publish(by=alice.id, params=PostParams(text="@bob in public"), at=now())
    for reader, other, unread in ((alice, bob, True), (bob, alice, False)):
        (found,) = _list(reader)
        assert rules.faults("Conversation", found) == []
        assert (found["last_status"]["id"], found["unread"]) == (str(last), unread)
        assert [account["id"] for account in found["accounts"]] == [str(other.id)]
    assert _list(charlie) == []


def test_read_and_unread(alice: Member, bob: Member) -> None:
    first = _say(alice, "@bob hello")
    (found,) = _list(bob)
    assert found["unread"] is True
    assert App(bob).post(f"/api/v1/conversations/{found['id']}/read").json()["unread"] is False
    assert _list(bob)[0]["unread"] is False
    assert App(bob).post(f"/api/v1/conversations/{found['id']}/unread").json()["unread"] is True
    App(bob).post(f"/api/v1/conversations/{found['id']}/read")
    _say(alice, "@bob more", first)
    assert _list(bob)[0]["unread"] is True


def test_put_away_until_somebody_speaks_again(alice: Member, bob: Member) -> None:
    first = _say(alice, "@bob hello")
    (found,) = _list(bob)
    assert App(bob).delete(f"/api/v1/conversations/{found['id']}").json() == {}
    assert _list(bob) == []
    assert len(_list(alice)) == 1
    assert App(bob).get(f"/api/v1/statuses/{first}").status_code == 200
    _say(alice, "@bob again", first)
    assert len(_list(bob)) == 1


def test_somebody_who_is_blocked_opens_no_conversation(alice: Member, bob: Member) -> None:
    people.block(by=bob.id, whom=alice.seen, at=MOMENT)
    actions.publish(by=alice.id, params=PostParams(text="@bob hello", audience="mentioned"), at=now())
    assert _list(bob) == []


def test_ghsa_f3q8_7vw3_69v4_conversations_of_others_are_unknown(
    alice: Member, bob: Member, charlie: Member
) -> None:
    _say(alice, "@bob canary")
    (found,) = _list(bob)
    for method, path in (("DELETE", ""), ("POST", "/read"), ("POST", "/unread")):
        answers = {
            (answer.status_code, answer.content)
            for id_ in (found["id"], "123456", "nonsense")
            for answer in [App(charlie).send(method, f"/api/v1/conversations/{id_}{path}")]
        }
        assert len(answers) == 1
        assert next(iter(answers))[0] == 404
    assert _list(bob) == [found]


def test_conversations_are_walked_in_both_directions(alice: Member, bob: Member) -> None:
    ids = [str(_say(alice, f"@bob number {number}")) for number in range(5)][::-1]
    app = App(bob)
    down, path = [], "/api/v1/conversations?limit=2"
    while path:
        answer = app.get(path)
        down += [item["last_status"]["id"] for item in answer.json()]
        path = _next(answer, "next")
    up, path = [], "/api/v1/conversations?limit=2&min_id=1"
    while path:
        answer = app.get(path)
        up = [item["last_status"]["id"] for item in answer.json()] + up
        path = _next(answer, "prev")
    assert down == up == ids
