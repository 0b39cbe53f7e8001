"""Bringing a database to the schema of this version, quickly.

A start must be quick, and loading every application to learn that nothing is to be done is not. So
all migrations are put together into one fingerprint, which is kept as the comment of Django's own
table: it travels with every dump and belongs to the database it speaks of.

An empty database gets the result of all migrations at once, from ``schema.sql`` (0.3 s instead of
about 12). ``make schema`` writes that file and ``make migrations`` proves it equal to the migrations;
one that was written for other migrations is not used.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

import majlis
from majlis.core.postgres import DatabaseProblem

Connection = psycopg.Connection[Any]

SNAPSHOT: Final = Path(majlis.__file__).parent / "config" / "schema.sql"
_HEADER: Final = "-- The result of all migrations, for empty databases; written by 'make schema'. "
_FOREIGN: Final = ("django", "django-allauth", "django-oauth-toolkit")
_LOCK: Final = 0x6D616A6C6973  # "majlis": one migration at a time, over all machines
_IS_EMPTY: Final = "SELECT NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema())"
_COMMENT: Final = "SELECT obj_description(to_regclass('django_migrations'))"


def fingerprint() -> str:
    """A digest of all migrations: the product's own by their text, those of libraries by version."""
    root = Path(majlis.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.glob("**/migrations/[0-9]*.py")):
        digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    digest.update("".join(f"{name} {version(name)}\n" for name in _FOREIGN).encode())
    return digest.hexdigest()[:32]


def bring_up_to_date(url: str, *, snapshots: Sequence[Path] = (SNAPSHOT,)) -> bool:
    """Give the database this version's schema. Returns whether there was anything to do.

    Raises:
        DatabaseProblem: it does not answer, or a migration failed (what it said is on standard error).
    """
    with connect(url) as connection:
        if is_current(connection):
            return False
        take_turn(connection)
        if is_current(connection):
            return False
        if _ask(connection, _IS_EMPTY):
            fitting = next((path for path in snapshots if _fits(path)), None)
            if fitting is not None:
                connection.execute(fitting.read_bytes())  # one statement list, so one transaction
                return True
    _migrate(url)
    return True


def is_current(connection: Connection) -> bool:
    """Whether the database was brought to exactly this version's schema."""
    return _ask(connection, _COMMENT) == fingerprint()


def take_turn(connection: Connection) -> None:
    """Wait until no other process migrates this database; held until the connection closes."""
    connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])


def mark_current(connection: Connection) -> None:
    """Remember that the schema is this version's."""
    comment = sql.SQL("COMMENT ON TABLE django_migrations IS {}").format(sql.Literal(fingerprint()))
    connection.execute(comment)


def snapshot_of(dump: str) -> str:
    """A ``pg_dump --inserts`` as a snapshot: without what only psql or only newer servers understand."""
    noise = ("--", "\\restrict", "\\unrestrict", "SET transaction_timeout")
    lines = [line for line in dump.splitlines() if line and not line.startswith(noise)]
    return "\n".join([_HEADER + fingerprint(), *lines]) + "\n"


def _fits(snapshot: Path) -> bool:
    try:
        with snapshot.open(encoding="utf-8") as file:
            return file.readline() == f"{_HEADER}{fingerprint()}\n"
    except FileNotFoundError:
        return False


def connect(url: str) -> Connection:
    """A connection on which each statement stands alone.

    Raises:
        DatabaseProblem: the database does not answer.
    """
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=20)
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()
        reason = [line for line in said if not line[:1].isspace()][-1]  # the driver's hints are indented
        raise DatabaseProblem(f"The database does not answer: {reason}", cause=str(error)) from error
    except psycopg.ProgrammingError as error:
        raise DatabaseProblem(f"DATABASE_URL cannot be read: {error}.", cause=str(error)) from error


def is_empty(connection: Connection) -> bool:
    """Whether no Majlis was ever made in the database."""
    return _ask(connection, "SELECT to_regclass('django_migrations')") is None


def _ask(connection: Connection, question: str) -> object:
    row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def _migrate(url: str) -> None:
    """Run the migrations in a process of their own, so that the one that supervises stays small."""
    done = subprocess.run(
        [sys.executable, "-m", "majlis.config.commands.migrate"],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        env={**os.environ, "DATABASE_URL": url},
    )
    if done.returncode:
        raise DatabaseProblem("The database could not be brought to this version; what failed stands above.")
