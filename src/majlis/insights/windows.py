"""Windows of time in whole days of a page's own zone: a day has 23, 24 or 25 hours, as clocks are put there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

CHOICES: Final = (7, 28, 90, 365)
USUAL: Final = 28


class Window(msgspec.Struct, frozen=True):
    """From ``since`` (None: from the beginning) up to ``until``, which is not in it."""

    since: datetime | None
    until: datetime


def last_days(days: int, *, at: datetime, zone: str) -> Window:
    """Today so far and the days before it, ``days`` in all."""
    today = at.astimezone(ZoneInfo(zone)).date()
    return Window(midnight(today - timedelta(days=days - 1), zone=zone), at)


def midnight(day: date, *, zone: str) -> datetime:
    """When a day begins there. Where midnight is left out (Cairo, Beirut in spring) it begins at one."""
    local = datetime.combine(day, time(), ZoneInfo(zone))
    return local.astimezone(UTC)


def days_of(window: Window, *, zone: str) -> list[date]:
    """The days in a window that has a beginning, today last."""
    if window.since is None:
        raise ValueError("a window without beginning")
    there = ZoneInfo(zone)
    first, last = window.since.astimezone(there).date(), window.until.astimezone(there).date()
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


def edges(window: Window, *, zone: str, every: int = 1) -> list[tuple[date, datetime]]:
    """The beginning of every day, or of every ``every`` days, counted back from the last."""
    days = days_of(window, zone=zone)
    first = (len(days) - 1) % every
    starts = days[first::every] if first == 0 else [days[0], *days[first::every]]
    return [(day, midnight(day, zone=zone)) for day in starts]


def chosen(text: str) -> int:
    """The number of days somebody asked for in an address; what is not offered is the usual."""
    return next((days for days in CHOICES if str(days) == text), USUAL)
