"""BG/NBD and Gamma-Gamma: the published figures, an independent implementation, and what holds for any customers."""

from __future__ import annotations

import math
import warnings
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.insights.evaluation.lifetime import cdnow, held_back, rows
from majlis.insights.methods.enough import Need, NotEnough
from majlis.insights.methods.lifetime import (
    Customer,
    Lifetime,
    Purchasing,
    Spending,
    _columns,
    _expected,
    _expected_by_quadrature,
    _parameters,
    _purchasing_terms,
    _spending_terms,
    alive,
    enough,
    expected_money,
    expected_of_new,
    expected_purchases,
    fit_bgnbd,
    fit_gamma_gamma,
    log_likelihood,
    ltv,
    summarise,
)
from majlis.insights.methods.orders import Purchase

NOWHERE = Path("/nowhere")  # so that the set is taken from the package
CDNOW = Purchasing(r=0.243, alpha=4.414, a=0.793, b=2.426, log_likelihood=0, customers=2357)
MONEY = Spending(p=6.25, q=3.74, gamma=15.44, customers=946, correlation=0.2, pearson=0.11, independent=True)


@pytest.fixture(scope="module")
def customers() -> list[Customer]:
    return cdnow(NOWHERE)


@pytest.fixture(scope="module")
def purchasing(customers: list[Customer]) -> Purchasing:
    found = fit_bgnbd(customers)
    assert isinstance(found, Purchasing)
    return found


@pytest.fixture(scope="module")
def spending(customers: list[Customer]) -> Spending:
    found = fit_gamma_gamma(customers)
    assert isinstance(found, Spending)
    return found


def test_the_published_parameters_come_out(purchasing: Purchasing, spending: Spending) -> None:
    assert [round(one, 3) for one in _parameters(purchasing)] == [0.243, 4.414, 0.793, 2.426]
    assert (spending.p, spending.q) == (pytest.approx(6.25, abs=5e-3), pytest.approx(3.74, abs=5e-3))
    assert spending.gamma == pytest.approx(15.44, rel=1e-3)
    assert round(spending.pearson, 2) == 0.11
    assert spending.independent


def test_every_row_beside_a_published_figure_meets_it() -> None:
    told = list(rows(NOWHERE))
    assert len(told) == 15
    assert [row.name for row in told if row.meets is False] == []


def test_another_implementation_says_the_same(customers: list[Customer], purchasing: Purchasing) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it was written for older libraries
        from lifetimes import BetaGeoFitter, GammaGammaFitter

        x, recency, age = _columns(customers)
        theirs = BetaGeoFitter().fit(x, recency, age)
        chance = theirs.conditional_probability_alive(x[:200], recency[:200], age[:200])
        soon = theirs.conditional_expected_number_of_purchases_up_to_time(
            39, x[:200], recency[:200], age[:200]
        )
        of_money = GammaGammaFitter()
        of_money.params_ = {"p": 6.25, "q": 3.74, "v": 15.44}
        each = [one.money or 0.0 for one in customers[:200]]
        mean = of_money.conditional_expected_average_profit(x[:200], np.array(each))
    assert list(theirs.params_) == pytest.approx(_parameters(purchasing), rel=1e-3)
    assert [alive(purchasing, one) for one in customers[:200]] == pytest.approx(list(chance), rel=1e-3)
    ours = [expected_purchases(purchasing, one, within=39) for one in customers[:200]]
    assert ours == pytest.approx(list(soon), rel=2e-3)
    assert [expected_money(MONEY, one) for one in customers[:200]] == pytest.approx(list(mean), rel=1e-9)


def test_the_range_of_all_is_near_what_came_and_holds_what_is_expected(
    customers: list[Customer], purchasing: Purchasing, spending: Spending
) -> None:
    told = ltv(purchasing, spending, customers, within=39)
    assert isinstance(told, Lifetime)
    assert told.drawn_by == "observed information"
    assert told.purchases.low < told.purchases.value < told.purchases.high
    came, dollars = held_back(NOWHERE, customers)
    assert told.purchases.value == pytest.approx(came, rel=0.15)
    assert told.total.value == pytest.approx(dollars, rel=0.2)
    later = ltv(purchasing, spending, customers, within=39, margin=0.5, discount=0.01)
    assert isinstance(later, Lifetime)
    assert later.total.value < 0.5 * told.total.value


def test_with_no_time_left_to_return_in_nobody_is_worth_anything(
    purchasing: Purchasing, spending: Spending
) -> None:
    with pytest.raises(ValueError, match="horizon"):
        ltv(purchasing, spending, [], within=0)
    nobody = ltv(purchasing, spending, [], within=1)
    assert isinstance(nobody, Lifetime)
    assert nobody.total.value == 0


counts = st.integers(0, 300)
parts = st.floats(0.001, 1)
parameters = st.tuples(st.floats(0.01, 20), st.floats(0.05, 500), st.floats(0.01, 400), st.floats(0.01, 400))


