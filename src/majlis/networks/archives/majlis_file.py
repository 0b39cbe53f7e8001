"""``majlis.json`` of an export of this house: what Mastodon's format has no place for.

Circles, what a member keeps for herself (filters, notes about people, drafts), and what a business says of itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import msgspec

from majlis.core.text.clean import clean_text
from majlis.core.text.html import absolute_link
from majlis.networks.archives import cleaning, fields, moments
from majlis.networks.archives.decoding import objects
from majlis.networks.archives.layout import Layout
from majlis.networks.archives.mastodon_media import MediaReader
from majlis.networks.archives.mastodon_tables import address
from majlis.networks.archives.records import (
    ArchiveDraft,
    ArchiveDraftPoll,
    ArchiveFilter,
    ArchiveFollow,
    ArchiveKeyword,
    ArchiveMedia,
    ArchiveNote,
    ArchivePage,
    ArchivePicture,
    Audience,
    Fields,
    Record,
    Skipped,
)

_FILE: Final = "majlis.json"
_KEYS: Final = ("circles", "filters", "notes", "drafts", "pages")
_AUDIENCES: Final[dict[str, Audience]] = {
    "public": "public", "unlisted": "unlisted", "followers": "followers", "friends": "friends", "circle": "circle",
}  # fmt: skip
_LONGEST_POLL: Final = 366 * 24 * 3600


def read(layout: Layout) -> Iterator[Record]:
    """Everything of the file that is taken, and a line for whatever cannot be read."""
    name = layout.find(_FILE)
    if name is None:
        return
    media = MediaReader(layout)
    for found in objects(layout.container, name, keys=_KEYS):
        if isinstance(found, Skipped):
            yield found
            continue
        kind, item = found
        match kind:
            case "circles":
                yield from _circle(item)
            case "filters":
                yield _filter(item)
            case "notes":
                yield _note(item)
            case "drafts":
                yield from _draft(item, media)
            case "pages":
                yield _page(item)


def _circle(item: Fields) -> Iterator[Record]:
    """Who is in which circle."""
    title = _line(item, "name")
    for member in fields.texts(item, "members"):
        handle = address(member)
        if title and handle:
            yield ArchiveFollow(source="mastodon", relation="circle", handle=handle, list_name=title)


def _filter(item: Fields) -> Record:
    return ArchiveFilter(
        title=_line(item, "title"),
        contexts=tuple(fields.texts(item, "contexts")),
        action=fields.text(item, "action") or "",
        expires_at=moments.iso(fields.text(item, "expires_at")),
        keywords=tuple(
            ArchiveKeyword(keyword=_line(each, "keyword"), whole_word=fields.truth(each, "whole_word"))
            for each in fields.mappings(item, "keywords")
        ),
        posts=tuple(filter(None, map(absolute_link, fields.texts(item, "posts")))),
    )


def _note(item: Fields) -> Record:
    handle = address(fields.text(item, "about") or "")
    text = clean_text(fields.text(item, "text") or "").strip()
    return ArchiveNote(handle=handle, text=text) if handle and text else _unreadable("notes")


def _page(item: Fields) -> Record:
    try:
        return msgspec.convert(dict(item), ArchivePage)
    except msgspec.ValidationError:
        return _unreadable("pages")


def _draft(item: Fields, media: MediaReader) -> Iterator[Record]:
    made_at = moments.iso(fields.text(item, "made_at"))
    if made_at is None:
        yield _unreadable("drafts")
        return
    notes: set[str] = set()
    text = clean_text(fields.text(item, "text") or "")
    of = text[:40]
    photos: list[ArchiveMedia] = []
    pictures: list[ArchivePicture] = []
    for found in (*media.attached(item, of=of, notes=notes), *media.pictures(item, of=of, notes=notes)):
        match found:
            case Skipped():
                yield found
            case ArchiveMedia():
                photos.append(found)
            case ArchivePicture():
                pictures.append(found)
    yield ArchiveDraft(
        made_at=made_at,
        due_at=moments.iso(fields.text(item, "due_at")),
        text=text,
        # not trimmed: an article's draft without a title has a blank for one
        title=clean_text(fields.text(item, "title") or ""),
        content_warning=clean_text(fields.text(item, "warning") or ""),
        sensitive=fields.truth(item, "sensitive"),
        language=cleaning.language(fields.text(item, "language")) or "",
        audience=_AUDIENCES.get(fields.text(item, "audience") or "", "mentioned"),
        circle=_line(item, "circle"),
        may_reply=fields.text(item, "may_reply") or "everyone",
        may_quote=fields.text(item, "may_quote") or "everyone",
        answers=absolute_link(fields.text(item, "answers") or ""),
        quotes=absolute_link(fields.text(item, "quotes") or ""),
        media=tuple(photos),
        cover=media.cover(item, notes=notes),
        pictures=tuple(pictures),
        poll=_poll(fields.mapping(item, "poll")),
    )


def _poll(item: Fields) -> ArchiveDraftPoll | None:
    seconds = fields.number(item, "seconds")
    options = tuple(clean_text(each) for each in fields.texts(item, "options"))
    if seconds is None or not 0 < seconds <= _LONGEST_POLL or not options:
        return None
    return ArchiveDraftPoll(
        options=options,
        lasts=timedelta(seconds=seconds),
        multiple=fields.truth(item, "multiple"),
        hide_totals=fields.truth(item, "hide_totals"),
    )


def _line(item: Fields, key: str) -> str:
    return cleaning.clean(fields.text(item, key) or "", set())


def _unreadable(part: str) -> Skipped:
    return Skipped(what=f"{_FILE}: {part}", code="item_shape")
