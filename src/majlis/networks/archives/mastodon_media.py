"""The photos of a post in a Mastodon archive, and those that an article of this house shows."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from majlis.core.text.html import absolute_link
from majlis.networks.archives import cleaning, fields
from majlis.networks.archives.layout import Layout
from majlis.networks.archives.records import ArchiveMedia, ArchivePicture, Fields, Skipped

# Base 83, one to nine components a side (blurhash, Algorithm.md).
_BLURHASH: Final = re.compile(r"[0-9A-Za-z#$%*+,\-.:;=?@\[\]^_{|}~]{6,166}")


class MediaReader:
    """Finds what a post names among the files of the archive. ``of`` names the post for the report."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def attached(self, post: Fields, *, of: str, notes: set[str]) -> Iterator[ArchiveMedia | Skipped]:
        """The photos that hang on it."""
        for each in fields.mappings(post, "attachment"):
            yield self._found(each, of=of, notes=notes)

    def cover(self, post: Fields, *, notes: set[str]) -> ArchiveMedia | None:
        """The picture above an article."""
        found = self._found(fields.mapping(post, "image"), of="", notes=notes)
        return None if isinstance(found, Skipped) else found

    def pictures(self, post: Fields, *, of: str, notes: set[str]) -> Iterator[ArchivePicture | Skipped]:
        """What the text of an article shows: from an export of this house."""
        for each in fields.mappings(post, "majlis:pictures"):
            address = absolute_link(fields.text(each, "majlis:address") or "")
            found = self._found(each, of=of, notes=notes)
            if isinstance(found, Skipped):
                yield found
            elif address:
                yield ArchivePicture(address=address, media=found)

    def _found(self, item: Fields, *, of: str, notes: set[str]) -> ArchiveMedia | Skipped:
        name = self._layout.photo(_inside(fields.text(item, "url") or ""), of=of, kind=_kind(item))
        if isinstance(name, Skipped):
            return name
        blurhash = fields.text(item, "blurhash") or ""
        return ArchiveMedia(
            name=name,
            size=self._layout.size(name),
            description=cleaning.clean(fields.text(item, "name", "summary") or "", notes),
            focal_point=_focal_point(item),
            blurhash=blurhash if _BLURHASH.fullmatch(blurhash) else None,
        )


def _inside(uri: str) -> str:
    """The part of an address that the archive repeats: from ``media_attachments/`` on."""
    _server, mark, rest = uri.partition("media_attachments/")
    return mark + rest if mark else uri


def _kind(item: Fields) -> str | None:
    kind = (fields.text(item, "mediaType") or "").partition("/")[0]
    known = kind in ("video", "audio")
    return (
        kind
        if known or (kind == "image" and posixpath.splitext(fields.text(item, "url") or "")[1] == "")
        else None
    )


def _focal_point(item: Fields) -> tuple[float, float] | None:
    point = item.get("focalPoint")
    if not isinstance(point, list) or len(point) != 2:
        return None
    x, y = point
    if not all(
        isinstance(each, int | float) and not isinstance(each, bool) and -1 <= each <= 1 for each in point
    ):
        return None
    return float(x), float(y)
