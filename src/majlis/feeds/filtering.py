"""A member's own filters: which words or posts, where, until when, and what then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
import regex

from majlis.core import sql
from majlis.core.json import own_reader
from majlis.core.text.arabic import fold
from majlis.core.text.html import plain
from majlis.feeds.statements import NEWEST
from majlis.posts.queries import PostView

CONTEXTS: Final = ("home", "notifications", "public", "thread", "account")


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter in force, ready to match. ``keywords`` are (id, text) for showing which one matched."""

    id: int
    title: str
    action: str
    contexts: frozenset[str]
    expires_at: datetime | None
    pattern: regex.Pattern[str] | None
    keywords: tuple[tuple[int, str, bool], ...]
    # the words as texts have them after folding: looked for first, which costs a hundredth of the pattern
    needles: tuple[str, ...]
    post_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Match:
    """A filter that a post runs into, with the words or the post that did it."""

    filter: Filter
    keywords: tuple[str, ...]
    post_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """All filters of a member. ``next_end``: when the first of them ends."""

    filters: tuple[Filter, ...] = ()
    next_end: datetime | None = None

    def matches(self, post: PostView, *, context: str) -> tuple[Match, ...]:
        """The filters for this place that the post runs into."""
        wanted = [filter_ for filter_ in self.filters if context in filter_.contexts]
        if not wanted:
            return ()
        text = searched_text(post)
        return tuple(match for filter_ in wanted if (match := _match(filter_, post, text)))

    def hides(self, post: PostView, *, context: str) -> bool:
        """Whether a filter says that the post is not to be shown here at all."""
        return any(match.filter.action == "hide" for match in self.matches(post, context=context))


def searched_text(post: PostView) -> str:
    """What filters look at: title, warning, text, poll options, alt texts; in folded form."""
    parts = [post.title, post.warning, post.text or plain(post.html)]
    parts += [photo.alt for photo in post.photos]
    if post.poll:
        parts += post.poll.options
    return fold("\n".join(filter(None, parts)).casefold())


def _match(filter_: Filter, post: PostView, text: str) -> Match | None:
    words: tuple[str, ...] = ()
    if filter_.pattern and any(needle in text for needle in filter_.needles):
        words = tuple(dict.fromkeys(filter_.pattern.findall(text)))
    posts = (post.id,) if post.id in filter_.post_ids else ()
    return Match(filter_, words, posts) if words or posts else None


def pattern_of(keywords: list[tuple[str, bool]]) -> regex.Pattern[str] | None:
    """One pattern for all words: case, diacritics and forms of Arabic letters do not matter.

    A whole word is bounded by whatever is neither letter nor digit; for Arabic the attached و ف ب ك ل
    and the article may stand before it.
    """
    parts = []
    for keyword, whole in keywords:
        if needle := needle_of(keyword):
            word = regex.escape(needle)
            parts.append(rf"(?<![\w])(?:[وفبكل]{{0,2}}(?:ال)?)?{word}(?![\w])" if whole else word)
    return regex.compile("|".join(parts), regex.V1) if parts else None


def needle_of(keyword: str) -> str:
    """A word as it stands in a text that is searched."""
    return fold(keyword.casefold()).strip()


class _Stored(msgspec.Struct):
    id: int
    title: str
    action: str
    contexts: frozenset[str]
    expires_at: datetime | None
    keywords: tuple[tuple[int, str, bool], ...]
    post_ids: frozenset[int]


_stored: Final = own_reader(tuple[_Stored, ...])


def wishes_of(*, viewer: int, at: datetime) -> tuple[frozenset[int], Filters]:
    """The hashtags a member reads in her home feed, and her filters in force. One query."""
    row = sql.one(NEWEST["wishes"], viewer=viewer, at=at)
    assert row is not None  # noqa: S101  # it has no FROM
    tags, filters = row
    found = tuple(map(_ready, _stored(filters))) if filters else ()
    ends = [filter_.expires_at for filter_ in found if filter_.expires_at]
    return frozenset(tags or ()), Filters(found, min(ends, default=None))


def filters_of(*, viewer: int, at: datetime) -> Filters:
    """The filters of a member that are in force. One query."""
    return wishes_of(viewer=viewer, at=at)[1]


def _ready(stored: _Stored) -> Filter:
    needles = (needle_of(text) for _id, text, _whole in stored.keywords)
    return Filter(
        id=stored.id,
        title=stored.title,
        action=stored.action,
        contexts=stored.contexts,
        expires_at=stored.expires_at,
        pattern=pattern_of([(text, whole) for _id, text, whole in stored.keywords]),
        keywords=stored.keywords,
        needles=tuple(filter(None, needles)),
        post_ids=stored.post_ids,
    )
