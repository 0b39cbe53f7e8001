"""What a page's own last weeks say of the numbers that break-even needs. Rates of too few are not told."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from majlis.core import sql
from majlis.insights.breakeven import MONTH_DAYS, WINDOW
from majlis.insights.kinds import FEWEST_SHOWN

SQL: Final = sql.load("majlis.insights", "breakeven.sql")


class LastWeeks(msgspec.Struct, frozen=True):
    """Of the window ``since`` to ``until``, grade exact. A rate is None where its denominator is under ten.

    ``posts`` is told as posts a month. ``reach_rate``: followers reached unpaid ÷ followers eligible, over all
    posts; ``click_rate``: who followed a link ÷ who was reached unpaid; ``conversion_rate``: conversions ÷ those.
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
    posts, eligible, reached, viewers, clicked, conversions = row or (0,) * 6
    return LastWeeks(
        since,
        at,
        posts * MONTH_DAYS / WINDOW.days if posts else None,
        _rate(reached, eligible),
        _rate(clicked, viewers),
        _rate(conversions, clicked),
    )


def _rate(part: int, whole: int) -> float | None:
    return min(part / whole, 1.0) if whole >= FEWEST_SHOWN else None
