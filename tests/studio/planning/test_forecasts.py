"""What posts are expected to come to: told before, kept when they leave, scored after seven days, widened by misses."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import measured_town
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cast as people
from cast import MOMENT, Bakery
from majlis.core.errors import NotAllowed
from majlis.core.jobs.models import Job
from majlis.insights import measuring
from majlis.insights.kinds import Kind
from majlis.insights.methods import expectation
from majlis.insights.methods.expectation import Outcome
from majlis.people.models import ProfileCount
from majlis.posts.composing import PostParams
from majlis.studio import actions
from majlis.studio.models import Forecast
from majlis.studio.planning import forecasts, history, words
from plans import team_of

AT = MOMENT
SAY = PostParams(text="Za'atar bread, still warm.")


def posts(bakery: Bakery, followers: list[int], many: int, *, at: datetime, every: float = 0.5) -> list[int]:
    """Posts that a third of the followers see, give or take; the newest ten days old."""
    chance, made = random.Random(3), []
    for number in range(many):
        appeared = at - timedelta(days=10 + every * (many - number))
        post = measured_town.publish(bakery.page.id, "Bread " * (1 + number % 9), at=appeared)
        some = chance.sample(followers, chance.randint(len(followers) // 4, len(followers) // 2))
        measured_town.saw(
            bakery.page.id, post, some, Kind.IMPRESSION, first=appeared + timedelta(minutes=5), at=at, every=3
        )
        measuring.freeze(post_id=post)
        made.append(post)
    return made


@pytest.fixture
def followed(bakery: Bakery) -> list[int]:
    ProfileCount.objects.update_or_create(profile_id=bakery.page.id, defaults={"followers": 120})
    return measured_town.followers(bakery.page.id, 120, at=AT - timedelta(days=60))


@pytest.mark.django_db
def test_a_page_without_posts_borrows_and_says_from_whom(bakery: Bakery, followed: list[int]) -> None:
    (said,) = forecasts.before(team_of(bakery), SAY, due=None, at=AT)
    assert (said.outcome, said.basis, said.posts, said.lender) == (Outcome.REACH, "borrowed", 0, "published")
    assert said.low == 0 < said.high
    assert "cosmetics company" in words.made_of(said)
    assert "No post of this page" in words.made_of(said)


@pytest.mark.django_db
def test_clicks_are_expected_where_there_is_something_to_click(
    bakery: Bakery, followed: list[int], django_assert_num_queries: Any
) -> None:
    linked, team = PostParams(text="Order here: https://bakery.example/order"), team_of(bakery)
    # followers, the page's posts, those of others; of each outcome whether its ranges held
    with django_assert_num_queries(5):
        found = forecasts.before(team, linked, due=None, at=AT)
    assert [each.outcome for each in found] == list(Outcome)
    chosen = PostParams(text="For friends", audience="friends")
    assert forecasts.before(team_of(bakery), chosen, due=None, at=AT) == []


@pytest.mark.django_db
def test_thirty_posts_of_its_own_are_enough(bakery: Bakery, followed: list[int]) -> None:
    posts(bakery, followed, 40, at=AT)
    (said,) = forecasts.before(team_of(bakery), SAY, due=AT + timedelta(days=1), at=AT)
    assert (said.basis, said.posts, said.lender) == ("own", 40, "")
    # a quarter to a half of 120 saw each
    assert 20 <= said.low <= 40 <= said.middle <= said.high <= 75


@pytest.mark.django_db
def test_nothing_is_used_that_was_not_known(bakery: Bakery, followed: list[int]) -> None:
    made = posts(bakery, followed, 12, at=AT)
    earlier = AT - timedelta(days=13)
    known = history.history(page_id=bakery.page.id, until=earlier)
    assert all(post.at < earlier for post in known.posts)
    assert known.ids == tuple(made[: len(known.ids)])
    # of a post of that very hour only what had come by then is counted
    just = history.history(page_id=bakery.page.id, until=known.posts[-1].at + timedelta(minutes=1))
    assert just.posts[-1].reach <= known.posts[-1].reach


@pytest.mark.django_db
def test_who_does_not_measure_is_told_nothing(bakery: Bakery) -> None:
    support = team_of(bakery, "support")
    for ask in (
        lambda: forecasts.before(support, SAY, due=None, at=AT),
        lambda: forecasts.of_post(support, post_id=1),
        lambda: forecasts.listed(support, at=AT),
    ):
        with pytest.raises(NotAllowed):
            ask()


@pytest.mark.django_db
def test_what_left_is_kept_once_and_scored_after_seven_days(
    bakery: Bakery, followed: list[int], write: Callable[..., int]
) -> None:
    team, page = team_of(bakery, "owner"), bakery.page.id
    entry = write("Bread, still warm")
    post = actions.publish_now(team=team, entry_id=entry, at=AT)
    assert Job.objects.filter(name=forecasts.KEEP).count() == 1
    assert forecasts.keep(page_id=page, post_id=post, at=AT) == 1
    assert forecasts.keep(page_id=page, post_id=post, at=AT) == 0
    (kept,) = forecasts.of_post(team, post_id=post)
    assert kept.came is None
    assert "After seven days" in words.score(kept)

    measured_town.saw(page, post, followed[:30], Kind.IMPRESSION, first=AT, at=AT + timedelta(days=1))
    late = followed[30:60]
    measured_town.saw(
        page, post, late, Kind.IMPRESSION, first=AT + timedelta(days=8), at=AT + timedelta(days=9)
    )
    assert forecasts.score(at=AT + timedelta(days=6)) == 0
    assert forecasts.score(at=AT + timedelta(days=9)) == 1
    assert forecasts.score(at=AT + timedelta(days=10)) == 0
    (kept,) = forecasts.of_post(team, post_id=post)
    assert kept.came == 30  # the eighth day does not count
    assert kept.held is (kept.expected.low <= 30 <= kept.expected.high)
    assert forecasts.of_post(team_of(bakery, "analyst"), post_id=post) == [kept]


@pytest.mark.django_db
def test_another_page_has_no_part_in_it(bakery: Bakery, followed: list[int]) -> None:
    post = posts(bakery, followed, 1, at=AT)[0]
    charlie = people.charlie()
    assert forecasts.keep(page_id=charlie.id, post_id=post, at=AT) == 0
    assert not Forecast.objects.exists()


@pytest.mark.django_db
def test_how_well_it_held_over_all(bakery: Bakery, followed: list[int]) -> None:
    made = posts(bakery, followed, 40, at=AT)
    for post in made[5:]:
        forecasts.keep(page_id=bakery.page.id, post_id=post, at=AT)
    forecasts.score(at=AT)
    team = team_of(bakery)
    kept = forecasts.listed(team, at=AT)
    (found,) = forecasts.calibration(team, kept, at=AT)
    assert (found.scored, found.waiting) == (35, 0)
    assert found.held == sum(bool(each.held) for each in kept) >= 24
    assert found.interval is not None
    assert found.share is not None
    assert found.interval[0] < found.share < found.interval[1]
    said = words.calibration([found])
    assert said.startswith(f"{found.held} of 35 ranges for reach held.")


@given(
    low=st.integers(0, 5000),
    above=st.integers(0, 5000),
    more=st.integers(0, 5000),
    factor=st.floats(0.6, 2.5),
)
def test_ends_of_ranges_are_in_order_and_never_among_one_to_nine(
    low: int, above: int, more: int, factor: float
) -> None:
    ends = forecasts.floored(*forecasts.stretched(low, low + above, low + above + more, factor))
    assert ends[0] <= ends[1] <= ends[2]
    assert not 0 < ends[0] < 10
    assert ends[2] >= 9
    if factor >= 1:
        assert ends[0] <= low
        assert ends[2] >= low + above + more


@given(st.lists(st.booleans(), max_size=300))
def test_misses_widen_and_hits_narrow(held: list[bool]) -> None:
    factor = expectation.factor_of(held)
    assert 0.6 <= factor <= 2.5
    assert expectation.factor_of([*held, False]) >= factor >= expectation.factor_of([*held, True])


def test_four_of_five_held_leaves_the_width_alone() -> None:
    assert expectation.factor_of([True, True, False, True, True] * 8) == pytest.approx(1.0)


def test_the_interval_of_a_share() -> None:
    # 38 of 47 by hand
    low, high = forecasts.wilson(38, 47) or (0, 0)
    assert (round(low, 3), round(high, 3)) == (0.675, 0.896)
    assert forecasts.wilson(0, 0) is None
