"""From nothing to an answer, from a stopped house to an answer, where that time goes, and an idle house's memory."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.house import tree_cpu
from bench.report import Figure
from majlis.config.commands import schema
from majlis.core.postgres import Server, ensure

PROGRAM = Path(sys.executable).with_name("majlis")
_COMMAND_LINE = "import majlis.config.cli, majlis.config.commands.up"
_SERVER = "import gc; gc.disable(); import granian, majlis.config.server"


@dataclass
class Start:
    """One start: seconds until it answers, of CPU until then, until the first page, and its memory in MB."""

    answer: float
    cpu: float
    page: float
    memory: float


def measure(*, quick: bool = False) -> list[Figure]:
    """Targets: first boot ≤ 5 s, restart ≤ 1 s, idle ≤ 250 MB with the database.

    The parts of a start run side by side: the server is loaded while the database starts.
    """
    firsts, restarts, parts = [], [], []
    for number in range(1 if quick else 3):
        with _folder() as data:
            firsts.append(_up(data))
            restarts += [_up(data), _up(data)]
            if number == 0:
                settled = _up(data, settle=0 if quick else 20)
        with _folder() as data:
            parts.append(_parts(data))
    names = list(parts[0])
    return [
        Figure(
            "first boot until the first answer",
            _of(firsts, "answer"),
            "s",
            5,
            beside=f"CPU of all processes until then: {_of(firsts, 'cpu'):.2f} s",
        ),
        Figure(
            "restart until the first answer",
            _of(restarts, "answer"),
            "s",
            1,
            beside=f"CPU of all processes until then: {_of(restarts, 'cpu'):.2f} s",
        ),
        *(Figure(f"part of a start: {name}", median(each[name] for each in parts), "s") for name in names),
        Figure("part of a start: the first page, after the first answer", _of(restarts, "page"), "s"),
        Figure("idle memory of all processes, database included (PSS)", settled.memory, "MB", 250),
    ]


def _of(starts: list[Start], what: str) -> float:
    return median(getattr(start, what) for start in starts)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="majlis-bench-"))
    folder.chmod(0o711)
    try:
        yield folder / "data"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _parts(data: Path) -> dict[str, float]:
    """Seconds of each part, alone."""
    with _clock() as making:
        server = _database(data)
    with _clock() as filling:
        schema.bring_up_to_date(server.url)
    server.stop()
    with _clock() as starting:
        server = _database(data)
    with _clock() as looking:
        schema.bring_up_to_date(server.url)
    server.stop()
    return {
        "making the database (first boot)": making[0],
        "its schema (first boot)": filling[0],
        "starting the database": starting[0],
        "whether its schema is this version's": looking[0],
        "loading the command line (CPU)": _cpu_of(_COMMAND_LINE, data),
        "loading the server (CPU)": _cpu_of(_SERVER, data),
    }


def _database(data: Path) -> Server:
    return ensure(data, "wheel", bound=True, tell=lambda line: None)


@contextmanager
def _clock() -> Iterator[list[float]]:
    began = time.perf_counter()
    took: list[float] = []
    yield took
    took.append(time.perf_counter() - began)


def _cpu_of(code: str, data: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    more = {"DJANGO_SETTINGS_MODULE": "majlis.config.django_settings", "MAJLIS_DATA_DIR": str(data)}
    subprocess.run([sys.executable, "-c", code], env={**os.environ, **more}, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _up(data: Path, *, settle: float = 0) -> Start:
    """One start, and one stop."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen(
        [PROGRAM, "up", "--data-dir", data, "--port", str(port)],
        env={**os.environ, "MAJLIS_POSTGRES": "wheel", "MAJLIS_LOG_LEVEL": "error"},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port, "/health"):
            if time.perf_counter() - began > 120 or process.poll() is not None:
                raise TimeoutError("it does not start")
            time.sleep(0.01)
        answered = time.perf_counter() - began
        cpu = tree_cpu(process.pid)
        _answers(port, "/")
        page = time.perf_counter() - began - answered
        time.sleep(settle or 1)
        return Start(answered, cpu, page, _memory(data))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _answers(port: int, path: str) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        return line.recv(12).endswith(b"200")
    return False


def _memory(data: Path) -> float:
    """Megabytes of all processes of a data folder. PSS: what several share is counted once in all."""
    mark, total = f"MAJLIS_DATA_DIR={data}".encode(), 0
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            named = mark in (place / "environ").read_bytes().split(b"\0")
            if named or str(data).encode() in (place / "cmdline").read_bytes():
                share = re.search(r"^Pss:\s+(\d+) kB", (place / "smaps_rollup").read_text(), re.MULTILINE)
                total += int(share[1]) if share else 0
    return total / 1024
