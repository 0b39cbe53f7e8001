"""What a page's own last weeks say of the numbers that break-even needs. Rates of too few are not told."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from majlis.core import sql
from majlis.insights.breakeven import MONTH_DAYS, WINDOW
from majlis.insights.floor import too_few
from majlis.insights.kinds import FEWEST_SHOWN

SQL: Final = sql.load("majlis.insights", "breakeven.sql")


class LastWeeks(msgspec.Struct, frozen=True):
    """Of the window ``since`` to ``until``, grade exact. A rate is None where there is too little to divide by, or
    where it would tell of one to nine members.

    ``posts`` is told as posts a month. ``reach_rate``: followers reached unpaid ÷ followers eligible, over all
    posts; ``click_rate``: who of those reached unpaid followed a link ÷ who was reached unpaid;
    ``conversion_rate``: orders that came of visits by these posts' links ÷ such visits, of members or not.
    """

    since: datetime
    until: datetime
    posts: float | None
    reach_rate: float | None
    click_rate: float | None
    conversion_rate: float | None


def last_weeks(*, page_id: int, at: datetime) -> LastWeeks:
    """The numbers of the last 28 days. Whoever asks holds the team door. One query."""
    since = at - WINDOW
    row = sql.one(SQL["last_weeks"], page=page_id, since=since, until=at)
    posts, eligible, reached, viewers, clicked, visits, orders = row or (0,) * 7
    return LastWeeks(
        since,
        at,
        posts * MONTH_DAYS / WINDOW.days if posts else None,
        _of_members(reached, eligible),
        _of_members(clicked, viewers),
        # a business knows its orders and sees the visits of its own site
        min(orders / visits, 1.0) if visits >= FEWEST_SHOWN else None,
    )


def _of_members(part: int, whole: int) -> float | None:
    few = whole < FEWEST_SHOWN or too_few(part) or too_few(whole - part)
    return None if few else part / whole
