"""Lift: intervals that keep their word, and "not enough yet" instead of a number that means nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.insights.evaluation.holdouts import Setting, simulate
from majlis.insights.methods.lift import (
    Arm,
    Lift,
    ab,
    clustered_lift,
    critical,
    enough,
    holdout_lift,
    sample_ratio,
    sample_size,
    wilson,
)  # fmt: skip

arms = st.integers(0, 5000).flatmap(lambda people: st.builds(Arm, st.just(people), st.integers(0, people)))


@given(arms, arms)
def test_a_holdout_has_a_number_or_none(test: Arm, holdout: Arm) -> None:
    found = holdout_lift(test, holdout)
    assert (found is None) == (not test.people or not holdout.people)
    if found is None:
        return
    assert found.interval[0] <= found.difference <= found.interval[1]
    assert found.incremental == pytest.approx(test.converted - holdout.rate * test.people)
    assert (found.lift is None) == (holdout.converted == 0)
    if found.lift_interval is not None:
        assert found.lift is not None
        assert -1 <= found.lift_interval[0] <= found.lift <= found.lift_interval[1]
    assert 0 <= found.p <= 1
    verdict = enough(found)
    assert verdict.enough == (verdict.more == 0)


def _columns(rows: list[tuple[int, int, bool, bool]]) -> dict[str, list[int] | list[bool]]:
    names = ("follower", "post", "held", "converted")
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}


def _clustered(rows: list[tuple[int, int, bool, bool]], **more: float) -> Lift | None:
    columns = _columns(rows)
    return clustered_lift(
        follower=columns["follower"], post=columns["post"], held=columns["held"], converted=columns["converted"], **more  # type: ignore[arg-type]
    )  # fmt: skip


def test_of_one_post_and_many_people_it_is_the_plain_one() -> None:
    rows = [(n, 1, n < 1000, (n % 1000) < 32 if n < 1000 else (n - 1000) < 432) for n in range(10_000)]
    clustered, plain = _clustered(rows), holdout_lift(Arm(9000, 432), Arm(1000, 32))
    assert clustered is not None
    assert plain is not None
    assert clustered.difference == pytest.approx(plain.difference)
    assert clustered.incremental == pytest.approx(144)
    assert clustered.standard_error == pytest.approx(plain.standard_error, rel=0.001)
    assert clustered.lift_interval == pytest.approx(plain.lift_interval, abs=0.02)


def test_the_same_followers_again_are_no_more_people() -> None:
    """Everybody's answer copied over ten posts: the plain interval shrinks by √10, ours does not."""
    once = [(n, 0, n % 5 == 0, n % 13 == 0) for n in range(2000)]
    ten = [(who, post, held, acted) for who, _, held, acted in once for post in range(10)]
    one, copied = _clustered(once), _clustered(ten)
    assert one is not None
    assert copied is not None
    assert copied.standard_error == pytest.approx(one.standard_error, rel=0.01)


rows = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4), st.booleans(), st.booleans()), max_size=120)


@given(rows)
def test_any_showings_have_an_answer(of: list[tuple[int, int, bool, bool]]) -> None:
    found = _clustered(of)
    if found is None:
        return
    numbers = [
        found.difference,
        *found.interval,
        found.incremental,
        *found.incremental_interval,
        found.z,
        found.p,
    ]
    assert all(math.isfinite(each) for each in numbers)
    assert found.units + found.left_out == len({post for _, post, _, _ in of})
    assert not enough(found).enough, "of twenty followers nothing is known"
    assert enough(found).more >= 1


def test_what_is_shown_in_different_order_is_the_same() -> None:
    chance = np.random.default_rng(3)
    of = [
        (int(a), int(b), bool(c), bool(d)) for a, b, c, d in chance.integers(0, [50, 5, 2, 2], size=(600, 4))
    ]
    found, other = _clustered(of), _clustered(of[::-1])
    assert found is not None
    assert other is not None
    assert found.interval == pytest.approx(other.interval)


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        clustered_lift(follower=[1, 2], post=[1], held=[True], converted=[True])
    assert clustered_lift(follower=[], post=[], held=[], converted=[]) is None


def test_posts_without_a_holdout_are_left_out_and_counted() -> None:
    of = [(n, 1, n % 4 == 0, n % 9 == 0) for n in range(200)] + [(n, 2, False, True) for n in range(200)]
    found = _clustered(of)
    assert found is not None
    assert (found.units, found.left_out, found.shown) == (1, 1, (150, 50))


