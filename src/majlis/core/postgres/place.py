"""Where the cluster of a data folder lies, and its socket.

``<data>/postgres`` belongs to whoever starts Majlis and holds two folders of the server's account:
``cluster`` (PGDATA) and ``run`` (the socket; nobody else can enter, which is what keeps strangers out).
Root writes only beside these two folders, never inside them.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from majlis.core.postgres.account import RunAs
from majlis.core.postgres.problem import DatabaseProblem

Tell = Callable[[str], None]

PORT: Final = 5432
_LONGEST_SOCKET: Final = 107  # bytes; sockaddr_un.sun_path of Linux is 108 with its closing zero
_ELSEWHERE: Final = Path("/var/lib/majlis-postgres")
_POINTER: Final = "postgres.elsewhere"
_OWNER: Final = "belongs-to"


@dataclass(frozen=True)
class Place:
    """The folders of one cluster."""

    home: Path
    run: Path
    account: RunAs

    @property
    def cluster(self) -> Path:
        """PGDATA."""
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "server.log"

    def existing_major(self) -> int | None:
        """The version that made the data, or None when there is none yet."""
        try:
            return int((self.cluster / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None
        except PermissionError:
            raise DatabaseProblem(
                f"The database in {self.cluster} belongs to another account; use the one that made it."
            ) from None
        except ValueError:
            raise DatabaseProblem(f"{self.cluster} holds a damaged PG_VERSION; restore a backup.") from None


def prepare(data_dir: Path, account: RunAs, tell: Tell) -> Place:
    """The place for the data folder, made where it is missing.

    Raises:
        DatabaseProblem: the folder cannot be made or entered.
    """
    data_dir = data_dir.absolute()
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        _make(data_dir, account)
        home = _home(data_dir, account, tell)
        _make(home, account)
        account = account.owner_of(home / "cluster")
        run = _run_directory(home, account)
    except OSError as error:
        raise DatabaseProblem(
            f"The data folder cannot be used: {error.strerror}: {error.filename}."
        ) from error
    return Place(home, run, account)


def _make(directory: Path, account: RunAs) -> None:
    """Make ``directory`` where it is missing; what was there keeps its permissions."""
    try:
        directory.mkdir()
    except FileExistsError:
        return
    # 0711 lets the server's account pass through to its own folder and list nothing
    directory.chmod(0o711 if account.dropped else 0o700)


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _home(data_dir: Path, account: RunAs, tell: Tell) -> Path:
    pointer = data_dir / _POINTER
    if pointer.exists():
        return _follow(pointer, data_dir)
    if (data_dir / "postgres" / "cluster").exists() or account.can_enter(data_dir):
        return data_dir / "postgres"
    home = _unused(_ELSEWHERE / _digest(data_dir))
    tell(f"The account '{account.name}' cannot reach {data_dir}; the database is kept in {home}.")
    _ELSEWHERE.mkdir(parents=True, exist_ok=True)
    _make(home, account)
    (home / _OWNER).write_text(f"{data_dir}\n")
    pointer.write_text(f"{home}\n")
    return home


def _unused(home: Path) -> Path:
    """``home``, or the next name: what a deleted data folder left behind is neither opened nor removed."""
    names = (home if number == 1 else home.with_name(f"{home.name}-{number}") for number in count(1))
    return next(name for name in names if not name.exists())


def _follow(pointer: Path, data_dir: Path) -> Path:
    """The home a pointer names, unless the data folder is a copy: two copies must not share a database."""
    home = Path(pointer.read_text().strip())
    owner = home / _OWNER
    said = Path(owner.read_text().strip()) if owner.exists() else data_dir
    if said != data_dir and (said / _POINTER).exists():
        raise DatabaseProblem(
            f"{data_dir} is a copy of {said}, whose database lies in {home}. A copied folder has no database "
            "of its own: use 'majlis backup' and 'majlis restore' instead."
        )
    if said != data_dir:
        owner.write_text(f"{data_dir}\n")
    return home


def _run_directory(home: Path, account: RunAs) -> Path:
    inside = home / "run"
    if _socket_fits(inside):
        return _private(inside, account)
    runtime = Path("/run") if account.dropped else Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108
    for parent in (runtime, Path("/tmp")):  # noqa: S108 - the folder below it is checked to be ours alone
        short = parent / f"majlis-{account.uid}-{_digest(home)}"
        if parent.is_dir() and os.access(parent, os.W_OK) and _socket_fits(short):
            return _private(short, account)
    raise DatabaseProblem(f"The path {home} is too long for a unix socket; use a shorter data folder.")


def _socket_fits(run: Path) -> bool:
    path = str(run)
    if any(letter in path for letter in "',\"\n") or not path.isprintable():
        return False  # characters with a meaning in PostgreSQL's list of folders
    return len(os.fsencode(run / f".s.PGSQL.{PORT}")) <= _LONGEST_SOCKET


def _private(directory: Path, account: RunAs) -> Path:
    """``directory``, made 0700 for the account; refused when somebody else made it before us."""
    try:
        directory.mkdir(mode=0o700)
        account.own(directory)
    except FileExistsError:
        pass
    state = directory.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != account.uid or stat.S_IMODE(state.st_mode) & 0o077:
        raise DatabaseProblem(f"{directory} is not a private folder of the database's account; remove it.")
    return directory
