"""One post of an X archive as a record."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal

import msgspec

from majlis.core.text.html import absolute_link
from majlis.networks.archives import cleaning, fields, moments
from majlis.networks.archives.layout import Layout
from majlis.networks.archives.options import Options
from majlis.networks.archives.records import (
    ArchiveMedia,
    ArchiveMention,
    ArchivePost,
    Fields,
    Record,
    Skipped,
)
from majlis.networks.archives.x_long_texts import LongTexts

_HANDLE: Final = re.compile(r"\w{1,20}", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,19}", re.ASCII)
_RETWEET: Final = re.compile(r"RT @\w{1,20}:? ", re.ASCII)
_SHORT_LINK: Final = re.compile(r"https?://t\.co/\w+", re.ASCII)
# The five that X escapes; a full table would turn what people typed, such as "&copy", into something else.
_ESCAPED: Final = re.compile(r"&(amp|lt|gt|quot|#39);")
_CHARACTERS: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "#39": "'"}
_FOLDERS: Final = ("data/tweets_media", "data/tweet_media", "tweets_media", "tweet_media")
_KINDS: Final = {"photo": "image", "video": "video", "animated_gif": "video"}


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Whose archive it is; ``locked`` when the account's posts were for followers only."""

    source_id: str | None
    handle: str | None
    locked: bool = False

    def is_answered(self, item: Fields) -> bool:
        """Whether the post answers one of the owner's."""
        user_id = fields.text(item, "in_reply_to_user_id_str", "in_reply_to_user_id")
        handle = fields.text(item, "in_reply_to_screen_name") or ""
        author = fields.text(fields.mapping(item, "user"), "id_str")
        if user_id and (self.source_id or author):
            return user_id == (self.source_id or author)
        return bool(self.handle) and handle.lower() == (self.handle or "").lower()


