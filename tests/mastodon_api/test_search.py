"""Search, trends and reports over the API; what is found and counted is what its reader may see."""

from __future__ import annotations

import re
from typing import Any

import pytest
from api_client import App

import cast
from cast import MOMENT, Member
from majlis.core import addresses
from majlis.core.clock import now
from majlis.discovery import actions as discovery
from majlis.discovery.queries import found as found_module
from majlis.people import actions as people
from majlis.safety import actions as safety
from majlis.safety.models import Report

pytestmark = pytest.mark.django_db


def post(member: Member, text: str, **more: Any) -> str:
    answer = App(member).post("/api/v1/statuses", {"status": text} | more)
    assert answer.status_code == 200, answer.content
    return str(answer.json()["id"])


@pytest.fixture
def town(alice: Member, bob: Member, charlie: Member) -> dict[str, str]:
    """Posts of Alice's about bread, one for followers only; everybody can be found by name."""
    for member in (alice, bob, charlie):
        discovery.index_profile(profile_id=member.id)
    return {
        "public": post(alice, "Fresh bread at noon #bakery"),
        "private": post(alice, "Secret bread #hiddenbakery", visibility="private"),
        "arabic": post(bob, "الخبز الطازج في السوق"),
    }


def search(app: App, text: str, **more: Any) -> dict[str, Any]:
    answer = app.get("/api/v2/search", q=text, **more)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def found(app: App, text: str, **more: Any) -> list[str]:
    return [each["id"] for each in search(app, text, **more)["statuses"]]


def test_people_hashtags_and_posts(alice: Member, town: dict[str, str]) -> None:
    app = App(alice)
    assert [each["acct"] for each in search(app, "bob")["accounts"]] == ["bob"]
    assert [each["name"] for each in search(app, "bakery")["hashtags"]] == ["bakery"]
    assert set(found(app, "bread")) == {town["public"], town["private"]}
    assert found(app, "خبز") == [town["arabic"]]
    one = search(app, "bread", type="accounts")
    assert (one["accounts"], one["hashtags"], one["statuses"], one["collections"]) == ([], [], [], [])


def test_charlie_finds_nothing_that_is_not_for_him(charlie: Member, town: dict[str, str]) -> None:
    for app in (App(charlie), App(None)):
        assert found(app, "bread") == [town["public"]]
        assert [each["name"] for each in search(app, "hiddenbakery")["hashtags"]] == []
        assert found(app, "secret") == []


def test_trap_7_the_first_search_gives_names_of_hashtags(alice: Member, town: dict[str, str]) -> None:
    old = App(alice).get("/api/v1/search", q="bakery").json()
    assert old["hashtags"] == ["bakery"]
    assert [each["id"] for each in old["statuses"]] == [town["public"]]


def test_an_address_leads_to_what_it_names(alice: Member, charlie: Member, town: dict[str, str]) -> None:
    base = "http://127.0.0.1:8000"
    assert found(App(charlie), f"{base}/@alice/{town['public']}") == [town["public"]]
    assert found(App(charlie), f"{base}/@alice/{town['private']}") == []
    assert found(App(alice), f"{base}/posts/{town['private']}", resolve=True) == [town["private"]]
    assert [each["acct"] for each in search(App(charlie), f"{base}/@bob")["accounts"]] == ["bob"]
    for other in (
        "http://elsewhere.example/@bob",
        f"{base}/@bob/../alice",
        "http://[",
        "https://127.0.0.1/@bob",
    ):
        assert search(App(charlie), other)["accounts"] == []


def test_strangers_search_the_first_page_only(town: dict[str, str]) -> None:
    for more in ({"offset": 5}, {"resolve": True}):
        assert App(None).get("/api/v2/search", q="bread", **more).status_code == 401
    assert App(None).get("/api/v1/search", q="bread").status_code == 401
    assert App(None).get("/api/v1/accounts/search", q="bob").status_code == 401


def test_no_search_is_too_strange(alice: Member, town: dict[str, str]) -> None:
    app = App(alice)
    for text in (
        "",
        "   ",
        "'",
        "%",
        "\\",
        "a" * 5_000,
        "(((",
        "!&|",
        "from:",
        "from:nobody",
        "\u202e",
        "🍞" * 200,
    ):
        assert search(app, text)["statuses"] == [], text
    assert app.get("/api/v2/search", q="bread", type="everything").status_code == 422
    assert app.get("/api/v2/search", q="bread", limit=10**9, offset=-1).status_code == 422


def test_search_within_one_account_and_a_page(alice: Member, bob: Member, town: dict[str, str]) -> None:
    app = App(alice)
    assert found(app, "bread", account_id=bob.id) == []
    assert found(app, "bread", account_id="nonsense") == []
    assert found(app, "bread", max_id=town["private"]) == [town["public"]]
    assert len(found(app, "bread", limit=1)) == len(found(app, "bread", limit=1, offset=1)) == 1


