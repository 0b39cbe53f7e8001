"""A house to measure: ``majlis``' own server on a data folder of its own, with people and posts in it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from majlis.config.commands import schema
from majlis.core.postgres import ensure

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class House:
    """A running server process and its database."""

    port: int
    pid: int
    environment: dict[str, str]
    database: int  # the first of its processes

    def cpu(self) -> float:
        """Seconds of CPU that the server and its children have taken."""
        return sum(_cpu(pid) for pid in (self.pid, *_children(self.pid)))

    def run(self, code: str, *arguments: str) -> str:
        """Run Python inside the house: Django set up, on the house's database. What it printed."""
        prelude = "import django; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", prelude + code, *arguments],
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout.strip()


def tree_cpu(pid: int) -> float:
    """Seconds of CPU that a process and all below it have taken, those that ended included."""
    return sum(_cpu(each, ended=True) for each in (pid, *_children(pid)))


def _cpu(pid: int, *, ended: bool = False) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11 : 15 if ended else 13])) / TICKS


def _children(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        if parent == pid:
            child = int(status.parent.name)
            found += [child, *_children(child)]
    return found


@contextmanager
def house(application: str = "bench.application:application", *, workers: int = 1) -> Iterator[House]:
    """Start database and server, and stop them afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="majlis-bench-"))
    folder.chmod(0o711)
    server = ensure(folder, "auto", bound=True, tell=lambda line: None)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAJLIS_")}
    environment = {
        **kept,
        "DATABASE_URL": server.url,
        "MAJLIS_DATA_DIR": str(folder),
        "MAJLIS_BASE_URL": f"http://127.0.0.1:{port}",
        "MAJLIS_FAST_HASHING": "true",
        "MAJLIS_LIMITS": "false",
        "MAJLIS_LOG_LEVEL": "error",
        "DJANGO_SETTINGS_MODULE": "majlis.config.django_settings",
    }
    schema.bring_up_to_date(server.url)
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.serve", application, str(port), str(workers)], env=environment
    )
    try:
        _wait_for(port)
        database = int(next(folder.rglob("postmaster.pid")).read_text().split()[0])
        yield House(port, process.pid, environment, database)
    finally:
        process.terminate()
        process.wait(20)
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"HEAD /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if connection.recv(12).endswith(b"200"):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise TimeoutError("the server does not start")
