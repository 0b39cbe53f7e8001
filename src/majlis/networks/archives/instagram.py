"""Instagram exports in JSON.

Layouts read: 2024 to now (``your_instagram_activity/media/posts_1.json``), 2022
(``your_instagram_activity/content/``), 2020 (``content/posts_1.json``), bare (``posts.json``), and 2018
(``media.json`` with ``photos`` and ``videos``, ``profile.json``, ``connections.json``).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Final

from majlis.core.text.html import absolute_link
from majlis.networks.archives import fields, meta
from majlis.networks.archives.decoding import objects, whole
from majlis.networks.archives.layout import Layout
from majlis.networks.archives.options import DEFAULT, Options
from majlis.networks.archives.records import (
    ArchiveFollow,
    ArchiveMedia,
    ArchivePost,
    ArchiveProfile,
    Audience,
    Fields,
    Record,
    Skipped,
)

_FOLDERS: Final = r"(?:(?:your_instagram_activity/)?(?:content|media)/)?"
POSTS: Final = re.compile(_FOLDERS + r"(?:posts(?:_\d+)?|reels(?:_\d+)?|igtv_videos(?:_\d+)?|media)\.json")
PAGES: Final = re.compile(_FOLDERS + r"posts(?:_\d+)?\.html")
_OLD: Final = ("photos", "videos")
_KEYS: Final = ("ig_posts", "ig_reels_media", "ig_igtv_media", *_OLD)
_STORIES: Final = re.compile(_FOLDERS + r"stories(?:_\d+)?\.json")
_ARCHIVED: Final = re.compile(_FOLDERS + r"archived_posts(?:_\d+)?\.json")
_CONNECTIONS: Final = r"(?:connections/)?followers_and_following/"
_FOLLOWERS: Final = re.compile(_CONNECTIONS + r"followers(?:_\d+)?\.json")
_FOLLOWING: Final = re.compile(_CONNECTIONS + r"following(?:_\d+)?\.json")
_BLOCKED: Final = re.compile(_CONNECTIONS + r"blocked_(?:accounts|profiles)\.json")
_RELATION_KEYS: Final = ("relationships_followers", "relationships_following", "relationships_blocked_users")
_RELATIONS_OF_2018: Final = (
    ("following", "following"),
    ("followers", "follower"),
    ("blocked_users", "blocked"),
)
_PERSONAL: Final = (
    "personal_information/personal_information/personal_information.json",
    "personal_information/personal_information.json",
    "account_information/personal_information.json",
    "personal_information.json",
)
_HANDLE: Final = re.compile(r"[A-Za-z0-9._]{1,40}")


def read(layout: Layout, *, options: Options = DEFAULT) -> Iterator[Record]:
    """Everything the export holds that is taken, and a line for whatever is not."""
    audience = yield from _profile(layout)
    seen: set[str] = set()
    for name in layout.matching(POSTS):
        for found in objects(layout.container, name, keys=_KEYS):
            if isinstance(found, Skipped):
                yield found
            else:
                yield from _post(found[1], layout, where=name, audience=audience, seen=seen)
    yield from (Skipped(what=name, code="story") for name in layout.matching(_STORIES))
    yield from (Skipped(what=name, code="archived_by_author") for name in layout.matching(_ARCHIVED))
    yield from _relations(layout)


def _post(
    item: Fields, layout: Layout, *, where: str, audience: Audience, seen: set[str]
) -> Iterator[Record]:
    """One post: a list of media with one caption, on the post or, for a single photo, on the photo."""
    notes: set[str] = set()
    media = list(fields.mappings(item, "media")) if "media" in item else [item]
    caption = meta.text_of(item, "title", "caption", notes=notes)
    if not caption and len(media) == 1:
        caption = meta.text_of(media[0], "title", "caption", notes=notes)
    created_at = meta.moment_of([item, *media], "creation_timestamp", "taken_at")
    uris = [uri for each in media if (uri := meta.text_of(each, "uri", "path", notes=notes))]
    if created_at is None:
        yield Skipped(what=where, code="no_date")
        return
    source_id = meta.source_id(uris, created_at, caption)
    if source_id in seen:
        yield Skipped(what=source_id, code="repeated")
        return
    seen.add(source_id)
    photos: list[ArchiveMedia] = []
    for found in meta.photos(media, layout, of=source_id, caption=caption, notes=notes):
        if isinstance(found, Skipped):
            yield found
        else:
            photos.append(found)
    if not photos and not caption:
        yield Skipped(what=source_id, code="nothing_left")
        return
    yield ArchivePost(
        source="instagram",
        source_id=source_id,
        created_at=created_at,
        text=caption,
        audience=audience,
        media=tuple(photos),
        notes=tuple(sorted(notes)),
    )


def _profile(layout: Layout) -> Generator[Record, None, Audience]:
    """The profile; the result is the audience its posts had: followers only for a private account."""
    name = layout.find(*_PERSONAL)
    value = whole(layout.container, name) if name else {}
    if isinstance(value, Skipped):
        yield value
    about = next(fields.mappings(value, "profile_user"), None) if isinstance(value, dict) else None
    if about is None:
        audience = yield from _profile_of_2018(layout)
        return audience
    notes: set[str] = set()
    handle = meta.string_map_value(about, "Username", notes=notes)
    locked = meta.string_map_value(about, "Private Account", notes=notes).lower() == "true"
    picture = meta.text_of(fields.mapping(about, "media_map_data", "Profile Photo"), "uri", notes=notes)
    yield ArchiveProfile(
        source="instagram",
        handle=handle or None,
        name=meta.string_map_value(about, "Name", notes=notes),
        bio=meta.string_map_value(about, "Bio", notes=notes),
        website=absolute_link(meta.string_map_value(about, "Website", notes=notes)),
        url=absolute_link(f"https://www.instagram.com/{handle}/") if handle else None,
        avatar=layout.address(picture) if picture else None,
        locked=locked,
    )
    return "followers" if locked else "public"


def _profile_of_2018(layout: Layout) -> Generator[Record, None, Audience]:
    name = layout.find("profile.json")
    value = whole(layout.container, name) if name else None
    if isinstance(value, Skipped):
        yield value
    if not isinstance(value, dict):
        return "public"
    notes: set[str] = set()
    locked = fields.truth(value, "private_account")
    yield ArchiveProfile(
        source="instagram",
        handle=meta.text_of(value, "username", notes=notes) or None,
        name=meta.text_of(value, "name", notes=notes),
        bio=meta.text_of(value, "biography", notes=notes),
        website=absolute_link(meta.text_of(value, "website", notes=notes)),
        locked=locked,
    )
    return "followers" if locked else "public"


def _relations(layout: Layout) -> Iterator[Record]:
    for pattern, relation in ((_FOLLOWING, "following"), (_FOLLOWERS, "follower"), (_BLOCKED, "blocked")):
        for name in layout.matching(pattern):
            for found in objects(layout.container, name, keys=_RELATION_KEYS):
                if isinstance(found, Skipped):
                    yield found
                else:
                    yield _relation(found[1], relation, where=name)
    yield from _relations_of_2018(layout)


def _relation(entry: Fields, relation: str, *, where: str) -> Record:
    """One person: her name is the entry's title (2024) or the value of its only string."""
    notes: set[str] = set()
    about = next(fields.mappings(entry, "string_list_data"), {})
    handle = meta.text_of(about, "value", notes=notes) or meta.text_of(entry, "title", notes=notes)
    return _followed(handle, relation, about, where=where)


def _followed(handle: str, relation: str, about: Fields, *, where: str) -> Record:
    since = meta.moment_of([about], "timestamp")
    url = absolute_link(f"https://www.instagram.com/{handle}/")
    if not _HANDLE.fullmatch(handle):
        return Skipped(what=where, code="item_shape")
    match relation:
        case "following" | "follower" | "blocked":
            return ArchiveFollow(source="instagram", relation=relation, handle=handle, url=url, since=since)
        case _:
            raise AssertionError(relation)


def _relations_of_2018(layout: Layout) -> Iterator[Record]:
    name = layout.find("connections.json")
    value = whole(layout.container, name) if name else {}
    if isinstance(value, Skipped):
        yield value
    if isinstance(value, dict):
        for key, relation in (
            ("following", "following"),
            ("followers", "follower"),
            ("blocked_users", "blocked"),
        ):
            people = fields.mapping(value, key)
            for handle, since in people.items():
                yield _followed(handle, relation, {"timestamp": since}, where=str(name))
