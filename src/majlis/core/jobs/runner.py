"""One run of one job, on the thread's own connection."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.db import Error as DatabaseError
from django.db import connection, transaction

from majlis.core.jobs import claims, metrics, registry
from majlis.core.jobs.claims import Claim, ClaimLostError

log = logging.getLogger(__name__)


def run(claim: Claim, *, done: Claim | None, began: Callable[[int], None]) -> str:
    """Run a claimed job and record how it ended: ``done``, ``failed``, ``dead``, ``lost`` or ``ran``.

    ``ran`` is an end not yet recorded: a repeatable job that succeeded is to be finished by the caller,
    together with the start of the next (``done``) or alone. ``began`` is told the number of the attempt
    once the run counts (0: the claim is lost); ``done`` is recorded then.
    """
    before = time.perf_counter()
    started = claims.start(claim, done=done)
    began(started[0] if started else 0)
    if started is None:
        return "lost"
    outcome = _attempt(claim, *started)
    metrics.RUN_SECONDS.labels(claim.name, "done" if outcome == "ran" else outcome).observe(
        time.perf_counter() - before
    )
    return outcome


def _attempt(claim: Claim, attempt: int, at: datetime) -> str:
    try:
        kind = claim.kind()
        arguments = _arguments(claim, kind, attempt, at)
        if kind.atomic:
            with transaction.atomic(durable=True):
                kind.function(**arguments)
                claims.finish(claim)
        else:
            kind.function(**arguments)
            return "ran"
    except ClaimLostError:
        log.warning("job %s %s was given to another worker; its writes are undone", claim.name, claim.id)
        return "lost"
    except (Exception, SystemExit) as error:
        return _failed(claim, attempt, error)
    return "done"


def _arguments(claim: Claim, kind: registry.Kind, attempt: int, at: datetime) -> dict[str, object]:
    if not kind.takes_run:
        return claim.arguments
    last = attempt >= kind.attempts
    return claim.arguments | {"run": registry.Run(claim.id, attempt, last, claim.enqueued_at, at)}


def _failed(claim: Claim, attempt: int, error: BaseException) -> str:
    log.warning("job %s %s failed (attempt %d): %r", claim.name, claim.id, attempt, error)
    connection.close_if_unusable_or_obsolete()
    try:
        return "dead" if claims.fail(claim, attempt, error) else "failed"
    except DatabaseError:
        # The database is away. The job stays held; the worker gives it back when it can.
        log.exception("job %s %s: its failure could not be recorded", claim.name, claim.id)
        connection.close()
        return "lost"