@st.composite
def anybody(draw: st.DrawFn) -> Customer:
    often, age = draw(counts), draw(st.floats(0.1, 500))
    return Customer(
        frequency=often, recency=age * draw(parts) if often else 0, age=age, money=20 if often else None
    )


def model(of: tuple[float, float, float, float]) -> Purchasing:
    return Purchasing(r=of[0], alpha=of[1], a=of[2], b=of[3], log_likelihood=0, customers=100)


@given(parameters, anybody())
def test_a_chance_is_a_chance_and_falls_with_silence(
    of: tuple[float, float, float, float], one: Customer
) -> None:
    now = alive(model(of), one)
    later = alive(model(of), Customer(frequency=one.frequency, recency=one.recency, age=one.age * 1.5))
    assert 0 <= later <= now <= 1
    assert one.frequency or now == 1


@given(parameters, anybody(), st.floats(0.1, 300))
def test_what_is_expected_grows_with_time_and_never_beyond_one_who_stays(
    of: tuple[float, float, float, float], one: Customer, within: float
) -> None:
    short, long = (expected_purchases(model(of), one, within=time) for time in (within, 2 * within))
    assert 0 <= short <= long * (1 + 1e-6) + 1e-9
    assert long <= (of[0] + one.frequency) * 2 * within / (of[1] + one.age) * (1 + 1e-6)


@given(parameters, anybody(), st.floats(0.1, 300))
def test_two_ways_to_work_out_what_is_expected_agree(
    of: tuple[float, float, float, float], one: Customer, within: float
) -> None:
    x, recency, age = _columns([one])
    by_series = _expected(of, x, recency, age, within)[0]
    by_sum = _expected_by_quadrature(of, x, age, within)[0] * alive(model(of), one)
    assert by_series == pytest.approx(by_sum, rel=0.02, abs=1e-6)


@given(parameters, anybody())
def test_the_slopes_are_those_of_the_likelihood(of: tuple[float, float, float, float], one: Customer) -> None:
    facts = _columns([one])
    value, slopes = _purchasing_terms(*facts, of)
    assert value[0] == pytest.approx(
        log_likelihood(*facts, r=of[0], alpha=of[1], a=of[2], b=of[3])[0], nan_ok=False
    )
    for place, slope in enumerate(slopes):
        step = 1e-5 * of[place]
        up, down = (tuple(p + sign * step * (i == place) for i, p in enumerate(of)) for sign in (1, -1))
        rise = (_purchasing_terms(*facts, up)[0][0] - _purchasing_terms(*facts, down)[0][0]) / (2 * step)
        assert slope[0] == pytest.approx(rise, rel=1e-3, abs=1e-4 * (1 + abs(value[0])) / of[place])


def test_the_slopes_of_money_are_those_of_its_likelihood() -> None:
    facts = np.array([1.0, 3, 20]), np.array([5.0, 40, 12])
    of = (6.25, 3.74, 15.44)
    _, slopes = _spending_terms(*facts, of)
    for place, slope in enumerate(slopes):
        up, down = (tuple(p + sign * 1e-5 * (i == place) for i, p in enumerate(of)) for sign in (1, -1))
        rise = (_spending_terms(*facts, up)[0] - _spending_terms(*facts, down)[0]) / 2e-5
        assert slope == pytest.approx(rise, rel=1e-4, abs=1e-6)


@given(st.integers(1, 200), st.floats(0.01, 1e12))
def test_what_one_spends_is_drawn_towards_all(often: int, money: float) -> None:
    own = expected_money(MONEY, Customer(frequency=often, recency=1, age=2, money=money))
    everybody = MONEY.mean
    assert own is not None
    assert everybody is not None
    low, high = sorted((money, everybody))
    assert low * (1 - 1e-9) <= own <= high * (1 + 1e-9)


def test_the_best_parameters_are_better_than_those_beside(
    customers: list[Customer], purchasing: Purchasing
) -> None:
    facts = _columns(customers)
    best = _parameters(purchasing)
    for place in range(4):
        for factor in (0.97, 1.03):
            r, alpha, a, b = (p * (factor if i == place else 1) for i, p in enumerate(best))
            beside = log_likelihood(*facts, r=r, alpha=alpha, a=a, b=b).sum()
            assert beside < purchasing.log_likelihood


def test_the_unit_of_time_changes_nothing_but_alpha(
    customers: list[Customer], purchasing: Purchasing
) -> None:
    days = [
        Customer(frequency=one.frequency, recency=7 * one.recency, age=7 * one.age) for one in customers[::3]
    ]
    weeks = fit_bgnbd(customers[::3], draws=1)
    found = fit_bgnbd(days, draws=1)
    assert isinstance(found, Purchasing)
    assert isinstance(weeks, Purchasing)
    assert found.alpha == pytest.approx(7 * weeks.alpha, rel=1e-3)
    assert (found.r, found.a, found.b) == pytest.approx((weeks.r, weeks.a, weeks.b), rel=1e-2)
    assert expected_of_new(found, within=70) == pytest.approx(expected_of_new(weeks, within=10), rel=1e-3)


# --- too little, and bad


