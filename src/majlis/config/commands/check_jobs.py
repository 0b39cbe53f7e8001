"""The part of ``majlis check`` that asks the queue, and so needs the applications loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from majlis.config.commands.check import Finding
from majlis.core.jobs import queries

_LATE: Final = 60.0  # seconds a due job may wait before somebody should look


def look() -> Iterator[Finding]:
    """Workers, waiting jobs and dead letters."""
    alive = sum(1 for worker in queries.workers() if worker.alive)
    depth = queries.depth()
    yield Finding("workers", "good" if alive else "note", f"{alive} at work")
    waiting = f"{depth.due} due, the oldest for {depth.oldest_seconds:.0f} s"
    yield Finding("jobs", "note" if depth.oldest_seconds > _LATE else "good", waiting)
    yield Finding("dead letters", "note" if depth.dead else "good", f"{depth.dead} in the back office")
