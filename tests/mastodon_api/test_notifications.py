"""What a member is told: one by one, grouped, by policy; nobody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from api_client import App

import cast
from cast import Member
from majlis.core.clock import now
from majlis.mastodon_api.notifications import notification_json
from majlis.people import actions as people

pytestmark = pytest.mark.django_db
UNKNOWN = 4_711


def post(member: Member, text: str, **more: Any) -> str:
    answer = App(member).post("/api/v1/statuses", {"status": text} | more)
    assert answer.status_code == 200, answer.content
    return str(answer.json()["id"])


def list_of(app: App, **parameters: Any) -> list[dict[str, Any]]:
    answer = app.get("/api/v1/notifications", **parameters)
    assert answer.status_code == 200, answer.content
    return list(answer.json())


def types(app: App, **parameters: Any) -> list[str]:
    return [each["type"] for each in list_of(app, **parameters)]


@pytest.fixture
def crowd() -> list[Member]:
    return [cast.member(f"fan{number}") for number in range(3)]


@pytest.fixture
def told(alice: Member, bob: Member, crowd: list[Member]) -> str:
    """Alice's post, answered and boosted by Bob and liked by three; Bob follows her. The post's id."""
    own = post(alice, "خبز طازج")
    post(bob, "@alice lovely", in_reply_to_id=own)
    App(bob).post(f"/api/v1/statuses/{own}/reblog")
    for fan in crowd:
        App(fan).post(f"/api/v1/statuses/{own}/favourite")
    App(bob).post(f"/api/v1/accounts/{alice.id}/follow")
    return own


# one by one


def test_one_by_one_with_who_and_what(alice: Member, told: str) -> None:
    found = list_of(App(alice))
    assert [(each["type"], each["account"]["acct"]) for each in found] == [
        ("follow", "bob"),
        ("favourite", "fan2"),
        ("favourite", "fan1"),
        ("favourite", "fan0"),
        ("reblog", "bob"),
        ("mention", "bob"),
    ]
    assert [each.get("status", {}).get("id") for each in found[:5]] == [None, *[told] * 4]
    assert found[5]["status"]["in_reply_to_id"] == told
    assert App(alice).get(f"/api/v1/notifications/{found[0]['id']}").json() == found[0]


def test_a_reaction_says_which_one(alice: Member, bob: Member, told: str) -> None:
    App(bob).post(f"/api/v1/statuses/{told}/react/love")
    newest = list_of(App(alice), limit=1)[0]
    assert (newest["type"], newest["majlis_reaction"]) == ("favourite", "love")


def test_types_and_senders_are_chosen(alice: Member, bob: Member, told: str) -> None:
    app = App(alice)
    assert types(app, types=["mention", "follow"]) == ["follow", "mention"]
    assert types(app, exclude_types=["favourite", "reblog"]) == ["follow", "mention"]
    assert types(app, account_id=bob.id) == ["follow", "reblog", "mention"]
    assert types(app, types=["nonsense"]) == []
    assert types(app, account_id="nonsense") == []


def test_link_headers_walk_through_all(alice: Member, told: str) -> None:
    app, seen, path = App(alice), [], "/api/v1/notifications?limit=2&types[]=favourite&types[]=mention"
    while path:
        answer = app.get(path)
        seen += [each["type"] for each in answer.json()]
        links = answer.headers.get("Link", "").split(", ")
        older = next((link for link in links if 'rel="next"' in link), "")
        path = older.partition(">")[0].removeprefix("<http://127.0.0.1:8000")
    assert seen == ["favourite"] * 3 + ["mention"]


def test_dismissed_and_cleared(alice: Member, told: str) -> None:
    app = App(alice)
    ids = [each["id"] for each in list_of(app)]
    assert app.post(f"/api/v1/notifications/{ids[0]}/dismiss").json() == {}
    assert app.form("POST", "/api/v1/notifications/dismiss", {"id": ids[1]}).json() == {}
    assert app.delete("/api/v1/notifications/destroy_multiple", {"ids": ids[2:4]}).json() == {}
    assert [each["id"] for each in list_of(app)] == ids[4:]
    assert app.post("/api/v1/notifications/clear").json() == {}
    assert list_of(app) == []


def test_unread_is_what_is_newer_than_the_marker(alice: Member, told: str) -> None:
    app = App(alice)
    ids = [each["id"] for each in list_of(app)]

    def unread(path: str, **parameters: Any) -> int:
        return int(app.get(path, **parameters).json()["count"])

    assert unread("/api/v1/notifications/unread_count") == 6
    assert unread("/api/v1/notifications/unread_count", limit=2) == 2
    assert unread("/api/v2/notifications/unread_count") == 4
    app.post("/api/v1/markers", {"notifications": {"last_read_id": ids[2]}})
    assert unread("/api/v1/notifications/unread_count") == 2
    assert unread("/api/v1/notifications/unread_count", types=["follow"]) == 1
    assert unread("/api/v2/notifications/unread_count") == 2


def test_a_stream_gets_the_same_bytes_and_nobody_elses(alice: Member, charlie: Member, told: str) -> None:
    newest = list_of(App(alice), limit=1)[0]
    sent = notification_json(int(newest["id"]), viewer=alice.id, at=now())
    assert sent is not None
    assert json.loads(sent) == newest
    assert notification_json(int(newest["id"]), viewer=charlie.id, at=now()) is None
    assert notification_json(UNKNOWN, viewer=alice.id, at=now()) is None


# grouped


def grouped(app: App, **parameters: Any) -> dict[str, Any]:
    answer = app.get("/api/v2/notifications", **parameters)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_groups_name_each_account_and_status_once(alice: Member, crowd: list[Member], told: str) -> None:
    found = grouped(App(alice))
    groups = found["notification_groups"]
    assert [(each["type"], each["notifications_count"]) for each in groups] == [
        ("follow", 1),
        ("favourite", 3),
        ("reblog", 1),
        ("mention", 1),
    ]
    likes = groups[1]
    assert likes["sample_account_ids"] == [str(fan.id) for fan in reversed(crowd)]
    assert likes["status_id"] == told
    assert likes["page_max_id"] == str(likes["most_recent_notification_id"])
    assert int(likes["page_min_id"]) < int(likes["page_max_id"])
    assert sorted(each["acct"] for each in found["accounts"]) == ["bob", "fan0", "fan1", "fan2"]
    assert len(found["statuses"]) == 2
    assert "partial_accounts" not in found


def test_partial_accounts(alice: Member, told: str) -> None:
    found = grouped(App(alice), expand_accounts="partial_avatars")
    assert [each["acct"] for each in found["accounts"]] == ["bob", "fan2"]
    assert sorted(each["acct"] for each in found["partial_accounts"]) == ["fan0", "fan1"]
    assert "note" not in found["partial_accounts"][0]


def test_what_is_to_be_grouped_is_chosen(alice: Member, told: str) -> None:
    found = grouped(App(alice), grouped_types=["follow"])
    assert [each["notifications_count"] for each in found["notification_groups"]] == [1] * 6


def test_one_group_its_accounts_and_its_end(alice: Member, crowd: list[Member], told: str) -> None:
    app = App(alice)
    for root in ("/api/v2/notifications", "/api/v2_alpha/notifications"):
        key = grouped(app)["notification_groups"][1]["group_key"]
        alone = app.get(f"{root}/{key}").json()
        assert [each["group_key"] for each in alone["notification_groups"]] == [key]
        accounts = app.get(f"{root}/{key}/accounts").json()
        assert [each["acct"] for each in accounts] == ["fan2", "fan1", "fan0"]
    assert app.post(f"/api/v2/notifications/{key}/dismiss").json() == {}
    assert app.get(f"/api/v2/notifications/{key}").status_code == 404
    assert types(app) == ["follow", "reblog", "mention"]


# Charlie


def test_charlie_and_an_unknown_notification_are_answered_alike(
    alice: Member, charlie: Member, told: str
) -> None:
    app, ids = App(charlie), [each["id"] for each in list_of(App(alice))]
    key = grouped(App(alice))["notification_groups"][1]["group_key"]
    for theirs, unknown in ((ids[0], UNKNOWN),):
        for path in ("/api/v1/notifications/{}", "/api/v1/notifications/requests/{}"):
            one, other = app.get(path.format(theirs)), app.get(path.format(unknown))
            assert (one.status_code, one.content) == (other.status_code, other.content)
            assert one.status_code == 404
        one, other = (app.post(f"/api/v1/notifications/{id_}/dismiss") for id_ in (theirs, unknown))
        assert (one.status_code, one.content) == (404, other.content)
    app.delete("/api/v1/notifications/destroy_multiple", {"ids": ids})
    app.post("/api/v1/notifications/dismiss", {"id": ids[0]})
    app.post(f"/api/v2/notifications/{key}/dismiss")
    app.post("/api/v1/notifications/clear")
    assert app.get(f"/api/v2/notifications/{key}").status_code == 404
    assert app.get(f"/api/v2/notifications/{key}/accounts").status_code == 404
    assert list_of(app) == []
    assert grouped(app) == {"accounts": [], "statuses": [], "notification_groups": []}
    assert len(list_of(App(alice))) == 6


def test_what_a_block_hides_is_gone_from_every_surface(alice: Member, bob: Member, told: str) -> None:
    people.block(by=alice.id, whom=bob.seen, at=now())
    app = App(alice)
    assert types(app) == ["favourite"] * 3
    found = grouped(app)
    assert "bob" not in [each["acct"] for each in found["accounts"]]
    assert app.get("/api/v1/notifications/unread_count").json() == {"count": 3}


# policy and requests


def test_the_policy_in_its_two_forms(alice: Member, charlie: Member) -> None:
    app = App(alice)
    policy = app.get("/api/v2/notifications/policy").json()
    assert policy == {
        "for_not_following": "accept",
        "for_not_followers": "accept",
        "for_new_accounts": "accept",
        "for_private_mentions": "filter",
        "for_limited_accounts": "filter",
        "summary": {"pending_requests_count": 0, "pending_notifications_count": 0},
    }
    changed = app.send("PATCH", "/api/v2/notifications/policy", {"for_not_following": "drop"}).json()
    assert changed == policy | {"for_not_following": "drop"}
    assert app.form("PUT", "/api/v2/notifications/policy", {"for_not_followers": "filter"}).status_code == 200
    old = app.get("/api/v1/notifications/policy").json()
    assert [old[f"filter_{name}"] for name in ("not_following", "not_followers", "new_accounts")] == [
        True,
        True,
        False,
    ]
    # an older app that sends back what it read lets nothing through that was dropped
    app.put("/api/v1/notifications/policy", old | {"filter_not_followers": False})
    kept = app.get("/api/v2/notifications/policy").json()
    assert (kept["for_not_following"], kept["for_not_followers"]) == ("drop", "accept")
    assert App(charlie).get("/api/v2/notifications/policy").json() == policy
    assert app.put("/api/v2/notifications/policy", {"for_new_accounts": "maybe"}).status_code == 422


@pytest.fixture
def kept_back(alice: Member, bob: Member, charlie: Member) -> dict[str, Any]:
    """Alice keeps back strangers; Charlie wrote to her twice. The request."""
    App(alice).put("/api/v2/notifications/policy", {"for_not_following": "filter"})
    post(charlie, "@alice one")
    post(charlie, "@alice two")
    found = App(alice).get("/api/v1/notifications/requests").json()
    assert len(found) == 1
    return dict(found[0])


def test_requests_are_shown_and_accepted(alice: Member, charlie: Member, kept_back: dict[str, Any]) -> None:
    app = App(alice)
    assert (kept_back["account"]["acct"], kept_back["notifications_count"]) == ("charlie", "2")
    assert "two" in kept_back["last_status"]["content"]
    assert types(app) == []
    assert types(app, include_filtered=True) == ["mention", "mention"]
    summary = app.get("/api/v2/notifications/policy").json()["summary"]
    assert summary == {"pending_requests_count": 1, "pending_notifications_count": 2}
    one = f"/api/v1/notifications/requests/{kept_back['id']}"
    assert app.get(one).json() == kept_back
    assert app.post(f"{one}/accept").json() == {}
    assert app.get("/api/v1/notifications/requests/merged").json() == {"merged": True}
    assert types(app) == ["mention", "mention"]
    post(charlie, "@alice three")
    assert types(app) == ["mention"] * 3
    assert app.get("/api/v1/notifications/requests").json() == []


@pytest.mark.parametrize("way", ["one", "many"])
def test_requests_are_dismissed(alice: Member, kept_back: dict[str, Any], way: str) -> None:
    app, root = App(alice), "/api/v1/notifications/requests"
    if way == "one":
        app.post(f"{root}/{kept_back['id']}/dismiss")
    else:
        app.form("POST", f"{root}/dismiss", {"id": [kept_back["id"], "4711"]})
    assert app.get(root).json() == []
    assert types(app, include_filtered=True) == []


def test_ghsa_5fq7_3p3j_9vrf_charlie_does_not_accept_himself(
    alice: Member, charlie: Member, kept_back: dict[str, Any]
) -> None:
    app, root = App(charlie), "/api/v1/notifications/requests"
    assert app.get(root).json() == []
    for deed in ("accept", "dismiss"):
        one = app.post(f"{root}/{kept_back['id']}/{deed}")
        assert (one.status_code, one.content) == (404, app.post(f"{root}/{UNKNOWN}/{deed}").content)
        assert app.post(f"{root}/{deed}", {"id": [kept_back["id"]]}).json() == {}
    assert App(alice).get(root).json() == [kept_back]


# what the house says


def test_operators_are_told_of_reports_and_members_of_decisions(alice: Member, bob: Member) -> None:
    keeper = cast.operator()
    App(alice).post("/api/v1/reports", {"account_id": str(bob.id), "comment": "rude"})
    found = list_of(App(keeper), types=["admin.report"])
    assert [each["report"]["target_account"]["acct"] for each in found] == ["bob"]
    assert found[0]["report"]["comment"] == "rude"
    group = grouped(App(keeper), types=["admin.report"])["notification_groups"][0]
    assert group["report"]["id"] == found[0]["report"]["id"]
    for member in (alice, bob):
        assert types(App(member), types=["admin.report"]) == []


def test_a_page_costs_the_same_however_many_there_are(
    alice: Member, crowd: list[Member], told: str, django_assert_max_num_queries: Any
) -> None:
    app = App(alice)
    list_of(app)
    # token, own profile, the page; reader: rules, tags, filters; visible, posts, authors, marks, actors
    with django_assert_max_num_queries(13):
        assert len(list_of(app)) == 6
    with django_assert_max_num_queries(13):
        grouped(app)