class PostReader:
    """Reads posts one by one and remembers their numbers, so that a post in two parts is taken once."""

    def __init__(self, layout: Layout, *, owner: Owner, long_texts: LongTexts, options: Options) -> None:
        self._layout = layout
        self._owner = owner
        self._long_texts = long_texts
        self._options = options
        self._seen: set[str] = set()

    def read(self, entry: Fields, *, where: str) -> Iterator[Record]:
        """The post of one entry, after a line for each of its photos that is not taken; or one line."""
        item = fields.mapping(entry, "tweet") or entry
        source_id = fields.text(item, "id_str", "id") or ""
        if not _NUMBER.fullmatch(source_id):
            yield Skipped(what=where, code="no_id")
        elif source_id in self._seen:
            yield Skipped(what=source_id, code="repeated")
        else:
            self._seen.add(source_id)
            yield from self._dated(item, source_id)

    def _dated(self, item: Fields, source_id: str) -> Iterator[Record]:
        notes: set[str] = set()
        written = moments.of_x(fields.text(item, "created_at"))
        created_at = written or moments.of_x_id(source_id)
        text = fields.text(item, "full_text", "text")
        boost = "retweeted_status" in item or bool(text and _RETWEET.match(text))
        if boost and self._options.boosts == "skip":
            yield Skipped(what=source_id, code="boost_of_other")
        elif created_at is None:
            yield Skipped(what=source_id, code="no_date")
        elif text is None:
            yield Skipped(what=source_id, code="item_shape")
        else:
            notes |= set() if written else {"date_from_id"}
            yield from self._post(item, source_id, text, created_at, boost=boost, notes=notes)

    def _post(
        self, item: Fields, source_id: str, text: str, created_at: datetime, *, boost: bool, notes: set[str]
    ) -> Iterator[Record]:
        media: list[ArchiveMedia] = []
        for found in () if boost else self._media(item, source_id, notes):
            if isinstance(found, Skipped):
                yield found
            else:
                media.append(found)
        text = self._text(item, text, created_at, notes)
        if not text and not media:
            yield Skipped(what=source_id, code="nothing_left")
            return
        own, other = self._answered(item)
        if other:
            notes.add("reply_to_other")
        kind: Literal["post", "boost_text"] = "boost_text" if boost else "post"
        yield ArchivePost(
            source="x",
            source_id=source_id,
            created_at=created_at,
            text=text,
            sensitive=fields.truth(item, "possibly_sensitive"),
            language=cleaning.language(fields.text(item, "lang")),
            audience="followers" if self._owner.locked else "public",
            reply_to_source_id=own,
            reply_to_other=other,
            media=tuple(media),
            hashtags=_hashtags(item),
            mentions=_mentions(item),
            url=_address(self._owner.handle, source_id),
            favourites=fields.number(item, "favorite_count"),
            boosts=fields.number(item, "retweet_count"),
            kind=kind,
            notes=tuple(sorted(notes)),
        )

    def _text(self, item: Fields, text: str, created_at: datetime, notes: set[str]) -> str:
        links = dict(_links(item))
        if long := self._long_texts.take(_unescaped(text), created_at):
            text = long[0]
            links |= long[1]
            notes.add("long_text")
        else:
            text = _unescaped(text)
        gone = {fields.text(each, "url") for each in _media_entities(item)}
        text = _SHORT_LINK.sub(lambda match: "" if match[0] in gone else _full(match[0], links, notes), text)
        if self._owner.handle and self._owner.is_answered(item):
            text = re.sub(rf"\A@{re.escape(self._owner.handle)}\s+", "", text, flags=re.IGNORECASE)
        return cleaning.clean(text, notes)

    def _answered(self, item: Fields) -> tuple[str | None, str | None]:
        """The number of the owner's post that is answered, or the address of somebody else's."""
        status = fields.text(item, "in_reply_to_status_id_str", "in_reply_to_status_id") or ""
        handle = fields.text(item, "in_reply_to_screen_name") or ""
        known = _NUMBER.fullmatch(status)
        if self._owner.is_answered(item):
            return (status if known else None), None
        if known:
            return None, _address(handle, status)
        return None, f"@{handle}" if _HANDLE.fullmatch(handle) else None

    def _media(self, item: Fields, source_id: str, notes: set[str]) -> Iterator[ArchiveMedia | Skipped]:
        for each in _media_entities(item):
            url = fields.text(each, "media_url_https", "media_url") or ""
            file = f"{source_id}-{posixpath.basename(url)}"
            kind = _KINDS.get(fields.text(each, "type") or "photo")
            uri = next(
                (f"{folder}/{file}" for folder in _FOLDERS if self._layout.find(f"{folder}/{file}")), file
            )
            found = self._layout.photo(uri, of=source_id, kind=None if kind == "image" else kind)
            if isinstance(found, Skipped):
                yield found
            else:
                description = cleaning.clean(fields.text(each, "ext_alt_text", "alt_text") or "", notes)
                yield self._layout.media(found, description=description)


def _address(handle: str | None, source_id: str) -> str:
    author = handle if handle and _HANDLE.fullmatch(handle) else "i/web"
    return f"https://x.com/{author}/status/{source_id}"


def _media_entities(item: Fields) -> list[Fields]:
    extended = list(fields.mappings(fields.mapping(item, "extended_entities"), "media"))
    return extended or list(fields.mappings(fields.mapping(item, "entities"), "media"))


def _links(item: Fields) -> Iterator[tuple[str, str]]:
    for each in fields.mappings(fields.mapping(item, "entities"), "urls"):
        short, full = fields.text(each, "url"), fields.text(each, "expanded_url")
        if short and full:
            yield short, full


def _full(short: str, links: dict[str, str], notes: set[str]) -> str:
    full = absolute_link(links.get(short, ""))
    if full is None:
        notes.add("short_links")
    return full or short


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: _CHARACTERS[match[1]], text)


def _hashtags(item: Fields) -> tuple[str, ...]:
    tags = fields.mappings(fields.mapping(item, "entities"), "hashtags")
    return tuple(cleaning.clean(tag, set()) for each in tags if (tag := fields.text(each, "text")))


def _mentions(item: Fields) -> tuple[ArchiveMention, ...]:
    people = fields.mappings(fields.mapping(item, "entities"), "user_mentions")
    handles = (fields.text(each, "screen_name") or "" for each in people)
    known = (handle for handle in handles if _HANDLE.fullmatch(handle))
    return tuple(ArchiveMention(text=f"@{handle}", url=f"https://x.com/{handle}") for handle in known)
