"""Who came back: customers by the month of their first order, counted in SQL into what ``methods.cohorts`` shows."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.insights.methods.cohorts import Cell, Cohort
from majlis.studio.customers.statements import SQL

_EVER: Final = date(1970, 1, 1)


def cohorts(team: OnTeam, *, at: datetime, since: date = _EVER) -> list[Cohort]:
    """Those who first ordered in a month since ``since``, oldest first, on the page's calendar. One query.

    Raises:
        NotAllowed: her role does not count customers.
    """
    team.require(Permission.COUNT_CUSTOMERS)
    active: defaultdict[date, dict[date, int]] = defaultdict(dict)
    for first, month, count in sql.rows(
        SQL["cohorts"], page=team.page_id, zone=team.time_zone, at=at, since=since
    ):
        active[first][month] = count
    today = at.astimezone(ZoneInfo(team.time_zone)).date()
    return [_cohort(start, found, today=today) for start, found in sorted(active.items())]


def _cohort(start: date, active: dict[date, int], *, today: date) -> Cohort:
    size, cells, month = active[start], [], start
    while month <= today:
        after = (month + timedelta(days=31)).replace(day=1)
        share = active.get(month, 0) / size
        over = after <= today or month == start
        cells.append(Cell(active=active.get(month, 0), at_least=share, rate=share if over else None))
        month = after
    return Cohort(start=start, size=size, cells=tuple(cells))
