"""X (Twitter) archives: ``data/*.js``, each a JavaScript assignment of one array.

Layouts read: 2019 to now (``data/tweets.js``, ``data/tweets-part1.js``, ``data/tweet.js``), 2018
(``tweet.js`` at the root), and 2012 to 2018 (``data/js/tweets/2012_01.js``). Also a folder that its owner
has tidied: ``tweets.json``, the array alone, with the other parts in whichever folder beside it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Generator, Iterator
from typing import Final

from majlis.core.text.html import absolute_link
from majlis.networks.archives import cleaning, fields, moments
from majlis.networks.archives.decoding import objects, whole
from majlis.networks.archives.layout import Layout
from majlis.networks.archives.options import DEFAULT, Options
from majlis.networks.archives.records import (
    ArchiveFollow,
    ArchiveProfile,
    ArchiveReference,
    Fields,
    Record,
    Skipped,
)
from majlis.networks.archives.x_long_texts import LongTexts
from majlis.networks.archives.x_posts import Owner, PostReader

POSTS: Final = re.compile(r"(?:data/)?tweets?(?:-part\d+)?\.js(?:on)?|data/js/tweets/\d{4}_\d{2}\.js")
_LONG_TEXTS: Final = re.compile(r"(?:data/)?note-tweet(?:-part\d+)?\.js")
_CIRCLE: Final = re.compile(r"(?:data/)?twitter-circle-tweet(?:-part\d+)?\.js")
_LIKES: Final = re.compile(r"(?:data/)?like(?:-part\d+)?\.js")
# The file's name, the key each entry is wrapped in, and what it means here.
_RELATIONS: Final = (
    ("following", "following", "following"),
    ("follower", "follower", "follower"),
    ("block", "blocking", "blocked"),
    ("mute", "muting", "muted"),
)


def read(layout: Layout, *, options: Options = DEFAULT) -> Iterator[Record]:
    """Everything the archive holds that is taken, and a line for whatever is not."""
    account = yield from _first(layout, "account")
    locked = yield from _is_locked(layout)
    yield from _profile(layout, account, locked=locked)
    yield from _posts(layout, account, locked=locked, options=options)
    for name in layout.matching(_CIRCLE):
        yield Skipped(what=name, code="closed_circle")
    for file, wrapper, relation in _RELATIONS:
        yield from _relations(layout, file, wrapper, relation)
    yield from _likes(layout)


def _posts(layout: Layout, account: Fields, *, locked: bool, options: Options) -> Iterator[Record]:
    long_texts = LongTexts(most=layout.container.limits.long_text_bytes)
    for name in layout.matching(_LONG_TEXTS):
        for found in objects(layout.container, name):
            yield from [found] if isinstance(found, Skipped) else long_texts.add(found[1])
    owner = Owner(
        source_id=fields.text(account, "accountId"), handle=fields.text(account, "username"), locked=locked
    )
    reader = PostReader(layout, owner=owner, long_texts=long_texts, options=options)
    for name in layout.matching(POSTS):
        for found in objects(layout.container, name):
            yield from [found] if isinstance(found, Skipped) else reader.read(found[1], where=name)
    yield from long_texts.unused()


def _first(layout: Layout, file: str) -> Generator[Record, None, Fields]:
    """The one entry of a small part, unwrapped; an empty one when the part is missing or broken."""
    name = layout.find(f"data/{file}.js", f"{file}.js") or layout.address(f"{file}.js")
    value = whole(layout.container, name) if name else []
    if isinstance(value, Skipped):
        yield value
    entries = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return fields.mapping(entries[0], file) if entries else {}


def _is_locked(layout: Layout) -> Generator[Record, None, bool]:
    """Whether the account was protected when the archive was made: its posts were for followers only."""
    name = layout.find("data/protected-history.js", "protected-history.js")
    value = whole(layout.container, name) if name else []
    if isinstance(value, Skipped):
        yield value
    history = [fields.mapping(each, "protectedHistory") for each in value] if isinstance(value, list) else []
    dated = [(fields.text(each, "protectedAt") or "", fields.text(each, "action")) for each in history]
    return max(dated, key=lambda pair: pair[0])[1] == "Protect" if dated else False


def _profile(layout: Layout, account: Fields, *, locked: bool) -> Iterator[Record]:
    profile = yield from _first(layout, "profile")
    if not account and not profile:
        return
    notes: set[str] = set()
    handle = fields.text(account, "username")
    source_id = fields.text(account, "accountId")
    about = fields.mapping(profile, "description")
    yield ArchiveProfile(
        source="x",
        source_id=source_id,
        handle=cleaning.clean(handle, notes) if handle else None,
        name=cleaning.clean(fields.text(account, "accountDisplayName") or "", notes),
        bio=cleaning.clean(fields.text(about, "bio") or "", notes),
        website=absolute_link(fields.text(about, "website") or ""),
        location=cleaning.clean(fields.text(about, "location") or "", notes),
        url=absolute_link(f"https://x.com/{handle}") if handle else None,
        created_at=moments.iso(fields.text(account, "createdAt")),
        avatar=_picture(layout, fields.text(profile, "avatarMediaUrl"), source_id),
        header=_picture(layout, fields.text(profile, "headerMediaUrl"), source_id),
        locked=locked,
    )


def _picture(layout: Layout, url: str | None, source_id: str | None) -> str | None:
    if url is None:
        return None
    file = f"{source_id}-{posixpath.basename(url)}"
    return layout.find(*(f"data/profile_media/{file}{end}" for end in ("", ".jpg", ".png")))


def _relations(layout: Layout, file: str, wrapper: str, relation: str) -> Iterator[Record]:
    pattern = re.compile(rf"(?:\w+/)?{file}(?:-part\d+)?\.js")
    for name in layout.matching(pattern):
        for found in objects(layout.container, name):
            yield found if isinstance(found, Skipped) else _relation(found[1], name, wrapper, relation)


def _relation(entry: Fields, where: str, wrapper: str, relation: str) -> Record:
    about = fields.mapping(entry, wrapper)
    source_id = fields.text(about, "accountId")
    if source_id is None or not (source_id.isascii() and source_id.isdigit()):
        return Skipped(what=where, code="item_shape")
    url = absolute_link(fields.text(about, "userLink") or f"https://x.com/intent/user?user_id={source_id}")
    match relation:
        case "following" | "follower" | "blocked" | "muted":
            return ArchiveFollow(source="x", relation=relation, source_id=source_id, url=url)
        case _:
            raise AssertionError(relation)


def _likes(layout: Layout) -> Iterator[Record]:
    for name in layout.matching(_LIKES):
        for found in objects(layout.container, name):
            yield found if isinstance(found, Skipped) else _like(found[1], where=name)


def _like(entry: Fields, *, where: str) -> Record:
    tweet_id = fields.text(fields.mapping(entry, "like"), "tweetId") or ""
    if not (tweet_id.isascii() and tweet_id.isdigit()):
        return Skipped(what=where, code="item_shape")
    return ArchiveReference(source="x", kind="like", url=f"https://x.com/i/web/status/{tweet_id}")
