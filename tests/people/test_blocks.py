"""Blocks, mutes, blocked servers: what they end, and what the other side learns, which is little."""

from __future__ import annotations

from typing import Any

import pytest

from cast import MOMENT, Member, follows, friends, later
from majlis.core.errors import BadInput, NotAllowed
from majlis.core.paging import Page
from majlis.people import access, actions, events, queries
from majlis.people.models import Profile, ProfileCount


def between(viewer: Member, other: Member, at: Any = MOMENT) -> queries.Relationship:
    return queries.relationships(viewer_id=viewer.id, ids=[other.id], at=at)[other.id]


def remote(handle: str, domain: str) -> int:
    """A profile of another server, as federation will make it."""
    profile = Profile.objects.create(
        handle=handle, domain=domain, skeleton=f"{handle}@{domain}", made_at=MOMENT
    )
    ProfileCount.objects.create(profile=profile)
    return profile.id


def test_a_block_ends_everything_between_two_both_ways(alice: Member, bob: Member, told: list[Any]) -> None:
    friends(alice, bob)
    family = access.own_circle(
        circle_id=actions.create_circle(by=alice.id, name="Family", at=MOMENT), by=alice.id
    )
    actions.add_to_circle(circle=family, by=alice.id, member=bob.seen, at=MOMENT)
    reading = access.own_list(list_id=actions.create_list(by=bob.id, title="قراءة", at=MOMENT), by=bob.id)
    actions.add_to_list(list=reading, by=bob.id, member=alice.seen, at=MOMENT)
    actions.endorse(by=alice.id, whom=bob.seen, at=MOMENT)
    told.clear()
    actions.block(by=bob.id, whom=alice.seen, at=MOMENT)
    for member in (alice, bob):
        assert (member.profile.followers, member.profile.following) == (0, 0)
    assert queries.circle_member_ids(owner_id=alice.id, circle_id=family.id) == []
    assert queries.list_member_ids(owner_id=bob.id, list_id=reading.id) == []
    assert queries.endorsed_by(profile_id=alice.id, viewer_id=None, page=Page()).items == ()
    kinds = {type(event) for event in told}
    assert kinds == {events.Unfollowed, events.CircleChanged, events.ListChanged, events.Blocked}


def test_a_block_ends_requests_both_ways(alice: Member, bob: Member) -> None:
    for member in (alice, bob):
        actions.change_profile(by=member.id, locked=True, at=MOMENT)
    actions.follow(by=alice.id, whom=bob.seen, at=MOMENT)
    actions.follow(by=bob.id, whom=alice.seen, at=MOMENT)
    actions.block(by=alice.id, whom=bob.seen, at=MOMENT)
    for member in (alice, bob):
        assert queries.follow_requests_count(profile_id=member.id) == 0


def test_both_sides_of_a_block(alice: Member, bob: Member, charlie: Member) -> None:
    actions.block(by=alice.id, whom=bob.seen, at=MOMENT)
    assert (between(alice, bob).blocking, between(alice, bob).blocked_by) == (True, False)
    assert (between(bob, alice).blocking, between(bob, alice).blocked_by) == (False, True)
    assert queries.blocks(profile_id=alice.id, page=Page()).items == (bob.id,)
    assert queries.blocks(profile_id=bob.id, page=Page()).items == ()
    assert queries.blocks(profile_id=charlie.id, page=Page()).items == ()
    assert access.see_profile(profile_id=alice.id, viewer_id=bob.id).handle == "alice"


def test_after_a_block_nobody_is_put_into_circles_or_lists(alice: Member, bob: Member) -> None:
    circle = access.own_circle(circle_id=actions.create_circle(by=alice.id, name="x", at=MOMENT), by=alice.id)
    shelf = access.own_list(list_id=actions.create_list(by=alice.id, title="x", at=MOMENT), by=alice.id)
    actions.block(by=bob.id, whom=alice.seen, at=MOMENT)
    with pytest.raises(NotAllowed):
        actions.add_to_circle(circle=circle, by=alice.id, member=bob.seen, at=MOMENT)
    with pytest.raises(NotAllowed):
        actions.add_to_list(list=shelf, by=alice.id, member=bob.seen, at=MOMENT)


def test_an_unblock_brings_nothing_back(alice: Member, bob: Member, told: list[Any]) -> None:
    friends(alice, bob)
    actions.block(by=alice.id, whom=bob.seen, at=MOMENT)
    actions.unblock(by=bob.id, profile_id=alice.id, at=MOMENT)  # not his to lift
    assert between(alice, bob).blocking
    actions.unblock(by=alice.id, profile_id=bob.id, at=MOMENT)
    assert told[-1] == events.Unblocked(alice.id, bob.id, MOMENT)
    assert between(alice, bob) == queries.Relationship(id=bob.id)


def test_blocking_twice_tells_once_and_never_oneself(alice: Member, bob: Member, told: list[Any]) -> None:
    actions.block(by=alice.id, whom=bob.seen, at=MOMENT)
    told.clear()
    actions.block(by=alice.id, whom=bob.seen, at=MOMENT)
    assert told == []
    with pytest.raises(BadInput):
        actions.block(by=alice.id, whom=alice.seen, at=MOMENT)


def test_the_muted_one_cannot_know(alice: Member, bob: Member, charlie: Member) -> None:
    friends(alice, bob)
    before = between(bob, alice)
    profile_before = alice.profile
    actions.mute(by=alice.id, whom=bob.seen, at=MOMENT)
    assert between(alice, bob).muting
    assert between(bob, alice) == before
    assert alice.profile == profile_before
    assert queries.mutes(profile_id=bob.id, at=MOMENT, page=Page()).items == ()
    assert queries.mutes(profile_id=charlie.id, at=MOMENT, page=Page()).items == ()
    assert alice.id in queries.follower_ids(profile_id=bob.id)


