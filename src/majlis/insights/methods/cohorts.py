"""Who came back: customers by the month or week of their first order, and how many of them were there in each period.

Retention as METRICS has it: active in period k ÷ cohort size. A period that is not over yet has no rate, only what
it has at the least; so the edge of the table never looks like a fall.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from majlis.insights.methods.orders import Purchase, histories


class Every(StrEnum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One cohort in one period. ``rate`` is None while the period lasts; ``at_least`` is what it has reached."""

    active: int
    at_least: float
    rate: float | None

    @property
    def complete(self) -> bool:
        """Whether the period is over."""
        return self.rate is not None


class Cohort(msgspec.Struct, frozen=True, kw_only=True):
    """Those whose first order fell into the period that began on ``start``. ``cells[k]``: k periods later; the
    cohort itself may still grow while its first period lasts, of which the rate is 1 all the same."""

    start: date
    size: int
    cells: tuple[Cell, ...]


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """All cohorts together, k periods on: only those for whom it is over, in both parts of the fraction."""

    cohorts: int
    size: int
    active: int
    rate: float


def retention(*, size: int, active: Sequence[int]) -> list[float]:
    """Active ÷ size for each period. Raises ValueError for a cohort of nobody, or with more active than there are."""
    if size < 1 or any(not 0 <= count <= size for count in active):
        raise ValueError("A cohort is somebody, and no more of it can be active than belong to it.")
    return [count / size for count in active]


def cohorts(
    purchases: Iterable[Purchase], *, at: datetime, every: Every = Every.MONTH, week_starts: int = 0
) -> list[Cohort]:
    """Oldest first; periods in which nobody came first have no cohort. ``week_starts``: 0 Monday … 6 Sunday."""
    today = at.date()
    present: dict[date, list[set[date]]] = {}
    for history in histories(purchases, at=at):
        periods = {_start(one.at.date(), every, week_starts) for one in history.purchases}
        present.setdefault(min(periods), []).append(periods)
    return [_cohort(start, hers, today=today, every=every) for start, hers in sorted(present.items())]


def _cohort(start: date, present: Sequence[set[date]], *, today: date, every: Every) -> Cohort:
    cells, period = [], start
    while period <= today:
        after = _next(period, every)
        active = sum(period in hers for hers in present)
        share = active / len(present)
        over = after <= today or period == start
        cells.append(Cell(active=active, at_least=share, rate=share if over else None))
        period = after
    return Cohort(start=start, size=len(present), cells=tuple(cells))


def curve(found: Sequence[Cohort]) -> list[Point]:
    """Retention of all cohorts, each period over those alone who have had the whole of it."""
    points = []
    for period in range(max((len(one.cells) for one in found), default=0)):
        old = [one for one in found if len(one.cells) > period and one.cells[period].complete]
        size, active = sum(one.size for one in old), sum(one.cells[period].active for one in old)
        if size:
            points.append(Point(cohorts=len(old), size=size, active=active, rate=active / size))
    return points


def _start(day: date, every: Every, week_starts: int) -> date:
    if every == Every.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=(day.weekday() - week_starts) % 7)


def _next(period: date, every: Every) -> date:
    if every == Every.WEEK:
        return period + timedelta(days=7)
    return (period + timedelta(days=31)).replace(day=1)
