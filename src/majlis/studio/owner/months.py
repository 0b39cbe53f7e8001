"""Which month is looked at: months of the page's own zone that are over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from majlis.insights import windows
from majlis.insights.plots import writing
from majlis.insights.windows import Window
from majlis.studio.money.results import month_window

OFFERED: Final = 6
QUARTER: Final = timedelta(days=90)


def before(month: date) -> date:
    """The month before it."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def after(month: date) -> date:
    """The month after it."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def last(*, at: datetime, zone: str) -> date:
    """The newest month that is over there."""
    return before(at.astimezone(ZoneInfo(zone)).date())


def offered(*, at: datetime, zone: str) -> list[date]:
    """The months that can be looked at, newest first."""
    found = [last(at=at, zone=zone)]
    while len(found) < OFFERED:
        found.append(before(found[-1]))
    return found


def chosen(text: str, *, at: datetime, zone: str) -> date:
    """The month an address asks for ("2026-10"); the newest that is over when it is none of those offered."""
    months = offered(at=at, zone=zone)
    return next((month for month in months if in_address(month) == text), months[0])


def in_address(month: date) -> str:
    """As an address has it."""
    return f"{month:%Y-%m}"


def name(month: date) -> str:
    """October 2026, in the reader's language."""
    return format_skeleton("yMMMM", month, locale=writing.locale())


def window(month: date, *, zone: str) -> Window:
    """The month itself."""
    return month_window(month, zone=zone)


def weeks(month: date, *, zone: str) -> Window:
    """The ninety days that end with the month: one month has too few posts to compare."""
    until = after(month)
    return Window(windows.midnight(until - QUARTER, zone=zone), windows.midnight(until, zone=zone))
