"""Profiles: made, found, changed, hidden, ended."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cast import MOMENT, Member, bakery, follows, friends, later, login, member
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.people import access, actions, events, queries
from majlis.people.models import Profile, ProfileCount


def test_a_profile_is_made_with_counters_and_told(db: None, told: list[Any]) -> None:
    user = login("alice")
    made = actions.create_profile(user_id=user.id, handle="@Alice_1", display_name=" Alice ", at=MOMENT)
    profile = queries.profile(made)
    assert profile is not None
    assert (profile.handle, profile.acct, profile.name, profile.local) == (
        "alice_1",
        "alice_1",
        "Alice",
        True,
    )
    assert (profile.followers, profile.following, profile.posts, profile.last_post_on) == (0, 0, 0, None)
    assert told == [events.ProfileMade(made, MOMENT)]


@pytest.mark.parametrize("handle", ["bob", "BOB", "b0b", "b_o_b", "@bob"])
def test_no_two_handles_can_be_confused(bob: Member, handle: str) -> None:
    before = Profile.objects.count()
    with pytest.raises(Conflict) as refusal:
        actions.create_profile(user_id=bob.user_id, handle=handle, at=MOMENT)
    assert (refusal.value.field, Profile.objects.count()) == ("username", before)


@pytest.mark.parametrize("handle", ["admin", "", "_", "a b", "bоb", "a" * 31, "x" * 100_000, "<b>", "a@b"])
def test_what_is_no_handle_makes_no_profile(bob: Member, handle: str) -> None:
    before = Profile.objects.count(), ProfileCount.objects.count()
    with pytest.raises((BadInput, Conflict)):
        actions.create_profile(user_id=bob.user_id, handle=handle, at=MOMENT)
    assert (Profile.objects.count(), ProfileCount.objects.count()) == before


def test_a_handle_may_be_arabic(bob: Member) -> None:
    made = actions.create_profile(user_id=bob.user_id, handle="مُحمّد", at=MOMENT)
    assert queries.by_acct("محمد").id == made  # type: ignore[union-attr]


def test_one_login_owns_several_profiles_and_acts_as_one(db: None, charlie: Member) -> None:
    house = bakery()
    owner = house.owner.user_id
    assert [one.handle for one in queries.profiles_of_login(user_id=owner)] == ["nadia", "bayt_zaytoun"]
    for chosen, handle in [
        (None, "nadia"),
        (house.page.id, "bayt_zaytoun"),
        (charlie.id, "nadia"),  # not hers
        (1, "nadia"),
    ]:
        viewer = queries.viewer_of(user_id=owner, chosen=chosen)
        assert viewer is not None
        assert viewer.handle == handle
    assert queries.viewer_of(user_id=charlie.user_id, chosen=house.page.id) == charlie.viewer


def test_a_viewer_knows_what_pages_need(db: None) -> None:
    viewer = member("omar", operator=True, language="ar").viewer
    assert (viewer.is_operator, viewer.languages, viewer.name, viewer.kind) == (
        True,
        ("ar",),
        "omar",
        "person",
    )
    assert viewer.preferences.audience == "public"


def test_who_is_withdrawn_or_not_active_acts_as_nobody(alice: Member, bob: Member) -> None:
    actions.withdraw_profile(profile_id=alice.id, at=MOMENT)
    assert queries.viewer_of(user_id=alice.user_id, chosen=alice.id) is None
    user = bob.user
    user.is_active = False
    user.save()
    assert queries.viewer_of(user_id=bob.user_id, chosen=bob.id) is None


def test_a_login_has_ten_profiles_at_the_most(bob: Member) -> None:
    for number in range(9):
        actions.create_profile(user_id=bob.user_id, handle=f"shop{number}x", at=MOMENT)
    with pytest.raises(BadInput):
        actions.create_profile(user_id=bob.user_id, handle="shop_too_many", at=MOMENT)


def test_an_address_is_read_in_every_form(alice: Member) -> None:
    for acct in ("alice", "@alice", "ALICE", "alice@127.0.0.1:8000", "@Alice@127.0.0.1:8000", " alice "):
        assert queries.by_acct(acct) == alice.profile, acct


@pytest.mark.parametrize(
    "acct",
    ["", "@", "alice@", "@@alice", "alice@x@y", "alice@elsewhere.example", "a" * 10_000, "alice/", "\x00"],
)
def test_nobody_lives_at_nonsense(alice: Member, acct: str) -> None:
    assert queries.by_acct(acct) is None
    with pytest.raises(NotThere):
        access.see_acct(acct=acct, viewer_id=None)


@pytest.mark.parametrize(
    "domain", ["127.0.0.1:80/00", "127.0.0.1:8000.", "/127.0.0.1:8000", "127.0.0.1:8000/", "127.0.0.1%3A8000"]
)
def test_cve_2023_42451_no_other_domain_looks_like_ours(alice: Member, domain: str) -> None:
    assert queries.by_acct(f"alice@{domain}") is None
    assert queries.ids_of([f"alice@{domain}"]) == {}


def test_addresses_of_a_post_are_found_in_one_query(
    alice: Member, bob: Member, charlie: Member, django_assert_num_queries: Any
) -> None:
    actions.withdraw_profile(profile_id=charlie.id, at=MOMENT)
    with django_assert_num_queries(1):  # ids_of_accts
        found = queries.ids_of(["Alice", "bob@127.0.0.1:8000", "nobody", "charlie", "bob@else.example", "@@"])
    assert found == {"Alice": alice.id, "bob@127.0.0.1:8000": bob.id}


def test_profiles_are_hydrated_in_one_query_in_the_order_given(
    alice: Member, bob: Member, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):  # profiles
        found = queries.profiles([bob.id, 1, alice.id, bob.id])
    assert list(found) == [bob.id, alice.id]
    with django_assert_num_queries(0):
        assert queries.profiles([]) == {}


def test_a_change_is_told_once_and_no_change_not_at_all(alice: Member, told: list[Any]) -> None:
    told.clear()
    actions.change_profile(
        by=alice.id, display_name="Alice B.", locked=True, languages=["EN", "ar"], at=MOMENT
    )
    profile = alice.profile
    assert (profile.display_name, profile.locked, profile.languages) == ("Alice B.", True, ("en", "ar"))
    actions.change_profile(by=alice.id, display_name="Alice B.", at=MOMENT)
    actions.change_profile(by=alice.id, at=MOMENT)
    assert told == [events.ProfileChanged(alice.id, MOMENT)]


@pytest.mark.parametrize(
    "change",
    [
        {"bio": "x" * 501},
        {"bio": "x" * 1_000_000},
        {"fields": [("a", "b")] * 5},
        {"fields": [("", "value without a name")]},
        {"fields": [("a", "x" * 256)]},
        {"kind": "emperor"},
        {"languages": ["english, please"]},
        {"languages": ["a" * 9]},
        {"display_name": "👩‍" * 3_000},
    ],
)
def test_a_refused_change_changes_nothing(alice: Member, change: dict[str, Any]) -> None:
    before = alice.profile
    with pytest.raises(BadInput):
        actions.change_profile(by=alice.id, discoverable=False, at=MOMENT, **change)
    assert alice.profile == before


def test_pictures_are_set_and_taken_away(alice: Member) -> None:
    actions.set_avatar(by=alice.id, key="k1", animated=True, alt="Alice by the sea", at=MOMENT)
    actions.set_header(by=alice.id, key="k2", alt="The sea", at=MOMENT)
    profile = alice.profile
    assert (profile.avatar_key, profile.avatar_animated, profile.avatar_alt) == (
        "k1",
        True,
        "Alice by the sea",
    )
    assert (profile.header_key, profile.header_alt) == ("k2", "The sea")
    assert alice.viewer.avatar_key == "k1"
    actions.set_avatar(by=alice.id, key="", at=MOMENT)
    assert (alice.profile.avatar_key, alice.profile.avatar_animated) == ("", False)


def test_preferences_are_set_one_by_one(alice: Member, bob: Member) -> None:
    actions.change_preferences(by=alice.id, changes={"audience": "friends"}, at=MOMENT)
    set_now = actions.change_preferences(by=alice.id, changes={"sensitive": True}, at=MOMENT)
    assert (set_now.audience, set_now.sensitive) == ("friends", True)
    assert alice.viewer.preferences == set_now
    assert bob.viewer.preferences.audience == "public"
    for wrong in ({"audience": "martians"}, {"sensitive": "yes"}, {"no_such": 1}):
        with pytest.raises(BadInput):
            actions.change_preferences(by=alice.id, changes=wrong, at=MOMENT)
    assert alice.viewer.preferences == set_now


def test_a_withdrawn_profile_is_there_for_nobody_and_comes_back_whole(
    alice: Member, bob: Member, charlie: Member, told: list[Any]
) -> None:
    friends(alice, bob)
    before = alice.profile
    told.clear()
    actions.withdraw_profile(profile_id=alice.id, at=MOMENT)
    actions.withdraw_profile(profile_id=alice.id, at=later(days=1))
    for viewer_id in (alice.id, bob.id, charlie.id, None):
        with pytest.raises(NotThere) as hidden:
            access.see_profile(profile_id=alice.id, viewer_id=viewer_id)
        with pytest.raises(NotThere) as unknown:
            access.see_profile(profile_id=1, viewer_id=viewer_id)
        assert str(hidden.value.sentence) == str(unknown.value.sentence)
    with pytest.raises(NotThere):
        access.see_acct(acct="alice", viewer_id=bob.id)
    actions.restore_profile(profile_id=alice.id, at=later(days=2))
    assert alice.profile == before
    assert told == [
        events.ProfileWithdrawn(alice.id, MOMENT),
        events.ProfileRestored(alice.id, later(days=2)),
    ]


def test_taking_back_a_deletion_ends_no_suspension(alice: Member, told: list[Any]) -> None:
    actions.withdraw_profile(profile_id=alice.id, reason="suspended", at=MOMENT)
    actions.withdraw_profile(profile_id=alice.id, reason="login", at=MOMENT)
    told.clear()
    actions.restore_profile(profile_id=alice.id, reason="login", at=MOMENT)
    assert alice.profile.withdrawn
    assert told == []
    actions.restore_profile(profile_id=alice.id, reason="suspended", at=MOMENT)
    assert not alice.profile.withdrawn


def test_what_a_login_does_not_own_is_not_there(alice: Member, charlie: Member) -> None:
    assert access.own_profile(user_id=alice.user_id, profile_id=alice.id).handle == "alice"
    with pytest.raises(NotThere) as of_others:
        access.own_profile(user_id=charlie.user_id, profile_id=alice.id)
    with pytest.raises(NotThere) as unknown:
        access.own_profile(user_id=charlie.user_id, profile_id=1)
    assert str(of_others.value.sentence) == str(unknown.value.sentence)


def test_a_deleted_profile_leaves_true_counters_and_no_handle(
    alice: Member, bob: Member, dana: Member, told: list[Any]
) -> None:
    friends(alice, bob)
    follows(dana, alice)
    follows(bob, dana)
    told.clear()
    actions.delete_profile(profile_id=alice.id, at=MOMENT)
    assert told == [events.ProfileDeleted(alice.id, MOMENT)]
    assert queries.profile(alice.id) is None
    assert (bob.profile.followers, bob.profile.following) == (0, 1)
    assert (dana.profile.followers, dana.profile.following) == (1, 0)
    for handle in ("alice", "al1ce"):
        with pytest.raises(Conflict):
            actions.create_profile(user_id=bob.user_id, handle=handle, at=later(days=900))
    with pytest.raises(NotThere):
        actions.delete_profile(profile_id=alice.id, at=MOMENT)


def test_posts_are_counted_and_the_last_day_does_not_go_back(alice: Member) -> None:
    actions.count_posts(profile_id=alice.id, change=2, on=date(2026, 11, 3))
    actions.count_posts(profile_id=alice.id, change=1, on=date(2019, 1, 1))
    actions.count_posts(profile_id=alice.id, change=-1)
    assert (alice.profile.posts, alice.profile.last_post_on) == (2, date(2026, 11, 3))
