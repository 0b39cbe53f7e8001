"""Break-even followers: the worked numbers of METRICS, and what holds for any numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from majlis.insights.breakeven import Economy, break_even, monthly_result

WORKED = Economy(cost=700, posts=20, reach_rate=0.04, click_rate=0.015, conversion_rate=0.02, margin=12)


@pytest.mark.parametrize(("reach", "followers"), [(0.04, 243_056), (0.12, 81_019), (0.60, 16_204)])
def test_the_worked_numbers(reach: float, followers: int) -> None:
    assert break_even(WORKED.with_reach(reach)) == followers


@pytest.mark.parametrize(("followers", "lost"), [(15, 699.87), (15_000, 570.40)])
def test_what_the_worked_numbers_lose_at_twelve_percent(followers: int, lost: float) -> None:
    assert round(-monthly_result(WORKED.with_reach(0.12), followers=followers), 2) == lost


@pytest.mark.parametrize("nothing", ["posts", "reach_rate", "click_rate", "conversion_rate", "margin"])
def test_without_one_of_the_numbers_there_is_no_answer(nothing: str) -> None:
    import msgspec

    assert break_even(msgspec.structs.replace(WORKED, **{nothing: 0})) is None


rates = st.floats(1e-4, 1)
economies = st.builds(
    Economy,
    cost=st.floats(0, 1e6),
    posts=st.floats(0.1, 500),
    reach_rate=rates,
    click_rate=rates,
    conversion_rate=rates,
    margin=st.floats(0.01, 1e4),
)


@given(economies)
def test_it_is_the_least_number_that_does_not_lose(economy: Economy) -> None:
    wanted = break_even(economy)
    assume(wanted is not None)
    assert wanted is not None
    tolerance = 1e-6 * max(economy.cost, economy.per_follower, 1)
    assert monthly_result(economy, followers=wanted) >= -tolerance
    if wanted:
        assert monthly_result(economy, followers=wanted - 1) <= tolerance


@given(economies, st.floats(1e-4, 1))
def test_less_reach_needs_more_followers_in_proportion(economy: Economy, rate: float) -> None:
    before, after = break_even(economy), break_even(economy.with_reach(rate))
    assume(before and after and before > 100 and after > 100)
    assert before
    assert after
    assert math.isclose(after / before, economy.reach_rate / rate, rel_tol=0.03)
