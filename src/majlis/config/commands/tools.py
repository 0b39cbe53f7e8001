"""``pg_dump`` and ``pg_restore`` that fit the server, and how they reach it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from psycopg.conninfo import conninfo_to_dict

from majlis.config.commands import schema
from majlis.core.postgres import DatabaseProblem, Server, available

_VARIABLES: Final = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


def server_major(url: str) -> int:
    """The major version of the server at ``url``."""
    with schema.connect(url) as connection:
        return connection.info.server_version // 10_000


def find_tool(name: str, server: Server, *, exactly: bool = False) -> Path:
    """The program ``name`` of the server's own version, or of a newer one that reads it.

    Args:
        exactly: No other version will do: a newer ``pg_restore`` sets what an older server has not got.

    Raises:
        DatabaseProblem: there is none on this machine.
    """
    if server.binaries is not None and server.binaries.program(name).exists():
        return server.binaries.program(name)
    wanted = server_major(server.url)
    for program, major in _candidates(name):
        if major == wanted or (major > wanted and not exactly):
            return program
    raise DatabaseProblem(
        f"This needs the program {name} of PostgreSQL {wanted}, and it is not here. "
        f"On Debian: apt install postgresql-client-{wanted}"
    )


def _candidates(name: str) -> list[tuple[Path, int]]:
    on_path = shutil.which(name)
    found = [(Path(on_path), _major(Path(on_path)))] if on_path else []
    found += [(binaries.program(name), binaries.major) for binaries in available()]
    return [(program, major) for program, major in found if program.exists()]


def _major(program: Path) -> int:
    said = subprocess.run([program, "--version"], check=False, capture_output=True, text=True, cwd="/")
    match = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return int(match[1]) if match else 0


def run_tool(program: Path, arguments: list[str], url: str, **options: Any) -> None:
    """Run it on the database at ``url``; the password goes through the environment, where nobody reads it.

    Raises:
        DatabaseProblem: it failed, with its own reason.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    for key, value in conninfo_to_dict(url).items():
        if key in _VARIABLES and value is not None:
            environment[_VARIABLES[key]] = str(value)
    command = [str(program), "--no-password", *arguments]
    done = subprocess.run(command, check=False, stderr=subprocess.PIPE, env=environment, **options)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        reason = said.splitlines()[-1] if said else "it gave no reason"
        raise DatabaseProblem(f"{program.name} failed: {reason}", cause=said)
