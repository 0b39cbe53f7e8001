"""When a business is open: times of day by weekday and by date, in its own time zone, and what that says now.

Periods may pass midnight, and several stand on a day. A date with hours of its own (a holiday) replaces its
weekday; what began the evening before runs on to its end. Times are the clock on the wall: one that the
clock skips in spring is the moment it jumps, one that it shows twice in autumn is the first of the two. So
times in order stay in order as moments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_PERIODS: Final = 4
MOST_DATES: Final = 60
DAY: Final = 24 * 60  # minutes
_LOOK_AHEAD: Final = 15  # days


class Period(msgspec.Struct, frozen=True, order=True):
    """From ``opens`` to ``closes``, minutes after midnight. A period that closes at or before the minute at
    which it opens closes on the next day; 0 to 1440 is the whole day."""

    opens: int
    closes: int

    @property
    def end(self) -> int:
        """``closes``, counted from the midnight at which the day began."""
        return self.closes if self.closes > self.opens else self.closes + DAY


class Date(msgspec.Struct, frozen=True, order=True):
    """A date with hours of its own; none: closed."""

    day: date
    periods: tuple[Period, ...] = ()
    name: str = ""


class State(msgspec.Struct, frozen=True):
    """Whether it is open, and at which moment that changes next; None: not within a fortnight."""

    open: bool
    changes_at: datetime | None


class OpeningHours(msgspec.Struct, frozen=True):
    """A week from Monday on, dates that differ, and where the clock hangs."""

    week: tuple[tuple[Period, ...], ...] = ((),) * 7
    dates: tuple[Date, ...] = ()
    time_zone: str = "UTC"

    @property
    def told(self) -> bool:
        """Whether there is anything to tell."""
        return any(self.week) or any(each.periods for each in self.dates)

    def on(self, day: date) -> tuple[Period, ...]:
        """The periods that begin on a date."""
        for each in self.dates:
            if each.day == day:
                return each.periods
        return self.week[day.weekday()]

    def between(self, first: date, last: date) -> list[tuple[datetime, datetime]]:
        """The stretches of time (UTC, from … up to) of the periods that begin on these dates, in order,
        those that touch or overlap joined."""
        zone = ZoneInfo(self.time_zone)
        stretches = sorted(self._stretches(first, last, zone))
        joined: list[tuple[datetime, datetime]] = []
        for start, end in stretches:
            if joined and start <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((start, end))
        return joined

    def _stretches(self, first: date, last: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        day = first
        while day <= last:
            for period in self.on(day):
                start, end = moment(day, period.opens, zone), moment(day, period.end, zone)
                if start < end:  # else the clock skipped all of it
                    yield start, end
            day += timedelta(days=1)

    def state(self, at: datetime) -> State:
        """Open or closed at a moment, and until when."""
        today = at.astimezone(ZoneInfo(self.time_zone)).date()
        ahead = self.between(today - timedelta(days=1), today + timedelta(days=_LOOK_AHEAD))
        for start, end in ahead:
            if start <= at < end:
                # open to the end of what was looked at: around the clock
                whole = end >= ahead[-1][1] and end - at > timedelta(days=_LOOK_AHEAD - 1)
                return State(True, None if whole else end)
            if start > at:
                return State(False, start)
        return State(False, None)


def moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which the clock on the wall has come to ``minute`` of a day; see above for
    minutes that it skips or shows twice."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    first = wall.replace(tzinfo=zone, fold=0)
    instant = first.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # skipped: with fold=0 the offset before the jump is taken, with fold=1 the one after it
    return _jump(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), instant, zone)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The moment between two at which the zone changes its offset, to the second."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


# stored and typed -------------------------------------------------------------------------------------------

_TIME: Final = r"(\d{1,2})(?:[:.٫](\d{2}))?"
_PERIOD: Final = re.compile(rf"\s*{_TIME}\s*(?:-|–|—|−|إلى|to|حتى)\s*{_TIME}\s*")
_BETWEEN: Final = re.compile(r"[,،;؛\n]|\s+and\s+|\s+و\s*(?=[\d٠-٩۰-۹])")
_ALL_DAY: Final = re.compile(r"\s*24\s*(?:h|hours|ساعة|/\s*24)?\s*", re.IGNORECASE)


def read(text: str, *, field: str = "hours") -> tuple[Period, ...]:
    """Periods as they are typed, such as ``8:00–13:00, 16:00–22:00``, ``18–2`` or ``24 hours``; in Arabic
    digits too. Nothing: closed.

    Raises:
        BadInput: something else stands there; there are more than four; two of them overlap.
    """
    text = _latin_digits(text[:300]).strip()
    if not text:
        return ()
    if _ALL_DAY.fullmatch(text):
        return (Period(0, DAY),)
    periods = sorted(_one(part, field) for part in _BETWEEN.split(text) if part.strip())
    return _checked(periods, field)


def _checked(periods: Sequence[Period], field: str) -> tuple[Period, ...]:
    if len(periods) > MOST_PERIODS:
        raise BadInput(_("A day has four periods at the most."), field=field)
    for one, next_ in pairwise(periods):
        if one.end > next_.opens:
            raise BadInput(_("Two of the times overlap."), field=field)
    return tuple(periods)


def _latin_digits(text: str) -> str:
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in text)


def _one(text: str, field: str) -> Period:
    found = _PERIOD.fullmatch(text)
    if not found:
        raise _unreadable(field)
    opens, closes = _minute(found[1], found[2]), _minute(found[3], found[4])
    if opens >= DAY or closes > DAY or opens == closes:
        raise _unreadable(field)
    return Period(opens, closes)


def _minute(hours: str, minutes: str | None) -> int:
    hour, minute = int(hours), int(minutes or 0)
    return hour * 60 + minute if hour <= 24 and minute < 60 else DAY + 1


def _unreadable(field: str) -> BadInput:
    return BadInput(_("Please write times like 8:00–13:00, 16:00–22:00."), field=field)


def written(periods: Sequence[Period]) -> str:
    """The inverse of :func:`read`."""
    return ", ".join(f"{clock(each.opens)}–{clock(each.closes)}" for each in periods)


def clock(minute: int) -> str:
    """480 → 08:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def stored(hours: OpeningHours) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The week and the dates as :class:`models.Page` keeps them."""
    week = {name: _pairs(periods) for name, periods in zip(DAYS, hours.week, strict=True) if periods}
    dates = [
        {"day": each.day.isoformat(), "name": each.name, "periods": _pairs(each.periods)}
        for each in hours.dates
    ]
    return week, dates


def _pairs(periods: Sequence[Period]) -> list[list[str]]:
    return [[clock(each.opens), clock(each.closes)] for each in periods]


def restored(week: Mapping[str, Any], dates: Sequence[Mapping[str, Any]], time_zone: str) -> OpeningHours:
    """The inverse of :func:`stored`."""
    return OpeningHours(
        tuple(_periods(week.get(name, ())) for name in DAYS),
        tuple(
            Date(date.fromisoformat(each["day"]), _periods(each["periods"]), each.get("name", ""))
            for each in dates
        ),
        time_zone,
    )


def _periods(pairs: Sequence[Sequence[str]]) -> tuple[Period, ...]:
    return tuple(Period(_of_clock(opens), _of_clock(closes)) for opens, closes in pairs)


def _of_clock(text: str) -> int:
    hour, _colon, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def checked_dates(dates: Sequence[Date]) -> tuple[Date, ...]:
    """Dates in order, each once.

    Raises:
        BadInput: too many, or one twice.
    """
    if len(dates) > MOST_DATES:
        raise BadInput(_("These are more dates than a page takes."), field="dates")
    if len({each.day for each in dates}) < len(dates):
        raise BadInput(_("One date stands there twice."), field="dates")
    return tuple(sorted(dates))


def checked_zone(name: str) -> str:
    """A time zone by its IANA name.

    Raises:
        BadInput: there is none of that name.
    """
    if name not in available_timezones():
        raise BadInput(_("There is no such time zone."), field="time_zone")
    return name
