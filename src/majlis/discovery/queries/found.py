"""Search over posts: the newest that fit, found with bounded work, then the best of them first.

Invariant: a post is a hit only where the visibility rule lets the searcher see it *and* it is hers to find
(``statements``): whatever she may not see changes neither hits nor their order nor their number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from majlis.core import sql
from majlis.core.ids import lowest_id_at
from majlis.core.paging import Page
from majlis.core.text.clean import clean_text
from majlis.discovery.queries.statements import SQL
from majlis.discovery.queries.wanted import Wanted, parse
from majlis.people import queries as people_queries
from majlis.posts.slices import SHIFTS, Slice, slices

MOST_HITS: Final = 200
"""The newest so many matching posts are ranked and paged through; then it goes on below the oldest of them."""
LOOKS: Final = (300, 600, 600)
"""So many posts that fit are judged by whether the viewer may see and find them, as long as hits are missing.
Then a search ends with what it has and says where to go on (``Found.older``)."""
MOST_READ: Final = 3_000
"""It ends too when so many posts have the words and nothing else that was asked."""
CROWDED: Final = 1_500
"""A slice of time with more hits than this is cut finer."""
WINDOW: Final = 500
"""An author's and a hashtag's posts are read so many at a time,"""
WINDOWS: Final = 4
"""and after so many times the words are looked for instead. Without words it goes on to ``MOST_READ``."""
_CLOCKS: Final = timedelta(minutes=20)  # servers of one house may differ by this much
_STEPS: Final = (1 << SHIFTS[0], 1 << 16)
"""Where a search goes on is said to 17 minutes; to the millisecond or the post where that would not be further."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a search. ``more``: the next ``offset`` has hits as well.

    ``older``: this page is the last of a search that has not looked at posts below this id; they are searched
    with it as ``max_id``. None when it has looked at all, or there is ``more``.
    """

    ids: list[int]
    more: bool = False
    older: int | None = None


def posts(
    *,
    text: str,
    viewer: int | None,
    at: datetime,
    page: Page | None = None,
    offset: int = 0,
    from_profile: int | None = None,
    language: str = "",
) -> Found:
    """Ids of posts the viewer may see and find, best first (relevance by recency); ``page`` bounds the ids.

    Every word must be there, in any spelling or form; ``"a phrase"`` in this order, ``-word`` not at all.
    ``#tag``, ``from:@handle`` (or ``from:me``), ``has:media|poll|link``, ``is:reply``, ``language:ar``,
    ``before:``, ``after:`` and ``during:`` a day. Her own posts and those she is mentioned in, bookmarked
    or reacted to are found whatever their author chose; of others' only those whose author is indexable.

    The newest ``MOST_HITS`` hits are ranked. Usually two queries; a search whose hits are nearly all hidden
    from the viewer ends before the oldest (``LOOKS``, ``MOST_READ``) and says where it ended. With the same
    ``max_id`` and ``at``, pages by ``offset``, then from ``older`` on, neither repeat nor skip, whatever is
    written meanwhile.
    """
    page = page or Page()
    wanted = parse(text)
    wanted.language = clean_text(language) or wanted.language
    author = from_profile
    if wanted.author and author is None:
        author = viewer if wanted.author == "me" else _author(wanted.author)
        if author is None:
            return Found([])
    if wanted.nothing or offset >= MOST_HITS:
        return Found([])
    hits, older = _hits(_parameters(wanted, author=author, viewer=viewer, page=page, at=at))
    end = offset + page.limit
    return Found(hits[offset:end], more=end < len(hits), older=older if end >= len(hits) else None)


def _author(acct: str) -> int | None:
    found = people_queries.by_acct(acct)
    return found.id if found else None


def _parameters(
    wanted: Wanted, *, author: int | None, viewer: int | None, page: Page, at: datetime
) -> dict[str, Any]:
    return {
        "words": wanted.words,
        "every": wanted.every,
        "strict": wanted.words != wanted.every,
        "tags": list(dict.fromkeys(wanted.tags)),
        "tag": wanted.tags[0] if wanted.tags else "",
        "author": author,
        "language": wanted.language,
        "only_media": wanted.only_media,
        "only_polls": wanted.only_polls,
        "only_links": wanted.only_links,
        "only_replies": wanted.only_replies,
        "below": min(wanted.below, page.below, lowest_id_at(at + _CLOCKS)),
        "above": max(wanted.above, page.above),
        "viewer": viewer,
        "at": at,
        "now": lowest_id_at(at),
    }


def _hits(parameters: Mapping[str, Any]) -> tuple[list[int], int | None]:
    """The newest hits, the best of them first; and the id below which nothing was looked at, if any."""
    found: list[tuple[int, float]] = []
    walk = _Walk(parameters)
    candidates = iter(walk)
    for look in LOOKS:
        ids = list(islice(candidates, look))
        if ids:
            # one more than is given: whether there are older ones
            found += sql.rows(SQL["findable_posts"], **parameters, ids=ids, most=MOST_HITS + 1 - len(found))
        if len(found) > MOST_HITS:
            kept = found[:MOST_HITS]
            return _ranked(kept), kept[-1][0]
        if len(ids) < look:
            left = walk.left
            break
    else:
        left = ids[-1]
    if left is None:
        return _ranked(found), None
    older = _roughly(left, below=parameters["below"], hits=[id_ for id_, _relevance in found])
    return _ranked(hit for hit in found if hit[0] >= older), older


def _ranked(found: Iterable[tuple[int, float]]) -> list[int]:
    best_first = sorted(found, key=lambda hit: (hit[1], hit[0]), reverse=True)
    return [id_ for id_, _relevance in best_first]


def _roughly(id_: int, *, below: int, hits: Collection[int]) -> int:
    """A bound at ``id_`` or above it that does not tell when somebody wrote what the viewer may not see.

    Hits below it are left for the next search. It is lower than ``below``, so that this one gets further, and
    leaves something of what was found to be shown now.
    """
    for step in _STEPS:
        bound = -(-id_ // step) * step
        if bound < below and (not hits or max(hits) >= bound):
            return bound
    return id_


class _Walk:
    """Ids of posts that fit, newest first, whoever may see them. ``left``, once it has ended: posts below this
    id were not looked at; None when there are none."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self._parameters = parameters
        self.left: int | None = parameters["below"]

    def __iter__(self) -> Iterator[int]:
        asked = self._parameters
        if asked["author"] is not None or asked["tags"]:
            yield from self._of_one()
            if self.left is None or not asked["every"]:
                return
        yield from self._by_words({**asked, "below": self.left})

    def _of_one(self) -> Iterator[int]:
        """Of the author or the hashtag asked for."""
        asked = self._parameters
        query = SQL["posts_with_tag" if asked["author"] is None else "posts_of_author"]
        for _window in range(WINDOWS if asked["every"] else MOST_READ // WINDOW):
            ((read, oldest, ids),) = sql.rows(query, **{**asked, "below": self.left, "window": WINDOW})
            yield from ids
            self.left = oldest if read >= WINDOW else None
            if self.left is None:
                break

    def _by_words(self, parameters: Mapping[str, Any]) -> Iterator[int]:
        """By way of the index of words, from the newest slice of time back."""
        ahead = list(slices(above=parameters["above"], below=parameters["below"]))
        read = 0
        while ahead and read < MOST_READ:
            for reached, cut, ids in _walk(ahead, parameters):
                here = ahead.pop(0)
                read += reached
                if cut:
                    ahead[:0] = here.finer()
                else:
                    yield from ids
        self.left = ahead[0].end if ahead else None


def _walk(ahead: list[Slice], parameters: Mapping[str, Any]) -> list[tuple[int, bool, list[int]]]:
    return sql.rows(
        SQL["posts_by_slice"],
        **parameters,
        slices=["{" + ",".join(map(str, each.keys)) + "}" for each in ahead],
        limits=[CROWDED if each.level else 0 for each in ahead],
        enough=LOOKS[0],
    )
