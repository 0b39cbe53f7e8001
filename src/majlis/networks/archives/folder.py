"""An archive that was unpacked already: a folder, or a single file of one (Mastodon's CSV tables)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from majlis.networks.archives.container import ByteSource, Container
from majlis.networks.archives.limits import Limits


class FolderContainer(Container):
    """Plain files below a folder; links are not followed, and everything that is no file is refused."""

    def __init__(self, path: Path, *, limits: Limits, name: str | None = None) -> None:
        super().__init__(limits=limits)
        self._paths: dict[str, Path] = {}
        if path.is_dir():
            for each in _files(path):
                self._take(each, name=each.relative_to(path).as_posix())
        else:
            self._take(path, name=name or path.name)
        self._check_total(packed=self.bytes_total)

    def _take(self, path: Path, *, name: str) -> None:
        about = path.lstat()
        if not stat.S_ISREG(about.st_mode):
            self._count_entry()
            self._refuse(name, "not_a_file")
            return
        admitted = self._admit(name, about.st_size)
        if admitted is not None:
            self._paths[admitted] = path

    def _source(self, name: str) -> ByteSource:
        descriptor = os.open(self._paths[name], os.O_RDONLY | os.O_NOFOLLOW)
        return os.fdopen(descriptor, "rb")

    def _close(self) -> None:
        self._paths.clear()


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder, onerror=_not_listed, followlinks=False):
        folders.sort()
        linked = [each for each in folders if (Path(parent) / each).is_symlink()]
        yield from (Path(parent) / each for each in [*sorted(files), *linked])


def _not_listed(error: OSError) -> NoReturn:
    """A folder that may not be read is no empty one."""
    raise error
