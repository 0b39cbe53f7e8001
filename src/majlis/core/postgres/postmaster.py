"""The server's own word about itself: ``postmaster.pid`` in the cluster.

Line 1 is the process id, line 8 how far it is ("starting", "ready   "); see pidfile.h of PostgreSQL.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_STATUS_LINE: Final = 7
_PROC: Final = Path("/proc")


@dataclass(frozen=True)
class Postmaster:
    """A running server: its process id, and whether it takes connections."""

    pid: int
    ready: bool


def running(cluster: Path) -> Postmaster | None:
    """The server that runs on ``cluster``, or None. A pid file left by a dead one does not count."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None
    if not _is_server_of(cluster, pid):
        return None
    status = lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else ""
    return Postmaster(pid, status == "ready")


def forget_dead(cluster: Path, run: Path) -> None:
    """Remove the pid file and the socket of a server that is gone. Does nothing while it runs.

    PostgreSQL refuses to start when the number in them was given to any process of the same account,
    which happens whenever a container is started again. The socket's folder is this cluster's alone.
    """
    if running(cluster) is None:
        (cluster / "postmaster.pid").unlink(missing_ok=True)
        for left in run.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)


def _is_server_of(cluster: Path, pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    if not _PROC.is_dir():
        return True
    try:
        # a server's working folder is its cluster; a number used again by another process is not ours
        return os.path.samefile(_PROC / str(pid) / "cwd", cluster)
    except OSError:
        return False
