"""Who the database server runs as. PostgreSQL refuses root, and so do we.

Started by root, its processes become ``postgres`` where that account exists, else ``nobody``: in the
child, before it runs anything. Started by anybody else, they are that person's.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from majlis.core.postgres.problem import DatabaseProblem

_CANDIDATES: Final = ("postgres", "nobody")


@dataclass(frozen=True)
class RunAs:
    """The account of the server's processes. ``dropped`` when it is not the caller's own."""

    uid: int
    gid: int
    name: str
    dropped: bool

    def options(self) -> dict[str, Any]:
        """What ``subprocess`` needs to become this account, with a known folder and environment."""
        become = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.dropped else {}
        return {"cwd": "/", "env": environment(), **become}

    def own(self, path: Path) -> None:
        """Make ``path`` (which this process just made) the account's."""
        if self.dropped:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def owner_of(self, cluster: Path) -> RunAs:
        """The account that made ``cluster``, when root looks at somebody's existing data; else this one."""
        if not self.dropped or not cluster.exists():
            return self
        state = cluster.lstat()
        if state.st_uid == 0:
            raise DatabaseProblem(f"{cluster} belongs to root; PostgreSQL does not run as root.")
        return RunAs(state.st_uid, state.st_gid, f"uid {state.st_uid}", dropped=True)

    def can_enter(self, directory: Path) -> bool:
        """Whether the account can reach ``directory``; asked of the kernel, by trying."""
        if not self.dropped:
            return os.access(directory, os.X_OK)
        return self._try(["/bin/sh", "-c", 'cd -P -- "$1"', "sh", str(directory)])

    def can_run(self, program: Path) -> bool:
        """Whether the account can run ``program`` (one that understands ``--version``)."""
        return not self.dropped or self._try([str(program), "--version"])

    def _try(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=20,
                **self.options(),
            )
        except PermissionError:
            return False
        except OSError as error:
            raise _cannot_drop(self.name, error) from error
        return done.returncode == 0


def environment() -> dict[str, str]:
    """A small, known environment: nothing of PG*, no locale of the caller's."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def run_as() -> RunAs:
    """The account to run the database as.

    Raises:
        DatabaseProblem: we are root and there is nobody else to be.
    """
    if os.geteuid() != 0:
        return RunAs(os.geteuid(), os.getegid(), "", dropped=False)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return RunAs(entry.pw_uid, entry.pw_gid, name, dropped=True)
    raise DatabaseProblem(
        "PostgreSQL does not run as root, and this machine has neither an account 'postgres' nor 'nobody'. "
        "Add one (adduser --system postgres), or start Majlis as an ordinary user."
    )


def _cannot_drop(name: str, error: OSError) -> DatabaseProblem:
    return DatabaseProblem(
        f"PostgreSQL does not run as root, and this machine does not let root become '{name}'. "
        "Start Majlis as an ordinary user, or give the address of a PostgreSQL in DATABASE_URL.",
        cause=str(error),
    )
