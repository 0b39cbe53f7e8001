"""Counters that all server processes of one machine share: a small file, mapped into the memory of each.

A table of slots found by hash: what it forgets it forgets in favour of the client (see :meth:`Counts.take`).
Counting costs some microseconds and no query; the file holds nothing that anybody would miss.
"""

from __future__ import annotations

import fcntl
import logging
import mmap
import os
import struct
import threading
from hashlib import blake2b
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

_SLOT: Final = struct.Struct("<QII")  # key's digest, window, count
SLOTS: Final = 1 << 16
_NEAR: Final = 8
"""Slots that a key may stand in."""


class Counts:
    """Counts by key within a window (a growing number). Without ``path`` for this process alone."""

    def __init__(self, path: Path | None, *, slots: int = SLOTS) -> None:
        self._slots = slots
        self._lock = threading.Lock()
        self._file = -1
        self._memory = self._shared(path) if path else self._own()

    def _own(self) -> mmap.mmap:
        return mmap.mmap(-1, self._slots * _SLOT.size)

    def _shared(self, path: Path) -> mmap.mmap:
        """The mapped file. Its room is taken at once: a disk that fills up later would kill the process."""
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            os.posix_fallocate(self._file, 0, self._slots * _SLOT.size)
            return mmap.mmap(self._file, self._slots * _SLOT.size)
        except OSError as error:
            log.warning("requests are counted by each process for itself: %s", error)
            if self._file >= 0:
                os.close(self._file)
            self._file = -1
            return self._own()

    def take(self, key: str, *, window: int) -> int:
        """Count one more under the key; how many there are now in this window.

        When its slots are all taken by others in this window, whoever used least of it is forgotten.
        """
        digest = int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little")
        with self._lock:
            if self._file < 0:
                return self._count(digest, window)
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                return self._count(digest, window)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _count(self, digest: int, window: int) -> int:
        chosen, fewest = -1, 1 << 32
        for step in range(_NEAR):
            place = (digest + step) % self._slots * _SLOT.size
            other, when, count = _SLOT.unpack_from(self._memory, place)
            if when == window and other == digest:
                chosen, fewest = place, count
                break
            used = count if when == window else 0
            if used < fewest:
                chosen, fewest = place, used
        else:
            fewest = 0  # new in this window
        _SLOT.pack_into(self._memory, chosen, digest, window, fewest + 1)
        return fewest + 1
