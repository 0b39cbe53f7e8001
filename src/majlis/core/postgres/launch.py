"""Starting the server's process and reading what it says when it will not."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

from majlis.core.postgres import postmaster
from majlis.core.postgres.binaries import Binaries
from majlis.core.postgres.parent import end_with_parent
from majlis.core.postgres.place import Place, Tell
from majlis.core.postgres.problem import DatabaseProblem

Process = subprocess.Popen[bytes]

PATIENCE: Final = 600.0  # seconds; replaying the log after a crash is slow on a slow disk
POLL: Final = 0.005  # seconds
_LEFTOVERS: Final = 20.0  # seconds for the children of a killed server to notice and leave
_FIRST_WORD: Final = 3.0  # seconds of silence before the operator is told to wait
_NEXT_WORD: Final = 15.0
_LARGEST_LOG: Final = 16 * 2**20  # bytes


def start(place: Place, binaries: Binaries, *, bound: bool, tell: Tell) -> Process | None:
    """Start the server unless one runs, and wait until it takes connections. None: it ran already.

    Raises:
        DatabaseProblem: it did not start, with its own reason.
    """
    end_of_leftovers = time.monotonic() + _LEFTOVERS
    while not _wait(place, None, tell):
        postmaster.forget_dead(place.cluster, place.run)
        already_said = _size(place.log)
        process = _launch(place, binaries, bound=bound)
        if _wait(place, process, tell):
            return process
        words = _words(place.log, already_said)
        if not _will_pass(words) or time.monotonic() > end_of_leftovers:
            raise DatabaseProblem(f"PostgreSQL did not start: {_reason(words)} ({place.log})", cause=words)
        time.sleep(0.1)
    return None


def _launch(place: Place, binaries: Binaries, *, bound: bool) -> Process:
    if _size(place.log) > _LARGEST_LOG:
        place.log.replace(place.log.with_suffix(".log.1"))
    command = [str(binaries.program("postgres")), "-D", str(place.cluster)]
    command += ["-c", f"config_file={place.home / 'postgresql.conf'}"]
    command += ["-c", f"hba_file={place.home / 'pg_hba.conf'}"]
    us = os.getpid()
    with place.log.open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C at the terminal is ours to handle, in order
            preexec_fn=(lambda: end_with_parent(signal.SIGINT, parent=us))
            if bound
            else None,  # runs after setuid
            **place.account.options(),
        )


def _wait(place: Place, process: Process | None, tell: Tell) -> bool:
    """Wait until the server takes connections. False when there is none, or none any more.

    Raises:
        DatabaseProblem: it is neither ready nor gone when the patience ends.
    """
    began = time.monotonic()
    next_word = began + _FIRST_WORD
    while time.monotonic() - began < PATIENCE:
        gone = process is not None and process.poll() is not None
        found = postmaster.running(place.cluster)
        if found is not None and found.ready:
            return True
        if gone or (found is None and process is None):
            return False
        if time.monotonic() > next_word:
            tell("The database is starting; after a crash or on a slow disk this takes a while …")
            next_word += _NEXT_WORD
        time.sleep(POLL)
    raise DatabaseProblem(f"PostgreSQL was not ready after {PATIENCE:.0f} seconds; see {place.log}.")


def _will_pass(words: str) -> bool:
    """Whether the server refused only because what a killed one left is not gone yet."""
    return "shared memory block" in words or "lock file" in words


def _reason(words: str) -> str:
    lines = [line for line in words.splitlines() if "FATAL" in line or "PANIC" in line]
    chosen = (lines or words.splitlines() or ["it gave no reason"])[-1]
    return chosen.split("FATAL:")[-1].split("PANIC:")[-1].strip()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _words(log: Path, start_at: int) -> str:
    with log.open("rb") as file:
        file.seek(start_at)
        return file.read(100_000).decode(errors="replace")
