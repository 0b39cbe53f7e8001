"""Mastodon archives (and those of servers that write the same): ``outbox.json``, ``actor.json`` and photos.

The documents are ActivityStreams 2.0 as the server would have sent them; posts not written by the archive's
owner are refused, whatever the outbox says.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Final

from majlis.core.text.html import absolute_link, plain
from majlis.networks.archives import cleaning, fields, majlis_file, moments
from majlis.networks.archives.decoding import objects, values, whole
from majlis.networks.archives.layout import Layout
from majlis.networks.archives.mastodon_posts import PostReader, html_text
from majlis.networks.archives.mastodon_tables import read_tables
from majlis.networks.archives.options import DEFAULT, Options
from majlis.networks.archives.records import (
    ArchiveProfile,
    ArchiveReference,
    Fields,
    Record,
    Skipped,
)

_ITEMS: Final = ("orderedItems", "items")


def read(layout: Layout, *, options: Options = DEFAULT) -> Iterator[Record]:
    """Everything the archive holds that is taken, and a line for whatever is not."""
    actor = yield from _actor(layout)
    if actor:
        yield _profile(actor, layout)
    reader = PostReader(layout, actor=actor, options=options)
    if outbox := layout.find("outbox.json"):
        for found in objects(layout.container, outbox, keys=_ITEMS):
            yield from [found] if isinstance(found, Skipped) else reader.read(found[1], where=outbox)
    yield from _references(layout)
    yield from read_tables(layout)
    yield from majlis_file.read(layout)


def _actor(layout: Layout) -> Generator[Record, None, Fields]:
    name = layout.find("actor.json")
    value = whole(layout.container, name) if name else {}
    if isinstance(value, Skipped):
        yield value
    return value if isinstance(value, dict) else {}


def _profile(actor: Fields, layout: Layout) -> ArchiveProfile:
    notes: set[str] = set()
    handle = fields.text(actor, "preferredUsername")
    return ArchiveProfile(
        source="mastodon",
        source_id=fields.text(actor, "id"),
        handle=cleaning.clean(handle, notes) if handle else None,
        name=cleaning.clean(fields.text(actor, "name") or "", notes),
        bio=html_text(fields.text(actor, "summary") or "", notes),
        url=absolute_link(fields.text(actor, "url", "id") or ""),
        created_at=moments.iso(fields.text(actor, "published")),
        avatar=_picture(actor, "icon", layout),
        header=_picture(actor, "image", layout),
        fields=tuple(_fields(actor)),
        locked=fields.truth(actor, "manuallyApprovesFollowers"),
    )


def _fields(actor: Fields) -> Iterator[tuple[str, str]]:
    for each in fields.mappings(actor, "attachment"):
        label, value = fields.text(each, "name"), fields.text(each, "value")
        if fields.text(each, "type") == "PropertyValue" and label and value:
            yield cleaning.clean(label, set()), cleaning.clean(plain(value), set())


def _picture(actor: Fields, key: str, layout: Layout) -> str | None:
    url = fields.text(fields.mapping(actor, key), "url")
    return layout.address(url) if url else None


def _references(layout: Layout) -> Iterator[Record]:
    for file in ("likes.json", "bookmarks.json"):
        if name := layout.find(file):
            for _key, value in values(layout.container, name, keys=_ITEMS):
                yield value if isinstance(value, Skipped) else _reference(value, file, where=name)


def _reference(value: object, file: str, *, where: str) -> Record:
    """A liked post stands as its address, or as an object with an ``id``."""
    address = fields.text(value, "id", "url") if isinstance(value, dict) else value
    url = absolute_link(address) if isinstance(address, str) else None
    if url is None:
        return Skipped(what=where, code="item_shape")
    return ArchiveReference(source="mastodon", kind="like" if file == "likes.json" else "bookmark", url=url)
