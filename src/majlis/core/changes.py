"""The change log: how every server process hears what all the others did.

A change is a line written in the transaction of the deed (:func:`append`). Each process follows the log
with a cursor (:class:`Follower`): it is woken by NOTIFY at commit, and catches up by itself when it was
away. Applying a line twice is harmless by contract, which allows the cursor to be simple and gapless:

Lines get ``seq`` before they are committed, so a lower ``seq`` may become visible after a higher one.
What can be trusted is the transaction: everything written by transactions older than the oldest one
still running (``pg_snapshot_xmin``) is visible for good. So each read takes all lines whose transaction
is not older than the cursor, skips those already applied, and moves the cursor to the xmin of its own
snapshot. A line that commits late is simply among those read next time.

The process that writes applies its own lines at once, after its commit: it reads its own writes.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import psycopg
from django.db import Error, close_old_connections, transaction

from majlis.core import sql
from majlis.core.clock import now

log = logging.getLogger(__name__)

CHANNEL: Final = "majlis_changes"
KEPT_FOR: Final = timedelta(hours=24)

_APPEND: Final = """
    INSERT INTO core_change (kind, subject, data, made_at)
    VALUES (%(kind)s, %(subject)s, %(data)s::jsonb, %(at)s) RETURNING seq
"""
_APPEND_MANY: Final = """
    INSERT INTO core_change (kind, subject, data, made_at)
    SELECT %(kind)s, line.subject, line.data::jsonb, %(at)s
    FROM unnest(%(subjects)s::bigint[], %(data)s::text[]) AS line (subject, data)
    RETURNING seq, subject
"""
_NOTIFY: Final = f"SELECT pg_notify('{CHANNEL}', %(name)s)"
_APPEND_AND_NOTIFY: Final = (
    f"WITH line AS ({_APPEND}) SELECT line.seq, pg_notify('{CHANNEL}', %(name)s) FROM line"  # noqa: S608  # constants
)
_SWEEP: Final = "DELETE FROM core_change WHERE made_at < %(before)s"
_READ: Final = """
    SELECT c.seq, c.kind, c.subject, c.data::text,
           pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    FROM core_change c WHERE c.xact >= %s ORDER BY c.seq
"""
_NOW: Final = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


@dataclass(frozen=True, slots=True)
class Line:
    """One change: what kind, of what (an id), and what else there is to know. ``seq`` names the line."""

    seq: int
    kind: str
    subject: int
    data: dict[str, Any]


Listener = Callable[[Line], None]
_listeners: dict[str, tuple[Listener, ...]] = {}
_followers: list[Follower] = []
OWN_WAIT: Final = 0.1
"""Seconds that a process's own lines, which it has applied, may wait until it passes over them in the log."""


class _Process:
    """``name`` goes with this process's notifications, so that it knows them; empty while it follows nothing.
    ``heard``: when the log was last read (seconds of the steady clock)."""

    name = ""
    heard = float("-inf")


_this: Final = _Process()


def listen(kind: str, listener: Listener) -> None:
    """Have ``listener`` called for each line of ``kind`` in this process. It must bear repetition."""
    _listeners[kind] = (*_listeners.get(kind, ()), listener)


def forget_listeners() -> None:
    """Remove all listeners (tests start anew)."""
    _listeners.clear()


def append(kind: str, subject: int, *, at: datetime, **data: Any) -> None:
    """Write a line in the current transaction; after the commit this process has applied it.

    Raises:
        TransactionManagementError: outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a change is written in the transaction of its deed")
    values = {"kind": kind, "subject": subject, "data": msgspec.json.encode(data).decode(), "at": at}
    row = sql.one(_APPEND, **values) if _waiting() else sql.one(_APPEND_AND_NOTIFY, name=_this.name, **values)
    assert row is not None  # noqa: S101  # INSERT … RETURNING
    _written([Line(int(row[0]), kind, subject, data)])


def append_many(kind: str, entries: Iterable[tuple[int, dict[str, Any]]], *, at: datetime) -> None:
    """Write many lines of one kind, (subject, data) each with another subject, in one statement.

    Raises:
        TransactionManagementError: outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a change is written in the transaction of its deed")
    data = dict(entries)
    if not data:
        return
    texts = [msgspec.json.encode(each).decode() for each in data.values()]
    if not _waiting():
        sql.execute(_NOTIFY, name=_this.name)
    written = sql.rows(_APPEND_MANY, kind=kind, subjects=list(data), data=texts, at=at)
    _written([Line(int(seq), kind, subject, data[subject]) for seq, subject in written])


def _written(lines: Sequence[Line]) -> None:
    _waiting().extend(lines)
    transaction.on_commit(lambda: _apply_own(lines))


def _waiting() -> list[Line]:
    # per connection and transaction: one NOTIFY a transaction is enough
    told = _told()
    if told is None:
        told = _Told()
        transaction.on_commit(told)
    return told.lines


def _told() -> _Told | None:
    hooks = transaction.get_connection().run_on_commit
    return next((hook for _ids, hook, _robust in hooks if isinstance(hook, _Told)), None)


