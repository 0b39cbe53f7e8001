"""A running Majlis of its own for tests with a browser: server, worker and database from one command."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from running import PROGRAM, environment, free_port, majlis, open_folder

_CODE = re.compile(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", re.MULTILINE)


@dataclass
class House:
    """Where it is reached, and where its data lies."""

    url: str
    data_dir: Path

    def code_for(self, address: str) -> str:
        """The code in the newest letter to an address, from the spool."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            letters = sorted((self.data_dir / "mail").glob("*"), key=os.path.getmtime, reverse=True)
            for letter in letters:
                text = letter.read_text(errors="replace")
                if address in text and (found := _CODE.search(text)):
                    return found[1]
            time.sleep(0.2)
        raise TimeoutError(f"no letter to {address}")

    def run(self, *arguments: str | Path) -> str:
        """A command of ``majlis`` beside the running server; what it printed."""
        done = majlis(*arguments, "--data-dir", self.data_dir, settings={"MAJLIS_BASE_URL": self.url})
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()


@contextmanager
def running_house(**settings: str) -> Iterator[House]:
    """Start it, and stop it afterwards."""
    with open_folder() as folder:
        port = free_port()
        data_dir = folder / "data"
        with (folder / "up.log").open("ab") as log:
            process = subprocess.Popen(
                [PROGRAM, "up", "--data-dir", data_dir, "--port", str(port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment(**settings),
            )
        try:
            _wait(port, process, folder / "up.log")
            yield House(f"http://127.0.0.1:{port}", data_dir)
        finally:
            process.terminate()
            process.wait(60)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(log.read_text())