def test_a_mute_ends_by_itself(alice: Member, bob: Member) -> None:
    actions.mute(by=alice.id, whom=bob.seen, expires_at=later(hours=1), notifications=False, at=MOMENT)
    during = between(alice, bob, later(minutes=59))
    assert (during.muting, during.muting_notifications, during.muting_expires_at) == (
        True,
        False,
        later(hours=1),
    )
    after = between(alice, bob, later(hours=1))
    assert (after.muting, after.muting_notifications, after.muting_expires_at) == (False, False, None)
    assert queries.mutes(profile_id=alice.id, at=later(hours=1), page=Page()).items == ()
    assert queries.reading_rules(viewer_id=alice.id, at=MOMENT).mutes_end == later(hours=1)
    assert queries.reading_rules(viewer_id=alice.id, at=later(hours=1)).muted == frozenset()
    assert actions.delete_expired_mutes(at=later(hours=1)) == 1


def test_a_second_mute_counts(alice: Member, bob: Member, told: list[Any]) -> None:
    actions.mute(by=alice.id, whom=bob.seen, expires_at=later(hours=1), at=MOMENT)
    actions.mute(by=alice.id, whom=bob.seen, notifications=False, at=later(minutes=1))
    (mute,) = queries.mutes(profile_id=alice.id, at=later(days=999), page=Page()).items
    assert (mute.profile_id, mute.notifications, mute.expires_at) == (bob.id, False, None)
    actions.unmute(by=alice.id, profile_id=bob.id, at=MOMENT)
    assert told[-1] == events.Unmuted(alice.id, bob.id, MOMENT)
    assert not between(alice, bob).muting


def test_a_mute_ends_ahead_and_is_of_others(alice: Member, bob: Member) -> None:
    with pytest.raises(BadInput):
        actions.mute(by=alice.id, whom=bob.seen, expires_at=MOMENT, at=MOMENT)
    with pytest.raises(BadInput):
        actions.mute(by=alice.id, whom=alice.seen, at=MOMENT)


def test_a_blocked_server_is_unfollowed_both_ways(alice: Member, bob: Member, told: list[Any]) -> None:
    near, far = remote("eve", "noisy.example"), remote("eve", "quiet.example")
    pairs = [(near, alice.id), (alice.id, near), (alice.id, far), (near, bob.id)]
    assert actions.follow_in_bulk(pairs=pairs, at=MOMENT) == 4
    actions.block_domain(by=alice.id, domain="NOISY.example", at=MOMENT)
    assert told[-1] == events.DomainBlocked(alice.id, "noisy.example", MOMENT)
    assert (alice.profile.followers, alice.profile.following) == (0, 1)
    assert bob.profile.followers == 1
    found = queries.relationships(viewer_id=alice.id, ids=[near, far], at=MOMENT)
    assert (found[near].domain_blocking, found[far].domain_blocking) == (True, False)
    assert queries.domain_blocks(profile_id=alice.id, page=Page()).items == ("noisy.example",)
    assert queries.domain_blocks(profile_id=bob.id, page=Page()).items == ()
    actions.unblock_domain(by=alice.id, domain="noisy.example", at=MOMENT)
    assert queries.domain_blocks(profile_id=alice.id, page=Page()).items == ()


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "x",
        "127.0.0.1:8000",
        "a b.example",
        "http://a.example",
        "a.example/",
        "a..b",
        "-a.example",
        "a" * 300,
    ],
)
def test_what_is_no_other_server_is_not_blocked(alice: Member, domain: str) -> None:
    with pytest.raises(BadInput):
        actions.block_domain(by=alice.id, domain=domain, at=MOMENT)


def test_reading_rules_hold_everything_in_one_query(
    alice: Member, bob: Member, dana: Member, charlie: Member, django_assert_num_queries: Any
) -> None:
    follows(alice, dana)
    actions.follow(by=alice.id, whom=bob.seen, show_boosts=False, languages=["ar"], at=MOMENT)
    actions.mute(by=alice.id, whom=dana.seen, at=MOMENT)
    actions.block(by=charlie.id, whom=alice.seen, at=MOMENT)
    actions.block_domain(by=alice.id, domain="noisy.example", at=MOMENT)
    made = actions.create_list(by=alice.id, title="Apart", exclusive=True, at=MOMENT)
    apart = access.own_list(list_id=made, by=alice.id)
    actions.add_to_list(list=apart, by=alice.id, member=bob.seen, at=MOMENT)
    with django_assert_num_queries(1):  # reading_rules
        rules = queries.reading_rules(viewer_id=alice.id, at=MOMENT)
    assert rules == queries.ReadingRules(
        following=frozenset({bob.id, dana.id}),
        without_boosts=frozenset({bob.id}),
        languages={bob.id: frozenset({"ar"})},
        muted=frozenset({dana.id}),
        blocked_by=frozenset({charlie.id}),
        domains=frozenset({"noisy.example"}),
        exclusive=frozenset({bob.id}),
    )
    assert rules.hidden == {dana.id, charlie.id}
    assert queries.reading_rules(viewer_id=charlie.id, at=MOMENT).blocked == {alice.id}
    with django_assert_num_queries(0):
        assert queries.reading_rules(viewer_id=None, at=MOMENT) == queries.ReadingRules()
