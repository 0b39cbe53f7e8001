"""``majlis`` as a person runs it: a process of its own, on a data folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("majlis")


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that the database's account can pass through (pytest's own is closed to it)."""
    made = Path(tempfile.mkdtemp(prefix="majlis-t-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def environment(**settings: str) -> dict[str, str]:
    """A clean environment: the wheel's PostgreSQL, cheap hashing, and nothing of the suite's own."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MAJLIS_") and name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    return {**kept, "MAJLIS_POSTGRES": "wheel", "MAJLIS_FAST_HASHING": "true", "COLUMNS": "200", **settings}


Done = subprocess.CompletedProcess[str]


def majlis(*arguments: str | Path, settings: Mapping[str, str] | None = None) -> Done:
    """Run a command to its end."""
    return subprocess.run(
        [PROGRAM, *arguments],
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=environment(**(settings or {})),
        timeout=120,
    )


def free_port() -> int:
    """A port of the loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
