"""Opening an archive by what its first bytes are, not by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy as _

from majlis.networks.archives.container import Container, UnreadableArchive
from majlis.networks.archives.folder import FolderContainer
from majlis.networks.archives.limits import DEFAULT, Limits
from majlis.networks.archives.tarred import TarContainer
from majlis.networks.archives.zipped import ZipContainer

_NOT_AN_ARCHIVE: Final = _(
    "This is no archive that can be read: a zip file, a tar.gz file or a folder is expected."
)
_NOT_THERE: Final = _("There is no such file or folder.")
_HEAD: Final = 265


def open_container(path: Path, *, limits: Limits = DEFAULT, name: str | None = None) -> Container:
    """The container at ``path``; ``name`` is the file's name where the path's own is not it (an upload).

    Raises UnreadableArchive, ArchiveTooLarge, or OSError when it may not be read or there is no room to unpack a tar.gz.
    """
    if path.is_dir():
        return FolderContainer(path, limits=limits)
    if not path.is_file():
        raise UnreadableArchive(_NOT_THERE, code="archive_not_there")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ZipContainer(path, limits=limits)
    if head.startswith(b"\x1f\x8b"):
        return TarContainer(path, limits=limits, packed=True)
    if head[257:262] == b"ustar":
        return TarContainer(path, limits=limits, packed=False)
    if (name or path.name).lower().endswith(".csv"):
        return FolderContainer(path, limits=limits, name=name)
    raise UnreadableArchive(_NOT_AN_ARCHIVE, code="archive_unknown_kind")
