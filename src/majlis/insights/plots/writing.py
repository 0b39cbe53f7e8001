"""Numbers, moments and words as a drawing takes them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_day_names
from babel.numbers import format_decimal, format_percent
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_bidi

from majlis.insights.exports.sheet import Cell

_ISOLATE, _END = "\u2067", "\u2069"


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def locale() -> Locale:
    """Of the active language."""
    return _locale(get_language() or "en")


def rtl() -> bool:
    """Whether the reader reads from right to left."""
    return get_language_bidi()


def words(text: str | Promise) -> str:
    """Words on a drawing, which itself is laid out from left to right: in Arabic they keep their own direction,
    with whatever numbers and signs stand among them."""
    return f"{_ISOLATE}{text}{_END}" if rtl() else str(text)


def beginning(text: str, most: int) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rsplit(' ', 1)[0]}…"


def number(value: float) -> str:
    """1234567 → 1,234,567."""
    return format_decimal(value, locale=locale(), numbering_system="default")


def percent(value: float) -> str:
    """0.612 → 61%; under ten with a decimal, for 3.4 and 3.9 are not the same."""
    pattern = "#,##0.0%" if 0 < abs(value) < 0.0995 else "#,##0%"
    return format_percent(value, format=pattern, locale=locale(), numbering_system="default")


def day(value: date) -> str:
    """2 Nov."""
    return format_skeleton("MMMd", value, locale=locale())


def day_of_year(value: date) -> str:
    """2 November 2026."""
    return format_date(value, "long", locale=locale())


def hour(moment: datetime, *, zone: str) -> str:
    """2 Nov, 09:00; with its distance from UTC in the hour that clocks go through twice."""
    there = moment.astimezone(ZoneInfo(zone))
    text = f"{day(there.date())} {there:%H:%M}"
    twice = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    return f"{text} ({there:%z})" if twice else text


def moment(value: datetime, *, zone: str) -> str:
    """2 November 2026, 09:30."""
    there = value.astimezone(ZoneInfo(zone))
    return f"{day_of_year(there.date())}{'،' if rtl() else ','} {there:%H:%M}"


def there(cell: Cell, *, zone: str) -> Cell:
    """A moment as clocks show it in the zone; anything else as it is."""
    return cell.astimezone(ZoneInfo(zone)) if isinstance(cell, datetime) else cell


def weekdays() -> list[tuple[int, str]]:
    """The days of the week (Monday is 1) with their names, beginning where the reader's week does."""
    names = get_day_names("wide", locale=locale())
    first = locale().first_week_day
    return [((first + step) % 7 + 1, names[(first + step) % 7]) for step in range(7)]
