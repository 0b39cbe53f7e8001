"""``majlis check``: is everything as it should be? Each look is a line; what is wrong says what to do."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal

import psycopg
from rich.console import Console
from rich.table import Table

from majlis.config.commands import machine, schema
from majlis.config.settings import Settings
from majlis.core.postgres import Server

State = Literal["good", "note", "bad"]
Connection = psycopg.Connection[Any]

_LITTLE: Final = 1 << 30  # bytes free
_COLOUR: Final = {"good": "green", "note": "yellow", "bad": "bold red"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: State
    said: str


def run(*, data_dir: Path | None) -> bool:
    """Print all findings; whether nothing is bad.

    Raises:
        SettingsProblem, DatabaseProblem: nothing further can be looked at.
    """
    settings = machine.settings_for(data_dir)
    server = machine.open_database(settings)
    try:
        with schema.connect(server.url) as connection:
            findings = list(_look(settings, server, connection))
    finally:
        machine.close_connections()
        server.stop()
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for finding in findings:
        table.add_row(finding.what, f"[{_COLOUR[finding.state]}]{finding.state}[/]", finding.said)
    Console().print(table)
    return all(finding.state != "bad" for finding in findings)


def _look(settings: Settings, server: Server, connection: Connection) -> Iterator[Finding]:
    yield Finding("settings", "good", f"{settings.server_name} at {settings.base_url}")
    for sentence in settings.misspelt():
        yield Finding("settings", "note", sentence)
    yield _debug(settings)
    yield _disk(settings)
    yield _secrets(settings)
    yield _database(server, connection)
    yield _durable(connection)
    yield _schema(connection)
    if schema.is_current(connection):
        machine.set_up_django()
        yield from import_module("majlis.config.commands.check_jobs").look()


def _debug(settings: Settings) -> Finding:
    if settings.debug and settings.secure:
        return Finding("debug", "bad", "MAJLIS_DEBUG is on, on a public server: errors show private things.")
    return Finding("debug", "note" if settings.debug else "good", "on" if settings.debug else "off")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data_dir).free
    said = f"{free / 1e9:.1f} GB free in {settings.data_dir}"
    return Finding("disk", "good" if free > _LITTLE else "bad", said)


def _secrets(settings: Settings) -> Finding:
    folder = settings.data_dir / "secrets"
    if not folder.is_dir():
        return Finding("secrets", "note", "not made yet; the first start makes them")
    files = [folder, *folder.rglob("*")]
    open_ones = [path for path in files if stat.S_IMODE(path.lstat().st_mode) & 0o077]
    if open_ones:
        return Finding("secrets", "bad", f"others can read {open_ones[0]}: chmod -R go= {folder}")
    return Finding("secrets", "good", "readable by their owner only")


def _database(server: Server, connection: Connection) -> Finding:
    major, minor = divmod(connection.info.server_version, 10_000)
    whose = f"private, {server.binaries.origin}" if server.binaries else "DATABASE_URL"
    return Finding("database", "good", f"PostgreSQL {major}.{minor} ({whose})")


def _durable(connection: Connection) -> Finding:
    off = [name for name in ("fsync", "full_page_writes") if _shown(connection, name) != "on"]
    if off:
        return Finding("durability", "bad", f"{' and '.join(off)} off: a power cut may lose everything.")
    return Finding("durability", "good", "what is answered is on disk")


def _schema(connection: Connection) -> Finding:
    if schema.is_current(connection):
        return Finding("schema", "good", "that of this version")
    if schema.is_empty(connection):
        return Finding("schema", "note", "not made yet; the first start makes it")
    return Finding("schema", "note", "of another version; the next start brings it up to date")


def _shown(connection: Connection, name: str) -> object:
    row = connection.execute(f"SHOW {name}".encode()).fetchone()
    return row[0] if row else None
