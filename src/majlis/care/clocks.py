"""The clocks of a conversation: how long the customer waits, in seconds of business time.

First response: the first word of a person of the team at or after the customer's first. Next response: from the first
unanswered word of the customer after that. Resolution: from the customer's first word until it is solved; it stands still
while the customer is waited for (METRICS.md). What a machine answers stops nothing.

Invariant: moments are whole microseconds, so that time adds up exactly, and what is answered when it is due is in time.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final, Literal, NamedTuple

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
        return self is Status.SOLVED or self is Status.CONFIRMED

    @property
    def counts(self) -> bool:
        """The team has it, asleep or not: time until it is solved goes on."""
        return self is Status.OPEN or self is Status.SNOOZED


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
    """One clock. ``stopped`` None: it runs, stands still (``paused``), or ended without an answer because the conversation
    was closed (``ended``). ``seconds`` until then, or until now. ``due`` None: nothing is promised, or it stands still, or
    it was solved in time."""

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


_SECOND: Final = 1_000_000
_TICK: Final = timedelta(microseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_YEARS: Final = range(2000, 2100)
"""Business time is counted in these: a moment before or after counts as the first or last of them, so that a clock that is
centuries off, somewhere outside, costs no more than any other."""
_FURTHEST: Final = 10  # years: what is due later is not promised


def _ticks(moment: datetime) -> int:
    """Microseconds since 1970."""
    passed = moment - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * _SECOND + passed.microseconds


_NEW_YEARS: Final = [_ticks(datetime(year, 1, 1, tzinfo=UTC)) for year in (*_YEARS, _YEARS.stop)]


class _Year(NamedTuple):
    """The open stretches of a year (UTC): where they start and end, and how much is open before each, and in all."""

    starts: array[int]
    ends: array[int]
    before: array[int]


class _Calendar:
    """When a business is open, year by year, each worked out once. Time is in microseconds."""

    def __init__(self, hours: OpeningHours) -> None:
        self._hours = hours
        self._years: dict[int, _Year] = {}

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = self._worked_out(year)
        return found

    def _worked_out(self, year: int) -> _Year:
        # a day of the calendar is up to 14 hours off that of UTC, and what opens on one closes on the next
        found = self._hours.between(
            date(year, 1, 1) - timedelta(days=2), date(year, 12, 31) + timedelta(days=2)
        )
        low, high = _NEW_YEARS[year - _YEARS.start : year - _YEARS.start + 2]
        cut = [(max(_ticks(start), low), min(_ticks(end), high)) for start, end in found]
        kept = [(start, end) for start, end in cut if start < end]
        before, total = array("q"), 0
        for start, end in kept:
            before.append(total)
            total += end - start
        before.append(total)
        return _Year(
            array("q", (start for start, _end in kept)), array("q", (end for _start, end in kept)), before
        )

    def _since_new_year(self, moment: datetime) -> tuple[int, int]:
        """The year of a moment, and how much of it was open until then."""
        tick = _ticks(moment)
        if not _NEW_YEARS[0] <= tick < _NEW_YEARS[-1]:
            tick = min(max(tick, _NEW_YEARS[0]), _NEW_YEARS[-1] - 1)
        year = _YEARS.start + bisect_right(_NEW_YEARS, tick) - 1
        starts, ends, before = self._year(year)
        at = bisect_right(starts, tick) - 1
        if at < 0:
            return year, 0
        end = ends[at]
        return year, before[at] - starts[at] + (tick if tick < end else end)

    def between(self, since: datetime, until: datetime) -> int:
        """How much is open between two moments; nothing when the second is not the later."""
        if until <= since:
            return 0
        first, skipped = self._since_new_year(since)
        last, counted = self._since_new_year(until)
        whole = sum(self._year(year).before[-1] for year in range(first, last)) if first < last else 0
        return whole + counted - skipped

    def after(self, since: datetime, ticks: int) -> datetime | None:
        """The earliest moment when so much is over; None: not within ten years."""
        if ticks <= 0:
            return since
        year, skipped = self._since_new_year(since)
        left = ticks + skipped
        for each in range(year, min(year + _FURTHEST + 1, _YEARS.stop)):
            starts, _ends, before = self._year(each)
            if left <= before[-1]:
                at = bisect_left(before, left) - 1
                return _EPOCH + timedelta(microseconds=starts[at] + left - before[at])
            left -= before[-1]
        return None


class _Always:
    """Open around the clock."""

    def between(self, since: datetime, until: datetime) -> int:
        return max(_ticks(until) - _ticks(since), 0)

    def after(self, since: datetime, ticks: int) -> datetime | None:
        try:
            return since + timedelta(microseconds=max(ticks, 0))
        except OverflowError:
            return None


_ALWAYS: Final = _Always()


@lru_cache(256)
def _calendar_of(hours: OpeningHours) -> _Calendar:
    return _Calendar(hours)


def _calendar(hours: OpeningHours | None) -> _Calendar | _Always:
    return _ALWAYS if hours is None else _calendar_of(hours)


def seconds_between(hours: OpeningHours | None, since: datetime, until: datetime) -> float:
    """Seconds of business time between two moments; none when the second is not the later. ``hours`` None: around the
    clock."""
    return _calendar(hours).between(since, until) / _SECOND


def moment_after(hours: OpeningHours | None, since: datetime, seconds: float) -> datetime | None:
    """When so many seconds of business time are over, the earliest such moment; None: the business never opens, or not for
    so long within ten years."""
    return _calendar(hours).after(since, round(seconds * _SECOND))


def clocks(
    words: Sequence[Word],
    turns: Sequence[Turn],
    *,
    hours: OpeningHours | None,
    targets: Targets,
    at: datetime,
) -> Clocks:
    """The clocks of a conversation at a moment, from what was said and done in it, in whatever order that comes.

    A conversation that is closed without an answer ends the clock of the response. An answer that comes late still stops
    it; another question begins the next one, and the first stays without an answer.
    """
    # an answer at the very moment of a question is one
    said = sorted(words, key=lambda each: (each.at, each.side is Side.TEAM))
    changes = sorted(turns, key=lambda each: each.at)
    asked = next((each.at for each in said if each.side is Side.CUSTOMER), None)
    if asked is None:
        return Clocks(None, (), None)
    calendar = _calendar(hours)
    waits = list(_waits(said, changes))
    return Clocks(
        _response("first", waits[0], calendar, targets.first, at),
        tuple(_response("next", wait, calendar, targets.next, at) for wait in waits[1:]),
        _resolution(asked, changes, calendar, targets.resolution, at),
    )


class _Wait(NamedTuple):
    """From a question until its answer, or until the conversation was closed without one; neither: it lasts."""

    since: datetime
    answered: datetime | None = None
    closed: datetime | None = None


def _waits(said: Sequence[Word], changes: Sequence[Turn]) -> Iterator[_Wait]:
    """The waits of the customer, in order; of words and turns in order."""
    since: datetime | None = None
    for word in said:
        if word.side is Side.AUTOMATIC:
            continue
        if word.side is Side.TEAM:
            if since is not None:
                yield _Wait(since, answered=word.at)
            since = None
        elif since is None:
            since = word.at
        elif (closed := _closed(changes, before=word.at)) and closed >= since:
            yield _Wait(since, closed=closed)
            since = word.at
    if since is not None:
        closed = _closed(changes)
        yield _Wait(since, closed=closed if closed and closed >= since else None)


def _closed(changes: Sequence[Turn], *, before: datetime | None = None) -> datetime | None:
    """Since when the conversation is closed, just before a moment or in the end; None: it is open."""
    closed: datetime | None = None
    for turn in changes:
        if before is not None and turn.at >= before:
            break
        closed = (closed or turn.at) if turn.status.over else None
    return closed


def _response(
    kind: Kind, wait: _Wait, calendar: _Calendar | _Always, target: int | None, at: datetime
) -> Clock:
    passed = calendar.between(wait.since, wait.answered or wait.closed or at)
    return Clock(
        kind,
        wait.since,
        None if target is None else calendar.after(wait.since, target * _SECOND),
        wait.answered,
        passed / _SECOND,
        target is not None and passed > target * _SECOND,
        ended=wait.closed is not None,
    )


def _resolution(
    since: datetime, turns: Sequence[Turn], calendar: _Calendar | _Always, target: int | None, at: datetime
) -> Clock:
    """Until it is closed; what it took before it was opened again counts on."""
    promised = None if target is None else target * _SECOND
    counted, due = 0, None
    status, last, closed = Status.OPEN, since, None
    for turn in [*turns, None]:
        moment = max(turn.at if turn else at, last)
        if status.counts:
            passed = calendar.between(last, moment)
            if promised is not None and due is None and counted + passed >= promised:
                due = calendar.after(last, promised - counted)
            counted += passed
        if turn is None:
            break
        closed = (closed or moment) if turn.status.over else None
        status, last = turn.status, moment
    if promised is not None and due is None and status.counts:
        due = calendar.after(max(at, last), promised - counted)
    breached = promised is not None and counted > promised
    return Clock(
        "resolution", since, due, closed, counted / _SECOND, breached, paused=status is Status.WAITING
    )
