"""What may be shown now, remembered by every server process and kept true by the change log.

A home page asks this once; with nothing to promote that is all it costs. A process that does not follow the log
(``feeds.memory.MEMORY.live`` is false) reads it from the database each time.
"""

from __future__ import annotations

import threading
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from majlis.core import changes, sql
from majlis.feeds.memory import MEMORY
from majlis.studio.promotion import money
from majlis.studio.promotion.account import CHANGED
from majlis.studio.promotion.audience import SQL, Audience, stored


class Active(msgspec.Struct, frozen=True):
    """A promotion that may be shown between two moments, and what it had left when it was read.

    What it has left now is known when it is charged; here it only keeps it from winning what it cannot pay.
    """

    id: int
    page_id: int
    post_id: int
    bid: Decimal
    left: Decimal
    balance: Decimal
    cap: int
    starts_at: datetime
    ends_at: datetime
    audience: Audience
    tag_ids: frozenset[int]

    @property
    def most(self) -> Decimal:
        """The most it can pay for an impression."""
        return min(self.bid, self.left, self.balance)

    def runs(self, at: datetime) -> bool:
        """Whether the moment is between its start and its end."""
        return self.starts_at <= at < self.ends_at


class _Remembered:
    """Read once, until the change log says otherwise; also when it says so while it is being read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clock = 0
        self._found: tuple[Active, ...] | None = None

    def forget(self) -> None:
        with self._lock:
            self._clock += 1
            self._found = None

    def get(self, *, at: datetime) -> tuple[Active, ...]:
        found = self._found
        if found is None:
            clock = self._clock
            found = read(at=at)
            with self._lock:
                if clock == self._clock:
                    self._found = found
        return found


_REMEMBERED: Final = _Remembered()


def read(*, at: datetime) -> tuple[Active, ...]:
    """All that may be shown at this moment or later. One query."""
    return tuple(_active(row) for row in sql.rows(SQL["active"], at=at, floor=money.floor()))


def _active(row: tuple[Any, ...]) -> Active:
    values = [*row]
    values[9], values[10] = stored(row[9]), frozenset(row[10])
    return Active(*values)


def running(*, at: datetime) -> list[Active]:
    """What runs at this moment."""
    every = _REMEMBERED.get(at=at) if MEMORY.live else read(at=at)
    return [each for each in every if each.runs(at)]


def listen() -> None:
    """Follow the change log."""
    changes.listen(CHANGED, lambda _line: _REMEMBERED.forget())


def forget() -> None:
    """Begin anew: the log does not reach back to where this process was."""
    _REMEMBERED.forget()
