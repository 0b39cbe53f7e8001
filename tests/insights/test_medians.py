"""The middle of a few numbers: its range covers as often as it says, whatever the numbers are."""

from __future__ import annotations

import math
import random
from statistics import median as middle_of

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.insights.methods import medians

NUMBERS = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=60)


@given(NUMBERS, st.floats(0.0001, 0.4))
def test_the_median_lies_in_its_range(values: list[float], error: float) -> None:
    found = medians.median(values, error=error)
    assert found is not None
    assert found.value == pytest.approx(middle_of(values))
    assert found.n == len(values)
    if found.interval is not None:
        low, high = found.interval
        assert min(values) <= low <= found.value <= high <= max(values)


@given(st.integers(1, 80), st.floats(0.0001, 0.4))
def test_nothing_is_said_before_the_fewest(count: int, error: float) -> None:
    out = medians.left_out(count, error=error)
    assert (out is None) == (count < medians.fewest(error=error))


def test_order_statistics_of_the_tables() -> None:
    """Conover, table of the binomial at ½: of 20 the 6th and 15th at 2.07 %, of 10 the 2nd and 9th at 1.07 %."""
    assert medians.left_out(20, error=0.025) == 5
    assert medians.left_out(10, error=0.025) == 1
    assert medians.fewest(error=0.025) == 6


def test_the_range_misses_no_more_often_than_it_says() -> None:
    chance, above, tries = random.Random(3), 0, 2000
    for _try in range(tries):
        found = medians.median([chance.lognormvariate(0, 1.5) for _each in range(15)], error=0.05)
        assert found is not None
        assert found.interval is not None
        above += found.interval[1] < 1
    assert above / tries <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / tries)


@pytest.mark.parametrize("error", [0, 0.5, -1, math.nan])
def test_an_error_is_a_chance(error: float) -> None:
    with pytest.raises(ValueError, match="chance"):
        medians.median([1.0], error=error)


def test_what_is_no_number_has_no_median() -> None:
    assert medians.median([], error=0.1) is None
    with pytest.raises(ValueError, match="numbers"):
        medians.median([1.0, math.nan], error=0.1)
