"""A page plans by the clock on its wall. Twice a year that clock leaves an hour out, or has it twice.

A time that does not exist is moved forward by as much as the clock was; of a time that there is twice, the
first is meant (RFC 5545, 3.3.5, says the same).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_FARTHEST_WEEKS: Final = 520


def moment(day: date, clock: time, *, zone: str) -> datetime:
    """The moment, in UTC, at which the clock on the wall of ``zone`` shows this.

    Raises:
        ValueError: it is before or after all dates there are.
    """
    wall = datetime.combine(day, clock.replace(fold=0, tzinfo=None), tzinfo=ZoneInfo(zone))
    try:
        # "fold" is 0: the first of two; in a gap the offset from before it, which moves forward
        return wall.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{day} {clock}") from error


def on_the_wall(at: datetime, *, zone: str) -> datetime:
    """The date and time that the clock on the wall of ``zone`` shows."""
    return at.astimezone(ZoneInfo(zone))


def days_later(at: datetime, days: int, *, zone: str) -> datetime:
    """The same time of day some days later: 9 o'clock stays 9 o'clock when the clocks change."""
    wall = on_the_wall(at, zone=zone)
    return moment(wall.date() + timedelta(days=days), wall.time(), zone=zone)


def occurrences(slots: Iterable[tuple[int, time]], *, zone: str, after: datetime) -> Iterator[datetime]:
    """The moments of weekly slots (weekday, Monday 0, and time of day) after a moment, in order, none twice.

    Two slots within an hour that the clock leaves out may fall on one moment; it is given once.
    """
    weekly = sorted(set(slots))
    if not weekly:
        return
    today = on_the_wall(after, zone=zone).date()
    monday = today - timedelta(days=today.weekday())
    last = after
    for week in range(_FARTHEST_WEEKS):
        # moved forward, one may pass the next of its week
        found = (
            moment(monday + timedelta(days=7 * week + weekday), clock, zone=zone) for weekday, clock in weekly
        )
        for each in sorted(found):
            if each > last:
                yield each
                last = each
