"""Hashtags over the API."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import App
from entity_rules import Entities
from test_timelines import _next

from cast import Member
from majlis.core.clock import now
from majlis.posts import actions
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db


def _publish(author: Member, text: str, **params: Any) -> None:
    actions.publish(by=author.id, params=PostParams(text=text, **params), at=now())


def test_a_hashtag_with_its_week(alice: Member, bob: Member, rules: Entities) -> None:
    _publish(alice, "#Tea")
    _publish(alice, "more #tea")
    _publish(bob, "secret #tea", audience="followers")
    found = App(None).get("/api/v1/tags/TEA").json()
    assert rules.faults("Tag", found) == []
    assert (len(found["history"]), found["history"][0]["uses"], found["history"][0]["accounts"]) == (
        7,
        "2",
        "1",
    )
    assert "following" not in found
    unknown = App(bob).get("/api/v1/tags/nobody_wrote_this").json()
    assert rules.faults("Tag", unknown) == []
    assert (unknown["following"], unknown["featuring"]) == (False, False)


def test_following_a_hashtag_brings_it_home(alice: Member, bob: Member, rules: Entities) -> None:
    app = App(alice)
    _publish(bob, "#صباح_الخير")
    assert app.get("/api/v1/timelines/home").json() == []
    followed = app.post("/api/v1/tags/صباح_الخير/follow").json()
    assert (followed["following"], rules.faults("Tag", followed)) == (True, [])
    assert len(app.get("/api/v1/timelines/home").json()) == 1
    assert [tag["name"] for tag in app.get("/api/v1/followed_tags").json()] == ["صباح_الخير"]
    assert app.post("/api/v1/tags/صباح_الخير/unfollow").json()["following"] is False
    assert app.get("/api/v1/timelines/home").json() == []


def test_followed_hashtags_are_walked_in_both_directions(alice: Member) -> None:
    app = App(alice)
    for number in range(5):
        app.post(f"/api/v1/tags/tag{number}/follow")
    expected = [f"tag{number}" for number in reversed(range(5))]
    down, path = [], "/api/v1/followed_tags?limit=2"
    while path:
        answer = app.get(path)
        down += [tag["name"] for tag in answer.json()]
        path = _next(answer, "next")
    up, path = [], "/api/v1/followed_tags?limit=2&min_id=1"
    while path:
        answer = app.get(path)
        up = [tag["name"] for tag in answer.json()] + up
        path = _next(answer, "prev")
    assert down == up == expected


@pytest.mark.parametrize("name", ["123", "a b", "a-b", "<script>", "#", "a" * 300])
def test_what_is_no_hashtag_is_refused(alice: Member, name: str) -> None:
    from urllib.parse import quote

    app = App(alice)
    assert app.post(f"/api/v1/tags/{quote(name, safe='')}/follow").status_code in {404, 422}
    assert app.post("/api/v1/featured_tags", {"name": name}).status_code == 422
    assert app.get("/api/v1/followed_tags").json() == []


def test_hashtags_on_a_profile(alice: Member, rules: Entities) -> None:
    app = App(alice)
    _publish(alice, "#tea #mint")
    _publish(alice, "#tea")
    suggested = app.get("/api/v1/featured_tags/suggestions").json()
    assert [tag["name"] for tag in suggested] == ["tea", "mint"]
    assert [rules.faults("Tag", tag) for tag in suggested] == [[], []]
    made = app.post("/api/v1/featured_tags", {"name": "#tea"}).json()
    assert rules.faults("FeaturedTag", made) == []
    assert (made["name"], made["statuses_count"]) == ("tea", "2")
    assert app.post("/api/v1/tags/mint/feature").json()["featuring"] is True
    assert [tag["name"] for tag in app.get("/api/v1/featured_tags").json()] == ["tea", "mint"]
    assert app.get("/api/v1/featured_tags/suggestions").json() == []
    assert app.post("/api/v1/tags/MINT/unfeature").json()["featuring"] is False
    assert app.delete(f"/api/v1/featured_tags/{made['id']}").json() == {}
    assert app.get("/api/v1/featured_tags").json() == []


def test_hollo_429_hashtags_of_others_are_theirs(alice: Member, charlie: Member) -> None:
    made = App(alice).post("/api/v1/featured_tags", {"name": "tea"}).json()
    App(alice).post("/api/v1/tags/tea/follow")
    stranger = App(charlie)
    answers = {
        (answer.status_code, answer.content)
        for id_ in (made["id"], "123456", "nonsense")
        for answer in [stranger.delete(f"/api/v1/featured_tags/{id_}")]
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404
    stranger.post("/api/v1/tags/tea/unfollow")
    stranger.post("/api/v1/tags/tea/unfeature")
    assert stranger.get("/api/v1/followed_tags").json() == stranger.get("/api/v1/featured_tags").json() == []
    assert len(App(alice).get("/api/v1/followed_tags").json()) == 1
    assert len(App(alice).get("/api/v1/featured_tags").json()) == 1
