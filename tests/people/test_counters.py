"""Counters equal the rows, blocks exclude follows: whatever is done, in whatever order, at once."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cast import MOMENT, Member, alice, bob, charlie, dana
from majlis.core.errors import Refused
from majlis.core.sql import column
from majlis.people import access, actions
from majlis.people.models import Block, Follow, FollowRequest, Mute, Profile, ProfileCount

WHO = st.integers(0, 3)


_WRONG_COUNTERS = """
    SELECT c.profile_id FROM people_profilecount c
    WHERE c.followers <> (SELECT count(*) FROM people_follow f WHERE f.followed_id = c.profile_id)
       OR c.following <> (SELECT count(*) FROM people_follow f WHERE f.follower_id = c.profile_id)
"""


def check_everything() -> None:
    """What has to be true between any two actions."""
    assert column(_WRONG_COUNTERS) == []
    follows = set(Follow.objects.values_list("follower", "followed"))
    requests = set(FollowRequest.objects.values_list("follower", "followed"))
    blocks = set(Block.objects.values_list("blocker", "blocked"))
    apart = blocks | {(blocked, blocker) for blocker, blocked in blocks}
    assert not follows & requests
    assert not (follows | requests) & apart
    assert all(one != other for one, other in follows | requests | blocks)


class Relations(RuleBasedStateMachine):
    """Four people who follow, ask, accept, block and unblock each other without end."""

    def __init__(self) -> None:
        super().__init__()
        for rows_between_two in (Follow, FollowRequest, Block, Mute):
            rows_between_two.objects.all().delete()
        Profile.objects.update(locked=False)
        ProfileCount.objects.update(followers=0, following=0)
        self.ids = list(Profile.objects.order_by("handle").values_list("id", flat=True))

    def attempt(self, act: Callable[..., object], by: int, **arguments: Any) -> None:
        with contextlib.suppress(Refused):
            act(by=self.ids[by], at=MOMENT, **arguments)

    @rule(by=WHO, whom=WHO)
    def follow(self, by: int, whom: int) -> None:
        seen = access.see_profile(profile_id=self.ids[whom], viewer_id=None)
        self.attempt(actions.follow, by, whom=seen)

    @rule(by=WHO, whom=WHO)
    def unfollow(self, by: int, whom: int) -> None:
        self.attempt(actions.unfollow, by, profile_id=self.ids[whom])

    @rule(by=WHO, whom=WHO)
    def remove_follower(self, by: int, whom: int) -> None:
        self.attempt(actions.remove_follower, by, follower_id=self.ids[whom])

    @rule(by=WHO, whom=WHO)
    def accept(self, by: int, whom: int) -> None:
        self.attempt(actions.accept, by, follower_id=self.ids[whom])

    @rule(by=WHO, whom=WHO)
    def refuse(self, by: int, whom: int) -> None:
        self.attempt(actions.refuse, by, follower_id=self.ids[whom])

    @rule(by=WHO, locked=st.booleans())
    def lock(self, by: int, locked: bool) -> None:
        self.attempt(actions.change_profile, by, locked=locked)

    @rule(by=WHO, whom=WHO)
    def block(self, by: int, whom: int) -> None:
        seen = access.see_profile(profile_id=self.ids[whom], viewer_id=None)
        self.attempt(actions.block, by, whom=seen)

    @rule(by=WHO, whom=WHO)
    def unblock(self, by: int, whom: int) -> None:
        self.attempt(actions.unblock, by, profile_id=self.ids[whom])

    @rule(by=WHO, whom=WHO)
    def mute(self, by: int, whom: int) -> None:
        seen = access.see_profile(profile_id=self.ids[whom], viewer_id=None)
        self.attempt(actions.mute, by, whom=seen)

    @rule(pairs=st.lists(st.tuples(WHO, WHO), max_size=6))
    def follow_in_bulk(self, pairs: list[tuple[int, int]]) -> None:
        actions.follow_in_bulk(pairs=[(self.ids[one], self.ids[other]) for one, other in pairs], at=MOMENT)

    @invariant()
    def everything_is_true(self) -> None:
        check_everything()


def test_counters_equal_counts_and_blocks_exclude_follows(db: None) -> None:
    for make in (alice, bob, charlie, dana):
        make()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Relations,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Run them in threads that start together; what they raised."""
    start, raised = threading.Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(10)
            act()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


def following(one: Member, other: Member) -> Callable[[], object]:
    whom = other.seen
    return lambda: actions.follow(by=one.id, whom=whom, at=MOMENT)


@pytest.mark.django_db(transaction=True)
def test_two_equal_follows_at_once_are_one() -> None:
    one, other = alice(), bob()
    assert at_once(*[following(one, other)] * 6) == []
    check_everything()
    assert other.profile.followers == 1


@pytest.mark.django_db(transaction=True)
def test_follows_in_a_circle_at_once_do_not_wait_for_each_other() -> None:
    everybody = [alice(), bob(), charlie(), dana()]
    pairs = [following(one, other) for one in everybody for other in everybody if one.id != other.id]
    assert at_once(*pairs) == []
    check_everything()
    assert [one.profile.followers for one in everybody] == [3, 3, 3, 3]


@pytest.mark.django_db(transaction=True)
def test_a_block_and_follows_at_once_never_both_stand() -> None:
    one, other = alice(), bob()
    for _round in range(5):
        whom = other.seen
        raised = at_once(
            following(one, other),
            following(other, one),
            lambda whom=whom: actions.block(by=one.id, whom=whom, at=MOMENT),
        )
        assert all(isinstance(error, Refused) for error in raised)
        check_everything()
        assert Block.objects.count() == 1
        assert Follow.objects.count() == 0
        actions.unblock(by=one.id, profile_id=other.id, at=MOMENT)


@pytest.mark.django_db(transaction=True)
def test_one_handle_at_once_is_one_profile() -> None:
    one = alice()

    def make() -> object:
        return actions.create_profile(user_id=one.user_id, handle="bakery_aleppo", at=MOMENT)

    raised = at_once(make, make, make)
    assert [type(error).__name__ for error in raised] == ["Conflict", "Conflict"]
    assert Profile.objects.filter(handle="bakery_aleppo").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_deletion_at_once_with_follows_leaves_true_counters() -> None:
    gone, others = alice(), [bob(), charlie(), dana()]
    for other in others[:2]:
        following(other, gone)()
    raised = at_once(
        lambda: actions.delete_profile(profile_id=gone.id, at=MOMENT),
        following(others[2], gone),
        lambda: actions.unfollow(by=others[0].id, profile_id=gone.id, at=MOMENT),
    )
    assert all(isinstance(error, Refused) for error in raised), raised
    check_everything()
    assert not Profile.objects.filter(id=gone.id).exists()
