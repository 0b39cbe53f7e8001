"""Where finished pictures lie: below ``<data_dir>/media/``, under names that nobody can guess.

Invariant: no name on disk comes from outside. A key is 160 random bits; a file name is a variant's name
and one of four extensions; both are matched whole against a pattern before a path is made of them.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotNow, NotThere

URL_PREFIX: Final = "/media/"
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
_KEY_LENGTH: Final = 32  # of 5 bits each
_KEY: Final = re.compile(r"[a-z2-7]{32}")
_FILE: Final = re.compile(r"[a-z][a-z0-9_]{0,31}\.(jpg|png|webp|avif)")
_ADDRESS: Final = re.compile(rf"([a-z2-7]{{2}})/([a-z2-7]{{2}})/({_KEY.pattern})/({_FILE.pattern})")
_MIME: Final = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "avif": "image/avif"}
_UNFINISHED: Final = ".unfinished"
_HIDDEN: Final = ".hidden"


def new_key() -> str:
    """A new name for a picture: 160 random bits in 32 letters and digits, equal in either case of letters."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_KEY_LENGTH))


def url_for(key: str, file_name: str) -> str:
    """``/media/aa/bb/<key>/<variant>.<ext>``. Raises ValueError for what no store would keep."""
    return URL_PREFIX + _address(key, file_name)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file to be served: its path on disk, MIME type and size in bytes."""

    path: Path
    mime: str
    size: int


class MediaStore(Protocol):
    """What the product asks of a store. FolderStore keeps files here; object storage can be another."""

    def save(self, *, key: str, files: Mapping[str, bytes]) -> None:
        """Keep all ``files`` (name with extension → bytes) under ``key`` or none, in place of former ones."""

    def read(self, *, key: str, file_name: str) -> bytes:
        """The bytes, or NotThere."""

    def delete(self, *, key: str) -> bool:
        """Remove all files of ``key`` at once; False when there were none."""

    def copy(self, *, key: str, to: str) -> bool:
        """Keep the files of ``key`` under ``to`` as well; False when there are none. Each goes by itself."""

    def url(self, *, key: str, file_name: str) -> str:
        """Where a browser finds the file."""


class FolderStore:
    """A MediaStore in the data directory. ``root`` is ``<data_dir>/media``."""

    def __init__(self, *, root: Path) -> None:
        self.root = root

    def save(self, *, key: str, files: Mapping[str, bytes]) -> None:
        """Write, flush to disk, then rename the whole folder: a reader sees all variants or none.

        Raises NotNow when the disk is full or away, and then leaves nothing behind; ValueError for a key
        that new_key did not make.
        """
        for name in files:
            _address(key, name)
        draft = self.root / _UNFINISHED / f"{key}-{secrets.token_hex(4)}"
        final = self._folder(key)
        try:
            draft.mkdir(parents=True, mode=0o755)
            for name, data in files.items():
                _write(draft / name, data)
            _flush_folder(draft)
            final.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
            self.delete(key=key)  # a job that was tried before may have come this far
            draft.rename(final)
            for folder in (final.parent, final.parent.parent, self.root):
                _flush_folder(folder)
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise _no_room(error) from error

    def read(self, *, key: str, file_name: str) -> bytes:
        """The bytes, or NotThere."""
        try:
            return (self.root / _address(key, file_name)).read_bytes()
        except (ValueError, FileNotFoundError) as error:
            raise _not_there() from error

    def delete(self, *, key: str) -> bool:
        """Remove all files of ``key``: renamed away first, so that none is served a moment longer."""
        if not _KEY.fullmatch(key):
            return False
        doomed = self.root / _UNFINISHED / f"{key}-{secrets.token_hex(4)}"
        if not (_renamed(self._folder(key), doomed) or _renamed(self._hidden(key), doomed)):
            return False
        shutil.rmtree(doomed, ignore_errors=True)
        return True

    def copy(self, *, key: str, to: str) -> bool:
        """Keep the files of ``key`` under ``to`` as well; False when there are none.

        The two share what is on the disk: the file system counts who holds it, so deleting one leaves the
        other whole, whichever goes first and whatever is killed in between.

        Raises NotNow when the disk is full or away, and then leaves nothing behind.
        """
        if not (_KEY.fullmatch(key) and _KEY.fullmatch(to)):
            return False
        draft = self.root / _UNFINISHED / f"{to}-{secrets.token_hex(4)}"
        try:
            _share(self._folder(key), draft)
            final = self._folder(to)
            final.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
            draft.rename(final)
            for folder in (final.parent, final.parent.parent, self.root):
                _flush_folder(folder)
        except FileNotFoundError:
            shutil.rmtree(draft, ignore_errors=True)
            return False
        except OSError as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise _no_room(error) from error
        return True

    def hide(self, *, key: str) -> bool:
        """Put the files of ``key`` out of reach, to come back with :meth:`show`; False when there are none."""
        return bool(_KEY.fullmatch(key)) and _renamed(self._folder(key), self._hidden(key))

    def show(self, *, key: str) -> bool:
        """Bring hidden files back; False when there are none."""
        return bool(_KEY.fullmatch(key)) and _renamed(self._hidden(key), self._folder(key))

    def url(self, *, key: str, file_name: str) -> str:
        """Where a browser finds the file."""
        return url_for(key, file_name)

    def locate(self, *, address: str) -> StoredFile:
        """The file behind what follows ``/media/`` in an address, or NotThere.

        Takes exactly the addresses that url_for makes; every other spelling is not there. Serve it with
        ``X-Content-Type-Options: nosniff`` and the MIME type given here.
        """
        match = _ADDRESS.fullmatch(address)
        if match is None or address != _address(match[3], match[4]):
            raise _not_there()
        path = self.root / address
        if path.is_symlink() or not path.is_file():
            raise _not_there()
        return StoredFile(path=path, mime=_MIME[match[5]], size=path.stat().st_size)

    def sweep(self, *, older_than: float) -> int:
        """Remove what a crash left before ``older_than`` (seconds since 1970); returns how many."""
        waiting = self.root / _UNFINISHED
        left = [each for each in waiting.glob("*") if each.stat().st_mtime < older_than]
        for each in left:
            shutil.rmtree(each, ignore_errors=True)
        return len(left)

    def _folder(self, key: str) -> Path:
        return self.root / key[:2] / key[2:4] / key

    def _hidden(self, key: str) -> Path:
        return self.root / _HIDDEN / key


def _address(key: str, file_name: str) -> str:
    if not _KEY.fullmatch(key) or not _FILE.fullmatch(file_name):
        raise ValueError(f"no stored file is called {key[:64]!r}/{file_name[:64]!r}")
    return f"{key[:2]}/{key[2:4]}/{key}/{file_name}"


def _renamed(folder: Path, target: Path) -> bool:
    """Move a whole folder; False when it is not there."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        folder.rename(target)
    except FileNotFoundError:
        return False
    return True


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _share(folder: Path, draft: Path) -> None:
    """The files of a finished folder in another as well, which is flushed to disk."""
    files = list(folder.iterdir())
    draft.mkdir(parents=True, mode=0o755)
    for file in files:
        try:
            os.link(file, draft / file.name)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP):
                raise
            _write(draft / file.name, file.read_bytes())  # a file system without links
    _flush_folder(draft)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _no_room(error: OSError) -> NotNow:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    sentence = (
        _("There is no room left for pictures on this server.")
        if full
        else _("Pictures cannot be kept just now. Please try again in a minute.")
    )
    return NotNow(sentence, code="media_store_full" if full else "media_store_away", cause=str(error))


def _not_there() -> NotThere:
    return NotThere(_("There is no such picture."), code="media_not_there")
