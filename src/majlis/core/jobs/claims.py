"""Every change of a job's state. Each is one statement or one transaction, and each that a worker
makes names that worker: one that was declared lost meanwhile changes nothing.

Invariant: a job is waiting, held by one registered worker, a dead letter, or gone; never two of these.
"""

from __future__ import annotations

import json
import os
import socket
import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from majlis.core import sql
from majlis.core.jobs import registry

LEASE: Final = 30.0
"""Seconds a worker may be silent on a connection that stays open (a paused process, a lost machine)."""

_SQL: Final = sql.load("majlis.core.jobs")
_LOCK_SPACE: Final = 0x6A6F6273  # "jobs": the first half of the session lock, apart from other locks
_LANES: Final = [int(lane) for lane in registry.Lane]
_UNKNOWN: Final = registry.Kind("unknown.job", lambda: None)


class ClaimLostError(Exception):
    """Another worker has the job: whatever this run did must not be committed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that a worker holds."""

    worker: int
    id: int
    name: str
    arguments: dict[str, Any]
    enqueued_at: datetime

    def kind(self) -> registry.Kind:
        return registry.find(self.name)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run did not succeed: a reason of ``DeadLetter.Reason``, a line, and the private traceback."""

    reason: str
    error: str
    traceback: str = ""

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        reason = "attempts"
        if getattr(error, "permanent", False) is True:
            reason = "permanent"
        elif isinstance(error, registry.UnknownJobError):
            reason = "unknown"
        line = f"{type(error).__name__}: {error}"[:1000]
        return cls(reason, _storable(line), _storable("".join(traceback.format_exception(error))))


def _storable(text: str) -> str:
    """Text that PostgreSQL takes: an error may quote anything."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()


_LOST: Final = Failure("lost", "the worker was lost while running it")

# A worker's life.


def register_worker(*, lease: float = LEASE) -> int:
    """Register this connection's process as a worker; its session lock dies with the connection."""
    with transaction.atomic():
        row = sql.one(_SQL["register_worker"], host=socket.gethostname(), pid=os.getpid(), lease=lease)
        assert row is not None  # noqa: S101 - an insert returns its row
        sql.rows(_SQL["lock_worker"], space=_LOCK_SPACE, worker=row[0])
    return int(row[0])


def heartbeat(worker: int, *, lease: float = LEASE) -> bool:
    """Extend the worker's lease; False when it has run out, and with it every claim."""
    return bool(sql.rows(_SQL["heartbeat"], worker=worker, lease=lease))


def leave(worker: int) -> None:
    """The worker ends in order; what it still holds goes back."""
    recover(worker)
    with transaction.atomic():
        sql.execute(_SQL["forget_worker"], worker=worker)
    sql.rows(_SQL["unlock_worker"], space=_LOCK_SPACE, worker=worker)


def take_over(worker: int) -> int:
    """Give the jobs of lost workers back to the queue; returns how many workers were lost."""
    with transaction.atomic():
        lost = sql.column(_SQL["lost_workers"], worker=worker, space=_LOCK_SPACE)
        for other in lost:
            recover(other)
            sql.execute(_SQL["forget_worker"], worker=other)
    return len(lost)


def recover(worker: int, *, only: Sequence[int] | None = None) -> None:
    """Give back what a worker holds but does not run. A run that had begun counts as failed: it may be
    the job that killed the worker. The first retry comes at once, later ones back off."""
    with transaction.atomic():
        for id_, name, enqueued_at, attempts, started in sql.rows(_SQL["held"], worker=worker):
            if only is not None and id_ not in only:
                continue
            claim = Claim(worker, id_, name, {}, enqueued_at)
            if started:
                _record(claim, attempts, _LOST, wait=_wait(claim, attempts - 1))
            else:
                give_back(claim)


def held(worker: int) -> list[int]:
    """The ids of all that a worker holds."""
    return sql.column(_SQL["held_ids"], worker=worker)


# A job's life.


