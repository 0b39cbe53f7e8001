"""Putting jobs into the queue, and what the operator does with dead letters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Literal

from django.db import connection, transaction

from majlis.core import changes, sql
from majlis.core.jobs import registry

_SQL: Final = sql.load("majlis.core.jobs")
_NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def enqueue(
    name: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    run_at: datetime | None = None,
    key: str | None = None,
    when_waiting: Literal["keep", "replace"] = "keep",
) -> int | None:
    """Put a job into the queue, in the caller's transaction if there is one: it is run if, and only
    if, that commits, and it sees all that was committed with it.

    Args:
        arguments: keywords for the function; JSON only (give ids, not objects).
        run_at: not before; at once without.
        key: at most one job of this name *waits* under it. Asked again while one waits, that one is
            kept, and held back until this transaction ends; once it has started, a new one waits.
        when_waiting: ``replace`` gives the waiting one the new arguments and time instead.

    Returns:
        The job's id; None when one was waiting and was kept.

    Raises:
        UnknownJobError: nothing is registered under the name.
        TypeError, ValueError: the function would not take the arguments, or they are not JSON.
    """
    kind = registry.find(name)
    wake = run_at is None and changes.notifying()
    values = {"name": name, "lane": kind.lane, "run_at": run_at, "wake": wake}
    text = _encode(kind, arguments or {})
    if key is None:
        row = sql.one(_SQL["enqueue"], arguments=[text], **values)
    elif when_waiting == "replace":
        row = sql.one(_SQL["enqueue_or_replace"], argument=text, key=key, **values)
    else:
        row = _enqueue_or_keep(text, {**values, "key": key})
    if run_at is None and not wake:
        wake_workers()
    return row[0] if row else None


def enqueue_many(
    name: str, arguments: Iterable[Mapping[str, Any]], *, run_at: datetime | None = None
) -> list[int]:
    """Many jobs of one kind in one statement; the ids in no particular order. See :func:`enqueue`."""
    kind = registry.find(name)
    texts = [_encode(kind, item) for item in arguments]
    if not texts:
        return []
    wake = run_at is None and changes.notifying()
    values = {"name": name, "lane": kind.lane, "run_at": run_at, "wake": wake}
    ids = sql.column(_SQL["enqueue"], arguments=texts, **values)
    if run_at is None and not wake:
        wake_workers()
    return ids


def _enqueue_or_keep(text: str, values: Mapping[str, Any]) -> sql.Row:
    """Insert, or lock the job that waits. It may start just then: insert again."""
    while True:
        if row := sql.one(_SQL["enqueue_or_keep"], argument=text, **values):
            return row


def _encode(kind: registry.Kind, arguments: Mapping[str, Any]) -> str:
    """The arguments as JSON that PostgreSQL takes (no NaN, no U+0000, no lone surrogates)."""
    kind.check(arguments)
    text = json.dumps(arguments, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    if _NUL.search(text):
        raise ValueError(f"{kind.name}: U+0000 cannot be stored")
    text.encode()  # raises UnicodeEncodeError, a ValueError, for lone surrogates
    return text


def wake_workers() -> None:
    """Wake idle workers after the commit, once per transaction.

    Not inside it: PostgreSQL commits transactions that notify one after the other, so a storm of them would
    wait in line for the disk. (Those that write to the change log notify in any case: there the call for workers
    is part of the enqueuing statement.) Lost with a process killed in between: workers look every second.
    """
    if not any(entry[1] is _notify for entry in connection.run_on_commit):
        transaction.on_commit(_notify, robust=True)


def _notify() -> None:
    sql.rows(_SQL["wake"])


def retry_dead_letters(*, ids: Iterable[int]) -> list[int]:
    """Put dead letters back into the queue, due at once, attempts forgotten.

    Returns:
        The ids that wait again. Others were no dead letters, or their key waits anew already.
    """
    with transaction.atomic():
        retried: list[int] = sql.column(_SQL["retry_dead_letters"], ids=list(ids))
        wake_workers()
    return retried


def discard_dead_letters(*, ids: Iterable[int]) -> list[int]:
    """Remove dead letters for good; returns the ids that were there."""
    return sql.column(_SQL["discard_dead_letters"], ids=list(ids))
