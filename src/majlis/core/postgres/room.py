"""Room on the private server's disk: before it is full, the server turns to reading only, and back by itself.

PostgreSQL that cannot write its log stops in the midst (PANIC) and cannot start again, and then nothing can
be read either. So writing is refused while there is still room for the log, by a line in a file that the
configuration includes. Putting the file there is a rename, which needs no room. Should the disk fill faster
than one looks, there is the ballast: a file given up so that the server can start.
"""

from __future__ import annotations

import os
import shutil
import signal
from contextlib import suppress
from typing import Final

from majlis.core.postgres import postmaster
from majlis.core.postgres.place import Place, Tell

FILE: Final = "full.conf"
LOW: Final = 128 * 2**20
"""Bytes below which nothing new is taken."""
ENOUGH: Final = 160 * 2**20
BALLAST: Final = 32 * 2**20
"""Two segments of the log."""
_LINES: Final = "# The disk is full: see docs/operating.md.\ndefault_transaction_read_only = on\n"


class Room:
    """Looks after the room of one place. Only who keeps the server (``majlis up``) does that."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._full = place.home / FILE
        self._ready = place.home / f"{FILE}.ready"
        self._ballast = place.home / "ballast"

    def look(self, tell: Tell) -> None:
        """Close or open the server for writing, as there is room; says so when it changes."""
        free = shutil.disk_usage(self._place.home).free
        closed = self._full.exists()
        if closed and free >= ENOUGH:
            self._full.replace(self._ready)
            self._reload()
            tell("There is room on the disk again: new things are taken.")
        elif not closed and free < LOW:
            self._close()
            tell(
                f"The disk is full ({free // 2**20} MB left): everything can be read, and nothing new is taken "
                f"until {ENOUGH // 2**20} MB are free."
            )
        elif not closed:
            self._prepare(free)

    def rescue(self) -> None:
        """Before the server starts again: when it died of a full disk, make the room it needs for that."""
        if shutil.disk_usage(self._place.home).free < BALLAST:
            self._close()
            self._ballast.unlink(missing_ok=True)

    def _close(self) -> None:
        with suppress(OSError):  # without room for these few bytes it stays open, and the ballast helps
            if not self._ready.exists():
                self._ready.write_text(_LINES)
            self._ready.replace(self._full)
        self._reload()

    def _prepare(self, free: int) -> None:
        if not self._ready.exists():
            self._ready.write_text(_LINES)
            self._ready.chmod(0o644)
        if not self._ballast.exists() and free > ENOUGH + BALLAST:
            handle = os.open(self._ballast, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                with suppress(OSError):
                    os.posix_fallocate(handle, 0, BALLAST)
            finally:
                os.close(handle)

    def _reload(self) -> None:
        found = postmaster.running(self._place.cluster)
        if found is not None:
            with suppress(ProcessLookupError):
                os.kill(found.pid, signal.SIGHUP)
