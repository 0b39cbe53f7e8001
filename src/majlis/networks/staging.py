"""Values on disk between reading and writing, so that memory does not grow with the archive."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Generic, TypeVar

from majlis.core import json

T = TypeVar("T")


class Stage(Generic[T]):
    """Values of one kind in a file without a name; each is found again by where it began."""

    def __init__(self, kind: type[T], *, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = tempfile.TemporaryFile(dir=folder, prefix="staged-")  # noqa: SIM115  # closed by __exit__
        self._read: Callable[[bytes | str], T] = json.own_reader(kind)
        self._end = 0

    def add(self, value: T) -> int:
        """Keep a value; where it is. OSError when the disk is full."""
        data = json.encode(value)
        at = self._end
        self._file.seek(at)
        self._file.write(len(data).to_bytes(4, "big") + data)
        self._end = at + 4 + len(data)
        return at

    def get(self, at: int) -> T:
        """The value that was kept there."""
        self._file.seek(at)
        length = int.from_bytes(self._file.read(4), "big")
        return self._read(self._file.read(length))

    def __iter__(self) -> Iterator[T]:
        at = 0
        while at < self._end:
            self._file.seek(at)
            length = int.from_bytes(self._file.read(4), "big")
            yield self._read(self._file.read(length))
            at += 4 + length

    def __enter__(self) -> Stage[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
