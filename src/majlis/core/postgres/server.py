"""A private PostgreSQL that runs: one per data folder, shared by every process that uses the folder.

Whoever needs it calls :func:`ensure`; the last one to call :meth:`Server.stop` stops it. So a command
works beside a running Majlis, and alone.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

from majlis.core.postgres import cluster, configuration, launch, postmaster
from majlis.core.postgres.account import run_as
from majlis.core.postgres.binaries import Binaries, Choice, choose
from majlis.core.postgres.place import PORT, Place, Tell, prepare
from majlis.core.postgres.programs import reachable
from majlis.core.postgres.room import Room

_DYING: Final = 10.0  # seconds
_left_to_others: Final[list[launch.Process]] = []
"""Children of ours that others still use: kept, so that they are reaped and not warned about."""


@dataclass
class Server:
    """A database to connect to. ``url`` is what DATABASE_URL would be; this one is somebody else's."""

    url: str

    @property
    def binaries(self) -> Binaries | None:
        """The programs it runs with, when it is ours."""
        return None

    def alive(self) -> bool:
        """Whether its main process runs. Always true of a server that is not ours."""
        return True

    def revive(self, tell: Tell = print) -> None:
        """Start it again after it died. Does nothing when it runs."""

    def look_after_room(self, tell: Tell = print) -> None:
        """Have it take nothing new while its disk is full. Somebody else looks after a server not ours."""

    def stop(self, *, patience: float = 60.0) -> bool:
        """Leave it, and stop it if nobody else uses it. Returns whether it was stopped.

        Args:
            patience: Seconds to wait for an orderly end before it is told to drop everything.
        """
        return False


@dataclass
class PrivateServer(Server):
    """One of ours. ``started_by_us`` tells whether it ran already when this process came."""

    place: Place
    programs: Binaries
    bound: bool
    in_use: IO[bytes] = field(repr=False)
    process: launch.Process | None = None

    @property
    def started_by_us(self) -> bool:
        """Whether this process started it, rather than found it running."""
        return self.process is not None

    @property
    def binaries(self) -> Binaries:
        return self.programs

    def alive(self) -> bool:
        if self.process is not None:
            self.process.poll()  # a dead child stays in the table until it is asked after
        return postmaster.running(self.place.cluster) is not None

    def revive(self, tell: Tell = print) -> None:
        with _locked(self.place):
            Room(self.place).rescue()
            self._start(tell)

    def look_after_room(self, tell: Tell = print) -> None:
        Room(self.place).look(tell)

    def _start(self, tell: Tell) -> None:
        if self.process is not None and not self.alive():
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_DYING)  # until then its number is taken, and a new one refuses to start
        self.process = launch.start(self.place, self.programs, bound=self.bound, tell=tell) or self.process
        cluster.prepare_database(self.place)

    def stop(self, *, patience: float = 60.0) -> bool:
        if self.in_use.closed:
            return False
        with _locked(self.place):
            alone = _flock(self.in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if alone:
                self._shut_down(patience)
            elif self.process is not None:
                _left_to_others.append(self.process)
            self.in_use.close()
        return alone

    def _shut_down(self, patience: float) -> None:
        for request in (
            signal.SIGINT,
            signal.SIGQUIT,
        ):  # "fast", then "immediate": both keep what is committed
            found = postmaster.running(self.place.cluster)
            if found is None:
                break
            os.kill(found.pid, request)
            end = time.monotonic() + patience
            while self.alive() and time.monotonic() < end:
                time.sleep(launch.POLL)
        if self.process is not None:
            self.process.wait(timeout=patience)


def address(data_dir: Path, *, tell: Tell = print) -> str:
    """The URL that the data folder's server has when it runs; whoever needs it later can prepare meanwhile.

    Raises:
        DatabaseProblem: the folder cannot be used.
    """
    return _url(prepare(data_dir, run_as(), tell))


def ensure(
    data_dir: Path,
    choice: Choice = "auto",
    *,
    url: str = "",
    durable: bool = True,
    bound: bool = False,
    at_least: int = 0,
    tell: Tell = print,
) -> Server:
    """A running database for the data folder; created, started or joined, whichever it needs.

    Args:
        data_dir: The data folder; made when missing.
        choice: Which programs may be used; ignored by a server that runs already.
        url: DATABASE_URL. When given it is used as it is, and nothing is started.
        durable: False for throwaway servers of tests only: nothing is forced to disk.
        bound: Stop the server when this process dies, however it dies. Call from the main thread.
        at_least: The oldest version a new cluster may have.
        tell: Says one line to the operator when something takes a while.

    Raises:
        DatabaseProblem: with a sentence that says what to do.
    """
    if url:
        return Server(url)
    place = prepare(data_dir, run_as(), tell)
    with _locked(place):
        binaries = _cluster(place, choice, at_least, tell)
        configuration.write(place, major=binaries.major, durable=durable)
        in_use = (place.home / "in-use").open("ab")
        try:
            _flock(in_use, fcntl.LOCK_SH)
            server = PrivateServer(_url(place), place, binaries, bound, in_use)
            server._start(tell)
        except BaseException:
            in_use.close()
            raise
    return server


def _cluster(place: Place, choice: Choice, at_least: int, tell: Tell) -> Binaries:
    """The programs for the cluster of ``place``, which is created when there is none."""
    existing = place.existing_major()
    found = choose(choice, existing=existing, where=place.cluster, at_least=at_least)
    binaries = reachable(found, place)
    if existing is None:
        tell(f"Creating the database (PostgreSQL {binaries.major}, {binaries.origin}) …")
        cluster.create(place, binaries)
    return binaries


def _url(place: Place) -> str:
    socket = quote(str(place.run), safe="")
    return f"postgresql://{cluster.ROLE}@/{cluster.DATABASE}?host={socket}&port={PORT}"


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
