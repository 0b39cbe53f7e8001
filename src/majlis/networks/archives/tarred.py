"""Tar archives, packed with gzip or not, as Mastodon wrote them until 2023.

A packed tar cannot be read in any other order than its own, so it is unpacked once, as one nameless
temporary file under the caps. Headers are walked here, one block at a time and always forward:
the library's walk reads extension headers of any size and follows them recursively (CVE-2024-6232,
CVE-2025-8194 on Python 3.11).
"""

from __future__ import annotations

import gzip
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from django.utils.translation import gettext_lazy as _

from majlis.networks.archives.container import (
    SUSPICIOUS,
    TOO_MANY_BYTES,
    ArchiveTooLarge,
    ByteSource,
    Container,
    UnreadableArchive,
)
from majlis.networks.archives.limits import CHUNK, Limits

_BROKEN: Final = _("The tar file is damaged or incomplete. Download it again.")
_BLOCK: Final = tarfile.BLOCKSIZE
_EXTENSION_BYTES: Final = 64 * 1024
_LONG_NAME: Final = tarfile.GNUTYPE_LONGNAME
_EXTENDED: Final = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_EXTENSIONS: Final = (*_EXTENDED, _LONG_NAME, tarfile.GNUTYPE_LONGLINK, tarfile.XGLTYPE)
_EXTENSIONS_IN_A_ROW: Final = 8
_REGULAR: Final = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)


class _Span:
    """A stretch of the unpacked tar, read on its own."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file = file
        self._at = start

    def read(self, size: int, /) -> bytes:
        self._file.seek(self._at)
        data = self._file.read(size)
        self._at += len(data)
        return data

    def close(self) -> None:
        """The file belongs to the container."""


class TarContainer(Container):
    """A tar file; members are stretches of one seekable file."""

    def __init__(self, path: Path, *, limits: Limits, packed: bool) -> None:
        super().__init__(limits=limits)
        self._file = _unpacked(path, limits=limits) if packed else path.open("rb")
        self._starts: dict[str, int] = {}
        try:
            for name, start, header in _headers(self._file):
                self._take(name, start, header)
            self._check_total(packed=max(path.stat().st_size, 1))
        except BaseException:
            self._file.close()
            raise

    def _take(self, raw_name: str, start: int, header: tarfile.TarInfo) -> None:
        if header.type == tarfile.DIRTYPE:
            self._count_entry()
            return
        if header.type not in _REGULAR:
            self._count_entry()
            self._refuse(raw_name, "not_a_file")
            return
        name = self._admit(raw_name, header.size)
        if name is not None:
            self._starts[name] = start

    def _source(self, name: str) -> ByteSource:
        return _Span(self._file, self._starts[name])

    def _close(self) -> None:
        self._file.close()


def _unpacked(path: Path, *, limits: Limits) -> BinaryIO:
    """The tar as a seekable temporary file without a name, checked against the caps as it grows.

    What the disk says against it is an OSError: the caller knows for whom it is told.
    """
    most = min(limits.total_bytes, max(limits.ratio_from, path.stat().st_size * limits.total_ratio))
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the container
    try:
        with gzip.open(path) as source:
            _copy(source, copy, most=most, limits=limits)
    except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
        copy.close()
        raise UnreadableArchive(_BROKEN, code="archive_broken", cause=repr(problem)) from problem
    except BaseException:
        copy.close()
        raise
    return copy


def _copy(source: gzip.GzipFile, copy: BinaryIO, *, most: int, limits: Limits) -> None:
    written = 0
    while data := source.read(CHUNK):
        written += len(data)
        if written > most:
            sentence = TOO_MANY_BYTES if most == limits.total_bytes else SUSPICIOUS
            raise ArchiveTooLarge(sentence)
        copy.write(data)


def _headers(file: BinaryIO) -> Iterator[tuple[str, int, tarfile.TarInfo]]:
    """Each member's full name, where its bytes start, and its header."""
    end = file.seek(0, 2)
    at = 0
    long_name: str | None = None
    extensions = 0
    while (header := _header(file, at)) is not None:
        start = at + _BLOCK
        if header.size < 0 or start + header.size > end:
            raise UnreadableArchive(_BROKEN, code="archive_broken", cause="member beyond the end")
        at = start + -(-header.size // _BLOCK) * _BLOCK
        if header.type == _LONG_NAME or header.type in _EXTENDED:
            long_name = _extended_name(file, start, header) or long_name
        if header.type in _EXTENSIONS:
            extensions += 1
            if extensions > _EXTENSIONS_IN_A_ROW:
                raise UnreadableArchive(_BROKEN, code="archive_broken", cause="extensions without a member")
            continue
        yield long_name or header.name, start, header
        long_name, extensions = None, 0


def _header(file: BinaryIO, at: int) -> tarfile.TarInfo | None:
    file.seek(at)
    block = file.read(_BLOCK)
    if not block.strip(b"\0"):
        if at == 0:
            raise UnreadableArchive(_BROKEN, code="archive_broken", cause="empty")
        return None
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError) as problem:
        raise UnreadableArchive(_BROKEN, code="archive_broken", cause=repr(problem)) from problem


def _extended_name(file: BinaryIO, start: int, header: tarfile.TarInfo) -> str | None:
    """The name that an extension header gives to the member after it (GNU, or POSIX pax ``path``)."""
    if header.size > _EXTENSION_BYTES:
        raise UnreadableArchive(_BROKEN, code="archive_broken", cause="extension header too large")
    file.seek(start)
    data = file.read(header.size)
    if header.type == _LONG_NAME:
        return data.rstrip(b"\0").decode("utf-8", "surrogateescape")
    records = dict(_pax_records(data))
    if b"size" in records or any(key.startswith(b"GNU.sparse") for key in records):
        raise UnreadableArchive(_BROKEN, code="archive_broken", cause="sparse or oversized member")
    name = records.get(b"path")
    return None if name is None else name.decode("utf-8", "surrogateescape")


def _pax_records(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keyword and value of each ``length keyword=value\\n`` (POSIX.1-2008, pax interchange format)."""
    while data:
        digits, _space, _rest = data[:20].partition(b" ")
        length = int(digits) if digits.isdigit() else 0
        if not len(digits) < length <= len(data):
            return
        keyword, _equals, value = data[len(digits) + 1 : length - 1].partition(b"=")
        yield keyword, value
        data = data[length:]
