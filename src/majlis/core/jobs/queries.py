"""What the operator sees of the queue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from majlis.core import sql

_SQL: Final = sql.load("majlis.core.jobs")


@dataclass(frozen=True, slots=True)
class Depth:
    """Jobs by state; ``oldest_seconds`` is how long the oldest due job has waited (0 without one)."""

    due: int
    scheduled: int
    held: int
    oldest_seconds: float
    dead: int


@dataclass(frozen=True, slots=True)
class SeenDeadLetter:
    """A dead letter for the operator. ``arguments`` and ``traceback`` may quote what members wrote."""

    id: int
    name: str
    arguments: Mapping[str, Any]
    key: str | None
    enqueued_at: datetime
    died_at: datetime
    attempts: int
    reason: str  # one of DeadLetter.Reason
    error: str
    traceback: str


@dataclass(frozen=True, slots=True)
class SeenWorker:
    """A worker process and how many jobs it runs just now."""

    id: int
    host: str
    pid: int
    started_at: datetime
    alive: bool
    running: int


def depth() -> Depth:
    """How full the queue is, in one query over the waiting jobs."""
    row = sql.one(_SQL["depth"])
    assert row is not None  # noqa: S101 - an aggregate always has its row
    due, scheduled, held, oldest, dead = row
    return Depth(due, scheduled, held, float(oldest), dead)


def dead_letters(
    *, name: str | None = None, older_than: SeenDeadLetter | None = None, limit: int = 50
) -> list[SeenDeadLetter]:
    """Dead letters, newest first; the last of one page is ``older_than`` of the next."""
    before, before_id = (older_than.died_at, older_than.id) if older_than else (None, 0)
    found = sql.dicts(_SQL["dead_letters"], name=name, before=before, before_id=before_id, limit=limit)
    return [SeenDeadLetter(**{**row, "arguments": json.loads(row["arguments"])}) for row in found]


def workers() -> list[SeenWorker]:
    """The workers that are registered; one that is not ``alive`` will be taken over shortly."""
    return [SeenWorker(*row) for row in sql.rows(_SQL["living_workers"])]
