"""Where things stand in an archive: names relative to its root, and photos by the address an export gives."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import Final
from urllib.parse import unquote, urlsplit

from majlis.networks.archives.container import Container
from majlis.networks.archives.names import shown
from majlis.networks.archives.records import ArchiveMedia, Skipped

_PHOTOS: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif", ".avif"})
_VIDEOS: Final = frozenset({".mp4", ".mov", ".m4v", ".webm", ".avi", ".3gp", ".mkv", ".mpeg", ".mpg", ".srt"})
_AUDIO: Final = frozenset({".mp3", ".m4a", ".ogg", ".oga", ".opus", ".wav", ".aac", ".flac"})


class Layout:
    """A container seen from the archive's root, which may be a folder inside it (``root`` ends in ``/``)."""

    def __init__(self, container: Container, *, root: str = "") -> None:
        self.container = container
        self.root = root

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All names below the root, relative to it; parts with a number in their order."""
        below = (name for name in self.container.sizes if name.startswith(self.root))
        return tuple(sorted((name[len(self.root) :] for name in below), key=lambda name: (len(name), name)))

    def matching(self, pattern: re.Pattern[str]) -> list[str]:
        """The container's names of all parts whose relative name is one of the pattern's."""
        return [self.root + name for name in self.names if pattern.fullmatch(name)]

    def find(self, *relative: str) -> str | None:
        """The container's name of the first that is there."""
        return next((self.root + each for each in relative if self.root + each in self.container.sizes), None)

    def address(self, uri: str) -> str | None:
        """The container's name of the file an export calls ``uri``: from the root, or else by its last part.

        By the last part only where no other file has it: photos move between folders from one layout of
        an export to the next, but keep their names.
        """
        path = unquote(urlsplit(uri).path) if "://" in uri else uri
        path = posixpath.normpath(path.strip()).lstrip("/")
        return self.find(path) or self._by_last_part.get(posixpath.basename(path)) or None

    def photo(self, uri: str, *, of: str, kind: str | None = None) -> str | Skipped:
        """The container's name of a photo, or why it is not taken. ``of`` names the post for the report."""
        what = f"{of}: {shown(uri)}"
        extension = posixpath.splitext(urlsplit(uri).path.lower())[1]
        if kind == "video" or extension in _VIDEOS:
            return Skipped(what=what, code="video_not_yet")
        if kind == "audio" or extension in _AUDIO:
            return Skipped(what=what, code="audio_not_yet")
        if kind != "image" and extension not in _PHOTOS:
            return Skipped(what=what, code="media_kind")
        return self._present(self.address(uri), what=what)

    def _present(self, name: str | None, *, what: str) -> str | Skipped:
        most = self.container.limits.media_bytes
        if name is None:
            return Skipped(what=what, code="media_missing")
        if self.container.sizes[name] > most:
            return Skipped(what=what, code="media_too_large", params={"limit": str(most)})
        return name

    def size(self, name: str) -> int:
        """Unpacked bytes of a member."""
        return self.container.sizes[name]

    def media(self, name: str, *, description: str = "") -> ArchiveMedia:
        """A photo that is there, as a record."""
        return ArchiveMedia(name=name, size=self.size(name), description=description)

    @cached_property
    def _by_last_part(self) -> dict[str, str]:
        """Names by their last part; empty where two files share it."""
        found: dict[str, str] = {}
        for name in self.names:
            last = posixpath.basename(name)
            found[last] = "" if last in found else self.root + name
        return found
