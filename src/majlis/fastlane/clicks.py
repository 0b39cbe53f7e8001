"""Clicks wait in memory for a moment and are written together.

A click is acknowledged by its redirect alone: one that waits when the process is killed (kill -9, power) is lost,
at most ``EVERY`` seconds of them. A server that ends in order, or cannot reach its database for a while, keeps
them. The redirect is what the visitor came for; it never waits for the database.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import InterfaceError, OperationalError, close_old_connections

from majlis.core.clock import now
from majlis.insights import tickets
from majlis.insights.kinds import Source
from majlis.studio.links import clicks
from majlis.studio.links.clicks import NewClick
from majlis.studio.links.memory import Destination

log = logging.getLogger(__name__)

EVERY: Final = 0.08
"""Seconds between two writings; no click waits longer while the database answers."""
MOST_WAITING: Final = 100_000
MOST_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Visit:
    """A redirect that counts. ``cookie`` is the header as it came; ``ticket`` what our own pages added."""

    destination: Destination
    token: str
    at: datetime
    cookie: str
    ticket: str


class ClickWriter:
    """A thread that writes what has been put. ``identify``: cookie headers → profiles, 0 for nobody."""

    def __init__(self, identify: Callable[[Collection[str]], Mapping[str, int]]) -> None:
        self._identify = identify
        self._waiting: deque[Visit] = deque(maxlen=MOST_WAITING)
        self._some = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clicks", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        self._ending.set()
        self._some.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def put(self, visit: Visit) -> None:
        """Have it written soon. Never waits."""
        self._waiting.append(visit)
        # the thread is woken once for all that come while it gathers
        if not self._some.is_set():
            self._some.set()

    def _run(self) -> None:
        while True:
            self._some.wait()
            ended = self._ending.wait(EVERY)
            self._some.clear()
            while self._waiting and self._write([self._waiting.popleft() for _ in range(self._size())]):
                pass
            if ended:
                return
            if self._waiting:  # the database is away
                self._ending.wait(1)
                self._some.set()

    def _size(self) -> int:
        return min(len(self._waiting), MOST_AT_ONCE)

    def _write(self, visits: Sequence[Visit]) -> bool:
        """Whether they are done with; if not (the database is away) they wait on, the newest of too many."""
        try:
            close_old_connections()
            whose = self._identify({visit.cookie for visit in visits if visit.cookie})
            made = [_click(visit, whose.get(visit.cookie, 0)) for visit in visits]
            clicks.record(made, arrived_at=now())
        except (OperationalError, InterfaceError) as error:
            log.warning("%d clicks wait for the database: %s", len(visits), error)
            self._waiting.extendleft(reversed(visits))
            return False
        except Exception:
            return self._write_apart(visits)
        return True

    def _write_apart(self, visits: Sequence[Visit]) -> bool:
        """One of them cannot be written, whenever it is tried; the others can."""
        if len(visits) == 1:
            log.exception("a click could not be written")
            return True
        half = len(visits) // 2
        if self._write(visits[:half]):
            return self._write(visits[half:])
        self._waiting.extend(visits[half:])
        return False


def _click(visit: Visit, profile_id: int) -> NewClick:
    to = visit.destination
    ticket = (
        tickets.read(visit.ticket, viewer=profile_id, post_id=to.post_id, at=visit.at.timestamp())
        if visit.ticket
        else None
    )
    return NewClick(
        link_id=to.link_id,
        page_id=to.page_id,
        post_id=to.post_id,
        token=visit.token,
        at=visit.at,
        profile_id=profile_id,
        source=ticket.source if ticket else Source.OUTSIDE,
        paid=ticket.paid if ticket else False,
    )
