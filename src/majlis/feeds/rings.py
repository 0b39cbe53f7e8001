"""Rings: the last 32 posts of every author and every hashtag, in memory, for merging feeds at read time.

Invariant of a ring: it holds every post of its source with an id of at least ``floor``, newest first.
A ring that was never full has floor 0: it holds all there is. So a merged page is exact down to the
highest floor of its sources (:attr:`Merged.exact_to`); below it SQL has to answer.

Posting costs one insertion, however many follow. Nothing is kept per follower. Profiles and hashtags
share the key space: their ids come from the same clock and never meet.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

LENGTH: Final = 32
_NONE: Final = 0  # no post has id 0
_NOTHING_YET: Final = 2**63 - 1

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Merged:
    """Ids, newest first. Those of at least ``exact_to`` are all there are; nothing is said of lower ones."""

    ids: list[int]
    exact_to: int


class Rings:
    """The rings of one process. Writers take the lock; readers do not: they work on what they copied."""

    def __init__(self, capacity: int = 1024) -> None:
        self._row: dict[int, int] = {}
        self._ids: Ids = np.zeros((capacity, LENGTH), np.int64)
        self._floor: Ids = np.zeros(capacity, np.int64)
        self._changed: Ids = np.zeros(capacity, np.int64)  # by row: the clock's hand after its last change
        self.clock = 0
        self._lock = threading.Lock()
        self._meanwhile: list[tuple[Callable[[int, int], None], int, int]] | None = None

    def __len__(self) -> int:
        return len(self._row)

    def reload(self, read: Callable[[], tuple[Sequence[int], Ids, Ids]]) -> None:
        """Replace everything by what ``read`` gives: sources, ids (one row each, newest first, padded
        with 0) and floors. What is added or removed while it reads is done again afterwards.
        """
        with self._lock:
            self._meanwhile = []
        sources, ids, floors = read()
        with self._lock:
            capacity = max(1024, len(sources) + len(sources) // 4)
            grown, floor = np.zeros((capacity, LENGTH), np.int64), np.zeros(capacity, np.int64)
            grown[: len(sources)], floor[: len(sources)] = ids, floors
            self._ids, self._floor, self._changed = grown, floor, np.zeros(capacity, np.int64)
            self._row = {source: row for row, source in enumerate(sources)}
            again, self._meanwhile = self._meanwhile or [], None
        for deed, source, post_id in again:
            deed(source, post_id)

    def knows(self, source: int) -> bool:
        """Whether there is a ring for this source."""
        return source in self._row

    def begin(self, source: int) -> None:
        """Make a ring that vouches for nothing yet, but takes what comes; :meth:`complete` ends that."""
        with self._lock:
            if source not in self._row:
                self._floor[self._new_row(source)] = _NOTHING_YET

    def complete(self, source: int, ids: Sequence[int]) -> None:
        """The newest posts of a ring that was begun: 33 or fewer, newest first; fewer are all there are."""
        with self._lock:
            row = self._row[source]
            known = sorted({*ids, *(int(id_) for id_ in self._ids[row] if id_)}, reverse=True)
            self._ids[row] = _NONE
            self._ids[row, : min(len(known), LENGTH)] = known[:LENGTH]
            self._floor[row] = known[LENGTH - 1] if len(known) > LENGTH else 0
            self._note_change(row)

    def add(self, source: int, post_id: int) -> None:
        """A post of this source is there. Again does nothing; late ones find their place."""
        with self._lock:
            if self._meanwhile is not None:
                self._meanwhile.append((self.add, source, post_id))
            row = self._row.get(source)
            if row is None:
                row = self._new_row(source)
            self._insert(row, post_id)
            self._note_change(row)

    def _note_change(self, row: int) -> None:
        # after the change: who read the clock before it and the ring after it looks once too often, never too seldom
        self._changed[row] = self.clock + 1
        self.clock += 1

    def _insert(self, row: int, post_id: int) -> None:
        ring = self._ids[row]
        if post_id < self._floor[row] != _NOTHING_YET:
            return  # below what the ring vouches for
        place = int(np.searchsorted(-ring, -post_id)) if post_id <= ring[0] else 0
        if place < LENGTH and ring[place] == post_id:
            return
        dropped = ring[-1]
        if place < LENGTH:
            ring[place + 1 :] = ring[place:-1].copy()
            ring[place] = post_id
        if dropped != _NONE and self._floor[row] != _NOTHING_YET:
            # something older than the ring holds is there: it vouches for its own oldest from now on
            self._floor[row] = ring[-1]

    def remove(self, source: int, post_id: int) -> None:
        """A post of this source is gone. The ring gets shorter and vouches for no more than before."""
        with self._lock:
            if self._meanwhile is not None:
                self._meanwhile.append((self.remove, source, post_id))
            row = self._row.get(source)
            if row is None:
                return
            ring = self._ids[row]
            kept = ring[ring != post_id]
            if len(kept) < LENGTH:
                self._ids[row, : len(kept)] = kept
                self._ids[row, len(kept) :] = _NONE
            self._note_change(row)

    def _new_row(self, source: int) -> int:
        row = len(self._row)
        if row == len(self._ids):
            # readers keep the arrays they have; the new ones hold the same rows
            self._ids = np.concatenate([self._ids, np.zeros_like(self._ids)])
            self._floor = np.concatenate([self._floor, np.zeros_like(self._floor)])
            self._changed = np.concatenate([self._changed, np.zeros_like(self._changed)])
        self._row[source] = row
        return row

    def rows(self, sources: Iterable[int]) -> Ids:
        """The rows of these sources for :meth:`merge`, made where missing. Valid until ``reload``.

        A missing ring is empty and complete: who has ever posted has a ring. (Rings of hashtags are begun
        and completed by whoever needs them first.)
        """
        with self._lock:
            return np.array([self._row[s] if s in self._row else self._new_row(s) for s in sources], np.intp)

    def changed_since(self, rows: Ids, clock: int) -> bool:
        """Whether one of these rows changed after the clock stood there."""
        return bool(len(rows)) and bool(self._changed[rows].max() > clock)

    def merge(self, rows: Ids, *, below: int, above: int, upward: bool, limit: int) -> Merged:
        """The newest ``limit`` ids between ``above`` and ``below`` (both excluded), of these rows.

        ``upward``: the oldest ``limit`` above ``above`` instead, still given newest first.
        """
        if not len(rows):
            return Merged([], 0)
        newest = self._ids[rows, 0]
        if upward or below <= newest.max():
            found = self._ids[rows].ravel()
            found = found[(found > above) & (found < below)]
        else:
            # the newest `limit` posts are among the `limit` authors with the newest last post
            chosen = rows[np.argpartition(newest, -limit)[-limit:]] if len(rows) > limit else rows
            found = self._ids[chosen].ravel()
            if above:
                found = found[found > above]
        return Merged(_ends(found, limit, upward=upward), int(self._floor[rows].max()))

    def holds(self, source: int) -> list[int]:
        """What is in one ring, newest first (for tests and for operators)."""
        row = self._row.get(source)
        return [] if row is None else [int(id_) for id_ in self._ids[row] if id_ != _NONE]


def _ends(found: Ids, limit: int, *, upward: bool) -> list[int]:
    """The newest (or, upward, the oldest) ``limit`` of the ids, once each, newest first."""
    if upward:
        found = found[found != _NONE]
    taken = limit
    while True:
        part = found
        if len(found) > taken:
            part = np.partition(found, taken - 1)[:taken] if upward else np.partition(found, -taken)[-taken:]
        once = sorted({*part.tolist()} - {_NONE}, reverse=True)
        if len(once) >= limit or len(part) == len(found):
            return once[-limit:] if upward else once[:limit]
        # a post with hashtags stands in several rings: take more, until enough different ones are there
        taken *= 2
