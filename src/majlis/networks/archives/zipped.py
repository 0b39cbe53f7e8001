"""Zip archives, with the library's reader behind checks of the directory it read."""

from __future__ import annotations

import io
import stat
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy as _

from majlis.networks.archives.container import (
    TOO_MANY_FILES,
    ArchiveTooLarge,
    ByteSource,
    Container,
    UnreadableArchive,
)
from majlis.networks.archives.limits import Limits

_NO_DIRECTORY: Final = _(
    "The zip file is damaged or incomplete: its list of files cannot be read. Download it again."
)
_OVERLAPPING: Final = _("The zip file's entries overlap, as no packer writes them; it is not opened.")
_ENCRYPTED: Final = _("The zip file is protected by a password. Unpack it and pack it again without one.")
_DIRECTORY_BYTES: Final = 64 * 2**20
_DIRECTORY_MARK: Final = b"PK\x01\x02"
_LOCAL_HEADER: Final = 30
_ENCRYPTED_FLAG: Final = 0x1
_UTF8_FLAG: Final = 0x800
# bzip2 and lzma are unpacked by the library without a bound on one step, and no network uses them.
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class _GuardedFile(io.BufferedReader):
    """Refuses the one large read that zipfile makes, of the whole directory, when it is too much."""

    entries = 0

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = _DIRECTORY_BYTES + 1 if size is None or size < 0 else min(size, _DIRECTORY_BYTES + 1)
        data = super().read(wanted)
        if len(data) > _DIRECTORY_BYTES or data.count(_DIRECTORY_MARK) > self.entries:
            raise ArchiveTooLarge(TOO_MANY_FILES, code="archive_too_many_files")
        return data


class ZipContainer(Container):
    """A zip file; entries are opened by the directory entry that was checked, not by name."""

    def __init__(self, path: Path, *, limits: Limits) -> None:
        super().__init__(limits=limits)
        self._file = _GuardedFile(io.FileIO(path))
        self._file.entries = limits.entries
        self._infos: dict[str, zipfile.ZipInfo] = {}
        try:
            self._zip = _opened(self._file)
            self._index(packed=path.stat().st_size)
        except BaseException:
            self._file.close()
            raise

    def _index(self, *, packed: int) -> None:
        infos = self._zip.infolist()
        files = [info for info in infos if not info.is_dir()]
        if files and all(info.flag_bits & _ENCRYPTED_FLAG for info in files):
            raise UnreadableArchive(_ENCRYPTED, code="archive_encrypted")
        if _overlap(infos, end=self._zip.start_dir):
            raise UnreadableArchive(_OVERLAPPING, code="archive_overlapping")
        for info in files:
            self._take(info)
        self._check_total(packed=packed)

    def _take(self, info: zipfile.ZipInfo) -> None:
        name = self._admit(_full_name(info), info.file_size)
        if name is None:
            return
        if code := self._objection(info):
            del self.sizes[name]
            self._refuse(_full_name(info), code, ratio=str(self.limits.member_ratio))
        else:
            self._infos[name] = info

    def _objection(self, info: zipfile.ZipInfo) -> str | None:
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) and not stat.S_ISREG(mode):
            return "not_a_file"
        if info.flag_bits & _ENCRYPTED_FLAG:
            return "member_encrypted"
        if info.compress_type not in _METHODS:
            return "member_method"
        if info.file_size > max(self.limits.ratio_from, info.compress_size * self.limits.member_ratio):
            return "member_ratio"
        return None

    def _source(self, name: str) -> ByteSource:
        return self._zip.open(self._infos[name])

    def _close(self) -> None:
        self._zip.close()
        self._file.close()


def _opened(file: _GuardedFile) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except ArchiveTooLarge:
        raise
    except Exception as problem:  # BadZipFile, struct.error, ValueError, OSError, NotImplementedError, …
        raise UnreadableArchive(_NO_DIRECTORY, code="archive_broken", cause=repr(problem)) from problem


def _overlap(infos: list[zipfile.ZipInfo], *, end: int) -> bool:
    """Whether two entries share bytes, or one runs into the directory, as in a zip bomb without nesting."""
    spans = sorted((info.header_offset, info.header_offset + _length(info)) for info in infos)
    spans.append((end, end))
    return spans[0][0] < 0 or any(one[1] > other[0] for one, other in pairwise(spans))


def _length(info: zipfile.ZipInfo) -> int:
    """The least that the entry occupies: its local header with the name, and its packed bytes."""
    return _LOCAL_HEADER + len(info.orig_filename) + info.compress_size


def _full_name(info: zipfile.ZipInfo) -> str:
    """The name with whatever follows a NUL, and in UTF-8 where an old packer did not say so."""
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.orig_filename
