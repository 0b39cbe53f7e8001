"""What came of a page's goals in a window."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from majlis.brands.access import OnTeam
from majlis.core import sql
from majlis.studio.conversions.promo_codes import SQL


class GoalNumbers(msgspec.Struct, frozen=True):
    """Orders or events of one goal, currency and grade; ``goal_id`` None: those that name no goal. ``credited``
    of them came from a link or promo code of ours."""

    goal_id: int | None
    currency: str
    by_script: bool
    orders: int
    value: Decimal
    credited: int
    cancelled: int


def numbers(team: OnTeam, *, since: datetime, until: datetime) -> list[GoalNumbers]:
    """All that was reported for the page in a window. One query."""
    rows = sql.rows(SQL["orders_of_goals"], page=team.page_id, since=since, until=until)
    return [GoalNumbers(*row) for row in rows]
