"""The connection of a thread, looked at once a request without a round trip."""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but for how a connection that the database has ended is noticed.

    Django asks ``SELECT 1`` at the first use in a request. A connection that ended has something to read while
    nothing was asked, which costs no round trip to see; only then is it asked.
    """

    connection: Any
    health_check_enabled: bool
    health_check_done: bool

    def close_if_health_check_failed(self) -> None:
        """Close a connection that the database has ended, so that a new one is made."""
        raw = self.connection
        if raw is None or not self.health_check_enabled or self.health_check_done or self.in_atomic_block:
            return
        if raw.closed or (_has_something_to_say(raw.fileno()) and not self.is_usable()):
            self.close()
        self.health_check_done = True


def _has_something_to_say(file: int) -> bool:
    waiting = select.poll()
    waiting.register(file, select.POLLIN)
    return bool(waiting.poll(0))
