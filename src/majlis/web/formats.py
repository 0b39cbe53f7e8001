"""Numbers and moments as people in each language write them (CLDR, through Babel).

Arabic has Latin digits here because that is CLDR's default for "ar"; a regional locale such as
ar-EG would bring its own. One function decides, so that a page never mixes the two.
"""

from __future__ import annotations

from datetime import date as date_type
from datetime import datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_compact_decimal, format_decimal, format_percent
from django.utils import timezone
from django.utils.translation import get_language, pgettext


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def locale() -> Locale:
    """The locale of the active interface language."""
    return _locale(get_language() or "en")


def number(value: float) -> str:
    """1234567 → 1,234,567."""
    return format_decimal(value, locale=locale(), numbering_system="default")


def compact(value: int) -> str:
    """12345 → 12.3K, for counts beside a button; below a thousand the number itself."""
    if abs(value) < 1000:
        return number(value)
    return format_compact_decimal(value, locale=locale(), fraction_digits=1, numbering_system="default")


def percent(value: float) -> str:
    """43.2, a share of a hundred → 43%."""
    return format_percent(round(value) / 100, locale=locale(), numbering_system="default")


def ago(moment: datetime, *, at: datetime) -> str:
    """How long before ``at``, in one short word or two; after a week the day, after a year its year."""
    passed = max(at - moment, timedelta(0))
    if passed < timedelta(minutes=1):
        return pgettext("how long ago", "now")
    if passed < timedelta(days=7):
        return format_timedelta(passed, format="narrow", threshold=1, locale=locale())
    local = timezone.localtime(moment)
    same_year = local.year == timezone.localtime(at).year
    return format_skeleton("MMMd" if same_year else "yMMMd", local, tzinfo=local.tzinfo, locale=locale())


def ahead(moment: datetime, *, at: datetime) -> str:
    """How long until ``moment``: 3 hours. Nothing left is a moment."""
    return format_timedelta(max(moment - at, timedelta(minutes=1)), threshold=1.2, locale=locale())


def datetime_full(moment: datetime) -> str:
    """Sunday, November 22, 2026 at 9:05 PM, in the reader's time zone."""
    local = timezone.localtime(moment)
    day = format_date(local.date(), "full", locale=locale())
    clock = format_time(local, "short", tzinfo=local.tzinfo, locale=locale())
    return f"{day}{'، ' if locale().language == 'ar' else ', '}{clock}"


def date(moment: datetime) -> str:
    """November 22, 2026."""
    return format_date(timezone.localtime(moment).date(), "long", locale=locale())


def day(value: date_type) -> str:
    """November 22, 2026, of a date that belongs to no time zone."""
    return format_date(value, "long", locale=locale())
