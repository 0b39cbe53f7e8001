"""Who is counted as having followed a link: measured members by pseudonym, everybody else as nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import measured_town
import pytest
import shopping
from measured_town import Town

import cast as people
from cast import MOMENT, later
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.insights import mine, windows
from majlis.insights.kinds import Kind, Source
from majlis.insights.models import Fact
from majlis.insights.reports import overview, post
from majlis.studio.conversions.orders import report_orders
from majlis.studio.links import memory, queries
from majlis.studio.links.queries import LinkNumbers
from majlis.studio.models import Click, TrackedLink
from majlis.studio.results.funnel import results

pytestmark = pytest.mark.django_db


def numbers(link: int) -> LinkNumbers:
    return queries.numbers([link], since=MOMENT - timedelta(days=1), until=later(days=2))[link]


@pytest.mark.parametrize(
    ("members", "guests", "told"), [(0, 30, (0, 30)), (3, 30, (None, None)), (12, 30, (12, 30)), (3, 0, (None, None))]
)  # fmt: skip
def test_few_members_are_not_told_by_those_who_are_none(
    members: int, guests: int, told: tuple[int | None, int | None]
) -> None:
    made = people.bakery()
    team = shopping.door(made)
    link = shopping.link(team)
    for who in [*measured_town.followers(made.page.id, members, at=MOMENT), *[0] * guests]:
        shopping.click(link, team, who=who)
    found = numbers(link.id)
    assert found.clicks == members + guests
    assert (found.members, found.unknown) == told


def test_few_clicks_of_a_promotion_are_not_told() -> None:
    made = people.bakery()
    team = shopping.door(made)
    link = shopping.link(team)
    some = measured_town.followers(made.page.id, 24, at=MOMENT)
    for who in some[:9]:
        shopping.click(link, team, who=who, paid=True)
    for who in some[9:]:
        shopping.click(link, team, who=who)
    assert numbers(link.id).paid is None
    shopping.click(link, team, who=some[9], paid=True)
    assert numbers(link.id).paid == 10


def test_who_is_not_measured_any_more_is_nobody_in_clicks_too() -> None:
    made, dana = people.bakery(), people.dana()
    team = shopping.door(made)
    link = shopping.link(team)
    for hour in (0, 1):
        shopping.click(link, team, who=dana.id, at=later(hours=hour))
    assert Click.objects.exclude(viewer=0).count() == 2
    mine.switch_off(by=dana.id, at=later(hours=2))
    assert Click.objects.filter(viewer=0).count() == 2
    shopping.click(link, team, who=dana.id, at=later(hours=3))
    assert not Click.objects.exclude(viewer=0).exists()


@pytest.fixture
def town() -> Town:
    return measured_town.town(at=now())


def test_clicks_of_members_are_interactions_wherever_they_came_from_and_of_others_never(town: Town) -> None:
    """The rates are of members who let themselves be measured."""
    at, newest = now(), town.posts[-1]
    team = shopping.door(town.bakery)
    link = shopping.link(team)
    TrackedLink.objects.update(post_id=newest)
    found = memory.find(link.code)
    assert found is not None
    looking = shopping.door(town.bakery, town.bakery.analyst, Permission.MEASURE)
    window = windows.last_days(28, at=at, zone="UTC")

    def done() -> tuple[Any, Any]:
        parts = post.post(looking, post_id=newest, at=at).figures["engagement_by_impressions"].parts
        return overview.overview(looking, window=window).interactions.value, parts[0].value

    def clicked(who: int, source: Source) -> None:
        moment = at - timedelta(minutes=5)
        again = links_of(link, newest)
        shopping.click(again, team, who=who, at=moment, source=source)

    before, on_post = done()
    here = [who for who in town.followers if who in town.viewed][:20]
    for who in here[:10]:
        clicked(who, Source.HOME)
    for who in here[10:]:
        clicked(who, Source.OUTSIDE)  # signed in, by a link in a message from elsewhere
    assert done() == (before + 20, on_post + 20)
    unmeasured = here[0]
    mine.switch_off(by=unmeasured, at=at)
    lowered = done()
    clicked(unmeasured, Source.HOME)
    clicked(0, Source.OUTSIDE)
    assert done() == lowered
    facts = Fact.objects.filter(kind=Kind.LINK_CLICK)
    assert set(facts.filter(viewer=0).values_list("source", flat=True)) == {Source.OUTSIDE}
    assert Source.OUTSIDE not in set(facts.exclude(viewer=0).values_list("source", flat=True))


def links_of(link: Any, post_id: int) -> Any:
    from msgspec.structs import replace

    return replace(link, post_id=post_id)


def test_a_visit_that_ordered_twice_is_one_visit(town: Town) -> None:
    at = now()
    team = shopping.door(town.bakery)
    link = shopping.link(team)
    tokens = [shopping.click(link, team, at=at - timedelta(hours=2)) for _visit in range(20)]
    orders = [
        {"id": f"{number}-{currency}", "value": 5, "currency": currency, "click": token}
        for number, token in enumerate(tokens[:15])
        for currency in ("EUR", "LBP")
    ]
    report_orders(team, orders=orders, at=at)
    window = windows.last_days(28, at=at + timedelta(minutes=1), zone="UTC")
    (found,) = results(
        shopping.door(town.bakery, town.bakery.analyst, Permission.MEASURE), window=window
    ).links
    assert (found.clicks.value, found.orders.value) == (20, 30)
    assert found.conversion_rate.value == 15 / 20
