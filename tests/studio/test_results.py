"""The funnel and the links, against a hand count."""

from __future__ import annotations

import measured_town
import pytest
import shopping
from measured_town import Town
from selling import sell

import cast as people
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import NotAllowed
from majlis.insights import windows
from majlis.insights.figures import Grade, Why
from majlis.studio.results.funnel import Results, rate_from, results

pytestmark = pytest.mark.django_db

AT = now()
WINDOW = windows.last_days(28, at=AT, zone="UTC")


@pytest.fixture
def town(db: None) -> Town:
    return measured_town.town(at=AT)


def selling(town: Town, *, clicks: int, orders: int, strangers: int = 0) -> Results:
    """What the analyst is told afterwards."""
    sell(town, at=AT, clicks=clicks, orders=orders, strangers=strangers)
    return results(shopping.door(town.bakery, town.bakery.analyst, Permission.MEASURE), window=WINDOW)


def test_each_step_is_a_part_of_the_one_before(town: Town) -> None:
    found = selling(town, clicks=40, orders=15, strangers=20)
    told = {step: figure.value for step, figure in found.funnel}
    assert told == {"served": len(town.served), "viewed": len(town.viewed), "clicked": 40, "ordered": 15}
    rate = rate_from(found.funnel[3][1], found.funnel[2][1])
    assert rate.value == pytest.approx(15 / 40)
    assert str(rate.name) == "Ordered ÷ Followed a link"


def test_a_link_with_its_clicks_orders_and_revenue(town: Town) -> None:
    (link,) = selling(town, clicks=40, orders=15, strangers=20).links
    assert (link.clicks.value, link.orders.value) == (60, 15)
    assert link.conversion_rate.value == pytest.approx(15 / 60)
    (revenue,) = link.revenue
    assert (revenue.value, revenue.currency, revenue.grade) == (15 * 12.5, "EUR", Grade.EXACT)
    assert link.conversion_rate.grade is Grade.EXACT


def test_few_clicks_are_told_as_the_shops_own_site_sees_them_but_no_share_of_so_few(town: Town) -> None:
    found = selling(town, clicks=6, orders=4)
    (link,) = found.links
    assert link.clicks.value == 6
    assert link.orders.value == 4
    assert (link.conversion_rate.value, link.conversion_rate.why) == (None, Why.FEW)
    assert {step: figure.value for step, figure in found.funnel}["clicked"] is None


def test_nothing_is_not_enough_yet() -> None:
    bakery = people.bakery()
    found = results(shopping.door(bakery, bakery.analyst, Permission.MEASURE), window=WINDOW)
    assert [figure.value for _step, figure in found.funnel] == [0, 0, 0, 0]
    rate = rate_from(found.funnel[1][1], found.funnel[0][1])
    assert (rate.value, rate.why) == (None, Why.NOTHING_YET)
    assert found.links == ()


def test_another_pages_clicks_are_not_ours(town: Town) -> None:
    selling(town, clicks=40, orders=15)
    other = shopping.other_bakery()
    found = results(other, window=WINDOW)
    assert [figure.value for _step, figure in found.funnel] == [0, 0, 0, 0]
    assert found.links == ()


def test_support_may_not_ask(town: Town) -> None:
    team = shopping.door(town.bakery, town.bakery.support, Permission.READ)
    with pytest.raises(NotAllowed):
        results(team, window=WINDOW)
