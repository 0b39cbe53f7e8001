"""Scheduled statuses over the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from api_client import App
from entity_rules import Entities
from test_timelines import _next

from cast import Member
from majlis.core.clock import now
from majlis.posts import actions

pytestmark = pytest.mark.django_db


def _in(**after: float) -> str:
    return (now() + timedelta(**after)).isoformat()


def _schedule(app: App, text: str = "later", **fields: Any) -> Any:
    body = {"status": text, "scheduled_at": _in(hours=1)} | fields
    answer = app.post("/api/v1/statuses", body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_trap_10_scheduling_answers_with_a_scheduled_status(alice: Member, rules: Entities) -> None:
    poll = {"options": ["a", "b"], "expires_in": 600}
    found = _schedule(App(alice), visibility="unlisted", spoiler_text="hm", poll=poll, language="en")
    assert rules.faults("ScheduledStatus", found) == []
    assert "content" not in found
    params = found["params"]
    assert (params["text"], params["visibility"], params["spoiler_text"]) == ("later", "unlisted", "hm")
    assert params["poll"]["options"] == ["a", "b"]
    assert App(alice).get(f"/api/v1/accounts/{alice.id}/statuses").json() == []


def test_a_key_makes_a_repeated_submission_one(alice: Member) -> None:
    app = App(alice)
    body = {"status": "later", "scheduled_at": _in(hours=1)}
    ids = {
        app.post("/api/v1/statuses", body, headers={"Idempotency-Key": "once"}).json()["id"] for _ in range(2)
    }
    assert len(ids) == 1
    published = app.post("/api/v1/statuses", {"status": "now"}, headers={"Idempotency-Key": "once"})
    assert "content" in published.json()


@pytest.mark.parametrize("after", [{"minutes": -1}, {"minutes": 4}, {"days": 400}])
def test_too_soon_and_too_far_are_refused(alice: Member, after: dict[str, float]) -> None:
    app = App(alice)
    assert app.post("/api/v1/statuses", {"status": "a", "scheduled_at": _in(**after)}).status_code == 422
    waiting = _schedule(app)
    moved = app.put(f"/api/v1/scheduled_statuses/{waiting['id']}", {"scheduled_at": _in(**after)})
    assert moved.status_code == 422
    assert app.get("/api/v1/scheduled_statuses").json() == [waiting]


def test_another_hour_and_none(alice: Member) -> None:
    app = App(alice)
    waiting = _schedule(app)
    path = f"/api/v1/scheduled_statuses/{waiting['id']}"
    for method in ("PUT", "PATCH"):
        moved = app.send(method, path, {"scheduled_at": _in(days=2)}).json()
        assert moved["scheduled_at"] > waiting["scheduled_at"]
    assert app.put(path, {}).status_code == 422
    assert app.get(path).json()["scheduled_at"] == moved["scheduled_at"]
    assert app.delete(path).json() == {}
    assert app.get(path).status_code == 404


def test_it_leaves_when_its_hour_has_come(alice: Member) -> None:
    app = App(alice)
    _schedule(app, "#tea for all")
    assert actions.publish_due(at=now()) is None
    assert actions.publish_due(at=now() + timedelta(hours=2))
    (status,) = app.get(f"/api/v1/accounts/{alice.id}/statuses").json()
    assert status["tags"][0]["name"] == "tea"
    assert app.get("/api/v1/scheduled_statuses").json() == []


def test_the_list_is_walked_in_both_directions(alice: Member) -> None:
    app = App(alice)
    ids = [_schedule(app, f"number {number}")["id"] for number in range(5)][::-1]
    down, path = [], "/api/v1/scheduled_statuses?limit=2"
    while path:
        answer = app.get(path)
        down += [item["id"] for item in answer.json()]
        path = _next(answer, "next")
    up, path = [], "/api/v1/scheduled_statuses?limit=2&min_id=1"
    while path:
        answer = app.get(path)
        up = [item["id"] for item in answer.json()] + up
        path = _next(answer, "prev")
    assert down == up == ids


def test_ghsa_f3q8_7vw3_69v4_cve_2023_52199_what_waits_is_its_writers(alice: Member, charlie: Member) -> None:
    waiting = _schedule(App(alice), "canary")
    stranger = App(charlie)
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answers = {
            (answer.status_code, answer.content)
            for id_ in (waiting["id"], "123456", "nonsense")
            for answer in [
                stranger.send(method, f"/api/v1/scheduled_statuses/{id_}", {"scheduled_at": _in(days=1)})
            ]
        }
        assert len(answers) == 1
        assert next(iter(answers))[0] == 404
    assert stranger.get("/api/v1/scheduled_statuses").json() == []
    for path in (f"/api/v1/statuses/{waiting['id']}", f"/api/v1/statuses/{waiting['id']}/source"):
        assert App(alice).get(path).status_code == 404
    assert App(alice).get(f"/api/v1/scheduled_statuses/{waiting['id']}").json() == waiting


def test_a_draft_is_no_scheduled_status(alice: Member) -> None:
    from majlis.posts.composing import PostParams

    draft_id = actions.keep_draft(by=alice.id, params=PostParams(text="half"), at=now())
    assert App(alice).get(f"/api/v1/scheduled_statuses/{draft_id}").status_code == 404
    assert App(alice).delete(f"/api/v1/scheduled_statuses/{draft_id}").status_code == 404
