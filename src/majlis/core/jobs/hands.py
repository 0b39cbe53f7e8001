"""The threads of one worker, and the claims in its hands: unstarted ones in line, running ones by thread."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import connection

from majlis.core.jobs import claims, registry, runner
from majlis.core.jobs.claims import Claim

log = logging.getLogger(__name__)

_LARGEST_BATCH: Final = 128
_WORK_AHEAD: Final = 0.25
"""Seconds of work taken at once: much when jobs are quick, little when others could share them."""
_MEMORY: Final = 0.9
"""Weight of the past in the average run time."""


@dataclass(slots=True, eq=False)
class Running:
    """A job that a thread runs; ``attempt`` is 0 until the run counts."""

    claim: Claim
    since: float = field(default_factory=time.monotonic)
    attempt: int = 0
    took: float = 0.0  # seconds, once it ended
    given_up: bool = False


class Hands:
    """Threads that run claims. ``wants_work`` is a descriptor that becomes readable when one is idle."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._line: deque[tuple[float, Claim]] = deque()
        self._running: list[Running] = []
        self._changed = threading.Condition()
        self._dismissed = False
        self._average = 0.05  # seconds a run; a careful guess at first
        self.wants_work, self._wish = os.pipe()
        os.set_blocking(self._wish, False)
        self._threads = [
            threading.Thread(target=self._serve, name=f"job-{number}", daemon=True) for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def __contains__(self, id_: int) -> bool:
        with self._changed:
            held = [item.claim for item in self._running] + [claim for _, claim in self._line]
        return any(claim.id == id_ for claim in held)

    # For the main thread.

    def room(self) -> int:
        """How many claims to take now: none while the line is long enough."""
        with self._changed:
            idle = self.count - len(self._running)
            if len(self._line) >= self.count or not (idle or self._average < _WORK_AHEAD / 10):
                return 0
            quick = int(self.count * _WORK_AHEAD / max(self._average, 1e-4))
            return max(0, max(idle, min(quick, _LARGEST_BATCH)) - len(self._line))

    def take(self, found: Sequence[Claim]) -> None:
        now = time.monotonic()
        with self._changed:
            self._line.extend((now, claim) for claim in found)
            self._changed.notify(len(found))

    def drop_unstarted(self, *, older_than: float = 0.0) -> list[Claim]:
        """Take claims out of the line, if the first was put there so many seconds ago."""
        with self._changed:
            if not self._line or time.monotonic() - self._line[0][0] < older_than:
                return []
            dropped = [claim for _, claim in self._line]
            self._line.clear()
            return dropped

    def give_up_overrun(self) -> None:
        """Fail the runs that take longer than their lease. Python cannot end their threads: what
        they still write in an atomic job is undone, and their place in this worker is lost."""
        now = time.monotonic()
        with self._changed:
            running = [item for item in self._running if item.attempt and not item.took and not item.given_up]
        for item in running:
            with contextlib.suppress(registry.UnknownJobError):
                limit = item.claim.kind().lease
                if now - item.since > limit:
                    log.error("job %s %d overran its %.0f s", item.claim.name, item.claim.id, limit)
                    item.given_up = True
                    claims.overran(item.claim, item.attempt, seconds=now - item.since)

    def all_hang(self) -> bool:
        with self._changed:
            return sum(item.given_up for item in self._running) >= self.count

    def busy(self) -> bool:
        return bool(self.still_running())

    def still_running(self) -> list[Claim]:
        with self._changed:
            return [item.claim for item in self._running if not item.given_up]

    def dismiss(self) -> None:
        """Threads end after what they run just now; what is in line is forgotten, not given back."""
        with self._changed:
            self._dismissed = True
            self._line.clear()
            self._changed.notify_all()
            os.close(self.wants_work)
            os.close(self._wish)
            self.wants_work = self._wish = -1  # a thread may still write; never into a reused descriptor
        until = time.monotonic() + 1.0  # the idle ones end, and close their connections, at once
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    # For the threads.

    def _serve(self) -> None:
        before: Running | None = None  # ran on this thread, its end not yet recorded
        try:
            while True:
                item = self._next(wait=before is None)
                if item is not None:
                    before = self._run(item, before)
                elif before is not None:
                    self._settle(before)
                    before = None
                else:
                    return
        finally:
            connection.close()

    def _run(self, item: Running, before: Running | None) -> Running | None:
        """Run one; it is returned when its end is left to be recorded with the next start."""

        def began(attempt: int) -> None:
            item.attempt = attempt
            if before is not None:
                self._done(before)

        try:
            outcome = runner.run(item.claim, done=before.claim if before else None, began=began)
        except Exception:
            # Not the job's failure, that is recorded: the database is away. What is not recorded is
            # given back at the next heartbeat, or when this worker is registered anew.
            log.exception("job %s %d could not be run", item.claim.name, item.claim.id)
            connection.close()
            outcome = "lost"
            if before is not None:
                self._done(before)
        item.took = time.monotonic() - item.since
        if outcome == "ran":
            return item
        self._done(item)
        return None

    def _settle(self, before: Running) -> None:
        try:
            claims.finish_repeatable(before.claim)
        except Exception:
            log.exception("job %s %d is done, but not recorded", before.claim.name, before.claim.id)
            connection.close()
        self._done(before)

    def _next(self, *, wait: bool) -> Running | None:
        with self._changed:
            while not self._line and not self._dismissed:
                if not wait:
                    return None
                self._wish_for_work()
                self._changed.wait()
            if self._dismissed:
                return None
            item = Running(self._line.popleft()[1])
            self._running.append(item)
            if len(self._line) < self.count:
                self._wish_for_work()
            return item

    def _done(self, item: Running) -> None:
        with self._changed:
            if item in self._running:
                self._running.remove(item)
                self._average = self._average * _MEMORY + item.took * (1 - _MEMORY)

    def _wish_for_work(self) -> None:
        with contextlib.suppress(BlockingIOError, OSError):
            os.write(self._wish, b".")
