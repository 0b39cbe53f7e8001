"""The form of a backup: one tar with the database's dump, the data folder's files, and a list of both.

``majlis-backup.json`` comes last and names every member with its size and SHA-256, so that a file that
was cut off, or changed, is known before anything is touched.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from majlis.core.errors import BadInput

DUMP: Final = "database.dump"
LIST: Final = "majlis-backup.json"
FILES: Final = "files"
FORM: Final = 1
_NOT_KEPT: Final = {"postgres", "postgres.elsewhere", "up.lock", "plots"}
"""What belongs to the machine, not to the house."""
_CHUNK: Final = 1 << 20
_LARGEST_LIST: Final = 1 << 30  # bytes


@dataclass
class Listing:
    """What a backup says of itself."""

    version: str
    postgres: int
    made_at: str
    members: dict[str, tuple[int, str]] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """As it stands in the archive."""
        return json.dumps({"form": FORM, **self.__dict__}, ensure_ascii=False).encode()


def kept_files(data_dir: Path) -> Iterator[Path]:
    """Every file of the data folder that is to be kept, sorted. Links are not followed."""
    for top in sorted(data_dir.iterdir()):
        if top.name in _NOT_KEPT or top.name.startswith((".", "restore-")) or top.is_symlink():
            continue
        if top.is_file():
            yield top
        for folder, folders, names in os.walk(top):
            folders.sort()
            yield from (Path(folder, name) for name in sorted(names) if not Path(folder, name).is_symlink())


class Writer:
    """Writes members and remembers their sums."""

    def __init__(self, file: IO[bytes], listing: Listing) -> None:
        self._tar = tarfile.TarFile(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)
        self.listing = listing

    def add(self, path: Path, name: str) -> None:
        """Add a file as it is now; one that was deleted meanwhile is left out."""
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return
        with source:
            info = self._tar.gettarinfo(arcname=name, fileobj=source)
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            summed = _Summing(source)
            self._tar.addfile(info, summed)
        self.listing.members[name] = (info.size, summed.digest.hexdigest())

    def finish(self) -> None:
        """Add the list and close."""
        text = self.listing.to_json()
        info = tarfile.TarInfo(LIST)
        info.size = len(text)
        self._tar.addfile(info, _Bytes(text))
        self._tar.close()


def unpack(file: IO[bytes], into: Path) -> Listing:
    """Unpack a backup into an empty folder and check every member against its list.

    Raises:
        BadInput: it is no backup, or not whole, or holds what no backup holds.
    """
    found: dict[str, tuple[int, str]] = {}
    listing: Listing | None = None
    try:
        with tarfile.open(fileobj=file, mode="r|") as tar:
            for member in tar:
                _refuse_strange(member)
                source = tar.extractfile(member)
                if source is None:
                    raise _broken()
                if member.name == LIST:
                    listing = _read_list(source.read(_LARGEST_LIST))
                else:
                    found[member.name] = _write(source, into / member.name, member.mode)
    except (tarfile.TarError, EOFError) as error:
        raise _broken() from error
    if listing is None or found != listing.members or DUMP not in found:
        raise _broken()
    return listing


def _broken() -> BadInput:
    return BadInput("This is not a whole backup of Majlis; nothing was changed.", code="broken_backup")


def _refuse_strange(member: tarfile.TarInfo) -> None:
    """Only plain files under their own folder: no links, no devices, no way out."""
    parts = PurePosixPath(member.name).parts
    inside = member.name in {DUMP, LIST} or (len(parts) > 1 and parts[0] == FILES)
    if not member.isreg() or not inside or ".." in parts or member.name.startswith("/"):
        raise _broken()


def _read_list(text: bytes) -> Listing:
    try:
        said: dict[str, Any] = json.loads(text)
        if said.pop("form") != FORM:
            raise BadInput("This backup was made by a newer Majlis; nothing was changed.")
        members = {name: (int(size), str(digest)) for name, (size, digest) in said.pop("members").items()}
        return Listing(**said, members=members)
    except (ValueError, KeyError, TypeError) as error:
        raise _broken() from error


def _write(source: IO[bytes], target: Path, mode: int) -> tuple[int, str]:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size = 0
    with target.open("xb") as file:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    target.chmod(mode & 0o700 | 0o600)
    return size, digest.hexdigest()


class _Summing:
    """A file that sums what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


class _Bytes:
    """Bytes to be read once."""

    def __init__(self, text: bytes) -> None:
        self._text = text

    def read(self, size: int = -1) -> bytes:
        end = len(self._text) if size < 0 else size
        chunk, self._text = self._text[:end], self._text[end:]
        return chunk
