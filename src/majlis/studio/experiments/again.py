"""A post is placed once more in a member's home: unpaid, once, and it says why.

Two reasons: it was withheld from her by an experiment and its time is over; or its page asked for a second chance.
Invariants: nobody who viewed it gets it, whatever happened a moment ago; nobody gets it twice; a page of a feed has
one such item at most, never the first; only those who were followers when it appeared and are measured; none for who
switched it off; none that she would not find in her feed anyway (mutes, filters, blocks, languages).

With nothing to place a page costs one look at an empty tuple. Who was looked at and found to get nothing is not
looked at again within the hour.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from majlis.core import changes, sql
from majlis.feeds.home import FeedPage, home_verdict
from majlis.feeds.hydration import Batch
from majlis.feeds.memory import MEMORY
from majlis.feeds.reading import reader_of
from majlis.feeds.rules import LeftOut
from majlis.posts.withholding import lot
from majlis.studio.experiments.holding import AGAIN_CHANGED, SQL

POSITION: Final = 2
"""Where it stands: the third of a page, or the last but one of a shorter one."""
AROUND: Final = 1
"""Hours before and after that at which she usually opens a feed."""
LAST_DAY: Final = timedelta(days=1)
"""In the last day of its time the hour does not matter any more."""
_REMEMBERED: Final = 50_000


class Offer(msgspec.Struct, frozen=True):
    """A post that may be placed once more, for followers whose lot is in [``low``, ``high``): all without ``key``."""

    id: int
    page_id: int
    post_id: int
    reason: str
    key: bytes | None
    draw: int
    low: float
    high: float
    since: datetime
    until: datetime

    def is_for(self, number: int) -> bool:
        """Whether it is for the member with this number."""
        return self.key is None or self.low <= lot(self.key, self.draw, number) < self.high

    def hour_fits(self, usual: int | None, *, at: datetime) -> bool:
        """Whether this is her hour. What was withheld is shown as soon as may be."""
        if self.reason == "later" or usual is None or self.until - at < LAST_DAY:
            return True
        apart = abs(at.astimezone(self.since.tzinfo).hour - usual) % 24
        return min(apart, 24 - apart) <= AROUND


class Placed(msgspec.Struct, frozen=True):
    """A post that is placed: where in the list of what is shown, why, and with what it is presented."""

    position: int
    post_id: int
    page_id: int
    reason: str
    batch: Batch


class _Remembered:
    """What may be placed, until the change log says otherwise; and who was looked at in which hour."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clock = 0
        self._found: tuple[Offer, ...] | None = None
        self.settled: dict[int, int] = {}

    def forget(self) -> None:
        with self._lock:
            self._clock += 1
            self._found = None
            self.settled = {}

    def get(self, *, at: datetime) -> tuple[Offer, ...]:
        if self._found is not None:
            return self._found
        clock = self._clock
        found = read(at=at)
        if MEMORY.live:
            with self._lock:
                if clock == self._clock:
                    self._found = found
        return found

    def settle(self, viewer: int, *, at: datetime) -> None:
        if MEMORY.live:
            if len(self.settled) > _REMEMBERED:
                self.settled = {}
            self.settled[viewer] = _hour(at)


_REMEMBER: Final = _Remembered()


def _hour(at: datetime) -> int:
    return int(at.timestamp()) // 3600


def read(*, at: datetime) -> tuple[Offer, ...]:
    """All that may be placed at this moment or later. One query."""
    return tuple(_offer(row) for row in sql.rows(SQL["agains"], at=at))


def _offer(row: tuple[Any, ...]) -> Offer:
    values = [*row]
    values[4] = None if row[4] is None else bytes(row[4])
    return Offer(*values)


def listen() -> None:
    """Follow the change log."""
    changes.listen(AGAIN_CHANGED, lambda _line: _REMEMBER.forget())


def forget() -> None:
    """Begin anew: the log does not reach back to where this process was."""
    _REMEMBER.forget()


def for_her(*, viewer: int, at: datetime) -> Sequence[Offer]:
    """What may be placed in her home now, as far as memory tells: nothing for nearly everybody."""
    every = _REMEMBER.get(at=at)
    if not every or _REMEMBER.settled.get(viewer) == _hour(at):
        return ()
    following = reader_of(viewer=viewer, at=at).rules.following
    return [each for each in every if each.page_id in following and each.since <= at < each.until]


def placed(*, viewer: int, feed: FeedPage, at: datetime) -> Placed | None:
    """What is placed once more on this first page of her home feed, written down before it is shown."""
    offers = for_her(viewer=viewer, at=at)
    if not offers:
        return None
    found = _first_of(offers, viewer=viewer, feed=feed, at=at) if len(feed.ids) >= POSITION else None
    if found is None:
        _REMEMBER.settle(viewer, at=at)
    return found


def _first_of(offers: Sequence[Offer], *, viewer: int, feed: FeedPage, at: datetime) -> Placed | None:
    number, usual, allowed = _may(viewer, offers, at=at)
    above = {feed.batch.itself(feed.batch.posts[id_]).id for id_ in feed.ids}
    for each in offers:
        if each.post_id not in allowed or each.post_id in above or not each.is_for(number):
            continue
        if not each.hour_fits(usual, at=at):
            continue
        verdict, batch = home_verdict(viewer=viewer, post_id=each.post_id, at=at)
        if isinstance(verdict, LeftOut):
            continue
        if sql.execute(SQL["place"], post=each.post_id, viewer=number, again=each.id, at=at):
            position = min(POSITION, len(feed.ids) - 1)
            return Placed(position, each.post_id, each.page_id, each.reason, batch)
    return None


def _may(viewer: int, offers: Sequence[Offer], *, at: datetime) -> tuple[int, int | None, set[int]]:
    """Her number, her hour (None: unknown), and which posts may be placed for her. Two queries."""
    row = sql.one(SQL["takes_second_chances"], viewer=viewer)
    if row is None:
        return 0, None, set()
    posts = [each.post_id for each in offers]
    rows = sql.rows(SQL["may_be_placed"], viewer=row[0], posts=posts, at=at)
    return int(row[0]), rows[0][1] if rows else None, {post for post, _hour in rows}


class WasPlaced(msgspec.Struct, frozen=True):
    """That a post was placed once more for a member, and why."""

    page_id: int
    post_id: int
    reason: str
    at: datetime


def was_placed(*, viewer: int, post_id: int) -> WasPlaced | None:
    """Why a post was placed once more in her home, if it was."""
    row = sql.one(SQL["placed_for"], profile=viewer, post=post_id)
    return WasPlaced(*row) if row else None


class TakesPart(msgspec.Struct, frozen=True):
    """What experiments did with a member in the last ninety days: ``posts`` of pages she follows that were in one,
    ``later`` of them withheld from her when she opened a feed, ``again`` placed once more in her home."""

    posts: int
    later: int
    again: int


def takes_part(*, viewer: int, at: datetime) -> TakesPart:
    """What experiments did with her, for her to see."""
    row = sql.one(SQL["takes_part"], profile=viewer, since=at - timedelta(days=90))
    return TakesPart(*row) if row else TakesPart(0, 0, 0)
