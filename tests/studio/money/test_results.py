"""What it cost and what came back, against a hand count; groups sum to the whole; nothing is added across currencies."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import shopping
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

import cast as people
from cast import MOMENT, Bakery
from majlis.brands.access import OnTeam
from majlis.brands.roles import Role
from majlis.core.errors import BadInput, Conflict, NotAllowed
from majlis.insights.windows import Window
from majlis.studio.conversions.orders import report_orders
from majlis.studio.models import Cost, Rate, Work
from majlis.studio.money import costs, hours, results, terms
from plans import team_of

pytestmark = pytest.mark.django_db
MONTH = date(2026, 10, 1)
AT = MOMENT  # the second of November
DAY = datetime(2026, 10, 14, 9, tzinfo=UTC)


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team_of(bakery, "owner")


def priced(owner: OnTeam, *, margin: str = "0.5", hour: str = "15", currency: str = "EUR") -> None:
    terms.keep_book(owner, currency=currency, at=AT)
    first = date(2026, 1, 1)
    terms.keep_rate(owner, kind="margin", key="", day=first, value=Decimal(margin), at=AT)
    terms.keep_rate(owner, kind="hour", key="owner", day=first, value=Decimal(hour), at=AT)


def order(team: OnTeam, number: int, value: str, **more: Any) -> None:
    given = {"id": f"B-{number}", "value": value, "currency": "EUR", "ordered_at": DAY.isoformat(), **more}
    (answer,) = report_orders(team, orders=[given], at=more.pop("at", AT))
    assert answer.outcome != "refused", answer.sentence


def october(team: OnTeam) -> results.Result:
    return results.result(team, window=results.month_window(MONTH, zone=team.time_zone))


def test_the_worked_numbers_of_metrics(owner: OnTeam) -> None:
    """40 hours at 15, tools for 100, orders of 2,400 with a margin of one half: cost 700, ROI 0.714."""
    priced(owner)
    for day in range(1, 6):
        hours.write_down(owner, hours=Decimal(8), day=date(2026, 10, day), at=AT)
    costs.spend(owner, kind="tools", amount=Decimal(100), currency="EUR", from_day=MONTH, at=AT)
    link = shopping.link(owner)
    for number in range(10):
        token = shopping.click(link, owner, at=DAY - timedelta(hours=1))
        order(owner, number, "240", click=token, customer=f"c{number}")
    found = october(owner)
    assert found.sums.cost == 700
    assert found.sums.roi == pytest.approx(Decimal("0.7142857142857143"))
    assert found.customers == results.Customers(10, 10, 10, 0)
    assert found.cac == 70
    assert found.monthly_margin == pytest.approx(Decimal(120) * 30 / 31)
    assert found.sums.roas is None  # nothing was spent on promotion
    assert found.sums.complete


def test_what_nobody_by_name_ordered_pays_nobody_back(owner: OnTeam) -> None:
    """Two customers ordered for 100 each, half of it margin; an order for 900 names nobody: 50 a customer, not 275."""
    priced(owner)
    for number in range(2):
        order(owner, number, "100", customer=f"c{number}")
    order(owner, 2, "900")
    found = october(owner)
    assert found.customers == results.Customers(2, 2, 0, 1)
    assert found.sums.margin == 550
    assert found.monthly_margin == pytest.approx(Decimal(50) * 30 / 31)


def test_customers_who_paid_in_money_that_no_rate_turns_are_not_in_a_mean_without_their_margin(
    owner: OnTeam,
) -> None:
    priced(owner)
    order(owner, 1, "100", customer="here")
    order(owner, 2, "5000", customer="there", currency="JPY")
    assert october(owner).monthly_margin == pytest.approx(Decimal(50) * 30 / 31)


def test_orders_that_came_of_nothing_we_know_are_not_credited(owner: OnTeam) -> None:
    priced(owner)
    order(owner, 1, "50")
    sums = october(owner).sums
    assert (sums.revenue, sums.came_revenue, sums.came_orders) == (50, 0, 0)


def test_nothing_at_all_is_not_enough_and_never_a_division_by_zero(owner: OnTeam) -> None:
    found = october(owner)
    assert (found.sums.roi, found.sums.roas, found.cac, found.payback_months, found.sums.per_hour) == (
        None,
    ) * 5
    assert found.sums.cost == 0


def test_hours_without_a_rate_are_said(owner: OnTeam) -> None:
    terms.keep_book(owner, currency="EUR", at=AT)
    hours.write_down(owner, hours=Decimal(3), day=date(2026, 10, 5), at=AT)
    sums = october(owner).sums
    assert (sums.hours, sums.unpriced_hours, sums.hours_cost, sums.complete) == (3, 3, 0, False)


def test_a_rate_holds_from_its_day_on(owner: OnTeam) -> None:
    priced(owner, hour="10")
    terms.keep_rate(owner, kind="hour", key="owner", day=date(2026, 10, 10), value=Decimal(20), at=AT)
    for day in (9, 10):
        hours.write_down(owner, hours=Decimal(1), day=date(2026, 10, day), at=AT)
    assert october(owner).sums.hours_cost == 30
    terms.forget_rate(owner, kind="hour", key="owner", day=date(2026, 10, 10), at=AT)
    assert october(owner).sums.hours_cost == 20


def test_other_currencies_are_apart_unless_a_rate_is_given(owner: OnTeam) -> None:
    priced(owner)
    link = shopping.link(owner)
    token = shopping.click(link, owner, at=DAY - timedelta(hours=1))
    order(owner, 1, "100", click=token)
    order(owner, 2, "900000", currency="LBP", click=token)
    costs.spend(owner, kind="production", amount=Decimal(450000), currency="LBP", from_day=MONTH, at=AT)
    sums = october(owner).sums
    assert (sums.came_revenue, sums.cost) == (100, 0)
    assert sums.apart == {"LBP": (450000, 900000)}
    terms.keep_rate(owner, kind="exchange", key="LBP", day=date(2026, 1, 1), value=Decimal("0.00001"), at=AT)
    sums = october(owner).sums
    assert (sums.came_revenue, sums.cost, sums.apart) == (Decimal(109), Decimal("4.5"), {})


def test_a_cost_over_many_days_falls_on_each_alike(owner: OnTeam) -> None:
    priced(owner)
    costs.spend(
        owner, kind="tools", amount=Decimal("100"), currency="EUR", from_day=date(2026, 9, 21), to_day=date(2026, 10, 20),
        at=AT,
    )  # fmt: skip
    assert october(owner).sums.tools == pytest.approx(Decimal(100) * 20 / 30, abs=Decimal("0.0001"))
    september = results.result(owner, window=results.month_window(date(2026, 9, 1), zone=owner.time_zone))
    assert september.sums.tools + october(owner).sums.tools == 100


def test_a_refund_changes_a_closed_month_and_both_are_shown(owner: OnTeam) -> None:
    priced(owner)
    token = shopping.click(shopping.link(owner), owner, at=DAY - timedelta(hours=1))
    order(owner, 1, "80", click=token)
    told = results.close_month(owner, month=MONTH, at=AT)
    assert (told.revenue, told.margin, told.profit) == (80, 40, 40)
    later = AT + timedelta(days=3)
    report_orders(owner, orders=[{"id": "B-1", "refunds": [{"id": "r1", "value": "30"}]}], at=later)
    (kept,) = results.closed_months(owner)
    assert kept.told == told
    assert october(owner).sums.came_margin == 25
    with pytest.raises(Conflict):
        results.close_month(owner, month=MONTH, at=later)
    with pytest.raises(BadInput):
        results.close_month(owner, month=date(2026, 11, 1), at=later)


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("margin", "", "1.01"), ("margin", "", "-0.1"), ("hour", "nobody", "5"), ("hour", "owner", "-1"),
        ("hour", "owner", "1e12"), ("hour", "owner", "NaN"), ("exchange", "ABC", "1"), ("exchange", "LBP", "0"),
        ("exchange", "EUR", "1"), ("tax", "", "1"),
    ],
)  # fmt: skip
def test_rates_that_cannot_be_taken(owner: OnTeam, kind: str, key: str, value: str) -> None:
    terms.keep_book(owner, currency="EUR", at=AT)
    with pytest.raises(BadInput):
        terms.keep_rate(owner, kind=kind, key=key, day=date(2026, 1, 1), value=Decimal(value), at=AT)
    assert not Rate.objects.exists()


def test_a_book_with_rates_keeps_its_currency(owner: OnTeam) -> None:
    priced(owner)
    with pytest.raises(BadInput):
        terms.keep_book(owner, currency="USD", at=AT)
    assert terms.terms(owner.page_id).currency == "EUR"


@pytest.mark.parametrize("amount", ["0", "-5", "NaN", "Infinity", "1e11"])
def test_amounts_that_cannot_be_taken(owner: OnTeam, amount: str) -> None:
    with pytest.raises(BadInput):
        costs.spend(owner, kind="tools", amount=Decimal(amount), currency="EUR", from_day=MONTH, at=AT)
    assert not Cost.objects.exists()


def test_who_may_see_and_who_may_write(bakery: Bakery) -> None:
    analyst = team_of(bakery, "analyst")
    october(analyst)
    with pytest.raises(NotAllowed):
        costs.spend(analyst, kind="tools", amount=Decimal(1), currency="EUR", from_day=MONTH, at=AT)
    with pytest.raises(NotAllowed):
        terms.keep_book(analyst, currency="EUR", at=AT)
    for who in ("editor", "support", "advertiser"):
        with pytest.raises(NotAllowed):
            october(team_of(bakery, who))


SPENT = st.tuples(
    st.sampled_from(["tools", "production", "other"]),
    st.decimals(Decimal("0.001"), Decimal(10**6), places=3),
    st.integers(0, 80),
    st.integers(0, 60),
    st.sampled_from(["EUR", "USD", "LBP"]),
)
WORKED = st.tuples(st.sampled_from(list(Role)), st.integers(1, 86_400), st.integers(0, 80))
SOLD = st.tuples(st.decimals(Decimal("0.001"), Decimal(10**5), places=3), st.integers(0, 80), st.booleans())


class TestAnyMonths(TestCase):
    """Whatever is grouped how, the groups are the whole; and two halves of a window are the whole."""

    @settings(max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(
        st.lists(SPENT, max_size=6),
        st.lists(WORKED, max_size=6),
        st.lists(SOLD, max_size=6),
        st.integers(1, 60),
    )
    def test_groups_and_halves(self, spent: Any, worked: Any, sold: Any, cut: int) -> None:
        owner, start = team_of(people.bakery(), "owner"), date(2026, 8, 1)
        priced(owner)
        link = shopping.link(owner)
        for kind, amount, after, days, currency in spent:
            first = start + timedelta(days=after)
            costs.spend(
                owner,
                kind=kind,
                amount=amount,
                currency=currency,
                from_day=first,
                to_day=first + timedelta(days=days),
                at=AT,
            )
        for role, length, after in worked:
            at = datetime(2026, 8, 1, 5, tzinfo=UTC) + timedelta(days=after)
            Work.objects.create(
                page_id=owner.page_id,
                role=role,
                place="other",
                seconds=length,
                by_hand=True,
                began_at=at,
                last_at=at,
            )
        for number, (value, after, clicked) in enumerate(sold):
            at = datetime(2026, 8, 1, 12, tzinfo=UTC) + timedelta(days=after)
            more = {"click": shopping.click(link, owner, at=at - timedelta(hours=1))} if clicked else {}
            order(owner, number, str(value), ordered_at=at.isoformat(), **more)
        since, until = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
        middle = since + timedelta(days=cut)
        whole = results.result(owner, window=Window(since, until))
        halves = [results.result(owner, window=Window(*each)) for each in ((since, middle), (middle, until))]
        assert owner.time_zone == "UTC"
        for name in (
            "seconds",
            "cost",
            "hours_cost",
            "orders",
            "revenue",
            "came_revenue",
            "came_margin",
            "unpriced_seconds",
        ):
            total = getattr(whole.sums, name)
            for groups in (whole.posts, whole.campaigns, whole.weeks):
                assert sum(getattr(line.sums, name) for line in groups) == total, name
            assert sum(getattr(half.sums, name) for half in halves) == total, name
        assert sum(whole.roles.values()) == whole.sums.seconds
        for code, (cost, revenue) in whole.sums.apart.items():
            assert code != "EUR"
            assert sum(half.sums.apart.get(code, (0, 0))[0] for half in halves) == cost
            assert revenue == 0
