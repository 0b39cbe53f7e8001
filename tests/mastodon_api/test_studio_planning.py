"""What to expect, the interview and the plan for apps: as the pages say it, behind the same doors."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import measured_town
import pytest
import studio_stories
from described_api import DescribedApp as App
from measured_town import Town

import cast as people
from majlis.core.clock import now
from majlis.studio.models import Entry
from majlis.studio.planning import forecasts

pytestmark = pytest.mark.django_db
RAN: set[str] = set()


@pytest.fixture(autouse=True)
def _told(request: pytest.FixtureRequest) -> None:
    RAN.add(request.node.originalname)


@pytest.fixture
def town(db: None) -> Town:
    return measured_town.town(at=now(), posts=8)


def app(who: people.Member, scopes: str = "studio") -> App:
    return App(who, scopes=scopes)


def root(town: Town) -> str:
    return f"/api/v1/studio/{town.bakery.page.id}"


def test_what_to_expect_and_what_came(town: Town) -> None:
    editor = app(town.bakery.editor)
    asked = urlencode(
        {"text": "See https://a.example/", "leaves_at": (now() + timedelta(days=1)).isoformat()}
    )
    answer = editor.send("GET", f"{root(town)}/expected?{asked}", {})
    assert answer.status_code == 200, answer.content
    reach, clicks = answer.json()
    assert (reach["outcome"], clicks["outcome"], reach["grade"]) == ("reach", "clicks", "estimated")
    assert reach["low"] <= reach["high"]
    for post in town.posts:
        forecasts.keep(page_id=town.bakery.page.id, post_id=post, at=now())
    forecasts.score(at=now())
    held = editor.send("GET", f"{root(town)}/expected/held", {}).json()
    assert held["calibration"][0]["scored"] + held["calibration"][0]["waiting"] == 8
    one = editor.send("GET", f"{root(town)}/posts/{town.posts[0]}/expected", {}).json()
    assert one[0]["held"] in (True, False)


def test_interview_plan_and_drafts(town: Town) -> None:
    owner, analyst = app(town.bakery.owner), app(town.bakery.analyst)
    assert analyst.send("GET", f"{root(town)}/proposals", {}).status_code == 404
    refused = owner.send("POST", f"{root(town)}/proposals", {})
    assert refused.status_code == 422
    sent = {"hours_week": "2", "goal": "orders", "tried": [{"what": "Flyers", "went": "badly"}]} | {
        "crowds": ["students"]
    }
    price = {"price": "7.50", "margin": "0.4", "currency": "EUR"}
    assert owner.send("PUT", f"{root(town)}/interview/money", price).json()["price"] is not None
    answers = owner.send("PUT", f"{root(town)}/interview", sent)
    assert answers.status_code == 200, answers.content
    assert answers.json()["tried"] == [{"what": "Flyers", "went": "badly", "about": ""}]
    assert answers.json()["crowds"] == ["students"]
    assert owner.send("PUT", f"{root(town)}/interview", {"hours_week": "-1"}).status_code == 422
    editor = app(town.bakery.editor)
    assert editor.send("GET", f"{root(town)}/interview", {}).json()["price"] is None
    assert editor.send("PUT", f"{root(town)}/interview/money", {"price": "1"}).status_code == 403
    made = owner.send("POST", f"{root(town)}/proposals", {}).json()
    assert len(made["lines"]) == 8
    assert made["money"]
    assert made["published_test"]["verdict"] == "better"
    assert all(each["reasons"] for each in made["lines"])
    assert editor.send("GET", f"{root(town)}/proposals", {}).json()["money"] is None
    line = made["lines"][0]["id"]
    entry = editor.send("POST", f"{root(town)}/proposals/{line}", {}).json()
    assert (entry["state"], entry["due_at"]) == ("draft", None)
    assert editor.send("POST", f"{root(town)}/proposals/{line}", {}).status_code == 409
    other = made["lines"][1]["id"]
    moved = editor.send("PUT", f"{root(town)}/proposals/{other}/hour", {"time": "16:05"}).json()
    assert moved["reasons"][0]["code"] == "moved"
    for wrong in ({"day": "2020-01-01"}, {"time": "noon"}):
        assert editor.send("PUT", f"{root(town)}/proposals/{other}/hour", wrong).status_code == 422
    assert editor.send("PUT", f"{root(town)}/proposals/{other}", {"wanted": False}).status_code == 200
    assert editor.send("POST", f"{root(town)}/proposals/take", {}).json() == {"drafts": 6}
    assert Entry.objects.count() == 7
    assert analyst.send("POST", f"{root(town)}/proposals/take", {}).status_code == 403
    looks = analyst.send("GET", f"{root(town)}/proposals/revisions", {}).json()
    assert [each["code"] for each in looks[0]["changes"]] == ["first"]


def test_charlie_finds_nothing(town: Town) -> None:
    charlie = app(people.charlie())
    for method, part in (("GET", "expected"), ("GET", "expected/held"), ("GET", "interview"), ("GET", "proposals"),
                         ("POST", "proposals"), ("POST", "proposals/take"), ("GET", "proposals/revisions")):  # fmt: skip
        answer = charlie.send(method, f"{root(town)}/{part}", {})
        assert answer.status_code == 404
        assert "Zaytoun" not in answer.content.decode()


def test_no_endpoint_is_without_a_story() -> None:
    """Each gave a good answer above."""
    studio_stories.check(ran=RAN, names=globals(), beginning="planning_")
