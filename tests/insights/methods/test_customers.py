"""Cohorts, stages and quintiles: the worked numbers, and what holds for any customers."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.insights.methods.cohorts import Every, cohorts, curve, retention
from majlis.insights.methods.enough import Need, NotEnough
from majlis.insights.methods.orders import History, Purchase, histories
from majlis.insights.methods.stages import (
    Habit,
    Rfm,
    Stage,
    Thresholds,
    habit,
    quintiles,
    rfm,
    slipping,
    stage,
    stages,
    worth,
)

NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)


def bought(who: str, *days: float, value: str = "10") -> list[Purchase]:
    return [Purchase(customer=who, at=NOW - timedelta(days=ago), value=Decimal(value)) for ago in days]


def of(*days: float) -> History:
    return histories(bought("dana", *days), at=NOW)[0]


lives = st.lists(st.floats(0, 700), min_size=1, max_size=12)
shops = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), lives, max_size=15).map(
    lambda shop: [one for who, days in shop.items() for one in bought(who, *days)]
)


def test_the_worked_retention() -> None:
    assert retention(size=40, active=[40, 22, 15, 14]) == [1, 0.55, 0.375, 0.35]


@pytest.mark.parametrize(("size", "active"), [(0, [0]), (3, [4]), (3, [-1])])
def test_a_cohort_of_nobody_has_no_retention(size: int, active: list[int]) -> None:
    with pytest.raises(ValueError, match="cohort"):
        retention(size=size, active=active)


def test_the_month_that_lasts_is_no_fall() -> None:
    shop = [*bought("a", 60, 30, 3), *bought("b", 60), *bought("c", 20)]
    september, october = cohorts(shop, at=NOW)
    assert (september.start, october.start) == (date(2026, 9, 1), date(2026, 10, 1))
    assert [(cell.active, cell.rate) for cell in september.cells] == [(2, 1), (1, 0.5), (1, None)]
    assert september.cells[2].at_least == 0.5
    assert [(cell.active, cell.rate) for cell in october.cells] == [(1, 1), (0, None)]
    assert [(point.cohorts, point.rate) for point in curve([september, october])] == [(2, 1), (1, 0.5)]


def test_weeks_begin_when_the_business_says() -> None:
    (found,) = cohorts(bought("a", 0), at=NOW, every=Every.WEEK, week_starts=5)
    assert found.start == date(2026, 11, 14)  # a Saturday


@given(shops, st.sampled_from(Every))
def test_everybody_is_in_one_cohort_that_starts_whole(shop: list[Purchase], every: Every) -> None:
    found = cohorts(shop, at=NOW, every=every)
    assert sum(one.size for one in found) == len({one.customer for one in shop})
    for one in found:
        assert one.cells[0].rate == 1
        assert all(0 <= cell.at_least <= 1 for cell in one.cells)
        assert len(one.cells) == 1 or not one.cells[-1].complete
        assert all(cell.complete for cell in one.cells[:-1])


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (of(30), Stage.NEW),
        (of(29, 28, 1), Stage.NEW),
        (of(31), Stage.QUIET),
        (of(120, 90), Stage.OLD),  # 90 days away, her gap is 30
        (of(150, 75), Stage.RECENT),
        (of(180, 90), Stage.RECENT),
        (of(200, 100), Stage.QUIET),  # 100 days away with a gap of 100
        (of(180), Stage.QUIET),
        (of(180.5), Stage.OLD),
        (of(600, 190), Stage.OLD),  # within twice her gap, but beyond 180 days
        (of(100, 95, 90, 20), Stage.OLD),  # 20 days away, her gap is 5
        (of(100, 60, 20), Stage.RECENT),
    ],
)
def test_the_stages_are_those_of_metrics(history: History, expected: Stage) -> None:
    assert stage(history, at=NOW) == expected


def test_a_business_has_thresholds_of_its_own() -> None:
    bread = of(100, 99, 98, 97, 4)
    assert stage(bread, at=NOW) == Stage.OLD
    assert stage(bread, at=NOW, thresholds=Thresholds(shortest_habit_days=7)) == Stage.RECENT
    assert stage(of(60), at=NOW, thresholds=Thresholds(new_days=90)) == Stage.NEW
    with pytest.raises(ValueError, match="thresholds"):
        Thresholds(lapsed_days=-1)


@given(shops)
def test_everybody_is_in_exactly_one_stage(shop: list[Purchase]) -> None:
    everybody = histories(shop, at=NOW)
    groups = stages(everybody, at=NOW)
    assert set(groups) == set(Stage)
    assert sorted(one.customer for group in groups.values() for one in group) == [
        one.customer for one in everybody
    ]


@given(lives, st.floats(0, 400))
def test_who_stays_away_never_becomes_recent(days: list[float], more: float) -> None:
    order = [Stage.NEW, Stage.RECENT, Stage.QUIET, Stage.OLD]
    history = histories(bought("a", *days), at=NOW)[0]
    now, later = (stage(history, at=moment) for moment in (NOW, NOW + timedelta(days=more)))
    assert later == Stage.RECENT or order.index(later) >= order.index(now)
    assert now == Stage.NEW or order.index(later) >= order.index(now)


def test_her_own_habit() -> None:
    assert habit(of(10), at=NOW) is None
    assert habit(of(10, 10.1), at=NOW) is None  # two orders on one visit
    found = habit(of(80, 70, 50, 25), at=NOW)
    assert found == Habit(usual_days=20, since_days=25, gaps=3)
    assert found.overdue
    shop = [*bought("late", 80, 70, 50, 25), *bought("good", 40, 20, 3), *bought("gone", 300, 290)]
    shop += bought("rich", 60, 40, value="500")
    assert [one.customer for one, _ in slipping(histories(shop, at=NOW), at=NOW)] == ["rich", "late"]


def test_orders_ahead_of_the_clock_and_refunds_count_for_nothing() -> None:
    shop = [*bought("a", 3, -2), *bought("b", -1)]
    back = msgspec.structs.replace(bought("c", 3)[0], refunded=Decimal(10))
    (only,) = histories([*shop, back], at=NOW)
    assert (only.customer, only.money) == ("a", 10)


@given(st.lists(st.integers(0, 40), min_size=5, max_size=80))
def test_quintiles_part_everybody_and_keep_the_order(values: list[int]) -> None:
    scores = quintiles(values)
    assert all(1 <= score <= 5 for score in scores)
    for value, score in zip(values, scores, strict=True):
        for other, theirs in zip(values, scores, strict=True):
            assert (value <= other) <= (score <= theirs)


@given(st.sets(st.integers(), min_size=5, max_size=80))
def test_without_ties_quintiles_are_fifths(values: set[int]) -> None:
    sizes = Counter(quintiles(list(values)))
    assert set(sizes) == {1, 2, 3, 4, 5}
    assert max(sizes.values()) - min(sizes.values()) <= 1


def test_all_alike_are_in_the_middle_and_four_have_no_fifths() -> None:
    shop = histories([one for who in "abcde" for one in bought(who, 5)], at=NOW)
    assert rfm(shop) == dict.fromkeys("abcde", Rfm(recency=3, frequency=3, money=3))
    assert rfm(shop[:4]) == NotEnough(what=Need.CUSTOMERS, have=4, need=5, more=1)


@given(shops)
def test_what_groups_are_worth_sums_to_all(shop: list[Purchase]) -> None:
    everybody = histories(shop, at=NOW)
    found = worth(everybody, group=lambda one: stage(one, at=NOW))
    assert sum(one.money for one in found.values()) == 10 * len(shop)
    assert sum(one.customers for one in found.values()) == len(everybody)
    assert all(one.per_customer == one.money / one.customers for one in found.values())
