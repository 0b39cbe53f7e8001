"""Making a cluster, once, whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Final

from majlis.core.postgres.binaries import Binaries
from majlis.core.postgres.place import PORT, Place
from majlis.core.postgres.problem import DatabaseProblem

SUPERUSER: Final = "postgres"
ROLE: Final = "majlis"
DATABASE: Final = "majlis"
_BUILTIN_LOCALE_SINCE: Final = 17


def create(place: Place, binaries: Binaries) -> None:
    """Make the cluster beside its final name and rename it when it is whole.

    Raises:
        DatabaseProblem: ``initdb`` refused, with its own reason.
    """
    fresh = place.home / "cluster.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    place.account.own(fresh)
    provider = ["--locale-provider=builtin"] if binaries.major >= _BUILTIN_LOCALE_SINCE else []
    command = [
        str(binaries.program("initdb")),
        f"--pgdata={fresh}",
        f"--username={SUPERUSER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions",
        *provider,
    ]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        **place.account.options(),
    )
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise DatabaseProblem(f"The database could not be created: {_reason(done.stderr)}", cause=done.stderr)
    fresh.rename(place.cluster)
    _keep_name(place)


def _keep_name(place: Place) -> None:
    """Have the new name on disk before anything is: a folder by the old one is thrown away at the next start."""
    home = os.open(place.home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(home)
    finally:
        os.close(home)


def _reason(said: str) -> str:
    errors = [line for line in said.splitlines() if "error" in line or "FATAL" in line]
    return (errors or said.splitlines() or ["initdb gave no reason"])[-1].strip()


def prepare_database(place: Place) -> None:
    """Make sure that the role and the database are there.

    The role is no superuser: not even a hole in the product lets SQL run programs or read files.
    """
    import psycopg  # noqa: PLC0415 - a fifth of a second, in which the server starts already

    try:
        psycopg.connect(
            host=str(place.run), port=PORT, user=ROLE, dbname=DATABASE, connect_timeout=20
        ).close()
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise DatabaseProblem("The database does not answer.", cause=str(error)) from error
        _make_role_and_database(place)


def _make_role_and_database(place: Place) -> None:
    import psycopg  # noqa: PLC0415 - loaded by now

    with psycopg.connect(
        host=str(place.run), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=20
    ) as superuser:
        if not superuser.execute("SELECT 1 FROM pg_roles WHERE rolname = 'majlis'").fetchone():
            superuser.execute("CREATE ROLE majlis LOGIN CREATEDB")
        if not superuser.execute("SELECT 1 FROM pg_database WHERE datname = 'majlis'").fetchone():
            superuser.execute("CREATE DATABASE majlis OWNER majlis")
