"""Clicks wait in memory for a moment and are written together.

A click is acknowledged by its redirect alone: one that waits when the process is killed (kill -9, power) is lost,
at most ``EVERY`` seconds of them. A server that ends in order, or cannot reach its database for a while, keeps
them. The redirect is what the visitor came for; it never waits for the database.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.db import Error, close_old_connections

from majlis.core.clock import now
from majlis.core.errors import NotSignedIn
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
KNOWN_FOR: Final = 60.0
"""Seconds for which it is remembered whose a session is: its end or another profile is seen after that."""
_MOST_KNOWN: Final = 5_000


@dataclass(frozen=True, slots=True)
class Visit:
    """A redirect that counts. ``cookie`` is the header as it came; ``ticket`` what our own pages added."""

    destination: Destination
    token: str
    at: datetime
    cookie: str
    ticket: str


class ClickWriter:
    """A thread that writes what has been put. ``identify`` gives the profile of a cookie header."""

    def __init__(self, identify: Callable[[str], int]) -> None:
        self._identify = identify
        self._waiting: deque[Visit] = deque(maxlen=MOST_WAITING)
        self._some = threading.Event()
        self._ending = threading.Event()
        self._known: dict[str, tuple[int, float]] = {}
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
        """Whether they are kept; if not they wait on, the newest of too many."""
        try:
            close_old_connections()
            clicks.record([self._click(visit) for visit in visits], arrived_at=now())
        except Error as error:
            log.warning("%d clicks wait for the database: %s", len(visits), error)
            self._waiting.extendleft(reversed(visits))
            return False
        except Exception:
            log.exception("%d clicks could not be written", len(visits))
        return True

    def _click(self, visit: Visit) -> NewClick:
        to = visit.destination
        profile_id = self._whose(visit.cookie) if settings.SESSION_COOKIE_NAME in visit.cookie else 0
        ticket = (
            tickets.read(visit.ticket, viewer=profile_id, post_id=to.post_id, now=visit.at)
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

    def _whose(self, cookie: str) -> int:
        """The profile of a browser; 0 for nobody. Not asked twice within a minute."""
        key, moment = sha256(cookie.encode("utf-8", "replace")).hexdigest(), now().timestamp()
        known = self._known.get(key)
        if known is not None and moment - known[1] < KNOWN_FOR:
            return known[0]
        try:
            profile_id = self._identify(cookie)
        except NotSignedIn:
            profile_id = 0
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[key] = (profile_id, moment)
        return profile_id
