"""The clocks of a conversation: how long the customer waits, in seconds of business time.

First response: the first word of a person of the team at or after the customer's first. Next response: from the first
unanswered word of the customer after that. Resolution: from the first word until it is solved; it stands still while the
customer is waited for (METRICS.md). What a machine answers stops nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal

import msgspec

from majlis.brands.hours import OpeningHours

AROUND_THE_CLOCK: Final[None] = None
Kind = Literal["first", "next", "resolution"]


class Side(StrEnum):
    """Who said something."""

    CUSTOMER = "customer"
    TEAM = "team"
    AUTOMATIC = "automatic"


class Status(StrEnum):
    """The state of a conversation."""

    OPEN = "open"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    SOLVED = "solved"
    CONFIRMED = "confirmed"

    @property
    def over(self) -> bool:
        """Nothing is left to do."""
        return self in (Status.SOLVED, Status.CONFIRMED)


class Word(msgspec.Struct, frozen=True):
    """Something that was said."""

    at: datetime
    side: Side
    by: int | None = None


class Turn(msgspec.Struct, frozen=True):
    """The state of the conversation from a moment on."""

    at: datetime
    status: Status


class Targets(msgspec.Struct, frozen=True):
    """What is promised, in seconds of business time; None: nothing."""

    first: int | None = None
    next: int | None = None
    resolution: int | None = None


class Clock(msgspec.Struct, frozen=True):
    """One clock. ``stopped`` None: it runs, or ended without an answer (``ended``). ``seconds`` until then, or until now."""

    kind: Kind
    since: datetime
    due: datetime | None
    stopped: datetime | None
    seconds: float
    breached: bool
    paused: bool = False
    ended: bool = False

    @property
    def runs(self) -> bool:
        """Whether it has neither stopped nor ended, nor stands still."""
        return self.stopped is None and not self.ended and not self.paused


class Clocks(msgspec.Struct, frozen=True):
    """All clocks of a conversation, and which is due next."""

    first: Clock | None
    nexts: tuple[Clock, ...]
    resolution: Clock | None

    @property
    def running(self) -> Clock | None:
        """That which is due first of those that run and have a target."""
        due = [each for each in (self.first, *self.nexts, self.resolution) if each and each.runs and each.due]
        return min(due, key=lambda each: each.due or each.since, default=None)

    @property
    def due(self) -> datetime | None:
        """When the next of them is due."""
        return self.running.due if self.running else None

    @property
    def due_kind(self) -> str:
        """Which that is."""
        return self.running.kind if self.running else ""


@lru_cache(256)
def _stretches(
    hours: OpeningHours, year: int
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """The open stretches of a year and a day around it: beginnings, ends, and seconds open before each beginning."""
    found = hours.between(date(year, 1, 1) - timedelta(days=1), date(year, 12, 31) + timedelta(days=1))
    low, high = _year(year), _year(year + 1)
    cut = [(max(start.timestamp(), low), min(end.timestamp(), high)) for start, end in found]
    kept = [(start, end) for start, end in cut if start < end]
    before, total = [], 0.0
    for start, end in kept:
        before.append(total)
        total += end - start
    return tuple(start for start, _end in kept), tuple(end for _start, end in kept), (*before, total)


def _year(year: int) -> float:
    return datetime(year, 1, 1, tzinfo=UTC).timestamp()


def _open_until(hours: OpeningHours, moment: float, year: int) -> float:
    """Seconds open from the beginning of the year (UTC) until the moment, which is in it."""
    starts, ends, before = _stretches(hours, year)
    at = bisect_right(starts, moment) - 1
    return before[at] + min(moment, ends[at]) - starts[at] if at >= 0 else 0.0


def seconds_between(hours: OpeningHours | None, since: datetime, until: datetime) -> float:
    """Seconds of business time between two moments; none when the second is not the later. ``hours`` None: around the
    clock."""
    if until <= since:
        return 0.0
    if hours is None:
        return (until - since).total_seconds()
    first, last = since.astimezone(UTC).year, until.astimezone(UTC).year
    whole = sum(_stretches(hours, year)[2][-1] for year in range(first, last))
    return whole + _open_until(hours, until.timestamp(), last) - _open_until(hours, since.timestamp(), first)


def moment_after(hours: OpeningHours | None, since: datetime, seconds: float) -> datetime | None:
    """When so many seconds of business time are over, the earliest such moment; None: not within two years."""
    if hours is None:
        return since + timedelta(seconds=seconds)
    if seconds <= 0:
        return since
    year = since.astimezone(UTC).year
    left = seconds + _open_until(hours, since.timestamp(), year)
    for each in range(year, year + 3):
        starts, _ends, before = _stretches(hours, each)
        if left <= before[-1]:
            at = max(index for index in range(len(starts)) if before[index] < left)
            return datetime.fromtimestamp(starts[at] + left - before[at], UTC)
        left -= before[-1]
    return None


def clocks(
    words: Sequence[Word],
    turns: Sequence[Turn],
    *,
    hours: OpeningHours | None,
    targets: Targets,
    at: datetime,
) -> Clocks:
    """The clocks of a conversation at a moment, from what was said and done in it, in whatever order that comes."""
    said = sorted(words, key=lambda each: (each.at, each.side is Side.TEAM))
    changes = sorted(turns, key=lambda each: each.at)
    asked = next((each.at for each in said if each.side is Side.CUSTOMER), None)
    if asked is None:
        return Clocks(None, (), None)
    over = [each.at for each in changes if each.status.over]
    first: Clock | None = None
    nexts: list[Clock] = []
    waits: datetime | None = None
    for word in said:
        if word.at < asked or word.side is Side.AUTOMATIC:
            continue
        if word.side is Side.CUSTOMER:
            waits = waits if waits is not None and not _over_between(over, waits, word.at) else word.at
            continue
        if waits is None:
            continue
        kind: Kind = "first" if first is None else "next"
        clock = _response(kind, waits, word.at, over, hours, targets, at)
        if kind == "first":
            first = clock
        else:
            nexts.append(clock)
        waits = None
    if waits is not None:
        kind = "first" if first is None else "next"
        clock = _response(kind, waits, None, over, hours, targets, at)
        first, nexts = (clock, nexts) if kind == "first" else (first, [*nexts, clock])
    return Clocks(first, tuple(nexts), _resolution(asked, changes, hours, targets.resolution, at))


def _over_between(over: Sequence[datetime], since: datetime, until: datetime) -> bool:
    return any(since <= each < until for each in over)


def _response(
    kind: Kind,
    since: datetime,
    answered: datetime | None,
    over: Sequence[datetime],
    hours: OpeningHours | None,
    targets: Targets,
    at: datetime,
) -> Clock:
    target = targets.first if kind == "first" else targets.next
    ended = next((each for each in over if each >= since), None) if answered is None else None
    until = answered or ended or max(at, since)
    seconds = seconds_between(hours, since, until)
    due = moment_after(hours, since, target) if target is not None else None
    return Clock(
        kind, since, due, answered, seconds, target is not None and seconds > target, ended=ended is not None
    )


def _resolution(
    since: datetime, turns: Sequence[Turn], hours: OpeningHours | None, target: int | None, at: datetime
) -> Clock:
    status, counted, last = Status.OPEN, 0.0, since
    solved: datetime | None = None
    for turn in turns:
        moment = max(turn.at, since)
        if status not in (Status.WAITING, Status.SOLVED, Status.CONFIRMED):
            counted += seconds_between(hours, last, moment)
        if turn.status.over and not status.over:
            solved = moment
        status, last = turn.status, moment
    if status.over:
        return Clock("resolution", since, None, solved, counted, target is not None and counted > target)
    paused = status is Status.WAITING
    counted += 0.0 if paused else seconds_between(hours, last, max(at, last))
    due = None
    if target is not None and not paused:
        left = target - counted
        due = moment_after(hours, max(at, last), left) if left > 0 else _missed(since, turns, hours, target)
    return Clock("resolution", since, due, None, counted, target is not None and counted > target, paused)


def _missed(
    since: datetime, turns: Sequence[Turn], hours: OpeningHours | None, target: int
) -> datetime | None:
    """When a resolution that is overdue was due."""
    left, status = float(target), Status.OPEN
    marks = [Turn(since, Status.OPEN), *(each for each in turns if each.at > since)]
    for here, there in pairwise([*marks, Turn(datetime.max.replace(tzinfo=UTC), status)]):
        if here.status in (Status.WAITING, Status.SOLVED, Status.CONFIRMED):
            continue
        end = moment_after(hours, here.at, left)
        if end is None or end <= there.at:
            return end
        left -= seconds_between(hours, here.at, there.at)
    return None
