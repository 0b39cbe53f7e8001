"""Places that were given, written down in batches: a page does not wait for the disk because somebody pays.

Twice a second; nobody can have seen a post for a second before its place is written. A process that is killed loses
the places of half a second, and their impressions are free. A process without a thread for it (a command, a test)
writes at once.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from django.db import close_old_connections, connection

from majlis.core import sql
from majlis.studio.promotion.audience import SQL
from majlis.studio.promotion.money import STEP

log = logging.getLogger(__name__)

EVERY: Final = 0.4
"""Seconds between two batches: less than an impression takes."""
MOST: Final = 20_000
_AT_ONCE: Final = 1_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Offer(NamedTuple):
    """A place given to a member on one page, and its price."""

    id: int
    promotion_id: int
    profile_id: int
    price: Decimal
    at: datetime


class Writer:
    """Writes down what was given. One per process."""

    def __init__(self) -> None:
        self._waiting: deque[Offer] = deque(maxlen=MOST)
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def give(self, offers: Iterable[Offer]) -> None:
        """These places were given."""
        if self._thread is None:
            _write(list(offers))
        else:
            self._waiting.extend(offers)

    def start(self) -> None:
        """Write in batches from now on."""
        self._end.clear()
        self._thread = threading.Thread(target=self._run, name="offers", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what is left, and end."""
        self._end.set()
        if self._thread is not None:
            self._thread.join(10)
            self._thread = None

    def _run(self) -> None:
        ended = False
        while not ended:
            ended = self._end.wait(EVERY)
            try:
                while offers := self._next():
                    close_old_connections()
                    _write(offers)
            except Exception:
                log.exception("places of promotions could not be written")
        connection.close()

    def _next(self) -> list[Offer]:
        return [self._waiting.popleft() for _number in range(min(len(self._waiting), _AT_ONCE))]


def _write(offers: list[Offer]) -> None:
    """In whole numbers, which the driver writes fastest: steps of money, microseconds of time."""
    sql.execute(
        SQL["offer"],
        ids=[each.id for each in offers],
        promotions=[each.promotion_id for each in offers],
        profiles=[each.profile_id for each in offers],
        prices=[int(each.price / STEP) for each in offers],
        ats=[(each.at - _EPOCH) // timedelta(microseconds=1) for each in offers],
    )


WRITER: Final = Writer()
"""The writer of this process."""
