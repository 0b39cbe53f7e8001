"""An archive's files, whatever they are packed in: names, sizes and bounded streams.

Invariants: a name that can be opened points nowhere outside the archive and is unique; a stream never
gives more bytes than its member declared, and all members together declared no more than the cap; nothing
is written to disk but what ``copied`` hands out, under a name that does not come from the archive.
"""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput, TooLarge
from majlis.networks.archives import names
from majlis.networks.archives.limits import CHUNK, Limits
from majlis.networks.archives.records import Skipped


class UnreadableArchive(BadInput):
    """The archive as a whole cannot be read."""

    default_code = "archive_unreadable"


class ArchiveTooLarge(TooLarge):
    """The archive as a whole holds more than is taken."""

    default_code = "archive_too_large"


TOO_MANY_FILES: Final = _("The archive holds more files than are taken.")
TOO_MANY_BYTES: Final = _("The archive unpacks to more than is taken.")
SUSPICIOUS: Final = _("The archive unpacks to far more than its size; it is not opened.")


class BrokenMemberError(Exception):
    """A member's bytes cannot be read to their end; ``code`` is a key of ``reasons.NOT_TAKEN``."""

    def __init__(self, code: str = "member_broken", **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class ByteSource(Protocol):
    """What a kind of container opens: bytes until the empty one."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> object: ...


class MemberStream:
    """One member's bytes, no more than it declared. Whatever goes wrong below is a BrokenMemberError."""

    def __init__(self, source: ByteSource, *, size: int, on_read: Callable[[int], None]) -> None:
        self._source = source
        self._left = size
        self._on_read = on_read

    def read(self, size: int = CHUNK) -> bytes:
        """Up to ``size`` bytes (at most one chunk); empty at the end."""
        if self._left == 0:
            return b""
        try:
            data = self._source.read(min(size, CHUNK, self._left))
        except Exception as problem:  # zlib, CRC, end of file, seek: every one means a damaged member
            raise BrokenMemberError from problem
        if not data:
            raise BrokenMemberError
        self._left -= len(data)
        self._on_read(len(data))
        return data

    def __iter__(self) -> Iterator[bytes]:
        while data := self.read():
            yield data

    def __enter__(self) -> MemberStream:
        return self

    def __exit__(self, *_exit: object) -> None:
        self._source.close()


class Container(ABC):
    """The members that may be read (``sizes``, by name) and those that may not (``refused``)."""

    def __init__(self, *, limits: Limits) -> None:
        self.limits = limits
        self.sizes: dict[str, int] = {}
        self.refused: list[Skipped] = []
        self.bytes_read = 0
        self._seen = 0

    @property
    def bytes_total(self) -> int:
        """Unpacked bytes of all members that may be read; with ``bytes_read`` a measure of progress."""
        return sum(self.sizes.values())

    def open(self, name: str) -> MemberStream:
        """A member's bytes. Raises KeyError for a name not in ``sizes``, BrokenMemberError when damaged."""
        size = self.sizes[name]
        try:
            source = self._source(name)
        except PermissionError as problem:
            raise BrokenMemberError("member_not_allowed") from problem
        except Exception as problem:  # the local header contradicts the directory, the file is gone, …
            raise BrokenMemberError from problem
        return MemberStream(source, size=size, on_read=self._count_bytes)

    def read(self, name: str, *, up_to: int) -> bytes:
        """A small member whole; BrokenMemberError when it is larger than ``up_to`` bytes."""
        if self.sizes[name] > up_to:
            raise BrokenMemberError("item_too_large", limit=str(up_to))
        with self.open(name) as stream:
            return b"".join(stream)

    @contextmanager
    def copied(self, name: str, *, up_to: int) -> Iterator[Path]:
        """A member as a temporary file that is gone afterwards; an error when larger."""
        if self.sizes[name] > up_to:
            raise BrokenMemberError("media_too_large", limit=str(up_to))
        with tempfile.NamedTemporaryFile(prefix="majlis-archive-") as copy:
            with self.open(name) as stream:
                for data in stream:
                    copy.write(data)
            copy.flush()
            yield Path(copy.name)

    def close(self) -> None:
        """Closes what is open; streams do not outlive it."""
        self._close()

    def __enter__(self) -> Container:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def _source(self, name: str) -> ByteSource: ...

    @abstractmethod
    def _close(self) -> None: ...

    def _admit(self, raw_name: str, size: int) -> str | None:
        """The usable name of one more entry, or None when it was refused by its name."""
        self._count_entry()
        try:
            name = names.usable(raw_name, limits=self.limits)
        except names.UnusableNameError as unusable:
            self._refuse(raw_name, unusable.code)
            return None
        if name in self.sizes:
            self._refuse(raw_name, "name_repeated")
        elif names.is_nested_archive(name):
            self._refuse(raw_name, "member_nested")
        else:
            self.sizes[name] = size
            return name
        return None

    def _count_entry(self) -> None:
        self._seen += 1
        if self._seen > self.limits.entries:
            raise ArchiveTooLarge(TOO_MANY_FILES, code="archive_too_many_files")

    def _refuse(self, raw_name: str, code: str, **params: str) -> None:
        self.refused.append(Skipped(what=names.shown(raw_name), code=code, params=params))

    def _check_total(self, *, packed: int) -> None:
        """Raises ArchiveTooLarge when all that was admitted is over the cap or the ratio."""
        total = self.bytes_total
        if total > self.limits.total_bytes:
            raise ArchiveTooLarge(TOO_MANY_BYTES)
        if total > self.limits.ratio_from and total > packed * self.limits.total_ratio:
            raise ArchiveTooLarge(SUSPICIOUS, code="archive_suspicious")

    def _count_bytes(self, count: int) -> None:
        self.bytes_read += count
