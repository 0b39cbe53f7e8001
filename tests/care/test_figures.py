"""Figures of conversations come out as defined, and say when there is too little to tell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.care.figures import (
    FEWEST,
    Attainment,
    Promise,
    Quantiles,
    attainment,
    quantile,
    quantiles,
    response_times,
    satisfaction,
)
from majlis.insights.methods.answers import Satisfaction
from majlis.insights.methods.enough import Need, NotEnough

seconds = st.lists(st.floats(0, 1e8), min_size=1, max_size=40)


@given(seconds, st.floats(0, 1))
def test_a_quantile_is_numpys(values: list[float], share: float) -> None:
    assert quantile(sorted(values), share) == pytest.approx(
        float(np.quantile(values, share)), rel=1e-9, abs=1e-6
    )


@given(seconds)
def test_the_three_times_are_in_order_and_among_the_values(values: list[float]) -> None:
    found = quantiles(values)
    assert found is not None
    assert found == quantiles(values[::-1])
    assert found.n == len(values)
    assert min(values) <= found.median <= found.p75 + 1e-6 <= found.p90 + 2e-6 <= max(values) + 3e-6


def test_times_by_hand() -> None:
    assert quantiles([]) is None
    assert quantiles([60, 0, 120, 180, 240]) == Quantiles(120, 180, 216, 5)
    with pytest.raises(ValueError, match="a quantile is of numbers"):
        quantile([], 0.5)
    with pytest.raises(ValueError, match="a quantile is of numbers"):
        quantile([1.0], 1.1)


def test_of_few_conversations_no_time_is_told() -> None:
    assert response_times([60.0] * 9) == NotEnough(what=Need.CONVERSATIONS, have=9, need=FEWEST, more=1)
    assert response_times([60.0] * 10) == Quantiles(60, 60, 60, 10)
    assert response_times([]) == NotEnough(what=Need.CONVERSATIONS, have=0, need=FEWEST, more=10)


def test_attainment_is_of_those_closed_or_breached_by_priority() -> None:
    kept, late = Promise(1, closed=True, breached=False), Promise(1, closed=True, breached=True)
    open_late, open_ = Promise(1, closed=False, breached=True), Promise(1, closed=False, breached=False)
    low = Promise(3, closed=True, breached=False)
    found = attainment([kept] * 8 + [late] * 3 + [open_late] + [open_] * 50 + [low] * 4)
    assert found == {
        1: Attainment(8, 12),
        3: NotEnough(what=Need.CONVERSATIONS, have=4, need=FEWEST, more=6),
    }
    one = found[1]
    assert isinstance(one, Attainment)
    assert one.share == pytest.approx(2 / 3)
    assert attainment([open_]) == {}


def test_how_content_customers_are() -> None:
    ratings = [5, 5, 4, 4, 4, 3, 2, 1, 5, 4]
    assert satisfaction(ratings, asked=40) == Satisfaction(percent=70, mean=3.7, answers=10, rate=0.25)
    # one in four answers: for one more answer four are asked
    assert satisfaction(ratings[:9], asked=36) == NotEnough(what=Need.ANSWERS, have=9, need=FEWEST, more=4)
    assert satisfaction([], asked=5) == NotEnough(what=Need.ANSWERS, have=0, need=FEWEST, more=None)
    assert satisfaction([5]) == NotEnough(what=Need.ANSWERS, have=1, need=FEWEST, more=9)
    with pytest.raises(ValueError, match="a rating is 1 to 5"):
        satisfaction([0])
