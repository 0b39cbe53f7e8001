"""Facebook exports in JSON: the account's own posts with their photos.

Layouts read: ``posts/your_posts_1.json`` and, from 2023 on,
``your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json``. The export does not say
who could see a post; friends is assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from majlis.core.text.html import absolute_link
from majlis.networks.archives import fields, meta, moments
from majlis.networks.archives.decoding import objects, whole
from majlis.networks.archives.layout import Layout
from majlis.networks.archives.options import DEFAULT, Options
from majlis.networks.archives.records import (
    ArchiveMedia,
    ArchivePost,
    ArchiveProfile,
    Fields,
    Record,
    Skipped,
)

_FOLDERS: Final = r"(?:your_(?:facebook_)?activity(?:_across_facebook)?/)?(?:posts/)?"
_NAMES: Final = r"your_posts(?:__check_ins__photos_and_videos)?(?:_\d+)?"
POSTS: Final = re.compile(_FOLDERS + _NAMES + r"\.json")
PAGES: Final = re.compile(_FOLDERS + _NAMES + r"\.html")
_PROFILE: Final = (
    "personal_information/profile_information/profile_information.json",
    "profile_information/profile_information.json",
    "profile_information.json",
)
_KEYS: Final = ("status_updates", "your_posts")


def read(layout: Layout, *, options: Options = DEFAULT) -> Iterator[Record]:
    """The profile and the posts, and a line for whatever is not taken."""
    yield from _profile(layout)
    seen: set[str] = set()
    for name in layout.matching(POSTS):
        for found in objects(layout.container, name, keys=_KEYS):
            if isinstance(found, Skipped):
                yield found
            else:
                yield from _post(found[1], layout, where=name, seen=seen)


def _post(item: Fields, layout: Layout, *, where: str, seen: set[str]) -> Iterator[Record]:
    notes: set[str] = set()
    media, links = _attached(item)
    text = _text(item, links, notes)
    created_at = meta.moment_of([item, *media], "timestamp", "creation_timestamp")
    if created_at is None:
        yield Skipped(what=where, code="no_date")
        return
    uris = [uri for each in media if (uri := meta.text_of(each, "uri", notes=notes))]
    # Always the digest: one photo may stand in several posts here, so its number names none of them.
    source_id = meta.digest(uris, created_at, text)
    if source_id in seen:
        yield Skipped(what=source_id, code="repeated")
        return
    seen.add(source_id)
    photos: list[ArchiveMedia] = []
    for found in meta.photos(media, layout, of=source_id, caption=text, notes=notes):
        if isinstance(found, Skipped):
            yield found
        else:
            photos.append(found)
    if not photos and not text:
        # A title alone is Facebook's own sentence: "… updated her profile picture."
        yield Skipped(what=source_id, code="nothing_left" if media else "profile_event")
        return
    yield ArchivePost(
        source="facebook",
        source_id=source_id,
        created_at=created_at,
        text=text,
        audience="friends",
        media=tuple(photos),
        notes=tuple(sorted(notes)),
    )


def _attached(item: Fields) -> tuple[list[Fields], list[str]]:
    """Photos and shared links of all attachments."""
    media: list[Fields] = []
    links: list[str] = []
    for attachment in fields.mappings(item, "attachments"):
        for data in fields.mappings(attachment, "data"):
            media.extend(fields.mappings(data, "media"))
            link = fields.text(fields.mapping(data, "external_context"), "url")
            if link and (url := absolute_link(link)):
                links.append(url)
    return media, links


def _text(item: Fields, links: list[str], notes: set[str]) -> str:
    parts = [
        text for data in fields.mappings(item, "data") if (text := meta.text_of(data, "post", notes=notes))
    ]
    parts.extend(link for link in links if not any(link in part for part in parts))
    return "\n\n".join(parts)


def _profile(layout: Layout) -> Iterator[Record]:
    name = layout.find(*_PROFILE)
    value = whole(layout.container, name) if name else {}
    if isinstance(value, Skipped):
        yield value
    profile = next((found for key in ("profile_v2", "profile") if (found := _at(value, key))), None)
    if profile is None:
        return
    notes: set[str] = set()
    handle = meta.text_of(profile, "username", notes=notes)
    yield ArchiveProfile(
        source="facebook",
        handle=handle or None,
        name=meta.text_of(fields.mapping(profile, "name"), "full_name", notes=notes),
        location=meta.text_of(fields.mapping(profile, "current_city"), "name", notes=notes),
        url=absolute_link(meta.text_of(profile, "profile_uri", notes=notes)),
        created_at=moments.unix(fields.number(profile, "registration_timestamp")),
    )


def _at(value: object, key: str) -> Fields:
    return fields.mapping(value, key) if isinstance(value, dict) else {}
