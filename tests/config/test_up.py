"""``majlis up``: everything from one command, back after any of it is killed, and nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from majlis.core.postgres.postmaster import running
from running import PROGRAM, environment, free_port, majlis

pytestmark = pytest.mark.slow


class Up:
    """A running ``majlis up``."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.log = data_dir.parent / "up.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "up", "--data-dir", data_dir, "--port", str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment(),
            )

    def answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5):
                return True
        except HTTPError as error:
            error.close()
            return error.code < 500
        except OSError:
            return False

    def wait_until(self, what: Callable[[], bool], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)

    def child(self, module: str) -> int:
        """The process id of the child that runs the module; it may have children itself."""
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                parent = next(line for line in status.read_text().splitlines() if line.startswith("PPid:"))
                command = (status.parent / "cmdline").read_bytes().decode()
            except (OSError, StopIteration):
                continue
            if int(parent.split()[1]) == self.process.pid and module in command:
                return int(status.parent.name)
        return 0

    def family(self) -> set[int]:
        """Every process whose environment names the data folder."""
        mark = f"MAJLIS_DATA_DIR={self.data_dir}".encode()
        found = set()
        for file in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in file.read_bytes().split(b"\0"):
                    found.add(int(file.parent.name))
            except OSError:
                continue
        return found

    def database(self) -> int:
        found = running(self.data_dir / "postgres" / "cluster")
        return found.pid if found else 0


@pytest.fixture
def up(folder: Path) -> Iterator[Up]:
    started = Up(folder / "data")
    started.wait_until(started.answers, 120)
    started.wait_until(lambda: bool(started.child("commands.worker")))
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.wait()
    started.wait_until(lambda: not started.family() and not started.database())


def _is_another(find: Callable[[], int], before: int) -> bool:
    return find() not in {0, before}


def test_whatever_is_killed_is_back_and_ctrl_c_leaves_nothing(up: Up) -> None:
    # a command works beside it, and a second one on the same folder is refused
    checked = majlis("check", "--data-dir", up.data_dir)
    assert checked.returncode == 0
    assert f"http://127.0.0.1:{up.port}" in checked.stdout + checked.stderr, (
        "it knows where the house is served"
    )
    second = majlis("up", "--data-dir", up.data_dir, "--port", str(free_port()))
    assert (second.returncode, second.stderr.strip()) == (1, f"Majlis already runs on {up.data_dir}.")

    serve = partial(up.child, "commands.serve")
    work = partial(up.child, "commands.worker")
    for find in (serve, work, up.database):
        before = find()
        assert before
        os.kill(before, signal.SIGKILL)
        up.wait_until(partial(_is_another, find, before))
        up.wait_until(up.answers)

    everybody = up.family()
    assert len(everybody) >= 3
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(60) == 0
    assert up.family() == set()
    assert up.database() == 0


def test_open_streams_do_not_hold_up_the_end(up: Up) -> None:
    up.wait_until(up.answers)
    who = ("--email", "sara@example.org", "--password", "long enough for sara")
    assert majlis("account", "create", "sara", *who, "--data-dir", up.data_dir).returncode == 0
    token = majlis("token", "create", "sara", "--data-dir", up.data_dir).stdout.strip()
    asked = f"http://127.0.0.1:{up.port}/api/v1/streaming/user?access_token={token}"
    with urlopen(asked, timeout=30) as stream:
        assert stream.readline() == b":)\n"
        up.process.send_signal(signal.SIGINT)
        assert stream.read() == b"", "ended in order, not cut off"
    assert up.process.wait(60) == 0
    assert "refused to gracefully stop" not in up.log.read_text()


def test_killed_itself_it_leaves_no_orphans_and_starts_again(up: Up) -> None:
    os.kill(up.process.pid, signal.SIGKILL)
    up.process.wait()
    up.wait_until(lambda: not up.family() and not up.database(), 30)
    again = Up(up.data_dir)
    again.wait_until(again.answers)
    again.process.terminate()
    assert again.process.wait(60) == 0
    assert again.family() == set()


def test_a_taken_port_is_one_plain_sentence(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = majlis("up", "--data-dir", folder / "data", "--port", port)
    assert done.returncode == 1
    assert "Choose another with --port" in done.stderr
