"""Synthetic control: weights on the simplex, and a planted effect that is found where plain differences fail."""

from __future__ import annotations

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.insights.methods.synthetic import (
    difference_in_differences,
    jackknife_interval,
    simplex_weights,
    synthetic_control,
)


@given(
    st.tuples(st.integers(1, 12), st.integers(2, 40)).flatmap(
        lambda shape: st.tuples(
            arrays.arrays(float, shape[1], elements=st.floats(-1e6, 1e6)),
            arrays.arrays(float, shape, elements=st.floats(-1e6, 1e6)),
        )
    )
)
@settings(max_examples=80)
def test_weights_lie_on_the_simplex(of: tuple[np.ndarray, np.ndarray]) -> None:  # type: ignore[type-arg]
    target, donors = of
    weights = simplex_weights(target, donors)
    assert weights.shape == (donors.shape[0],)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1)


def _town(effect: float, *, seed: int = 5) -> tuple[list[list[float]], list[list[float]]]:
    """Ten places, of which three grow; the treated grows with these. Days 60 to 80 are treated."""
    chance = np.random.default_rng(seed)
    days = np.arange(80)
    week = 20 * np.sin(days * 2 * np.pi / 7)
    donors = [
        100 * n + week * n + (3.0 * days if n > 7 else 0) + chance.normal(0, 4, 80) for n in range(1, 11)
    ]
    treated = 900 + 9 * week + 3.0 * days + chance.normal(0, 4, 80) + np.where(days >= 60, effect, 0)
    return [treated.tolist()], [each.tolist() for each in donors]


def test_a_planted_effect_is_found_where_differences_fail() -> None:
    treated, donors = _town(50.0)
    found = synthetic_control(treated, donors, before=60)
    plain = difference_in_differences(treated, donors, before=60)
    assert found.per_time == pytest.approx(50, abs=4)
    assert found.incremental == pytest.approx(20 * found.per_time)
    assert abs(plain.per_time - 50) > 50, "most places do not grow"
    assert found.interval is not None
    assert found.interval[0] < 1000 < found.interval[1]
    assert found.interval[0] > 0
    assert found.p < 0.05
    wider = jackknife_interval(treated, donors, before=60)
    assert wider[0] < found.incremental < wider[1]
    assert found.imbalance < 0.2


def test_where_nothing_happened_chance_alarms_as_often_as_it_says() -> None:
    found = [synthetic_control(*_town(0.0, seed=seed), before=60) for seed in range(25)]
    assert sum(each.p <= 0.1 for each in found) <= 6, "a tenth is 2.5; more than 6 of 25 come once in 100"
    covered = sum(each.interval is None or each.interval[0] <= 0 <= each.interval[1] for each in found)
    assert covered >= 19


def test_a_larger_place_is_no_hindrance() -> None:
    treated, donors = _town(50.0)
    larger = [[value + 10_000 for value in treated[0]]]
    found, other = synthetic_control(treated, donors, before=60), synthetic_control(larger, donors, before=60)
    assert found.per_time == pytest.approx(other.per_time)


@pytest.mark.parametrize(
    ("treated", "donors", "before"),
    [
        ([], [[1.0] * 20], 10),
        ([[1.0] * 20], [], 10),
        ([[1.0] * 20], [[1.0] * 19], 10),
        ([[1.0] * 20], [[float("nan")] * 20], 10),
        ([[1.0] * 20], [[1.0] * 20], 20),
        ([[1.0] * 20], [[1.0] * 20], 9),
    ],
)
def test_what_cannot_be_compared_is_refused(
    treated: list[list[float]], donors: list[list[float]], before: int
) -> None:
    with pytest.raises(ValueError, match=r"rows|finite|times"):
        synthetic_control(treated, donors, before=before)


def test_places_where_nothing_ever_happens_have_an_answer() -> None:
    found = synthetic_control([[0.0] * 20], [[0.0] * 20, [5.0] * 20], before=12)
    assert (found.per_time, found.lift, found.p) == (0.0, None, 1.0)