def test_one_customer_is_not_enough_and_none_cannot_say_how_many_more() -> None:
    once = Customer(frequency=0, recency=0, age=10)
    assert enough([]) == NotEnough(what=Need.RETURNING, have=0, need=30, more=None)
    assert fit_bgnbd([once]) == NotEnough(what=Need.RETURNING, have=0, need=30, more=None)


def test_nobody_came_back_is_no_model() -> None:
    found = fit_bgnbd([Customer(frequency=0, recency=0, age=10)] * 5_000)
    assert isinstance(found, NotEnough)
    assert fit_gamma_gamma([Customer(frequency=0, recency=0, age=10)] * 50) == found


def test_how_many_more_follows_from_how_many_return() -> None:
    some = [Customer(frequency=1, recency=5, age=10, money=9)] * 20 + [
        Customer(frequency=0, recency=0, age=9)
    ] * 60
    assert fit_bgnbd(some) == NotEnough(what=Need.RETURNING, have=20, need=30, more=40)
    few = [Customer(frequency=1, recency=5, age=10, money=9)] * 40
    assert fit_bgnbd(few) == NotEnough(what=Need.CUSTOMERS, have=40, need=100, more=60)


def test_customers_who_are_all_alike_give_a_range_by_drawing_anew() -> None:
    alike = [Customer(frequency=3, recency=9, age=10, money=10.0)] * 120
    purchasing, spending = fit_bgnbd(alike), fit_gamma_gamma(alike)
    assert isinstance(purchasing, Purchasing)
    assert isinstance(spending, Spending)
    assert spending.correlation == 0
    told = ltv(purchasing, spending, alike, within=10)
    assert isinstance(told, Lifetime)
    assert all(map(math.isfinite, (told.total.low, told.total.value, told.total.high)))


@pytest.mark.parametrize(
    "bad",
    [
        {"frequency": -1, "recency": 0, "age": 1},
        {"frequency": 1, "recency": 2, "age": 1},
        {"frequency": 0, "recency": 1, "age": 2},
        {"frequency": 2, "recency": 0, "age": 2},
        {"frequency": 1, "recency": 1, "age": math.nan},
        {"frequency": 1, "recency": 1, "age": 2, "money": -5},
        {"frequency": 1, "recency": 1, "age": 2, "money": math.inf},
    ],
)
def test_what_cannot_be_is_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"must|Who"):
        Customer(**bad)  # type: ignore[arg-type]


NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def bought(who: str, days: float, value: str, refunded: str = "0") -> Purchase:
    return Purchase(
        customer=who, at=NOW - timedelta(days=days), value=Decimal(value), refunded=Decimal(refunded)
    )


def test_orders_become_customers() -> None:
    told = summarise(
        [
            bought("dana", 70, "10"), bought("dana", 35, "20"), bought("dana", 35, "5"), bought("dana", 7, "30", "30"),
            bought("huge", 14, "1e15"), bought("given back", 20, "12", "12"), bought("below", 20, "-3"),
            bought("today", 0, "4"), bought("tomorrow", -1, "4"), bought("no number", 3, "NaN"),
        ],
        at=NOW,
    )  # fmt: skip
    assert told == [
        Customer(frequency=1, recency=5, age=10, money=25),
        Customer(frequency=0, recency=0, age=2),
        Customer(frequency=0, recency=0, age=0),
    ]


def test_a_huge_amount_among_others_breaks_nothing(customers: list[Customer]) -> None:
    mixed = [*customers[:600], Customer(frequency=2, recency=3, age=30, money=1e13)]
    spending, purchasing = fit_gamma_gamma(mixed, draws=20), fit_bgnbd(mixed, draws=20)
    assert isinstance(spending, Spending)
    assert isinstance(purchasing, Purchasing)
    told = ltv(purchasing, spending, mixed, within=10)
    assert isinstance(told, NotEnough) or math.isfinite(told.total.high)


@pytest.mark.slow
def test_the_ranges_hold_what_comes() -> None:
    """Made-up shops of 300 customers by the models themselves: 95 % ranges hold at least 8 of 10."""
    inside = [_held(seed) for seed in range(10)]
    assert sum(inside) >= 8


def _held(seed: int) -> bool:
    random = np.random.default_rng(seed)
    shop, soon = [], 0
    for _ in range(300):
        rate, leaving, age = random.gamma(0.8, 0.2), random.beta(0.8, 2.4), random.uniform(20, 40)
        at, often, last = 0.0, 0, 0.0
        while (at := at + random.exponential(1 / rate)) < age + 20:
            often, last, soon = (often + 1, at, soon) if at < age else (often, last, soon + 1)
            if random.random() < leaving:
                break
        shop.append(Customer(frequency=often, recency=last, age=age, money=10.0 + often if often else None))
    purchasing, spending = fit_bgnbd(shop, draws=200), fit_gamma_gamma(shop, draws=200)
    assert isinstance(purchasing, Purchasing)
    assert isinstance(spending, Spending)
    told = ltv(purchasing, spending, shop, within=20)
    assert isinstance(told, Lifetime)
    return told.purchases.low <= soon <= told.purchases.high
