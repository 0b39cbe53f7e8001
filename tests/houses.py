"""A whole Majlis to ask over HTTP: ``majlis up`` in processes of its own, with a hand inside to prepare things.

The hand is a process with Django set up on the house's database. What it does through the domain reaches the
server as everything does: by the change log.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from majlis.core.postgres.postmaster import running

PROGRAM = Path(sys.executable).with_name("majlis")

_HAND = """
import io, json, sys
from majlis.config.commands.machine import set_up_django
set_up_django()
from datetime import timedelta
from django.db import close_old_connections, connection, transaction
from majlis.accounts import tokens
from majlis.accounts.models import User
from majlis.core.clock import now
from majlis.people import access as people_access, actions as people, queries as people_queries
from majlis.posts import access as posts_access, actions as posts
from majlis.posts.composing import PostParams
import cast
names = dict(globals())
for line in sys.stdin:
    close_old_connections()
    asked = json.loads(line)
    try:
        names["given"] = asked["given"]
        names["result"] = None
        exec(asked["code"], names)
        answer = {"result": names["result"]}
    except BaseException as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
"""


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """Nothing of the suite's own settings; cheap password hashes, no limits."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MAJLIS_") and name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    return {
        **kept,
        "MAJLIS_POSTGRES": "wheel",
        "MAJLIS_FAST_HASHING": "true",
        "MAJLIS_LIMITS": "false",
        "MAJLIS_LOG_LEVEL": "warning",
        "MAJLIS_DATA_DIR": str(data_dir),
        **settings,
    }


def free_port() -> int:
    """A port of the loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP. Names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Hand:
    """Python inside the house: ``hand("result = given + 1", 1)`` gives 2."""

    process: subprocess.Popen[str]

    def __call__(self, code: str, given: Any = None) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"code": code, "given": given}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def close(self) -> None:
        with suppress(OSError):
            self.process.stdin.close()  # type: ignore[union-attr]
        with suppress(OSError):
            self.process.stdout.close()  # type: ignore[union-attr]
        self.process.wait(30)


@dataclass
class House:
    """A running ``majlis up`` and how to reach it."""

    data_dir: Path
    port: int
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    hand: Hand = field(init=False)

    @property
    def log(self) -> str:
        return (self.data_dir.parent / "up.log").read_text(errors="replace")

    def database_url(self) -> str:
        where = self.data_dir / "postgres"
        run = next(where.rglob(".s.PGSQL.*[0-9]"), None)
        found = running(where / "cluster")
        assert found is not None, "the database does not run"
        assert run is not None
        return f"postgresql://majlis@/majlis?host={run.parent}&port={run.name.rsplit('.', 1)[1]}"

    # asking -----------------------------------------------------------------------------------------

    def ask(
        self,
        path: str,
        *,
        token: str = "",
        method: str = "GET",
        send: Any = None,
        headers: dict[str, str] | None = None,
        timeout: float = 30,
    ) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            return exchange(connection, path, token=token, method=method, send=send, headers=headers)
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.ask("/health", timeout=5).status == 200
        except (OSError, http.client.HTTPException):
            return False

    # processes --------------------------------------------------------------------------------------

    def children(self, module: str) -> list[int]:
        """Processes started directly by ``majlis up`` that run this module."""
        return [pid for pid in children_of(self.process.pid) if module in _command(pid)]

    def server_processes(self) -> list[int]:
        """The processes that answer requests: forked from the server's main process."""
        mains = self.children("commands.serve")
        found = [pid for main in mains for pid in children_of(main)]
        return [pid for pid in found if "resource_tracker" not in _command(pid)]

    def job_processes(self) -> list[int]:
        return self.children("commands.worker")

    def database_process(self) -> int:
        found = running(self.data_dir / "postgres" / "cluster")
        return found.pid if found else 0

    def family(self) -> set[int]:
        """Every process whose environment names the data folder."""
        mark = f"MAJLIS_DATA_DIR={self.data_dir}".encode()
        found = set()
        for file in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                if mark in file.read_bytes().split(b"\0"):
                    found.add(int(file.parent.name))
        return found


def exchange(
    connection: http.client.HTTPConnection,
    path: str,
    *,
    token: str = "",
    method: str = "GET",
    send: Any = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """One request on a connection that may be used again."""
    given = dict(headers or {})
    if token:
        given["Authorization"] = f"Bearer {token}"
    body = None
    if send is not None:
        body = json.dumps(send).encode()
        given["Content-Type"] = "application/json"
    connection.request(method, path, body=body, headers=given)
    response = connection.getresponse()
    found = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, found, response.read())


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def children_of(pid: int) -> list[int]:
    """Direct children that are alive."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError):
            state, parent = file.read_text().rsplit(")", 1)[1].split()[:2]
            if int(parent) == pid and state != "Z":
                found.append(int(file.parent.name))
    return sorted(found)


def until(what: Callable[[], Any], seconds: float = 30, *, every: float = 0.02, why: str = "") -> Any:
    """Wait until something is so, and give it."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, why or f"not within {seconds} s"
        time.sleep(every)
    return found


@contextmanager
def house(*, workers: int = 1, data_dir: Path | None = None, **settings: str) -> Iterator[House]:
    """Start one, with a hand in it; end it afterwards, whatever state the test left it in."""
    folder = data_dir.parent if data_dir else Path(tempfile.mkdtemp(prefix="majlis-t-"))
    folder.chmod(0o711)
    data_dir = data_dir or folder / "data"
    port = free_port()
    env = environment(data_dir, **settings)
    with (folder / "up.log").open("ab") as log:
        process = subprocess.Popen(
            [PROGRAM, "up", "--data-dir", data_dir, "--port", str(port), "--workers", str(workers)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=env,
        )
    made = House(data_dir, port, process, env)
    try:
        until(lambda: made.answers() or process.poll() is not None, 120, why=f"does not start:\n{folder}")
        assert process.poll() is None, made.log
        made.hand = Hand(_hand(made))
        yield made
    finally:
        if hasattr(made, "hand"):
            made.hand.close()
        _end(made)
        shutil.rmtree(folder, ignore_errors=True)


def _hand(made: House) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _HAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={
            **made.environment,
            "DATABASE_URL": made.environment.get("DATABASE_URL") or made.database_url(),
            "MAJLIS_BASE_URL": f"http://127.0.0.1:{made.port}",
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]),
        },
    )


def _end(made: House) -> None:
    for pid in made.family():
        with suppress(OSError):
            os.kill(pid, signal.SIGCONT)
    made.process.terminate()
    try:
        made.process.wait(40)
    except subprocess.TimeoutExpired:
        made.process.kill()
        made.process.wait()
    until(lambda: not made.family() and not made.database_process(), 30, why=made.log)
