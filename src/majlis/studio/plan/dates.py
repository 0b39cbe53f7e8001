"""Dates and times as people write them in a table: in Arabic-Indic digits, by the Hijri calendar, with names.

Numbers are day, month, year, or year first. Years from 1343 to 1500 are Hijri (Umm al-Qura, as the
``hijridate`` package has it: 1924 to 2077).
"""

from __future__ import annotations

import re
from datetime import date, time
from typing import Final

from django.utils.translation import gettext_lazy as _
from hijridate import Hijri

from majlis.core.errors import BadInput
from majlis.core.text.arabic import fold

_NUMBERS: Final = re.compile(r"(\d{1,4})\s*[-/.،,]\s*(\d{1,2})\s*[-/.،,]\s*(\d{1,4})")
_NAMED: Final = re.compile(r"(\d{1,2})\.?\s+(?:من\s+)?(\D+?)\s*,?\s*(\d{4})|(\D+?)\s+(\d{1,2}),?\s+(\d{4})")
_ERA: Final = re.compile(r"(هجري\w*|ميلادي\w*|ه\.?|م\.?|a\.?h\.?|c\.?e\.?|a\.?d\.?)\s*$")
_WEEKDAY: Final = re.compile(
    r"^(sat|sun|mon|tue|wed|thu|fri)\w*,?\s+|^(يوم\s+)?(السبت|الاحد|الاثنين|الثلاثاء|الثلاثا|الاربعاء|الاربعا|الخميس|الجمعة|الجمعه)[،,]?\s+"
)
_TIME: Final = re.compile(
    r"(\d{1,2})(?:\s*[:.٫]\s*(\d{2})(?::\d{2})?)?\s*(am|pm|a\.m\.|p\.m\.|ص|م|صباحا|مساء|مساا|مسا)?"
)
_HIJRI_YEARS: Final = range(1343, 1501)
_GREGORIAN_YEARS: Final = range(1924, 2101)

_GREGORIAN: Final = (
    ("january jan يناير كانون_الثاني", 1), ("february feb فبراير شباط", 2), ("march mar مارس اذار", 3),
    ("april apr ابريل نيسان", 4), ("may مايو ايار", 5), ("june jun يونيو حزيران", 6),
    ("july jul يوليو تموز", 7), ("august aug اغسطس اب", 8), ("september sep sept سبتمبر ايلول", 9),
    ("october oct اكتوبر تشرين_الاول", 10), ("november nov نوفمبر تشرين_الثاني", 11),
    ("december dec ديسمبر كانون_الاول", 12),
)  # fmt: skip
_HIJRI: Final = (
    ("محرم المحرم muharram", 1), ("صفر safar", 2), ("ربيع_الاول", 3), ("ربيع_الاخر ربيع_الثاني", 4),
    ("جمادى_الاولى جمادى_الاول", 5), ("جمادى_الاخرة جمادى_الثانية جمادى_الاخر", 6), ("رجب rajab", 7),
    ("شعبان shaban", 8), ("رمضان ramadan", 9), ("شوال shawwal", 10), ("ذو_القعدة ذي_القعدة", 11),
    ("ذو_الحجة ذي_الحجة", 12),
)  # fmt: skip


def _months(table: tuple[tuple[str, int], ...]) -> dict[str, int]:
    return {fold(word.replace("_", " ")): number for words, number in table for word in words.split()}


_GREGORIAN_MONTHS: Final = _months(_GREGORIAN)
_HIJRI_MONTHS: Final = _months(_HIJRI)


def read_date(written: str) -> date:
    """The day that a cell names.

    Raises:
        BadInput: it is no day that there is, or none that can be told.
    """
    text = _WEEKDAY.sub("", fold(written).strip())
    text, era = _without_era(text)
    try:
        return _named(text) if _NAMED.fullmatch(text) else _numbers(text, era)
    except (ValueError, OverflowError, KeyError) as error:
        raise BadInput(
            _("This is no date. Write it like 2026-12-31, 31/12/2026 or, by the Hijri calendar, 22/7/1448."),
            field="date",
            cause=written[:80],
        ) from error


def _without_era(text: str) -> tuple[str, str]:
    match = _ERA.search(text)
    if match is None:
        return text, ""
    hijri = match[1].startswith(("ه", "ah", "a.h"))
    return text[: match.start()].strip(), "hijri" if hijri else "gregorian"


def _numbers(text: str, era: str) -> date:
    match = _NUMBERS.fullmatch(text)
    if match is None:
        raise ValueError(text)
    first, month, last = map(int, match.groups())
    year, day = (first, last) if len(match[1]) == 4 else (last, first)
    if len(str(year)) < 4:
        raise ValueError(text)  # 01/02/03 may be any of six days
    if year in _HIJRI_YEARS and era != "gregorian":
        return _hijri(year, month, day)
    if year not in _GREGORIAN_YEARS or era == "hijri":
        raise ValueError(text)
    return date(year, month, day)


def _named(text: str) -> date:
    match = _NAMED.fullmatch(text)
    assert match is not None  # noqa: S101  # the caller looked
    day, name, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
    name = name.strip(" /.،,")
    if name in _HIJRI_MONTHS:
        return _hijri(int(year), _HIJRI_MONTHS[name], int(day))
    if int(year) not in _GREGORIAN_YEARS:
        raise ValueError(text)
    return date(int(year), _GREGORIAN_MONTHS[name], int(day))


def _hijri(year: int, month: int, day: int) -> date:
    found = Hijri(year, month, day).to_gregorian()
    return date(found.year, found.month, found.day)


def read_time(written: str) -> time:
    """The time of day that a cell names: 9:30, 09.30, 9 pm, ٩:٣٠ ص.

    Raises:
        BadInput: it is no time of day.
    """
    match = _TIME.fullmatch(fold(written).strip())
    hour, minute = (int(match[1]), int(match[2] or 0)) if match else (99, 0)
    half = match[3] if match else None
    if half:
        if not 1 <= hour <= 12:
            hour = 99
        elif half.startswith(("p", "م")):
            hour = hour % 12 + 12
        else:
            hour %= 12
    if hour > 23 or minute > 59:
        raise BadInput(
            _("This is no time of day. Write it like 9:30, 17:05 or 9:30 pm."),
            field="time",
            cause=written[:80],
        )
    return time(hour, minute)
