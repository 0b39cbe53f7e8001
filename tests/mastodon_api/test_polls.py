"""Polls over the API."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import App
from entity_rules import Entities

from cast import Member, follows

pytestmark = pytest.mark.django_db


def _asked(app: App, **poll: Any) -> Any:
    wanted = {"options": ["tea", "قهوة", "water"], "expires_in": 3600} | poll
    status = app.post("/api/v1/statuses", {"status": "What?", "poll": wanted} | poll.pop("status", {}))
    assert status.status_code == 200, status.content
    return status.json()["poll"]


def test_a_poll_and_a_vote(alice: Member, bob: Member, rules: Entities) -> None:
    poll = _asked(App(alice))
    assert rules.faults("Poll", poll) == []
    assert (poll["voted"], poll["own_votes"], poll["expired"]) == (True, [], False)  # one's own: no voting
    seen = App(None).get(f"/api/v1/polls/{poll['id']}").json()
    assert "voted" not in seen
    voted = App(bob).post(f"/api/v1/polls/{poll['id']}/votes", {"choices": [1]}).json()
    assert rules.faults("Poll", voted) == []
    assert (voted["voted"], voted["own_votes"], voted["votes_count"]) == (True, [1], 1)
    assert [option["votes_count"] for option in voted["options"]] == [0, 1, 0]
    assert App(alice).get(f"/api/v1/polls/{poll['id']}").json()["voters_count"] == 1


@pytest.mark.parametrize("way", ["json", "form", "multipart"])
def test_trap_3_choices_in_every_form(alice: Member, bob: Member, way: str) -> None:
    poll, app = _asked(App(alice), multiple=True), App(bob)
    send = {"json": app.send, "form": app.form, "multipart": app.multipart}[way]
    voted = send("POST", f"/api/v1/polls/{poll['id']}/votes", {"choices": ["0", "2"]}).json()
    assert voted["own_votes"] == [0, 2]


def test_hidden_totals_stay_hidden_until_the_end(alice: Member, bob: Member) -> None:
    poll = _asked(App(alice), hide_totals=True)
    voted = App(bob).post(f"/api/v1/polls/{poll['id']}/votes", {"choices": [0]}).json()
    assert [option["votes_count"] for option in voted["options"]] == [None, None, None]


@pytest.mark.parametrize(
    "choices", [[], ["3"], ["-1"], ["a"], ["0", "1"], [""], ["9" * 30], [["0"]], {"a": "0"}]
)
def test_choices_that_are_none_are_refused(alice: Member, bob: Member, choices: Any) -> None:
    poll = _asked(App(alice))
    answer = App(bob).post(f"/api/v1/polls/{poll['id']}/votes", {"choices": choices})
    assert answer.status_code == 422, answer.content
    assert App(alice).get(f"/api/v1/polls/{poll['id']}").json()["votes_count"] == 0


def test_one_votes_once_and_not_for_oneself(alice: Member, bob: Member) -> None:
    poll = _asked(App(alice))
    path = f"/api/v1/polls/{poll['id']}/votes"
    assert App(alice).post(path, {"choices": [0]}).status_code == 403
    assert App(bob).post(path, {"choices": [0]}).status_code == 200
    assert App(bob).post(path, {"choices": [1]}).status_code == 409
    assert App(bob).get(f"/api/v1/polls/{poll['id']}").json()["own_votes"] == [0]


def test_masto_13161_a_poll_of_a_post_that_is_not_for_him_is_unknown(
    alice: Member, bob: Member, charlie: Member
) -> None:
    follows(bob, alice)
    made = App(alice).post(
        "/api/v1/statuses",
        {"status": "a", "visibility": "private", "poll": {"options": ["a", "b"], "expires_in": 600}},
    )
    poll_id = made.json()["poll"]["id"]
    assert App(bob).get(f"/api/v1/polls/{poll_id}").status_code == 200
    for app in (App(charlie), App(None)):
        answers = [app.get(f"/api/v1/polls/{id_}") for id_ in (poll_id, "123456", "nonsense")]
        assert len({(answer.status_code, answer.content) for answer in answers}) == 1
        assert answers[0].status_code == 404
    votes = [
        App(charlie).post(f"/api/v1/polls/{id_}/votes", {"choices": [0]}) for id_ in (poll_id, "123456", "x")
    ]
    assert len({(answer.status_code, answer.content) for answer in votes}) == 1
    assert App(bob).get(f"/api/v1/polls/{poll_id}").json()["votes_count"] == 0