def test_nothing_is_seen_where_nothing_is_and_a_planted_lift_is_recovered() -> None:
    """A short run of the simulation of ``make evaluate``; the bounds are three standard errors wide."""
    chance = np.random.default_rng(11)
    nothing = [simulate(Setting(), chance)[0] for _ in range(150)]
    wrong = sum(not one.interval[0] <= 0 <= one.interval[1] for one in nothing if one) / 150
    assert wrong <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 150)
    planted = [simulate(Setting(lift=1.0), chance)[0] for _ in range(100)]
    base = sum(one.holdout_rate * one.shown[0] for one in planted if one)
    assert sum(one.incremental for one in planted if one) / base == pytest.approx(1.0, abs=0.12)
    covered = sum(
        one.lift_interval[0] <= 1 <= one.lift_interval[1] for one in planted if one and one.lift_interval
    )
    assert covered >= 95 - 3 * math.sqrt(0.95 * 0.05 * 100)


def test_enough_asks_for_power_and_says_how_many_more() -> None:
    few = holdout_lift(Arm(450, 9), Arm(50, 1))
    assert few is not None
    said = enough(few)
    assert not said.enough
    assert said.more > 1000
    assert enough(few, least=0.1).more > said.more, "a smaller lift takes more"
    many = holdout_lift(Arm(90_000, 1800), Arm(10_000, 200))
    assert many is not None
    assert enough(many).enough
    nobody = holdout_lift(Arm(450, 0), Arm(50, 0))
    assert nobody is not None
    assert enough(nobody).more > 1000
    with pytest.raises(ValueError, match="above nothing"):
        enough(few, least=0)


def test_looking_early_widens_the_interval() -> None:
    of = [(n, n % 3, n % 10 == 0, n % 7 == 0) for n in range(3000)]
    whole, early = _clustered(of), _clustered(of, information=0.25)
    assert whole is not None
    assert early is not None
    assert early.interval[0] < whole.interval[0] < whole.interval[1] < early.interval[1]
    assert critical(information=0.25) == pytest.approx(2 * critical())
    for wrong in (0.0, -1.0):
        with pytest.raises(ValueError, match="information"):
            critical(information=wrong)


def test_a_ratio_that_is_off_raises_the_alarm() -> None:
    assert not sample_ratio(9000, 1000, holdout_share=0.1).alarm
    assert sample_ratio(9200, 800, holdout_share=0.1).alarm
    assert sample_ratio(0, 0, holdout_share=0.1).p == 1
    for share in (0.0, 1.0, math.nan):
        with pytest.raises(ValueError, match="share"):
            sample_ratio(1, 1, holdout_share=share)


@given(st.floats(0.001, 0.4), st.floats(1.05, 2))
def test_more_power_and_smaller_steps_take_more_people(rate: float, times: float) -> None:
    n = sample_size(rate, rate * times)
    assert n >= sample_size(rate, rate * times, two_sided=False)
    assert n <= sample_size(rate, rate * times, power=0.9)
    assert n <= sample_size(rate, rate * (1 + (times - 1) / 2))


@pytest.mark.parametrize(("p1", "p2"), [(0.1, 0.1), (-0.1, 0.2), (0.1, 1.5), (math.nan, 0.1)])
def test_rates_that_tell_of_nothing_are_refused(p1: float, p2: float) -> None:
    with pytest.raises(ValueError, match="rates"):
        sample_size(p1, p2)


@pytest.mark.parametrize("wrong", [(-1, 0), (1, 2), (1, -1)])
def test_an_impossible_arm_is_refused(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="converts"):
        Arm(*wrong)


@given(arms, arms)
def test_two_versions_have_an_answer(a: Arm, b: Arm) -> None:
    found = ab(a, b)
    assert found.interval[0] <= found.difference <= found.interval[1]
    assert found.enough == (found.more == 0 and min(a.people, b.people) > 0)
    if found.better:
        assert found.enough
        assert not found.ratio.alarm
    low, high = wilson(a)
    assert 0 <= low <= a.rate <= high <= 1 or not a.people


def test_the_better_version_is_named_only_when_it_is_clear() -> None:
    assert ab(Arm(5000, 100), Arm(5000, 200)).better == "b"
    assert ab(Arm(5000, 200), Arm(5000, 100)).better == "a"
    assert ab(Arm(5000, 100), Arm(5000, 104)).better is None
    assert ab(Arm(50, 1), Arm(50, 12)).better is None, "stopped early"
    assert ab(Arm(5000, 100), Arm(6000, 300)).better is None, "the sizes are wrong"
    early = ab(Arm(1000, 20), Arm(1000, 40), planned=4000)
    assert (early.enough, early.more, early.better) == (False, 3000, None)
