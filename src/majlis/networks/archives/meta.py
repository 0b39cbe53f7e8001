"""What Instagram's and Facebook's exports share: garbled text, and posts without a number of their own."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from majlis.networks.archives import cleaning, fields, moments
from majlis.networks.archives.layout import Layout
from majlis.networks.archives.records import ArchiveMedia, Fields, Skipped

# The number of the photo at Meta, at the end of its file name: the same in every export.
_NUMBER: Final = re.compile(r"_(\d{15,20})(?:_n)?\Z", re.ASCII)


def text_of(item: Fields, *keys: str, notes: set[str]) -> str:
    """A text as its author wrote it; empty when there is none."""
    return cleaning.clean(cleaning.restored(fields.text(item, *keys) or "", notes), notes)


def moment_of(items: list[Fields], *keys: str) -> datetime | None:
    """The first readable moment among the objects: unix seconds, or ISO 8601 in the layout of 2018."""
    for item in items:
        for key in keys:
            found = moments.unix(fields.number(item, key)) or moments.iso(fields.text(item, key))
            if found:
                return found
    return None


def source_id(uris: list[str], created_at: datetime, text: str) -> str:
    """A number that is the same in every export: that of the first photo, else a digest of time and text."""
    for uri in uris:
        stem = posixpath.splitext(posixpath.basename(uri))[0]
        if match := _NUMBER.search(stem):
            return match[1]
    return digest(uris, created_at, text)


def digest(uris: list[str], created_at: datetime, text: str) -> str:
    """A name made of time, text and the photos' file names, wherever the export put them."""
    names = [posixpath.basename(uri) for uri in uris]
    content = "\0".join([str(int(created_at.timestamp())), text, *names])
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:32]


def photos(
    items: list[Fields], layout: Layout, *, of: str, caption: str, notes: set[str]
) -> Iterator[ArchiveMedia | Skipped]:
    """The photos of a post in their order; a photo's own text that is not the caption describes it."""
    seen: set[str] = set()
    for item in items:
        uri = text_of(item, "uri", "path", notes=notes)
        found = layout.photo(uri, of=of) if uri else Skipped(what=of, code="media_missing")
        if isinstance(found, Skipped):
            yield found
        elif found not in seen:
            seen.add(found)
            description = text_of(item, "description", "title", "caption", notes=notes)
            yield layout.media(found, description="" if description == caption else description)


def string_map_value(about: Fields, *labels: str, notes: set[str]) -> str:
    """The value under the first of the labels in Instagram's ``string_map_data``."""
    for label in labels:
        if value := text_of(fields.mapping(about, "string_map_data", label), "value", notes=notes):
            return value
    return ""
