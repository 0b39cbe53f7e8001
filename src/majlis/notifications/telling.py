"""Telling: one statement decides who is told and writes it; what follows from that is in the same transaction.

Invariant: nobody is told of what she may not see, of herself, of whom she blocks, mutes or hides or who
blocks her, of conversations she muted, of kinds she switched off, nor of the same thing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from majlis.core import changes, jobs, json, sql
from majlis.core.ids import new_id
from majlis.notifications.statements import TELLING

PUSH_JOB: Final = "notifications.push"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody who might be told, in what way, of which post."""

    recipient: int
    kind: str
    post_id: int | None = None


def tell(
    wanted: Sequence[Wanted],
    *,
    actor: int,
    at: datetime,
    cause_id: int | None = None,
    detail: Mapping[str, str] | None = None,
) -> int:
    """Tell what ``actor`` did; how many were told now (those for whom it is kept back not counted).

    Of several ways for one recipient and post the first stands. Call it inside the transaction of the deed.
    """
    if not wanted:
        return 0
    made = sql.rows(
        TELLING["tell"],
        ids=[new_id() for _each in wanted],
        recipients=[each.recipient for each in wanted],
        kinds=[each.kind for each in wanted],
        posts=[each.post_id for each in wanted],
        actor=actor,
        cause=cause_id,
        detail=json.encode(detail or {}).decode(),
        at=at,
    )
    return _announce(made, at=at)


def tell_of_house(
    recipients: Sequence[int],
    *,
    kind: str,
    at: datetime,
    actor: int | None = None,
    post_id: int | None = None,
    cause_id: int | None = None,
    detail: Mapping[str, str] | None = None,
) -> int:
    """Tell what no rule but the switches keeps away; without ``actor`` it is about the recipient herself."""
    if not recipients:
        return 0
    made = sql.rows(
        TELLING["tell_of_house"],
        ids=[new_id() for _each in recipients],
        recipients=list(recipients),
        kind=kind,
        actor=actor,
        post=post_id,
        cause=cause_id,
        detail=json.encode(detail or {}).decode(),
        at=at,
    )
    return _announce(made, at=at)


def _announce(made: Sequence[sql.Row], *, at: datetime) -> int:
    """What was told goes to open streams by the change log, and to apps by jobs."""
    changes.append_many("notification.added", [(row[0], {"recipient": row[1]}) for row in made], at=at)
    pushes = [{"notification_id": row[0], "subscription_id": each} for row in made for each in row[2]]
    if pushes:
        jobs.enqueue_many(PUSH_JOB, pushes)
    return len(made)


def gone(removed: Sequence[sql.Row], *, at: datetime) -> int:
    """Say of removed rows (id, recipient) that they are gone; how many."""
    changes.append_many("notification.gone", [(row[0], {"recipient": row[1]}) for row in removed], at=at)
    return len(removed)
