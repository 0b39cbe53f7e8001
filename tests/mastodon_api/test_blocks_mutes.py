"""Blocks, mutes and servers kept away."""

from __future__ import annotations

import pytest
from api_client import App

from cast import MOMENT, Member
from majlis.people import actions

pytestmark = pytest.mark.django_db


def test_blocks_and_mutes_are_the_viewers_alone(alice: Member, bob: Member, charlie: Member) -> None:
    actions.block(by=alice.id, whom=bob.seen, at=MOMENT)
    actions.mute(by=alice.id, whom=charlie.seen, at=MOMENT)
    assert [each["acct"] for each in App(alice).get("/api/v1/blocks").json()] == ["bob"]
    assert [each["acct"] for each in App(alice).get("/api/v1/mutes").json()] == ["charlie"]
    for other in (bob, charlie):
        assert App(other).get("/api/v1/blocks").json() == []
        assert App(other).get("/api/v1/mutes").json() == []


def test_one_who_is_withdrawn_can_still_be_let_go_and_shows_nothing_but_the_name(
    alice: Member, bob: Member
) -> None:
    actions.change_profile(by=bob.id, at=MOMENT, bio="secret", fields=[("a", "secret")])
    actions.block(by=alice.id, whom=bob.seen, at=MOMENT)
    actions.withdraw_profile(profile_id=bob.id, at=MOMENT)
    found = App(alice).get("/api/v1/blocks").json()[0]
    assert (found["acct"], found["suspended"], found["display_name"]) == ("bob", True, "")
    assert "secret" not in str(found)
    assert "الحلبي" not in str(found)
    assert App(alice).post(f"/api/v1/accounts/{bob.id}/unblock").status_code == 200


def test_blocks_page_in_both_directions(alice: Member, bob: Member, charlie: Member) -> None:
    for other in (bob, charlie):
        actions.block(by=alice.id, whom=other.seen, at=MOMENT)
    first = App(alice).get("/api/v1/blocks", limit=1)
    assert [each["acct"] for each in first.json()] == ["charlie"]
    assert 'rel="next"' in first["Link"]
    assert 'rel="prev"' in first["Link"]


def test_trap_2_servers_are_blocked_and_unblocked_in_every_form(alice: Member, charlie: Member) -> None:
    app, path, body = App(alice), "/api/v1/domain_blocks", {"domain": "Spam.Example"}
    ways = [
        lambda method: app.send(method, path, body),
        lambda method: app.form(method, path, body),
        lambda method: app.multipart(method, path, body),
        lambda method: app.call(method, f"{path}?domain=Spam.Example"),
    ]
    for way in ways:
        assert way("POST").json() == {}
        assert app.get(path).json() == ["spam.example"]
        assert App(charlie).get(path).json() == []
        assert way("DELETE").json() == {}
        assert app.get(path).json() == []


@pytest.mark.parametrize("domain", ["", "nodot", "127.0.0.1:8000", "a b.example", "x" * 300 + ".example"])
def test_what_is_no_server_is_refused(alice: Member, domain: str) -> None:
    assert App(alice).post("/api/v1/domain_blocks", {"domain": domain}).status_code == 422
