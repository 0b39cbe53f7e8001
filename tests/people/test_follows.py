"""Following, asking, accepting, refusing, ending."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from cast import MOMENT, Member, follows, friends, later
from majlis.core.errors import BadInput, NotAllowed, NotThere
from majlis.core.paging import Page
from majlis.people import access, actions, events, queries

Statements = Callable[[], AbstractContextManager[list[str]]]


def counts(member: Member) -> tuple[int, int]:
    return member.profile.followers, member.profile.following


def between(viewer: Member, other: Member) -> queries.Relationship:
    return queries.relationships(viewer_id=viewer.id, ids=[other.id], at=MOMENT)[other.id]


def lock_up(member: Member) -> None:
    actions.change_profile(by=member.id, locked=True, at=MOMENT)


def test_a_follow_is_counted_on_both_sides_and_told(alice: Member, bob: Member, told: list[Any]) -> None:
    assert actions.follow(by=alice.id, whom=bob.seen, at=MOMENT) == "following"
    assert counts(bob) == (1, 0)
    assert counts(alice) == (0, 1)
    assert isinstance(told[-1], events.Followed)
    assert (told[-1].follower, told[-1].followed, told[-1].at, told[-1].asked) == (
        alice.id,
        bob.id,
        MOMENT,
        False,
    )


def test_following_twice_is_following_once(alice: Member, bob: Member, told: list[Any]) -> None:
    follows(alice, bob)
    told.clear()
    follows(alice, bob)
    assert counts(bob) == (1, 0)
    assert told == []


def test_a_second_follow_sets_only_what_it_names(alice: Member, bob: Member, told: list[Any]) -> None:
    actions.follow(by=alice.id, whom=bob.seen, notify=True, languages=["en", "ar"], at=MOMENT)
    actions.follow(by=alice.id, whom=bob.seen, show_boosts=False, at=later(minutes=1))
    relationship = between(alice, bob)
    assert (relationship.showing_boosts, relationship.notifying) == (False, True)
    assert relationship.languages == ("ar", "en")
    assert isinstance(told[-1], events.FollowChanged)
    assert queries.notified_of(profile_id=bob.id) == [alice.id]
    actions.follow(by=alice.id, whom=bob.seen, languages=[], at=later(minutes=2))
    assert between(alice, bob).languages is None


def test_nobody_follows_herself(alice: Member) -> None:
    with pytest.raises(BadInput):
        actions.follow(by=alice.id, whom=alice.seen, at=MOMENT)
    assert counts(alice) == (0, 0)


def test_two_that_follow_each_other_are_friends(alice: Member, bob: Member, charlie: Member) -> None:
    friends(alice, bob)
    follows(charlie, bob)
    assert between(alice, bob).friends
    assert between(bob, alice).friends
    assert not between(charlie, bob).friends
    assert queries.friends_ids(profile_id=bob.id) == [alice.id]


def test_cve_2025_30741_a_locked_profile_is_asked_and_not_followed(alice: Member, bob: Member) -> None:
    lock_up(bob)
    assert actions.follow(by=alice.id, whom=bob.seen, notify=True, at=MOMENT) == "requested"
    assert actions.follow(by=alice.id, whom=bob.seen, at=MOMENT) == "requested"
    assert counts(bob) == (0, 0)
    assert queries.following_ids(profile_id=alice.id) == []
    assert queries.follower_ids(profile_id=bob.id) == []
    relationship = between(alice, bob)
    assert (relationship.following, relationship.requested, relationship.notifying) == (False, True, True)
    assert between(bob, alice).requested_by


def test_only_the_one_asked_accepts_and_the_settings_are_kept(
    alice: Member, bob: Member, charlie: Member, told: list[Any]
) -> None:
    lock_up(bob)
    actions.follow(by=alice.id, whom=bob.seen, show_boosts=False, at=MOMENT)
    for stranger in (charlie, alice):
        with pytest.raises(NotThere):
            actions.accept(by=stranger.id, follower_id=alice.id, at=MOMENT)
    assert counts(bob) == (0, 0)
    actions.accept(by=bob.id, follower_id=alice.id, at=later(hours=1))
    assert counts(bob) == (1, 0)
    assert between(alice, bob).following
    assert not between(alice, bob).showing_boosts
    assert told[-1].asked
    with pytest.raises(NotThere):
        actions.accept(by=bob.id, follower_id=alice.id, at=later(hours=2))


def test_a_refused_one_is_not_told_and_may_ask_again(alice: Member, bob: Member) -> None:
    lock_up(bob)
    actions.follow(by=alice.id, whom=bob.seen, at=MOMENT)
    actions.refuse(by=bob.id, follower_id=alice.id, at=MOMENT)
    assert not between(alice, bob).requested
    assert actions.follow(by=alice.id, whom=bob.seen, at=MOMENT) == "requested"


def test_requests_are_for_the_one_asked_alone(alice: Member, bob: Member, charlie: Member) -> None:
    lock_up(bob)
    actions.follow(by=alice.id, whom=bob.seen, at=MOMENT)
    assert queries.follow_requests(profile_id=bob.id, page=Page()).items == (alice.id,)
    assert queries.follow_requests_count(profile_id=bob.id) == 1
    assert queries.follow_requests(profile_id=charlie.id, page=Page()).items == ()
    seen_by_charlie = queries.relationships(viewer_id=charlie.id, ids=[alice.id, bob.id], at=MOMENT)
    assert not any(one.requested or one.requested_by for one in seen_by_charlie.values())


def test_whoever_unlocks_accepts_all_who_wait(alice: Member, bob: Member, dana: Member) -> None:
    lock_up(bob)
    actions.follow(by=alice.id, whom=bob.seen, at=MOMENT)
    actions.follow(by=dana.id, whom=bob.seen, at=MOMENT)
    actions.change_profile(by=bob.id, locked=False, at=MOMENT)
    assert counts(bob) == (2, 0)
    assert queries.follow_requests_count(profile_id=bob.id) == 0


def test_unfollow_ends_a_follow_or_a_request_or_nothing(alice: Member, bob: Member, told: list[Any]) -> None:
    follows(alice, bob)
    actions.unfollow(by=alice.id, profile_id=bob.id, at=MOMENT)
    assert counts(bob) == counts(alice) == (0, 0)
    assert isinstance(told[-1], events.Unfollowed)
    lock_up(bob)
    actions.follow(by=alice.id, whom=bob.seen, at=MOMENT)
    actions.unfollow(by=alice.id, profile_id=bob.id, at=MOMENT)
    assert isinstance(told[-1], events.FollowRequestWithdrawn)
    told.clear()
    actions.unfollow(by=alice.id, profile_id=bob.id, at=MOMENT)
    assert told == []


def test_a_follower_can_be_removed_by_the_followed_alone(alice: Member, bob: Member, charlie: Member) -> None:
    follows(alice, bob)
    actions.remove_follower(by=charlie.id, follower_id=alice.id, at=MOMENT)
    assert counts(bob) == (1, 0)
    actions.remove_follower(by=bob.id, follower_id=alice.id, at=MOMENT)
    assert counts(bob) == counts(alice) == (0, 0)


def test_a_block_either_way_forbids_to_follow(alice: Member, bob: Member) -> None:
    actions.block(by=bob.id, whom=alice.seen, at=MOMENT)
    for follower, followed in ((alice, bob), (bob, alice)):
        with pytest.raises(NotAllowed):
            actions.follow(by=follower.id, whom=followed.seen, at=MOMENT)
    assert counts(alice) == counts(bob) == (0, 0)


def test_a_limited_profile_asks_even_the_open_ones(alice: Member, bob: Member) -> None:
    actions.limit_profile(profile_id=alice.id, at=MOMENT)
    assert actions.follow(by=alice.id, whom=bob.seen, at=MOMENT) == "requested"
    actions.unlimit_profile(profile_id=alice.id, at=MOMENT)
    assert actions.follow(by=alice.id, whom=bob.seen, at=MOMENT) == "following"
    assert queries.follow_requests_count(profile_id=bob.id) == 0


def test_nobody_follows_the_withdrawn_or_unknown(alice: Member, bob: Member) -> None:
    actions.withdraw_profile(profile_id=bob.id, at=MOMENT)
    for profile_id in (bob.id, 1):
        with pytest.raises(NotThere):
            access.see_profile(profile_id=profile_id, viewer_id=alice.id)


def test_many_follows_at_once_count_as_many_single_ones(
    alice: Member, bob: Member, dana: Member, charlie: Member, told: list[Any]
) -> None:
    follows(alice, bob)
    lock_up(dana)
    actions.block(by=charlie.id, whom=alice.seen, at=MOMENT)
    told.clear()
    pairs = [(a.id, b.id) for a in (alice, bob, dana, charlie) for b in (alice, bob, dana, charlie)]
    made = actions.follow_in_bulk(pairs=[*pairs, *pairs, (alice.id, 1)], at=MOMENT)
    assert made == 6  # of twelve: three ask dana, two are between alice and charlie, one was there
    assert [counts(one) for one in (alice, bob, dana, charlie)] == [(2, 1), (3, 2), (0, 3), (2, 1)]
    assert [type(event) for event in told] == [events.FollowedInBulk]


def test_a_follow_takes_six_statements(alice: Member, bob: Member, statements: Statements) -> None:
    whom = bob.seen
    with statements() as seen:
        actions.follow(by=alice.id, whom=whom, at=MOMENT)
    assert seen == [
        "SELECT people_profilecount",  # the lock of both
        "SELECT people_block",
        "SELECT people_follow",  # already?
        "DELETE people_followrequest",
        "INSERT people_follow",
        "UPDATE people_profilecount",  # both counters
    ]
