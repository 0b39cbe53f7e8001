"""Moments as the networks write them, to aware ones in UTC. Unreadable or absurd ones are None."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_EARLIEST: Final = datetime(1995, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Not strptime: its names of months and days are those of the server's locale.
_X: Final = re.compile(r"\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-]\d{4}) (\d{4})", re.ASCII)
_X_FIRST_MILLISECOND: Final = 1_288_834_974_657
_X_TIME_BITS: Final = 22


def iso(text: str | None) -> datetime | None:
    """ISO 8601; without an offset it is taken as UTC."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return _sane(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def of_x(text: str | None) -> datetime | None:
    """``Wed Sep 04 13:51:55 +0000 2019``, or one of the ISO forms of other years."""
    match = _X.fullmatch(text.strip()) if text else None
    if not match:
        return iso(re.sub(r" ([+-]\d\d)(\d\d)$", r"\1:\2", text.strip())) if text else None
    month, day, hour, minute, second, offset, year = match.groups()
    if month not in _MONTHS:
        return None
    written = f"{year}-{_MONTHS.index(month) + 1:02}-{day}T{hour}:{minute}:{second}{offset[:3]}:{offset[3:]}"
    return iso(written)


def of_x_id(source_id: str) -> datetime | None:
    """The moment in a post's number; numbers before November 2010 hold none."""
    milliseconds = int(source_id) >> _X_TIME_BITS
    if milliseconds < 1_000:
        return None
    return unix(milliseconds + _X_FIRST_MILLISECOND)


def unix(seconds: int | None) -> datetime | None:
    """Seconds since 1970, or milliseconds or microseconds where they can only be those."""
    if seconds is None or seconds <= 0:
        return None
    unit = 1 if seconds < 10**11 else 1_000 if seconds < 10**14 else 1_000_000
    try:
        return _sane(_EPOCH + timedelta(microseconds=seconds * (1_000_000 // unit)))
    except OverflowError:
        return None


def _sane(moment: datetime) -> datetime | None:
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        return None
    return moment if _EARLIEST <= moment < _LATEST else None