def notifying() -> bool:
    """Whether the current transaction will notify at its commit, so that another channel costs it no more."""
    return _told() is not None


def silence() -> float:
    """Seconds since this process last read the log; infinite when it does not follow it."""
    return time.monotonic() - _this.heard


class _Told:
    """Marks that NOTIFY was sent in this transaction. Rolled back with it, savepoints included."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def __call__(self) -> None:
        """Nothing: being registered is the point."""


def _apply_own(lines: Iterable[Line]) -> None:
    for line in lines:
        if apply((line,)):
            continue  # the follower will read it from the log
        for follower in _followers:
            follower.already(line.seq)


def apply(lines: Iterable[Line]) -> list[Line]:
    """Tell the listeners. One that fails is logged and does not keep the others from hearing.

    Returns the lines that a listener could not take because the database went away under it: they have to
    be applied again.
    """
    unheard = []
    for line in lines:
        for listener in _listeners.get(line.kind, ()):
            try:
                listener(line)
            except Error:
                log.exception("no database for a listener on %s %s", line.kind, line.subject)
                unheard.append(line)
            except Exception:
                log.exception("a listener failed on %s %s", line.kind, line.subject)
    return unheard


def sweep(*, at: datetime) -> int:
    """Remove lines older than a day; the number removed. A process that slept longer starts anew."""
    return sql.execute(_SWEEP, before=at - KEPT_FOR)


class Follower:
    """Follows the log in a thread of its own, on a connection of its own.

    ``fallen_behind`` is called when the log no longer reaches back to the cursor: what the process
    remembers must then be built anew. It is also called at the first start, before the first line.
    """

    def __init__(self, conninfo: str, *, fallen_behind: Callable[[], None], patience: float = 5.0) -> None:
        self._conninfo = conninfo
        self._fallen_behind = fallen_behind
        self._patience = patience
        self._cursor: int | None = None
        self._last_contact = now()
        self._applied: set[int] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="changes", daemon=True)

    def start(self) -> None:
        """Begin to follow; returns at once. ``ready`` is set when the first catching up is done."""
        _this.name = _this.name or secrets.token_hex(8)
        _followers.append(self)
        self._thread.start()

    def stop(self) -> None:
        """Stop following."""
        self._stop.set()
        if self in _followers:
            _followers.remove(self)
        # the thread sleeps in a read of its connection, for up to `patience`; it is a daemon and holds nothing

    def already(self, seq: int) -> None:
        """This line was applied by the process itself."""
        with self._lock:
            self._applied.add(seq)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._follow(connection)
            except psycopg.Error as error:
                log.warning("the change log is out of reach: %s", error)
                self._stop.wait(0.05)
            except Exception:
                log.exception("following the change log failed; starting anew")
                self._cursor = None
                self._stop.wait(0.5)

    def _follow(self, connection: psycopg.Connection[Any]) -> None:
        self._begin(connection)
        while not self._stop.is_set():
            self.catch_up(connection)
            self.ready.set()
            self._wait(connection)

    def _wait(self, connection: psycopg.Connection[Any]) -> None:
        """Until another process wrote something. The time-out is for a connection that died in silence.

        What this process wrote it has applied; its lines are passed over together, a little later.
        """
        until = time.monotonic() + self._patience
        while (left := until - time.monotonic()) > 0:
            names = {note.payload for note in connection.notifies(timeout=left, stop_after=1)}
            if names - {_this.name}:
                return
            if names:
                until = min(until, time.monotonic() + OWN_WAIT)

    def _begin(self, connection: psycopg.Connection[Any]) -> None:
        close_old_connections()  # the listeners' own, of this thread: it went when this one went
        row = connection.execute(_NOW).fetchone()
        assert row is not None  # noqa: S101  # a SELECT without FROM
        (xmin,) = row
        # beyond xmin: another database stands where the old one stood (a restored backup)
        behind = self._cursor is None or now() - self._last_contact > KEPT_FOR / 2 or self._cursor > xmin
        if behind:
            # the cursor first, then the memory: what commits in between is applied again, harmlessly
            self._cursor = xmin
            with self._lock:
                self._applied.clear()
            self._fallen_behind()

    def catch_up(self, connection: psycopg.Connection[Any]) -> None:
        """Read and apply what is new. Public for tests, which call it between two steps."""
        rows: Sequence[Any] = connection.execute(_READ, (self._cursor,)).fetchall()
        self._last_contact = now()
        _this.heard = time.monotonic()
        if not rows:
            return
        with self._lock:
            fresh = [row for row in rows if row[0] not in self._applied]
            # lines that were just read may be read again; own ones beyond them have yet to be read
            last = rows[-1][0]
            self._applied = {row[0] for row in rows} | {seq for seq in self._applied if seq > last}
        close_old_connections()
        unheard = apply(
            Line(seq, kind, subject, msgspec.json.decode(data)) for seq, kind, subject, data, _xmin in fresh
        )
        if unheard:
            with self._lock:
                self._applied -= {line.seq for line in unheard}
            # the cursor stays where it was: they are read and applied again
            raise psycopg.OperationalError(f"{len(unheard)} changes could not be applied")
        self._cursor = int(rows[0][4])
