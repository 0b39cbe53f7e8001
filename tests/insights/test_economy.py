"""What the last weeks say of a page: each rate of the people or visits it is about, and of no group under ten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from measured_town import followers, publish, saw

from cast import bakery, later
from majlis.insights import measuring
from majlis.insights.economy import LastWeeks, last_weeks
from majlis.insights.kinds import Kind, Source
from majlis.insights.recording import NewFact, record

pytestmark = pytest.mark.django_db
AT = later(days=30)


@pytest.fixture
def selling() -> tuple[int, int, list[int]]:
    """A page with a hundred followers, of whom forty viewed its one post and twenty followed its link."""
    page = bakery().page.id
    people = followers(page, 100, at=AT)
    appeared = AT - timedelta(days=3)
    post = publish(page, "Bread", at=appeared)
    measuring.freeze(post_id=post)
    saw(page, post, people[:40], Kind.IMPRESSION, first=appeared, at=AT, every=1)
    saw(page, post, people[:20], Kind.LINK_CLICK, first=appeared + timedelta(hours=2), at=AT, every=1)
    return page, post, people


def _facts(page: int, post: int, kind: Kind, many: int, *, link: int | None, paid: bool = False) -> None:
    """Somebody nobody knows did it so many times."""
    record(
        [
            NewFact(
                page_id=page, post_id=post, kind=kind, source=Source.OUTSIDE, paid=paid, link_id=link,
                nonce=number + 1000 * (link or 0) + 100_000 * paid, at=AT - timedelta(days=1),
            )
            for number in range(many)
        ],
        arrived_at=AT,
    )  # fmt: skip


def weeks(page: int) -> LastWeeks:
    return last_weeks(page_id=page, at=AT)


def test_orders_are_of_the_visits_they_came_of(selling: tuple[int, int, list[int]]) -> None:
    page, post, _people = selling
    _facts(page, post, Kind.LINK_CLICK, 180, link=1)  # with those of members 200 visits
    _facts(page, post, Kind.CONVERSION, 8, link=1)
    # by a promo code, of another post or of none, and by promotion: no visits of these lead to them
    _facts(page, post, Kind.CONVERSION, 30, link=None)
    _facts(page, 0, Kind.CONVERSION, 50, link=None)
    _facts(page, post, Kind.CONVERSION, 20, link=2, paid=True)
    _facts(page, post, Kind.LINK_CLICK, 90, link=2, paid=True)
    found = weeks(page)
    assert (found.reach_rate, found.click_rate) == (40 / 100, 20 / 40)
    assert found.conversion_rate == 8 / 200


def test_who_clicked_was_reached(selling: tuple[int, int, list[int]]) -> None:
    page, post, people = selling
    # they came by a message from a friend, and were never shown the post
    saw(page, post, people[60:90], Kind.LINK_CLICK, first=AT - timedelta(days=1), at=AT, every=1)
    assert weeks(page).click_rate == 20 / 40


@pytest.mark.parametrize(("reached", "clicked"), [(9, 0), (40, 0), (40, 3), (40, 35), (95, 40), (40, 20)])
def test_rates_tell_of_no_group_under_ten(reached: int, clicked: int) -> None:
    page = bakery().page.id
    people = followers(page, 100, at=AT)
    post = publish(page, "Bread", at=AT - timedelta(days=3))
    measuring.freeze(post_id=post)
    saw(page, post, people[:reached], Kind.IMPRESSION, first=AT - timedelta(days=2), at=AT, every=1)
    saw(page, post, people[:clicked], Kind.LINK_CLICK, first=AT - timedelta(days=2), at=AT, every=1)
    found = weeks(page)
    assert (found.reach_rate is None) == (reached < 10 or 0 < 100 - reached < 10)
    assert (found.click_rate is None) == (reached < 10 or 0 < clicked < 10 or 0 < reached - clicked < 10)


def test_nothing_yet_is_no_number() -> None:
    found = weeks(bakery().page.id)
    assert (found.posts, found.reach_rate, found.click_rate, found.conversion_rate) == (
        None,
        None,
        None,
        None,
    )
