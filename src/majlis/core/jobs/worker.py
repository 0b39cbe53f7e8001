"""The worker: one thread that keeps the claims, and a few that run jobs.

The main thread leases jobs in batches, extends the worker's own lease, takes over from lost workers
and fires recurring jobs. It holds the session lock by which others see this worker die.
"""

from __future__ import annotations

import logging
import os
import selectors
import signal
import threading
import time
from typing import Any, Final, cast

from django.db import Error as DatabaseError
from django.db import connection

from majlis.core import clock, sql
from majlis.core.jobs import claims
from majlis.core.jobs.hands import Hands
from majlis.core.jobs.ticks import Ticks

log = logging.getLogger(__name__)

CONCURRENCY: Final = 4
GRACE: Final = 25.0
"""Seconds that running jobs get to end after a stop was asked for."""
_ROUND: Final = 1.0
"""Seconds between looks for lost workers, due slots and due retries."""
_WAIT: Final = 0.25
"""Seconds at most until a request to stop is seen."""
_LONGEST_PAUSE: Final = 5.0


def main(*, concurrency: int = CONCURRENCY, grace: float = GRACE, lease: float = claims.LEASE) -> int:
    """Run a worker until SIGTERM or SIGINT; the process's exit status.

    Django is set up and all jobs are registered before this is called.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return 0 if run_worker(stop, concurrency, grace=grace, lease=lease) else 1


def run_worker(
    stop_event: threading.Event,
    concurrency: int = CONCURRENCY,
    *,
    grace: float = GRACE,
    lease: float = claims.LEASE,
) -> bool:
    """Take and run jobs until the event is set, through any number of database restarts.

    Returns:
        False when it gave up because every thread hangs in a job that overran its lease: only a new
        process can take those back.
    """
    pause = 0.1
    while not stop_event.is_set():
        try:
            worker = Worker(concurrency, lease=lease)
            pause = 0.1
            if not worker.run(stop_event, grace=grace):
                return False
        except DatabaseError as error:
            log.warning("the database is away, trying again in %.1f s: %s", pause, str(error).strip())
            stop_event.wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        finally:
            connection.close()
    return True


class Worker:
    """One registration: from taking the session lock to losing or leaving it."""

    def __init__(self, concurrency: int, *, lease: float) -> None:
        self.lease = lease
        self.id = claims.register_worker(lease=lease)
        sql.execute("listen majlis_jobs")
        self._ticks = Ticks(at=clock.now())
        self._hands = Hands(concurrency)
        self._next_round = 0.0
        self._next_beat = time.monotonic() + lease / 3

    def run(self, stop: threading.Event, *, grace: float) -> bool:
        """Work until stopped; False when every thread hangs."""
        log.info("worker %d (process %d) takes jobs", self.id, os.getpid())
        try:
            while not stop.is_set() and not self._hands.all_hang():
                self._duties()
                if not self._fill():
                    while not self._woken() and not stop.is_set():
                        pass
            self._end(0.0 if self._hands.all_hang() else grace)
        finally:
            self._hands.dismiss()
        return not self._hands.all_hang()

    def _duties(self) -> None:
        now = time.monotonic()
        if now >= self._next_beat:
            self._beat(now)
        if now >= self._next_round:
            self._next_round = now + _ROUND
            claims.take_over(self.id)
            self._ticks.fire_due(at=clock.now())
            self._hands.give_up_overrun()
            # Unstarted for long behind a slow job: another worker may be idle.
            claims.give_back_unstarted(self._hands.drop_unstarted(older_than=_ROUND))

    def _beat(self, now: float) -> None:
        self._next_beat = now + self.lease / 3
        if not claims.heartbeat(self.id, lease=self.lease):
            raise DatabaseError("this worker was silent for longer than its lease and is registered anew")
        stray = [id_ for id_ in claims.held(self.id) if id_ not in self._hands]
        if stray:  # runs whose end could not be recorded
            claims.recover(self.id, only=stray)

    def _fill(self) -> bool:
        """Lease a batch if there is room; False when there is nothing to do just now."""
        room = self._hands.room()
        found = claims.lease(self.id, limit=room) if room else []
        self._hands.take(found)
        return bool(found)

    def _woken(self) -> bool:
        """Sleep a little; True after a notification, a thread's wish for work, or the end of the round."""
        if self._notified():  # while another statement ran
            return True
        raw = cast(Any, connection.connection)
        with selectors.DefaultSelector() as selector:
            selector.register(raw.fileno(), selectors.EVENT_READ)
            selector.register(self._hands.wants_work, selectors.EVENT_READ)
            ready = selector.select(max(0.0, min(_WAIT, self._next_round - time.monotonic())))
        for key, _ in ready:
            if key.fileobj == self._hands.wants_work:
                os.read(self._hands.wants_work, 4096)
            else:
                self._notified()
        return bool(ready) or time.monotonic() >= self._next_round

    def _notified(self) -> bool:
        with connection.wrap_database_errors:
            return len(list(cast(Any, connection.connection).notifies(timeout=0))) > 0

    def _end(self, grace: float) -> None:
        claims.give_back_unstarted(self._hands.drop_unstarted())
        until = time.monotonic() + grace
        while self._hands.busy() and time.monotonic() < until:
            if time.monotonic() >= self._next_beat:
                self._beat(time.monotonic())
            time.sleep(0.02)
        for claim in self._hands.still_running():
            log.warning("job %s %d did not end in time and is given back", claim.name, claim.id)
            claims.give_back(claim)
        claims.leave(self.id)
