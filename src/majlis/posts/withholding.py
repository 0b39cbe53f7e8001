"""Posts that an experiment shows to some readers later: asked by every feed, before it shows one.

Who gets a post later is decided by a keyed hash of the experiment and the reader's number (her *lot*), so nothing
is kept of any reader, and whoever does not have the key cannot tell. Which posts are withheld now, and which number
a reader has, feeds do not know themselves: a :class:`Source` that ``wiring.py`` puts in says so. With nothing
withheld a page costs one look at an empty mapping, and no item costs anything.

Delayed, never denied: whoever opens the post itself, the profile, a thread or the search finds it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from types import MappingProxyType
from typing import Final

import msgspec

from majlis.core.changes import Line

CHANGED: Final = "withheld.changed"
_WHOLE: Final = float(1 << 64)


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A post of ``page_id`` withheld from its followers whose lot is in [``low``, ``high``), until a moment.

    ``key`` is the experiment's (16 bytes), ``draw`` names the draw of lots: posts of one draw go to the same
    halves. ``others``: also from those who take no part or do not follow the page.
    """

    post_id: int
    page_id: int
    key: bytes
    draw: int
    low: float
    high: float
    until: datetime
    others: bool = False

    def holds(self, number: int) -> bool:
        """Whether the post is withheld from the reader with this number; 0 takes no part."""
        return self.low <= lot(self.key, self.draw, number) < self.high if number else self.others


def lot(key: bytes, draw: int, number: int) -> float:
    """Where a reader falls in a draw: evenly in [0, 1), the same again whenever it is asked. BLAKE2b, keyed
    (RFC 7693), of the draw and her number, its first 64 bits as a fraction."""
    told = blake2b(b"%d %d" % (draw, number), key=key, digest_size=8).digest()
    return int.from_bytes(told) / _WHOLE


class Source(msgspec.Struct, frozen=True):
    """``holds(at)``: what is withheld at a moment or later; ``numbers(viewers)``: theirs in draws, but of who takes
    no part. Both may read the database. ``lasting()``: whether this process follows the change log, so that it may
    remember what it read."""

    holds: Callable[[datetime], Iterable[Hold]]
    numbers: Callable[[Sequence[int]], Mapping[int, int]]
    lasting: Callable[[], bool]


_NOTHING: Final[Mapping[int, Hold]] = MappingProxyType({})


class _Withheld:
    """Read once, until the change log says otherwise; also when it says so while it is being read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: Mapping[int, Hold] | None = None
        self.source: Source | None = None
        self.clock = 0

    def forget(self) -> None:
        with self._lock:
            self.clock += 1
            self._found = None

    def get(self, at: datetime) -> Mapping[int, Hold]:
        if self.source is None:
            return _NOTHING
        lasting = self.source.lasting()
        if lasting and self._found is not None:
            return self._found
        clock = self.clock
        found = {each.post_id: each for each in self.source.holds(at)} or _NOTHING
        if lasting:
            with self._lock:
                if clock == self.clock:
                    self._found = found
        return found


_withheld: Final = _Withheld()


def install(source: Source) -> None:
    """From now on this says what is withheld."""
    _withheld.source = source
    _withheld.forget()


def forget(_line: Line | None = None) -> None:
    """It changed, or the log does not reach back to where this process was."""
    _withheld.forget()


def clock() -> int:
    """Moved by every change of what is withheld."""
    return _withheld.clock


def running(at: datetime) -> Mapping[int, Hold]:
    """What is withheld from somebody at this moment, by post."""
    every = _withheld.get(at)
    if not every:
        return every
    return {post_id: hold for post_id, hold in every.items() if hold.until > at}


def number_of(viewer: int) -> int:
    """A member's number in draws, 0 for who takes no part. May read the database."""
    return _withheld.source.numbers([viewer]).get(viewer, 0) if _withheld.source is not None else 0


def without(viewers: Iterable[int], *, post_id: int, at: datetime) -> list[int]:
    """Those of a page's followers from whom its post is not withheld now. One query at most, however many they are."""
    everybody = list(viewers)
    hold = running(at).get(post_id)
    if hold is None or _withheld.source is None:
        return everybody
    numbers = _withheld.source.numbers(everybody)
    return [each for each in everybody if each == hold.page_id or not hold.holds(numbers.get(each, 0))]