def lease(worker: int, *, limit: int) -> list[Claim]:
    """Claim up to ``limit`` due jobs, urgent lanes and older jobs first."""
    found = sql.rows(_SQL["lease"], worker=worker, limit=limit, lanes=_LANES)
    found.sort(key=lambda row: (row[4], row[5], row[0]))
    return [Claim(worker, row[0], row[1], json.loads(row[2]), row[3]) for row in found]


def start(claim: Claim, *, done: Claim | None = None) -> tuple[int, datetime] | None:
    """Begin a run: its number and moment, or None when the claim is lost.

    ``done`` is a repeatable job that ran just before and is finished in the same statement.
    """
    if done is None:
        row = sql.one(_SQL["start"], id=claim.id, worker=claim.worker)
    else:
        row = sql.one(_SQL["finish_and_start"], id=claim.id, worker=claim.worker, done=done.id)
    return (row[0], row[1]) if row else None


def finish(claim: Claim) -> None:
    """Done, in the caller's transaction.

    Raises:
        ClaimLostError: roll back.
    """
    if not sql.execute(_SQL["finish"], id=claim.id, worker=claim.worker):
        raise ClaimLostError


def finish_repeatable(claim: Claim) -> None:
    """Done, for a job that bears being run again; whoever else has it may finish it too."""
    sql.execute(_SQL["finish_quickly"], id=claim.id, worker=claim.worker)


def fail(claim: Claim, attempts: int, error: BaseException) -> bool:
    """Retry later or bury, by the error and the attempts begun; True when it is a dead letter now."""
    wait = max(_wait(claim, attempts), float(getattr(error, "retry_after", 0) or 0))
    with transaction.atomic():
        return _record(claim, attempts, Failure.of(error), wait=wait)


def overran(claim: Claim, attempts: int, *, seconds: float) -> bool:
    """A run took longer than its lease: as if it had failed; True when it is a dead letter now."""
    return fail(claim, attempts, TimeoutError(f"still running after {seconds:.0f} s"))


def _record(claim: Claim, attempts: int, failure: Failure, *, wait: float) -> bool:
    same = {"id": claim.id, "worker": claim.worker, "error": failure.error}
    if failure.reason == "permanent" or attempts >= _kind_or_default(claim.name).attempts:
        return bool(
            sql.execute(_SQL["bury"], reason=failure.reason, traceback=failure.traceback, **same),
        )
    _back_to_waiting("retry", uncounted=0, delay=wait, **same)
    return False


def _wait(claim: Claim, failures: int) -> float:
    return registry.delay(failures, first=_kind_or_default(claim.name).backoff) if failures else 0.0


def _kind_or_default(name: str) -> registry.Kind:
    try:
        return registry.find(name)
    except registry.UnknownJobError:
        return _UNKNOWN


def give_back(claim: Claim) -> None:
    """It waits again, due at once; a run that was begun is not counted."""
    _back_to_waiting("give_back", uncounted=1, id=claim.id, worker=claim.worker)


def give_back_unstarted(claims: Iterable[Claim]) -> None:
    """The same for many that were never started."""
    for worker, ids in _by_worker(claims).items():
        try:
            with transaction.atomic():
                sql.execute(_SQL["give_back_unstarted"], worker=worker, ids=ids)
        except IntegrityError:  # the key of one of them waits anew
            recover(worker, only=ids)


def _by_worker(claims: Iterable[Claim]) -> dict[int, list[int]]:
    ids: dict[int, list[int]] = {}
    for claim in claims:
        ids.setdefault(claim.worker, []).append(claim.id)
    return ids


def _back_to_waiting(statement: str, *, uncounted: int, **values: Any) -> None:
    """Back to waiting, unless the same key waits anew: then that job stands for both."""
    try:
        with transaction.atomic():
            sql.execute(_SQL[statement], **values)
    except IntegrityError:
        sql.execute(_SQL["supersede"], uncounted=uncounted, id=values["id"], worker=values["worker"])
