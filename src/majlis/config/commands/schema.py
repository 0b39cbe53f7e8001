"""Whether the database has the schema of this version, known without loading Django.

A start must be quick, and loading every application to learn that nothing is to be done is not. So
the names of all migrations are put together into one fingerprint, which is kept as the comment of
Django's own table: it travels with every dump and belongs to the database it speaks of.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

import majlis
from majlis.core.postgres import DatabaseProblem

_FOREIGN: Final = ("django", "django-allauth", "django-oauth-toolkit")
_LOCK: Final = 0x6D616A6C6973  # "majlis": one migration at a time, over all machines


def fingerprint() -> str:
    """A digest of all migrations this version has, its own by name, those of libraries by version."""
    root = Path(majlis.__file__).parent
    own = sorted(str(path.relative_to(root)) for path in root.glob("**/migrations/[0-9]*.py"))
    foreign = [f"{name} {version(name)}" for name in _FOREIGN]
    return hashlib.sha256("\n".join(own + foreign).encode()).hexdigest()[:32]


def is_current(url: str) -> bool:
    """Whether the database at ``url`` was brought to exactly this version's schema.

    Raises:
        DatabaseProblem: the database does not answer.
    """
    try:
        with psycopg.connect(url, connect_timeout=20) as connection:
            row = connection.execute("SELECT obj_description(to_regclass('django_migrations'))").fetchone()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise DatabaseProblem(f"The database does not answer: {reason}", cause=str(error)) from error
    return row is not None and row[0] == fingerprint()


def bring_up_to_date(url: str) -> bool:
    """Run the migrations that are missing, in a process of their own. Returns whether any had to run.

    Raises:
        DatabaseProblem: one failed; what it said is on standard error.
    """
    if is_current(url):
        return False
    child = [sys.executable, "-m", "majlis.config.commands.migrate"]
    done = subprocess.run(
        child,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        env={**os.environ, "DATABASE_URL": url},
    )
    if done.returncode:
        raise DatabaseProblem("The database could not be brought to this version; what failed stands above.")
    return True


def take_turn(connection: psycopg.Connection) -> None:
    """Wait until no other process migrates this database; held until the connection closes."""
    connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])


def mark_current(connection: psycopg.Connection) -> None:
    """Remember that the schema is this version's."""
    comment = sql.SQL("COMMENT ON TABLE django_migrations IS {}").format(sql.Literal(fingerprint()))
    connection.execute(comment)
