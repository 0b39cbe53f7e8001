"""The schema as a file: write it, or prove that it, the migrations and the models are one.

python scripts/schema.py write
python scripts/schema.py check
"""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from majlis.config.commands import schema
from majlis.core.postgres import Server, ensure


@contextmanager
def empty_server() -> Iterator[Server]:
    """A throwaway server with an empty database, and the environment pointing at it."""
    with tempfile.TemporaryDirectory(prefix="majlis-schema-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # started by root, the server runs as another account and must pass through
        server = ensure(folder, "wheel", durable=False, bound=True, tell=lambda line: None)
        os.environ |= {"DATABASE_URL": server.url, "MAJLIS_DATA_DIR": name}
        try:
            yield server
        finally:
            server.stop()


def migrated(server: Server) -> str:
    """The snapshot that all migrations, run one by one, lead to."""
    schema.bring_up_to_date(server.url, snapshots=[])
    with psycopg.connect(server.url) as connection:  # the moment of writing must not show
        connection.execute("UPDATE django_migrations SET applied = '2026-01-01 00:00+00'")
    programs = server.binaries
    if programs is None:
        raise LookupError("not a server of ours")
    options = ["--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=500"]
    dump = subprocess.run(
        [programs.program("pg_dump"), *options, f"--dbname={server.url}"],
        check=True,
        capture_output=True,
        text=True,
    )
    return schema.snapshot_of(dump.stdout)


def write() -> int:
    """Write the file anew."""
    with empty_server() as server:
        schema.SNAPSHOT.write_text(migrated(server), encoding="utf-8")
    return 0


def check() -> int:
    """Exit status 0 when file, migrations and models agree; else 1 and what differs."""
    with empty_server() as server:
        made = migrated(server)
        kept = schema.SNAPSHOT.read_text(encoding="utf-8") if schema.SNAPSHOT.exists() else ""
        command = [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "majlis.config.django_settings"}
        models = subprocess.run(command, check=False, env=environment)
    if models.returncode:
        print("The models have changes that no migration makes.", file=sys.stderr)
    if made != kept:
        lines = difflib.unified_diff(
            kept.splitlines(), made.splitlines(), "kept", "migrated", n=0, lineterm=""
        )
        print("\n".join(list(lines)[:40]), file=sys.stderr)
        print("schema.sql is not what the migrations make: run 'make schema'.", file=sys.stderr)
    return int(bool(models.returncode) or made != kept)


if __name__ == "__main__":
    sys.exit({"write": write, "check": check}[sys.argv[1]]())
