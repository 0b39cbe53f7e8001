"""Filters, today's and the older ones: made, changed, in force; nobody's but the member's."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from api_client import App

from cast import MOMENT, Member
from majlis.core.clock import now
from majlis.core.models import Change
from majlis.feeds import actions as feeds
from majlis.feeds.actions import Word
from majlis.feeds.filtering import filters_of
from majlis.feeds.models import Filter, FilterKeyword, FilterPost
from majlis.posts import actions as posts
from majlis.posts import queries as post_queries
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db
UNKNOWN = 4_711
KINDS = ("reader.changed", "filters.changed")


def written(member: Member, text: str, *, audience: str = "public") -> int:
    return posts.publish(by=member.id, params=PostParams(text=text, audience=audience), at=now()).post_id


def made(app: App, **changes: Any) -> dict[str, Any]:
    body = {
        "title": "Football",
        "context": ["home", "public"],
        "keywords_attributes": [{"keyword": "match", "whole_word": True}, {"keyword": "مباراة"}],
    }
    answer = app.post("/api/v2/filters", body | changes)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_made_shown_listed(alice: Member) -> None:
    app = App(alice)
    first = made(app, expires_in=3600, filter_action="hide")
    assert [word["keyword"] for word in first["keywords"]] == ["match", "مباراة"]
    assert (first["context"], first["filter_action"]) == (["home", "public"], "hide")
    ends = datetime.fromisoformat(first["expires_at"])
    assert timedelta(minutes=59) < ends - now() <= timedelta(hours=1)
    assert app.get(f"/api/v2/filters/{first['id']}").json() == first
    assert app.get("/api/v2/filters").json() == [first]


def test_trap_3_every_form_makes_the_same_filter(alice: Member) -> None:
    app = App(alice)
    body = {
        "title": "Words",
        "context": ["home", "thread"],
        "filter_action": "warn",
        "expires_in": "",
        "keywords_attributes": [
            {"keyword": "one", "whole_word": "true"},
            {"keyword": "two", "whole_word": "false"},
        ],
    }
    answers = [way("POST", "/api/v2/filters", body).json() for way in (app.send, app.form, app.multipart)]
    for answer in answers:
        words = [(word["keyword"], word["whole_word"]) for word in answer["keywords"]]
        assert words == [("one", True), ("two", False)]
        assert (answer["title"], answer["context"], answer["expires_at"]) == (
            "Words",
            ["home", "thread"],
            None,
        )


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_trap_1_what_is_sent_is_changed_and_the_rest_stays(alice: Member, method: str) -> None:
    app = App(alice)
    first = made(app, expires_in=3600)
    path, (one, two) = f"/api/v2/filters/{first['id']}", first["keywords"]
    words = [
        {"id": one["id"], "keyword": "game", "whole_word": False},
        {"id": two["id"], "_destroy": True},
        {"keyword": "goal"},
    ]
    changed = app.send(method, path, {"keywords_attributes": words}).json()
    assert [(word["keyword"], word["whole_word"]) for word in changed["keywords"]] == [
        ("game", False),
        ("goal", True),
    ]
    assert changed["keywords"][0]["id"] == one["id"]
    assert changed["expires_at"] == first["expires_at"]
    assert app.send(method, path, {"expires_in": None}).json()["expires_at"] is None
    changed = app.send(
        method, path, {"title": "Sport", "context": ["account"], "filter_action": "blur"}
    ).json()
    assert (changed["title"], changed["context"], changed["filter_action"]) == ("Sport", ["account"], "blur")


def test_words_one_by_one(alice: Member) -> None:
    app = App(alice)
    own = made(app, keywords_attributes=[])
    path = f"/api/v2/filters/{own['id']}/keywords"
    word = app.post(path, {"keyword": "goal", "whole_word": False}).json()
    assert app.get(path).json() == [word]
    alone = f"/api/v2/filters/keywords/{word['id']}"
    assert app.get(alone).json() == word == {"id": word["id"], "keyword": "goal", "whole_word": False}
    assert app.put(alone, {"keyword": "هدف", "whole_word": True}).json()["keyword"] == "هدف"
    assert app.delete(alone).json() == {}
    assert app.get(path).json() == []


def test_posts_one_by_one(alice: Member, bob: Member) -> None:
    app, post_id = App(alice), written(bob, "hello")
    own = made(app, keywords_attributes=[])
    path = f"/api/v2/filters/{own['id']}/statuses"
    named = app.post(path, {"status_id": str(post_id)}).json()
    assert app.post(path, {"status_id": str(post_id)}).json() == named  # twice is once
    assert app.get(path).json() == [named] == [{"id": named["id"], "status_id": str(post_id)}]
    assert app.get(f"/api/v2/filters/{own['id']}").json()["statuses"] == [named]
    alone = f"/api/v2/filters/statuses/{named['id']}"
    assert app.get(alone).json() == named
    assert app.delete(alone).json() == {}
    assert app.get(path).json() == []


def test_masto_13161_a_post_that_she_may_not_see_is_as_unknown_as_none(alice: Member, bob: Member) -> None:
    app, hidden = App(alice), written(bob, "for few", audience="followers")
    own = made(app)
    answers = [
        app.post(f"/api/v2/filters/{own['id']}/statuses", {"status_id": id_})
        for id_ in (hidden, UNKNOWN, "x")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (404, answers[0].content),
    }
    assert not FilterPost.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"context": []},
        {"context": ["everywhere"]},
        {"context": "home\x00"},
        {"filter_action": "delete"},
        {"expires_in": "0"},
        {"expires_in": -5},
        {"expires_in": 10**12},
        {"keywords_attributes": [{"keyword": ""}]},
        {"keywords_attributes": [{"keyword": "x" * 101}]},
        {"keywords_attributes": [{"keyword": "x", "whole_word": "perhaps"}]},
        {"keywords_attributes": [{"keyword": f"w{number}"} for number in range(101)]},
        {"keywords_attributes": "word"},
    ],
)
def test_what_cannot_be_a_filter_is_refused_and_changes_nothing(alice: Member, body: dict[str, Any]) -> None:
    valid = {"title": "a", "context": ["home"]}
    answer = App(alice).post("/api/v2/filters", valid | body)
    assert answer.status_code == 422, answer.content
    assert answer.json()["error"]
    assert not Filter.objects.exists()
    assert not FilterKeyword.objects.exists()


def test_a_refused_change_changes_nothing(alice: Member) -> None:
    app = App(alice)
    first = made(app)
    words = [{"keyword": "new"}, {"id": "4711", "keyword": "nobody's"}]
    answer = app.put(f"/api/v2/filters/{first['id']}", {"title": "other", "keywords_attributes": words})
    assert answer.status_code == 404
    assert app.get(f"/api/v2/filters/{first['id']}").json() == first


def test_there_is_a_limit(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MOST_FILTERS", 2)
    monkeypatch.setattr(feeds, "MOST_KEYWORDS_IN_ALL", 5)
    app = App(alice)
    made(app)
    made(app)
    answer = app.post("/api/v2/filters", {"title": "third", "context": ["home"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "limit")
    own = app.get("/api/v2/filters").json()[0]["id"]
    assert app.post(f"/api/v2/filters/{own}/keywords", {"keyword": "fifth"}).status_code == 200
    assert app.post(f"/api/v2/filters/{own}/keywords", {"keyword": "sixth"}).json()["code"] == "limit"


def test_the_readers_of_all_processes_are_told(alice: Member) -> None:
    app = App(alice)

    def lines() -> int:
        told = [Change.objects.filter(kind=kind, subject=alice.id).count() for kind in KINDS]
        assert told[0] == told[1]
        return told[0]

    before = lines()
    own = made(app)
    assert lines() == before + 1
    app.put(f"/api/v2/filters/{own['id']}", {"title": "x"})
    app.delete(f"/api/v2/filters/keywords/{own['keywords'][0]['id']}")
    app.delete(f"/api/v2/filters/{own['id']}")
    assert lines() == before + 4


def test_a_filter_is_in_force_until_it_ends(alice: Member, bob: Member) -> None:
    made(App(alice), expires_in=3600)
    post_id = written(bob, "What a match!")
    post = post_queries.hydrate([post_id])[post_id]
    at = now()
    assert filters_of(viewer=alice.id, at=at).matches(post, context="home")
    assert not filters_of(viewer=alice.id, at=at).matches(post, context="thread")
    assert not filters_of(viewer=alice.id, at=at + timedelta(hours=2)).matches(post, context="home")
    assert not filters_of(viewer=bob.id, at=at).filters
    # it is still listed, so that it can be set going again
    assert len(App(alice).get("/api/v2/filters").json()) == 1


def test_ghsa_f3q8_7vw3_69v4_charlie_and_an_unknown_filter_are_answered_alike(
    alice: Member, bob: Member, charlie: Member
) -> None:
    own = made(App(alice))
    post_id = written(bob, "hello")
    named = App(alice).post(f"/api/v2/filters/{own['id']}/statuses", {"status_id": str(post_id)}).json()
    before = App(alice).get("/api/v2/filters").json()
    app = App(charlie)

    def answers(filter_id: Any, word_id: Any, named_id: Any) -> list[tuple[int, bytes]]:
        one, word, place = f"/api/v2/filters/{filter_id}", f"/api/v2/filters/keywords/{word_id}", named_id
        found = [
            app.get(one),
            app.put(one, {"title": "mine"}),
            app.delete(one),
            app.get(f"{one}/keywords"),
            app.post(f"{one}/keywords", {"keyword": "mine"}),
            app.get(f"{one}/statuses"),
            app.post(f"{one}/statuses", {"status_id": str(post_id)}),
            app.get(word),
            app.put(word, {"keyword": "mine"}),
            app.delete(word),
            app.get(f"/api/v2/filters/statuses/{place}"),
            app.delete(f"/api/v2/filters/statuses/{place}"),
            app.get(f"/api/v1/filters/{word_id}"),
            app.put(f"/api/v1/filters/{word_id}", {"phrase": "mine"}),
            app.delete(f"/api/v1/filters/{word_id}"),
        ]
        return [(answer.status_code, answer.content) for answer in found]

    theirs = answers(own["id"], own["keywords"][0]["id"], named["id"])
    assert theirs == answers(UNKNOWN, UNKNOWN, UNKNOWN)
    assert {status for status, _body in theirs} == {404}
    assert app.get("/api/v2/filters").json() == app.get("/api/v1/filters").json() == []
    assert App(alice).get("/api/v2/filters").json() == before


def test_a_word_of_another_filter_cannot_be_changed_through_ones_own(alice: Member, charlie: Member) -> None:
    theirs, own = made(App(alice)), made(App(charlie))
    stolen = [{"id": theirs["keywords"][0]["id"], "keyword": "stolen"}]
    answer = App(charlie).put(f"/api/v2/filters/{own['id']}", {"keywords_attributes": stolen})
    assert answer.status_code == 404
    assert App(alice).get("/api/v2/filters").json() == [theirs]


# as older apps know them


def test_an_old_filter_is_a_filter_of_one_word(alice: Member) -> None:
    app = App(alice)
    body = {"phrase": "match", "context": ["home"], "irreversible": True, "whole_word": True}
    old = app.form("POST", "/api/v1/filters", body).json()
    assert (old["phrase"], old["irreversible"], old["whole_word"]) == ("match", True, True)
    assert app.get("/api/v1/filters").json() == [old]
    assert app.get(f"/api/v1/filters/{old['id']}").json() == old
    today = app.get("/api/v2/filters").json()[0]
    assert (today["title"], today["filter_action"], today["keywords"][0]["id"]) == (
        "match",
        "hide",
        old["id"],
    )
    changed = app.put(f"/api/v1/filters/{old['id']}", body | {"phrase": "game", "irreversible": False}).json()
    assert (changed["phrase"], changed["irreversible"]) == ("game", False)
    assert app.delete(f"/api/v1/filters/{old['id']}").json() == {}
    assert app.get("/api/v2/filters").json() == []


def test_what_holds_for_several_words_is_not_changed_through_one(alice: Member) -> None:
    app = App(alice)
    own = made(app)
    old = f"/api/v1/filters/{own['keywords'][0]['id']}"
    refused = app.put(old, {"phrase": "game", "context": ["account"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "several_words")
    assert app.get("/api/v2/filters").json() == [own]
    # an app that sends back all it knows changes only the word
    same = {"phrase": "game", "context": ["public", "home"], "irreversible": False, "expires_in": ""}
    assert app.put(old, same).json()["phrase"] == "game"
    assert app.delete(old).json() == {}
    assert len(app.get("/api/v2/filters").json()[0]["keywords"]) == 1


def test_cve_2021_29471_many_filters_cost_little(alice: Member, bob: Member) -> None:
    """Words are matched as they are, never as patterns; as many as a member can have, on a long post."""
    for number in range(feeds.MOST_FILTERS):
        words = [Word(f"(a+)+{number}$"), Word(f"word{number}*"), *(Word(f"w{number}x{i}") for i in range(3))]
        feeds.create_filter(by=alice.id, title="f", contexts=["home"], words=words, at=MOMENT)
    post_id = written(bob, "aaaaaaaaaaaaaaaaaaaaaaaaaaaa " * 17)
    post = post_queries.hydrate([post_id])[post_id]
    filters = filters_of(viewer=alice.id, at=now())
    filters.matches(post, context="home")
    started = time.process_time()
    assert filters.matches(post, context="home") == ()
    assert time.process_time() - started < 0.5
