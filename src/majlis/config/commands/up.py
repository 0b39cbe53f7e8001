"""``majlis up``: database, schema, server and workers, watched until somebody says stop.

This process stays small: it loads neither Django nor the product, it only starts what does.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from majlis.config.commands import machine
from majlis.config.commands.children import Child
from majlis.config.settings import Settings
from majlis.core.errors import Conflict, Refused
from majlis.core.postgres import DatabaseProblem, Server

_GO: Final = b"go\n"
_LOOK: Final = 0.5  # seconds between looks at what runs; a dying child is noticed at once
_SERVER_PATIENCE: Final = 15.0  # seconds
_WORKER_PATIENCE: Final = 30.0
_HOPELESS: Final = 4  # deaths of the server before it ever answered
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - what is listened to, as an address


def run(*, data_dir: Path | None, host: str, port: int, workers: int | None, offer_demo: bool) -> None:
    """Run everything in the foreground until Ctrl-C or SIGTERM."""
    if "MAJLIS_BASE_URL" not in os.environ:
        os.environ["MAJLIS_BASE_URL"] = f"http://{_EVERYWHERE.get(host, host)}:{port}"
    settings = machine.settings_for(data_dir)
    for sentence in settings.misspelt():
        machine.tell(sentence)
    _refuse_taken_port(host, port)
    with _alone(settings.data_dir), suppress(_Stop), _Signals() as signals:
        machine.keep_uploads(settings)
        machine.keep_address(settings.data_dir, settings.base_url)
        house = House(settings, host, port, workers or settings.workers)
        try:
            house.open(offer_demo=offer_demo)
            house.watch(signals)
        finally:
            house.close()


class House:
    """The processes of one data folder."""

    def __init__(self, settings: Settings, host: str, port: int, workers: int) -> None:
        self.settings = settings
        self.address = (_EVERYWHERE.get(host, host).strip("[]"), port)
        serve = [sys.executable, "-m", "majlis.config.commands.serve", host, str(port), str(workers)]
        work = [sys.executable, "-m", "majlis.config.commands.worker"]
        self.server = Child("server", serve, _SERVER_PATIENCE, first_words=_GO)
        self.children = [self.server]
        self.children += [Child("worker", work, _WORKER_PATIENCE) for _ in range(settings.job_workers)]
        self.database: Server | None = None

    def open(self, *, offer_demo: bool) -> None:
        """Start the database and bring it up to date, then let everybody in."""
        began = time.monotonic()
        machine.announce_database(self.settings)
        self.server.start()  # loads the product meanwhile
        from majlis.config.commands import schema  # noqa: PLC0415 - loads the driver; meanwhile, too

        self.database = machine.open_database(self.settings, bound=True)
        self.database.look_after_room(machine.tell)
        if schema.bring_up_to_date(self.database.url):
            machine.tell("The database is prepared.")
        if offer_demo:
            _offer_demo(self.database.url, self.settings.data_dir)
        self.server.let_go()
        self._wait_for_answer(began)
        for child in self.children[
            1:
        ]:  # only now: loading the product twice at once would take twice as long
            child.start()
            child.let_go()

    def _wait_for_answer(self, began: float) -> None:
        while not _answers(self.address):
            if self.server.deaths >= _HOPELESS:
                raise Refused("The server does not start; what went wrong stands above.")
            self._look_after(self.server)
            time.sleep(0.02)
        machine.tell(
            f"Majlis is at {self.settings.base_url} (started in {time.monotonic() - began:.1f} s). "
            "Ctrl-C stops it."
        )

    def watch(self, signals: _Signals) -> None:
        """Start again what dies, until a signal asks to stop."""
        while True:
            signals.wait(_LOOK)
            self._look()

    def _look(self) -> None:
        self._look_after_database()
        for child in self.children:
            self._look_after(child)

    def _look_after(self, child: Child) -> None:
        line = child.watch()
        if line:
            machine.tell(line)

    def _look_after_database(self) -> None:
        if self.database is None:
            return
        if self.database.alive():
            self.database.look_after_room(machine.tell)
            return
        machine.tell("The database died; it starts again.")
        try:
            self.database.revive(machine.tell)
        except DatabaseProblem as problem:  # a full disk, say: tried again until it is cleared
            machine.tell(str(problem))
            time.sleep(1)

    def close(self) -> None:
        """Stop everything, in the order of dependence."""
        for child in self.children:
            child.ask_to_end()
        for child in self.children:
            child.end()
        if self.database is not None:
            self.database.stop()


class _Signals:
    """Signals as something to wait for."""

    def __init__(self) -> None:
        self._asked_to_stop = False
        self._read, self._write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def __enter__(self) -> _Signals:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        return self

    def __exit__(self, *problem: object) -> None:
        signal.set_wakeup_fd(-1)
        os.close(self._read)
        os.close(self._write)

    def _stop(self, number: int, frame: object) -> None:
        if not self._asked_to_stop:  # once: what is stopping is not to be disturbed
            self._asked_to_stop = True
            raise _Stop

    def wait(self, seconds: float) -> None:
        """Until a signal arrives, or the time is over.

        Raises:
            _Stop: somebody asked to stop. The handler raised it once already; where it hit a finaliser,
                Python swallowed it there.
        """
        if self._asked_to_stop:
            raise _Stop
        if select.select([self._read], [], [], seconds)[0]:
            os.read(self._read, 4096)


class _Stop(BaseException):
    """Somebody asked to stop: leaves whatever is going on, through every ``finally``."""


@contextmanager
def _alone(data_dir: Path) -> Iterator[IO[bytes]]:
    """Hold the data folder: one Majlis at a time serves it from this machine.

    Raises:
        Conflict: another one does.
    """
    with lock_file(data_dir).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"Majlis already runs on {data_dir}.") from None
        yield lock


def lock_file(data_dir: Path) -> Path:
    """The file that is locked while Majlis serves the folder."""
    machine.make_data_dir(data_dir)
    return data_dir / "up.lock"


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Conflict(
                f"{host}, port {port} cannot be used ({error.strerror}). Choose another with --port."
            ) from error


def _answers(address: tuple[str, int]) -> bool:
    """Whether a request is answered, whatever the answer."""
    try:
        with socket.create_connection(address, timeout=5) as connection:
            connection.sendall(b"HEAD /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False


def _offer_demo(url: str, data_dir: Path) -> None:
    from majlis.config.commands import schema  # noqa: PLC0415 - loaded by now

    with schema.connect(url) as connection:
        row = connection.execute("SELECT EXISTS (SELECT FROM accounts_user)").fetchone()
    if row is not None and row[0]:
        return
    if not sys.stdin.isatty():
        machine.tell(f"This Majlis is empty. To fill it with an example: majlis demo --data-dir {data_dir}")
        return
    answer = input("This Majlis is empty. Fill it with an example community? [y/N] ")
    if answer.strip().lower() in {"y", "yes"}:
        subprocess.run([sys.executable, "-m", "majlis.config.cli", "demo"], check=False)
