"""A page's own last weeks as the numbers of METRICS' break-even formula, told as a month of 30 days: one door for the page
and for apps, so that both answer alike."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.insights import economy
from majlis.insights.breakeven import MONTH_DAYS, WINDOW, Economy
from majlis.insights.economy import LastWeeks
from majlis.insights.windows import Window
from majlis.people import queries as people
from majlis.studio.money import results
from majlis.studio.money.results import Result

ASKED: Final = (15, 500, 15_000)
"""Followers of whom the plainest question is asked: what would they mean?"""


class OwnMonth(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a usual month; None: nothing. Rates are shares of one, money in the book's ``currency``. ``weeks``
    and ``result`` are what it was told from."""

    posts: float | None
    reach_rate: float | None
    click_rate: float | None
    conversion_rate: float | None
    margin: float | None
    cost: float | None
    followers: int | None
    currency: str
    weeks: LastWeeks
    result: Result


def own_month(team: OnTeam, *, at: datetime) -> OwnMonth:
    """The last 28 days of a page.

    Raises:
        NotAllowed: her role does not see the money.
    """
    team.require(Permission.MONEY)
    weeks = economy.last_weeks(page_id=team.page_id, at=at)
    found = results.result(team, window=Window(weeks.since, weeks.until))
    sums, profile = found.sums, people.profile(team.page_id)
    margin, orders = (sums.came_margin, sums.came_orders) if sums.came_orders else (sums.margin, sums.orders)
    cost = sums.cost * MONTH_DAYS / WINDOW.days
    return OwnMonth(
        posts=weeks.posts, reach_rate=weeks.reach_rate, click_rate=weeks.click_rate, conversion_rate=weeks.conversion_rate,
        margin=float(round(margin / orders, 2)) if margin is not None and orders else None,
        cost=float(round(cost, 2)) if cost else None, followers=(profile.followers if profile else 0) or None,
        currency=found.currency, weeks=weeks, result=found,
    )  # fmt: skip


def orders_of(month: Economy, followers: float) -> float:
    """The orders that a month brings with so many followers."""
    return followers * month.posts * month.reach_rate * month.click_rate * month.conversion_rate