def test_the_link_leads_on_until_all_is_found(
    alice: Member, bob: Member, charlie: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past the pages of one search, and past what Charlie may not see; no post comes twice."""
    monkeypatch.setattr(found_module, "LOOKS", (3, 2))
    monkeypatch.setattr(found_module, "MOST_HITS", 4)
    public = [post(alice, f"tabbouleh {number}") for number in range(6)]
    for _number in range(7):
        post(alice, "tabbouleh", visibility="private")
    public.append(post(bob, "tabbouleh"))
    for app in (App(charlie), App(None)):
        for path in ("/api/v2/search", "/api/v1/search") if app.member else ("/api/v2/search",):
            hits: list[str] = []
            answer = app.get(path, q="tabbouleh", limit=40 if app.member is None else 2)
            while True:
                hits += [each["id"] for each in answer.json()["statuses"]]
                link = re.fullmatch(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
                if link is None:
                    break
                assert "access_token" not in link[1]
                answer = app.get(link[1].removeprefix(addresses.absolute("")))
                assert answer.status_code == 200
                assert answer.json()["accounts"] == []
            assert sorted(hits) == sorted(public)


def test_completing_a_name(alice: Member, bob: Member, town: dict[str, str]) -> None:
    app = App(alice)
    path = "/api/v1/accounts/search"
    assert [each["acct"] for each in app.get(path, q="bo").json()] == ["bob"]
    assert [each["acct"] for each in app.get(path, q="@bob", resolve=True, limit=1).json()] == ["bob"]
    assert app.get(path, q="bo", following=True).json() == []
    cast.follows(alice, bob)
    assert [each["acct"] for each in app.get(path, q="bo", following=True).json()] == ["bob"]
    people.block(by=bob.id, whom=alice.seen, at=MOMENT)
    assert app.get(path, q="bob").json() == []


def test_one_whom_she_blocks_is_found_by_the_whole_name_to_be_let_go(
    alice: Member, bob: Member, town: dict[str, str]
) -> None:
    people.block(by=alice.id, whom=bob.seen, at=MOMENT)
    app = App(alice)
    for path in ("/api/v1/accounts/search", "/api/v2/search"):
        found = app.get(path, q="@bob", limit=1).json()
        assert [each["acct"] for each in (found if isinstance(found, list) else found["accounts"])] == ["bob"]
    assert app.get("/api/v1/accounts/search", q="bo").json() == []
    people.block(by=bob.id, whom=alice.seen, at=MOMENT)
    assert app.get("/api/v1/accounts/search", q="bob").json() == []


# trends


def test_trends_are_what_several_people_talk_about(alice: Member, bob: Member, charlie: Member) -> None:
    first = post(alice, "Come to the fair #fair")
    post(bob, "The fair was good #fair")
    for fan in (bob, charlie):
        App(fan).post(f"/api/v1/statuses/{first}/favourite")
        App(fan).post(f"/api/v1/statuses/{first}/reblog")
    discovery.count_trends(at=now())
    for app in (App(None), App(charlie)):
        for path in ("/api/v1/trends/tags", "/api/v1/trends"):
            assert [each["name"] for each in app.get(path).json()] == ["fair"]
        assert first in [each["id"] for each in app.get("/api/v1/trends/statuses").json()]
        assert app.get("/api/v1/trends/links").json() == []
        assert app.get("/api/v1/trends/tags", offset=1).json() == []
    assert "following" in App(charlie).get("/api/v1/trends/tags").json()[0]
    people.block(by=alice.id, whom=charlie.seen, at=MOMENT)
    assert first not in [each["id"] for each in App(charlie).get("/api/v1/trends/statuses").json()]


# reports


def test_a_report_is_made_and_shown_to_its_maker(alice: Member, bob: Member) -> None:
    theirs = post(bob, "rude")
    answer = (
        App(alice)
        .form(
            "POST",
            "/api/v1/reports/",
            {"account_id": str(bob.id), "status_ids": [theirs], "comment": "rude", "category": "spam"},
        )
        .json()
    )
    assert (answer["category"], answer["comment"], answer["status_ids"]) == ("spam", "rude", [theirs])
    assert (answer["action_taken"], answer["target_account"]["acct"]) == (False, "bob")
    again = App(alice).post("/api/v1/reports", {"account_id": str(bob.id), "comment": "and again"}).json()
    assert again["id"] == answer["id"]
    assert Report.objects.count() == 1


def test_masto_8916_posts_of_others_and_unseen_ones_are_passed_over(
    alice: Member, bob: Member, charlie: Member
) -> None:
    hidden, foreign = post(bob, "for few", visibility="private"), post(charlie, "other")
    body = {"account_id": str(bob.id), "status_ids": [hidden, foreign, "4711"]}
    assert App(alice).post("/api/v1/reports", body).json()["status_ids"] == []


def test_reports_that_cannot_be_made(alice: Member) -> None:
    app = App(alice)
    assert app.post("/api/v1/reports", {"account_id": "4711"}).status_code == 404
    assert app.post("/api/v1/reports", {}).status_code == 404
    assert app.post("/api/v1/reports", {"account_id": str(alice.id)}).status_code == 422
    assert not Report.objects.exists()


# announcements


def test_announcements_are_read_by_each_member_alone(alice: Member, charlie: Member) -> None:
    keeper = cast.operator()
    made = safety.create_announcement(
        by=keeper.user_id, text="Closed <today>", text_ar="مغلق اليوم", at=MOMENT
    )
    safety.publish_announcement(announcement_id=made, by=keeper.user_id, at=MOMENT)
    told = App(alice).get("/api/v1/announcements").json()
    assert [(each["id"], each["read"]) for each in told] == [(str(made), False)]
    assert "<today>" not in told[0]["content"]
    arabic = App(alice).call("GET", "/api/v1/announcements", headers={"Accept-Language": "ar"}).json()
    assert "مغلق" in arabic[0]["content"]
    assert App(alice).post(f"/api/v1/announcements/{made}/dismiss").json() == {}
    assert App(alice).get("/api/v1/announcements").json() == []
    assert [each["read"] for each in App(alice).get("/api/v1/announcements", with_dismissed=True).json()] == [
        True
    ]
    assert len(App(charlie).get("/api/v1/announcements").json()) == 1
    assert App(charlie).post("/api/v1/announcements/4711/dismiss").status_code == 404
