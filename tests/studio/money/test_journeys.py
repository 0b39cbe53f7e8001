"""What people met before they ordered, as journeys, and that every model credits all of it and no more."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import shopping
from django.conf import settings as django_settings
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

import cast as people
from cast import MOMENT, Bakery, Member
from majlis.brands.access import OnTeam
from majlis.core.errors import NotAllowed
from majlis.insights.kinds import Source
from majlis.insights.windows import Window
from majlis.studio.conversions import promo_codes
from majlis.studio.conversions.orders import report_orders
from majlis.studio.links.actions import Utm
from majlis.studio.money import comparing, journeys, terms
from majlis.studio.money.journeys import LOOKBACK, MODELS, MOST_TOUCHES, By, Comparison
from plans import team_of

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 10, 14, 9, tzinfo=UTC)
OCTOBER = Window(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    team = team_of(bakery, "owner")
    terms.keep_book(team, currency="EUR", at=MOMENT)
    return team


def order(team: OnTeam, number: int, value: str = "10", **more: Any) -> None:
    given = {"id": f"B-{number}", "value": value, "currency": "EUR", "ordered_at": DAY.isoformat(), **more}
    (answer,) = report_orders(team, orders=[given], at=MOMENT)
    assert answer.outcome != "refused", answer.sentence


def compare(team: OnTeam, by: By = By.CHANNEL) -> Comparison:
    return journeys.compare(team, window=OCTOBER, by=by)


def credited(found: Comparison, model: str) -> dict[str, float]:
    return {name: round(value, 6) for name, value in found.models[model].by_channel.items() if value}


def test_a_member_who_came_three_ways_before_she_ordered(owner: OnTeam, alice: Member) -> None:
    link = shopping.link(owner)
    for days, source in ((20, Source.HOME), (10, Source.SEARCH)):
        shopping.click(link, owner, who=alice.id, at=DAY - timedelta(days=days), source=source)
    token = shopping.click(link, owner, who=alice.id, at=DAY - timedelta(hours=1), source=Source.PROFILE)
    order(owner, 1, "30", click=token)
    found = compare(owner)
    assert (found.orders, found.revenue, found.journeys, found.touches) == (1, 30, 1, 3)
    assert credited(found, "first") == {"home": 1}
    assert credited(found, "last") == {"profile": 1}
    assert credited(found, "linear") == {"home": 0.333333, "search": 0.333333, "profile": 0.333333}
    assert credited(found, "position") == {"home": 0.4, "search": 0.2, "profile": 0.4}


def test_one_customer_s_earlier_click_counts_for_her_next_order(owner: OnTeam) -> None:
    link = shopping.link(owner)
    first = shopping.click(link, owner, at=DAY - timedelta(days=5), source=Source.SEARCH)
    order(
        owner, 1, customer="dana@example.org", click=first, ordered_at=(DAY - timedelta(days=5)).isoformat()
    )
    second = shopping.click(link, owner, at=DAY - timedelta(hours=2), source=Source.HOME)
    order(owner, 2, customer="dana@example.org", click=second)
    assert credited(compare(owner), "first") == {"search": 2}
    assert credited(compare(owner), "last") == {"search": 1, "home": 1}


def test_what_came_after_the_order_or_too_long_before_led_to_nothing(owner: OnTeam, alice: Member) -> None:
    link = shopping.link(owner)
    shopping.click(link, owner, who=alice.id, at=DAY - LOOKBACK - timedelta(days=1), source=Source.TAG)
    token = shopping.click(link, owner, who=alice.id, at=DAY - timedelta(hours=1), source=Source.HOME)
    shopping.click(link, owner, who=alice.id, at=DAY + timedelta(days=5), source=Source.SEARCH)
    order(owner, 1, click=token)
    assert credited(compare(owner), "linear") == {"home": 1}


def test_a_shop_whose_clock_is_behind_still_has_its_click(owner: OnTeam) -> None:
    token = shopping.click(shopping.link(owner), owner, at=DAY + timedelta(hours=3))
    order(owner, 1, click=token)
    assert credited(compare(owner), "last") == {"home": 1}


def test_a_promo_code_is_the_last_touch(owner: OnTeam, alice: Member) -> None:
    promo_codes.make_promo_code(owner, code="BREAD", at=DAY - timedelta(days=9))
    token = shopping.click(shopping.link(owner), owner, at=DAY - timedelta(hours=1))
    order(owner, 1, click=token, promo_code="bread")
    order(owner, 2, promo_code="BREAD")
    found = compare(owner)
    assert credited(found, "last") == {"promo_code": 2}
    assert credited(found, "first") == {"home": 1, "promo_code": 1}


def test_an_order_of_which_nothing_is_known_is_credited_to_nobody(owner: OnTeam) -> None:
    order(owner, 1, "40")
    found = compare(owner)
    for model in MODELS:
        assert not any(found.models[model].by_channel.values())
        assert found.models[model].untouched == 1
        assert found.models[model].untouched_worth == 40


def test_no_conversion_at_all_divides_by_nothing(owner: OnTeam) -> None:
    shopping.click(shopping.link(owner), owner, at=DAY)
    found = compare(owner)
    assert found.orders == 0
    assert {
        model: sum(shared.by_channel.values()) for model, shared in found.models.items()
    } == dict.fromkeys(MODELS, 0)
    assert comparing.plot(found, {}, zone="UTC").spec is None
    assert compare(owner, By.POST).names
    assert (
        journeys.compare(owner, window=Window(DAY - timedelta(days=900), DAY - timedelta(days=800))).names
        == []
    )


def test_a_visit_whose_order_was_given_back_is_a_visit_without_an_order(owner: OnTeam, alice: Member) -> None:
    link = shopping.link(owner)
    for number, who in ((1, 0), (2, alice.id)):
        token = shopping.click(link, owner, who=who, at=DAY - timedelta(hours=1), source=Source.HOME)
        order(owner, number, "10", click=token, refunds=[{"id": f"r{number}", "value": "10"}])
    found = compare(owner)
    assert (found.orders, found.journeys) == (0, 2)


def test_cancelled_and_wholly_refunded_orders_lead_nowhere(owner: OnTeam) -> None:
    link = shopping.link(owner)
    tokens = [shopping.click(link, owner, at=DAY - timedelta(hours=1)) for _number in range(3)]
    order(owner, 1, click=tokens[0])
    order(owner, 2, click=tokens[1], status="cancelled")
    order(owner, 3, click=tokens[2], refunds=[{"id": "r", "value": "10"}])
    assert compare(owner).orders == 1


def test_other_currencies_are_apart_until_a_rate_is_known(owner: OnTeam) -> None:
    token = shopping.click(shopping.link(owner), owner, at=DAY - timedelta(hours=1))
    order(owner, 1, "10", click=token, currency="USD")
    found = compare(owner)
    assert (found.orders, found.apart) == (0, {"USD": 1})
    terms.keep_rate(owner, kind="exchange", key="USD", day=DAY.date(), value=Decimal("0.5"), at=MOMENT)
    found = compare(owner)
    assert (found.orders, found.revenue, found.apart) == (1, 5, {})


def test_a_journey_of_hundreds_of_touches_keeps_its_last(owner: OnTeam, alice: Member) -> None:
    link = shopping.link(owner)
    for number in range(MOST_TOUCHES + 20):
        source = Source.TAG if number < 20 else Source.HOME
        token = shopping.click(
            link, owner, who=alice.id, at=DAY - timedelta(minutes=MOST_TOUCHES + 30 - number), source=source
        )
    order(owner, 1, click=token)
    found = compare(owner)
    assert found.touches == MOST_TOUCHES
    for model in MODELS:
        assert credited(found, model) == {"home": 1}


def test_links_from_elsewhere_and_promotions_have_their_own_names(owner: OnTeam) -> None:
    link = shopping.link(owner, utm=Utm(source="Newsletter", medium="email"))
    for number, more in enumerate(({"source": Source.OUTSIDE}, {"source": Source.HOME, "paid": True})):
        order(owner, number, click=shopping.click(link, owner, at=DAY - timedelta(hours=1), **more))
    assert credited(compare(owner), "last") == {"newsletter": 1, "promotion": 1}


def test_what_our_own_links_say_of_themselves_is_no_channel(owner: OnTeam) -> None:
    link = shopping.link(owner, utm=Utm(source=django_settings.MAJLIS.host, medium="social"))
    order(owner, 1, click=shopping.click(link, owner, at=DAY - timedelta(hours=1), source=Source.OUTSIDE))
    assert credited(compare(owner), "last") == {"outside": 1}


def test_only_who_keeps_the_money_and_only_of_her_page(owner: OnTeam, bakery: Bakery) -> None:
    order(owner, 1)
    other = shopping.other_bakery()
    assert journeys.compare(other, window=OCTOBER).orders == 0
    for who in ("editor", "support", "advertiser"):
        with pytest.raises(NotAllowed):
            compare(team_of(bakery, who))


VISITS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 60), st.sampled_from(list(Source)), st.booleans()),
    max_size=14,
)
BOUGHT = st.lists(
    st.tuples(st.integers(0, 3), st.decimals(Decimal("0.01"), Decimal(500), places=2)), max_size=5
)


class TestAnyJourneys(TestCase):
    """Whoever came which way: each model credits every order, and its value to the last cent, and no more."""

    @settings(max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(VISITS, BOUGHT)
    def test_credits_are_the_orders(self, visits: Any, bought: Any) -> None:
        owner = team_of(people.bakery(), "owner")
        terms.keep_book(owner, currency="EUR", at=MOMENT)
        members = [people.alice().id, people.bob().id, people.dana().id, 0]
        link = shopping.link(owner)
        tokens: dict[int, str] = {}
        for who, hours, source, paid in sorted(visits, key=lambda each: -each[1]):
            at = DAY - timedelta(hours=hours)
            tokens[who] = shopping.click(link, owner, who=members[who], at=at, source=source, paid=paid)
        for number, (who, value) in enumerate(bought):
            order(owner, number, str(value), **({"click": tokens[who]} if who in tokens else {}))
        for by in By:
            found = compare(owner, by)
            assert found.orders == len(bought)
            for shared in found.models.values():
                total = math.fsum(shared.by_channel.values()) + shared.untouched
                assert total == pytest.approx(len(bought))
                assert sum(shared.money().values()) + shared.untouched_worth == found.revenue
