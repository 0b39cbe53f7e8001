"""``majlis restore``: put back what ``majlis backup`` wrote. Checked whole before anything changes."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from majlis.config.commands import archive, machine, schema, tools, up
from majlis.config.settings import Settings
from majlis.core.errors import Conflict, NotNow
from majlis.core.postgres import DatabaseProblem, Server

Connection = psycopg.Connection[Any]

_FRESH: Final = "majlis_restored"
_OLD: Final = "majlis_replaced"


def run(*, data_dir: Path | None, file: Path, force: bool) -> None:
    """Restore and say what was restored."""
    settings = machine.settings_for(data_dir)
    with up.lock_file(settings.data_dir).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"Majlis runs on {settings.data_dir}; stop it before you restore.") from None
        with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.data_dir) as folder:
            try:
                listing = _restore(settings, file, Path(folder), force=force)
            except psycopg.Error as error:
                raise DatabaseProblem(f"The database refused: {str(error).strip()}") from error
            except OSError as error:
                raise NotNow(
                    f"The backup could not be restored: {error.strerror}: {error.filename}"
                ) from error
    count = len(listing.members) - 1
    machine.tell(
        f"Restored what Majlis {listing.version} kept on {listing.made_at}: database and {count} files."
    )


def _restore(settings: Settings, file: Path, folder: Path, *, force: bool) -> archive.Listing:
    with file.open("rb") as source:
        listing = archive.unpack(source, folder)
    if not force and any(archive.kept_files(settings.data_dir)):
        raise _not_empty(settings)
    server = machine.open_database(settings, at_least=listing.postgres)
    try:
        _refuse_older(server, listing)
        if not force and not _is_empty(server.url):
            raise _not_empty(settings)
        _restore_database(server, folder / archive.DUMP)
        _put_files(folder / archive.FILES, settings.data_dir)
        schema.bring_up_to_date(server.url)
    finally:
        server.stop()
    return listing


def _not_empty(settings: Settings) -> Conflict:
    return Conflict(
        f"There is a Majlis in {settings.data_dir} already; --force replaces it. Nothing was changed."
    )


def _refuse_older(server: Server, listing: archive.Listing) -> None:
    major = tools.server_major(server.url)
    if major < listing.postgres:
        raise DatabaseProblem(
            f"This backup comes from PostgreSQL {listing.postgres} and does not fit the older {major} here. "
            "Nothing was changed."
        )


def _is_empty(url: str) -> bool:
    """Whether nobody has joined: an empty schema, or one without accounts, holds nothing to lose."""
    with schema.connect(url) as connection:
        row = connection.execute("SELECT to_regclass('accounts_user')").fetchone()
        if row is None or row[0] is None:
            return True
        row = connection.execute("SELECT NOT EXISTS (SELECT FROM accounts_user)").fetchone()
        return bool(row and row[0])


def _restore_database(server: Server, dump: Path) -> None:
    """Fill a database beside the one in use, then let them change names: whole or not at all."""
    program = tools.find_tool("pg_restore", server, exactly=True)
    with schema.connect(server.url) as connection:
        name = connection.info.dbname
        _drop(connection, _FRESH)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(_FRESH)))
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    fresh = _with_name(server.url, _FRESH)
    tools.run_tool(program, [*options, f"--dbname={_FRESH}", str(dump)], fresh)
    with schema.connect(_with_name(server.url, "postgres")) as connection:
        _drop(connection, _OLD)
        _end_connections(connection, name)
        with connection.transaction():
            _rename(connection, name, _OLD)
            _rename(connection, _FRESH, name)
        _drop(connection, _OLD)


def _with_name(url: str, name: str) -> str:
    return psycopg.conninfo.make_conninfo(url, dbname=name)


def _drop(connection: Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _end_connections(connection: Connection, name: str) -> None:
    ours = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND datname = %s"
    )
    connection.execute(ours, [name])


def _rename(connection: Connection, old: str, new: str) -> None:
    command = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(command.format(sql.Identifier(old), sql.Identifier(new)))


def _put_files(source: Path, data_dir: Path) -> None:
    """Replace the kept files by those of the backup, folder by folder."""
    tops = {path.relative_to(data_dir).parts[0] for path in archive.kept_files(data_dir)}
    for name in tops:
        path = data_dir / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if source.is_dir():
        for path in source.iterdir():
            target = data_dir / path.name
            if target.is_dir():  # an empty one
                shutil.rmtree(target)
            path.rename(target)
