"""Reading accounts: one, several, by address, their networks."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import App

import cast
from cast import MOMENT, Member, later
from majlis.people import actions
from majlis.people.models import Profile

pytestmark = pytest.mark.django_db
UNKNOWN = 4_711


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [each["id"] for each in answer.json()]


def test_an_account_is_shown_to_everybody(alice: Member, bob: Member) -> None:
    for app in (App(None), App(None, scopes="read"), App(alice)):
        found = app.get(f"/api/v1/accounts/{bob.id}").json()
        assert (found["id"], found["acct"], found["display_name"]) == (str(bob.id), "bob", "بوب الحلبي")
        assert found["created_at"] == "2026-11-02T00:00:00.000Z"


def test_an_unknown_a_withdrawn_and_a_nonsense_id_are_answered_alike(alice: Member, charlie: Member) -> None:
    actions.withdraw_profile(profile_id=charlie.id, at=MOMENT)
    answers = [App(alice).get(f"/api/v1/accounts/{id_}") for id_ in (UNKNOWN, charlie.id, "x", "9" * 40)]
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (404, b'{"error":"There is nobody at this address.","code":"not_there"}')
    }


def test_several_accounts_leave_out_what_is_not_there(alice: Member, bob: Member, charlie: Member) -> None:
    actions.withdraw_profile(profile_id=charlie.id, at=MOMENT)
    wanted = [bob.id, UNKNOWN, charlie.id, alice.id]
    assert ids(App(None).get("/api/v1/accounts", id=wanted)) == [str(bob.id), str(alice.id)]


def test_cve_2021_21393_no_more_than_forty_at_once(alice: Member) -> None:
    assert App(None).get("/api/v1/accounts", id=list(range(1, 42))).status_code == 422


def test_lookup_by_address(alice: Member) -> None:
    for acct in ("alice", "@alice", "ALICE", "alice@127.0.0.1:8000"):
        assert App(None).get("/api/v1/accounts/lookup", acct=acct).json()["id"] == str(alice.id)
    for acct in ("nobody", "alice@elsewhere.example", "", "a@b@c"):
        assert App(None).get("/api/v1/accounts/lookup", acct=acct).status_code == 404


def test_one_that_moved_says_where_to_one_step_far(alice: Member, bob: Member) -> None:
    Profile.objects.filter(id=alice.id).update(moved_to=bob.id)
    Profile.objects.filter(id=bob.id).update(moved_to=alice.id)
    moved = App(None).get(f"/api/v1/accounts/{alice.id}").json()["moved"]
    assert moved["id"] == str(bob.id)
    assert "moved" not in moved


def test_limited_accounts_say_so(alice: Member) -> None:
    actions.limit_profile(profile_id=alice.id, at=MOMENT)
    assert App(None).get(f"/api/v1/accounts/{alice.id}").json()["limited"] is True


def test_fields_are_html_and_never_the_members_own(alice: Member) -> None:
    actions.change_profile(by=alice.id, at=MOMENT, fields=[("Home", "<script>alert(1)</script>")])
    fields = App(None).get(f"/api/v1/accounts/{alice.id}").json()["fields"]
    assert "<script" not in fields[0]["value"]


# networks


@pytest.fixture
def network(alice: Member, bob: Member, charlie: Member) -> Member:
    """Bob, followed by Alice and Dana, follows Alice."""
    dana = cast.dana()
    cast.friends(alice, bob)
    cast.follows(dana, bob)
    return dana


def test_followers_and_following(alice: Member, bob: Member, charlie: Member, network: Member) -> None:
    for app in (App(None), App(charlie)):
        assert ids(app.get(f"/api/v1/accounts/{bob.id}/followers")) == [str(network.id), str(alice.id)]
        assert ids(app.get(f"/api/v1/accounts/{bob.id}/following")) == [str(alice.id)]


def test_a_hidden_network_is_empty_for_charlie(
    alice: Member, bob: Member, charlie: Member, network: Member
) -> None:
    actions.change_profile(by=bob.id, at=MOMENT, hide_network=True)
    for app in (App(charlie), App(alice), App(None)):
        assert ids(app.get(f"/api/v1/accounts/{bob.id}/followers")) == []
        assert ids(app.get(f"/api/v1/accounts/{bob.id}/following")) == []
    assert len(ids(App(bob).get(f"/api/v1/accounts/{bob.id}/followers"))) == 2
    familiar = App(alice).get("/api/v1/accounts/familiar_followers", id=[network.id, bob.id]).json()
    assert [each["accounts"] for each in familiar] == [[], []]


def test_the_network_of_one_who_blocks_charlie_is_empty(
    bob: Member, charlie: Member, network: Member
) -> None:
    actions.block(by=bob.id, whom=charlie.seen, at=MOMENT)
    assert ids(App(charlie).get(f"/api/v1/accounts/{bob.id}/followers")) == []


def test_followers_page_by_link(bob: Member) -> None:
    crowd = [cast.member(f"fan{number}") for number in range(5)]
    for fan in crowd:
        cast.follows(fan, bob)
    app, seen, path = App(None), [], f"/api/v1/accounts/{bob.id}/followers?limit=2"
    for _page in range(3):
        answer = app.get(path)
        seen += ids(answer)
        path = answer["Link"].partition(";")[0].strip("<>").removeprefix("http://127.0.0.1:8000")
    assert seen == [str(fan.id) for fan in reversed(crowd)]


def test_familiar_followers(alice: Member, bob: Member, charlie: Member, network: Member) -> None:
    cast.follows(alice, charlie)
    cast.follows(bob, charlie)
    found = App(alice).get("/api/v1/accounts/familiar_followers", id=[charlie.id, UNKNOWN]).json()
    assert [(each["id"], [one["acct"] for one in each["accounts"]]) for each in found] == [
        (str(charlie.id), ["bob"]),
        (str(UNKNOWN), []),
    ]


def test_relationships_in_the_order_asked(alice: Member, bob: Member, charlie: Member) -> None:
    cast.follows(alice, bob)
    actions.withdraw_profile(profile_id=charlie.id, at=MOMENT)
    app, wanted = App(alice), [alice.id, charlie.id, bob.id, UNKNOWN]
    assert ids(app.get("/api/v1/accounts/relationships", id=wanted)) == [str(alice.id), str(bob.id)]
    everybody = ids(app.get("/api/v1/accounts/relationships", id=wanted, with_suspended=True))
    assert everybody == [str(alice.id), str(charlie.id), str(bob.id)]
    # some apps send one id without brackets
    assert ids(app.call("GET", f"/api/v1/accounts/relationships?id={bob.id}")) == [str(bob.id)]


def test_notes_and_mutes_of_others_never_show(alice: Member, bob: Member, charlie: Member) -> None:
    actions.write_note(by=alice.id, about=bob.seen, text="owes me a book")
    actions.mute(by=alice.id, whom=bob.seen, at=MOMENT)
    for reader in (charlie, bob):
        found = App(reader).get("/api/v1/accounts/relationships", id=[alice.id, bob.id]).json()
        assert [(each["note"], each["muting"]) for each in found] == [("", False)] * 2
    own = App(alice).get("/api/v1/accounts/relationships", id=[bob.id]).json()[0]
    assert (own["note"], own["muting"]) == ("owes me a book", True)


def test_lists_with_somebody_are_the_viewers_alone(alice: Member, bob: Member, charlie: Member) -> None:
    made = App(alice).post("/api/v1/lists", {"title": "Friends"}).json()["id"]
    App(alice).post("/api/v1/lists", {"title": "Others"})
    App(alice).post(f"/api/v1/lists/{made}/accounts", {"account_ids": [str(bob.id)]})
    assert ids(App(alice).get(f"/api/v1/accounts/{bob.id}/lists")) == [made]
    assert ids(App(charlie).get(f"/api/v1/accounts/{bob.id}/lists")) == []
    assert ids(App(bob).get(f"/api/v1/accounts/{bob.id}/lists")) == []


def test_endorsements(alice: Member, bob: Member, charlie: Member) -> None:
    cast.follows(alice, bob)
    App(alice).post(f"/api/v1/accounts/{bob.id}/endorse")
    assert ids(App(alice).get("/api/v1/endorsements")) == [str(bob.id)]
    assert ids(App(charlie).get(f"/api/v1/accounts/{alice.id}/endorsements")) == [str(bob.id)]
    actions.block(by=bob.id, whom=charlie.seen, at=later(minutes=1))
    assert ids(App(charlie).get(f"/api/v1/accounts/{alice.id}/endorsements")) == []


def test_suggestions_and_their_dismissal(alice: Member, bob: Member, charlie: Member) -> None:
    cast.follows(alice, bob)
    cast.follows(bob, charlie)
    app = App(alice)
    found = app.get("/api/v2/suggestions").json()
    assert [(each["account"]["acct"], each["sources"]) for each in found] == [
        ("charlie", ["friends_of_friends"])
    ]
    assert ids(app.get("/api/v1/suggestions")) == [str(charlie.id)]
    assert app.delete(f"/api/v1/suggestions/{charlie.id}").status_code == 200
    assert app.get("/api/v2/suggestions").json() == []
    assert app.delete(f"/api/v1/suggestions/{UNKNOWN}").status_code == 404


def test_the_directory_lists_only_those_who_want_it(alice: Member, bob: Member, charlie: Member) -> None:
    actions.change_profile(by=charlie.id, at=MOMENT, discoverable=False)
    assert ids(App(None).get("/api/v1/directory", order="new")) == [str(bob.id), str(alice.id)]
    assert ids(App(None).get("/api/v1/directory", order="new", offset=1, limit=5)) == [str(alice.id)]
    assert ids(App(None).get("/api/v1/directory")) == []
    actions.count_posts(profile_id=alice.id, change=1, on=MOMENT.date())
    assert ids(App(bob).get("/api/v1/directory", local=True)) == [str(alice.id)]
    assert App(None).get("/api/v1/directory", offset=10**9).status_code == 422


def test_a_page_of_followers_costs_five_queries(
    bob: Member, charlie: Member, django_assert_num_queries: Any
) -> None:
    for number in range(12):
        cast.follows(cast.member(f"fan{number}"), bob)
    app = App(charlie)
    app.get(f"/api/v1/accounts/{bob.id}/followers")  # the day of use is noted once
    # token, own profile, the profile asked about, followers, their profiles
    with django_assert_num_queries(5):
        assert len(ids(app.get(f"/api/v1/accounts/{bob.id}/followers"))) == 12
