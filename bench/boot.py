"""From nothing to an answer, from a stopped house to an answer, and what an idle house takes of the memory."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from statistics import median

from bench.report import Figure

PROGRAM = Path(sys.executable).with_name("majlis")


def measure(*, quick: bool = False) -> list[Figure]:
    """Targets: first boot ≤ 5 s, restart ≤ 1 s, idle ≤ 250 MB with the database."""
    firsts, restarts, shares, limits = [], [], [], []
    for _number in range(1 if quick else 3):
        folder = Path(tempfile.mkdtemp(prefix="majlis-bench-"))
        folder.chmod(0o711)
        try:
            firsts.append(_up(folder / "data")[0])
            restarts.append(_up(folder / "data")[0])
            shares.append(_up(folder / "data", settle=0 if quick else 20)[1])
            limits.append(_import())
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    beside = f"a bare python importing the product's server: {median(limits):.2f} s"
    return [
        Figure("first boot until the first answer", median(firsts), "s", 5, beside=beside),
        Figure("restart until the first answer", median(restarts), "s", 1, beside=beside),
        Figure("idle memory of all processes, database included (PSS)", median(shares), "MB", 250),
    ]


def _import() -> float:
    began = time.perf_counter()
    code = "import django; django.setup(); import majlis.config.server"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "majlis.config.django_settings"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    return time.perf_counter() - began


def _up(data: Path, *, settle: float = 0) -> tuple[float, float]:
    """Seconds until it answers, and megabytes after it has settled."""
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
        while not _answers(port):
            if time.perf_counter() - began > 120 or process.poll() is not None:
                raise TimeoutError("it does not start")
            time.sleep(0.01)
        took = time.perf_counter() - began
        time.sleep(settle or 1)
        return took, _memory(data)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
        line.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
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
