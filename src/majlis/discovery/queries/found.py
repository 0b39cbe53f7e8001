"""Search over posts: the newest that fit, found with bounded work, then the best of them first.

Invariant: a post is a hit only where the visibility rule lets the searcher see it *and* it is hers to find
(``statements``): whatever she may not see changes neither hits nor their order nor their number.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
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
from majlis.posts.slices import Slice, slices

MOST_HITS: Final = 200
"""The newest so many matching posts are ranked and paged through; older ones are found with ``before:``."""
LOOKS: Final = (300, 600, 600)
"""So many posts that fit are judged by whether the viewer may see and find them, as long as hits are missing.
Then a search ends with what it has, though there may be older hits."""
MOST_READ: Final = 3_000
"""It ends too when so many posts have the words and nothing else that was asked."""
CROWDED: Final = 1_500
"""A slice of time with more hits than this is cut finer."""
WINDOW: Final = 500
"""An author's and a hashtag's posts are read so many at a time,"""
WINDOWS: Final = 4
"""and after so many times the words are looked for instead. Without words it goes on to ``MOST_READ``."""
_CLOCKS: Final = timedelta(minutes=20)  # servers of one house may differ by this much


def posts(
    *,
    text: str,
    viewer: int | None,
    at: datetime,
    page: Page | None = None,
    offset: int = 0,
    from_profile: int | None = None,
    language: str = "",
) -> list[int]:
    """Ids of posts the viewer may see and find, best first (relevance by recency); ``page`` bounds the ids.

    Every word must be there, in any spelling or form; ``"a phrase"`` in this order, ``-word`` not at all.
    ``#tag``, ``from:@handle`` (or ``from:me``), ``has:media|poll|link``, ``is:reply``, ``language:ar``,
    ``before:``, ``after:`` and ``during:`` a day. Her own posts and those she is mentioned in, bookmarked
    or reacted to are found whatever their author chose; of others' only those whose author is indexable.

    The newest ``MOST_HITS`` hits are ranked. Usually two queries; a search whose hits are nearly all hidden
    from the viewer ends before the oldest (``LOOKS``, ``MOST_READ``). With the same ``max_id`` and ``at``,
    pages by ``offset`` neither repeat nor skip, whatever is written meanwhile.
    """
    page = page or Page()
    wanted = parse(text)
    wanted.language = clean_text(language) or wanted.language
    author = from_profile
    if wanted.author and author is None:
        author = viewer if wanted.author == "me" else _author(wanted.author)
        if author is None:
            return []
    if wanted.nothing or offset >= MOST_HITS:
        return []
    return _hits(_parameters(wanted, author=author, viewer=viewer, page=page, at=at))[
        offset : offset + page.limit
    ]


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


def _hits(parameters: Mapping[str, Any]) -> list[int]:
    """The newest hits, the best of them first."""
    found: list[tuple[int, float]] = []
    candidates = _candidates(parameters)
    for look in LOOKS:
        ids = list(islice(candidates, look))
        if ids:
            found += sql.rows(SQL["findable_posts"], **parameters, ids=ids, most=MOST_HITS - len(found))
        if len(ids) < look or len(found) >= MOST_HITS:
            break
    return [id_ for id_, _relevance in sorted(found, key=lambda hit: (hit[1], hit[0]), reverse=True)]


def _candidates(parameters: Mapping[str, Any]) -> Iterator[int]:
    """Ids of posts that fit, newest first, whoever may see them."""
    if parameters["author"] is not None or parameters["tags"]:
        below = yield from _of_one(parameters)
        if below is None or not parameters["every"]:
            return
        parameters = {**parameters, "below": below}
    yield from _by_words(parameters)


def _of_one(parameters: Mapping[str, Any]) -> Generator[int, None, int | None]:
    """Of the author or the hashtag asked for; returns the oldest post read, None when there are no more."""
    query = SQL["posts_with_tag" if parameters["author"] is None else "posts_of_author"]
    below: int | None = parameters["below"]
    for _window in range(WINDOWS if parameters["every"] else MOST_READ // WINDOW):
        ((read, oldest, ids),) = sql.rows(query, **{**parameters, "below": below, "window": WINDOW})
        yield from ids
        below = oldest if read >= WINDOW else None
        if below is None:
            break
    return below


def _by_words(parameters: Mapping[str, Any]) -> Iterator[int]:
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


def _walk(ahead: list[Slice], parameters: Mapping[str, Any]) -> list[tuple[int, bool, list[int]]]:
    return sql.rows(
        SQL["posts_by_slice"],
        **parameters,
        slices=["{" + ",".join(map(str, each.keys)) + "}" for each in ahead],
        limits=[CROWDED if each.level else 0 for each in ahead],
        enough=LOOKS[0],
    )
