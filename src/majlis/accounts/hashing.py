"""Argon2, at most two at a time: half a second of CPU each must not become an outage.

Those that come while two are running wait their turn for a few seconds; then they are refused
politely. The queue is short as well, so that a flood cannot hold every page thread.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotNow

AT_ONCE: Final = 2
WAITING: Final = 2
PATIENCE: Final = 5.0  # seconds

_running = threading.BoundedSemaphore(AT_ONCE)
_queue = threading.BoundedSemaphore(AT_ONCE + WAITING)


@contextmanager
def a_turn() -> Iterator[None]:
    """A turn at hashing.

    Raises:
        NotNow: too many are hashing and waiting already.
    """
    busy = NotNow(_("Too many people are signing in at this moment. Please try again in a minute."))
    if not _queue.acquire(blocking=False):
        raise busy
    try:
        if not _running.acquire(timeout=PATIENCE):
            raise busy
        try:
            yield
        finally:
            _running.release()
    finally:
        _queue.release()


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """Django's Argon2 hasher behind the turn."""

    # 19 MiB, 2 passes, 1 lane: OWASP's first recommendation for argon2id (Password Storage Cheat Sheet)
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with a_turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with a_turn():
            return super().verify(password, encoded)
