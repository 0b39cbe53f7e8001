"""Search over people, hashtags and posts.

Invariant: a post is a hit only where the visibility rule lets the searcher see it *and* it is hers to find
(``statements``): whatever she may not see changes neither hits nor their order nor their number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from majlis.core import sql
from majlis.core.ids import lowest_id_at
from majlis.core.paging import Page
from majlis.core.text.clean import clean_text
from majlis.discovery.queries.statements import SQL
from majlis.discovery.queries.wanted import LONGEST, Wanted, like_prefix, name_query, parse
from majlis.people import queries as people_queries
from majlis.people.accts import split_acct
from majlis.posts import queries as post_queries
from majlis.posts.composing import tag_key
from majlis.posts.queries import TagInfo

MOST_HITS: Final = 200
"""The newest so many matching posts are ranked and paged through; older ones are found with ``before:``."""
WINDOW: Final = 40_000
"""So many of the newest posts are read one by one for a frequent word before the index is asked."""
FREQUENT: Final = 6_000
"""A word that more posts than this are expected to hold is looked for from the newest post backwards."""
DEEPEST: Final = 1_000

_ROWS: Final = re.compile(r"rows=(\d+)")


def people(
    *,
    text: str,
    viewer: int | None,
    at: datetime,
    limit: int = 20,
    offset: int = 0,
    following_only: bool = False,
) -> list[int]:
    """Ids of profiles by handle, name and bio, best first.

    The handle itself first, then those the viewer follows, names before bios, friends of friends, the
    well-followed. Who does not want to be discovered is found by followers and by the whole handle only;
    limited ones by followers only; blocked ones (either way) and withdrawn ones by nobody.
    """
    typed = clean_text(text[:LONGEST]).strip()
    acct = split_acct(typed)
    names = name_query(typed)
    if not names or offset > DEEPEST or (following_only and viewer is None):
        return []
    handle = acct.handle if acct else ""
    return sql.column(
        SQL["people"],
        names=names,
        handle=handle,
        domain=acct.domain if acct else "",
        prefix=like_prefix(handle) if handle else "",
        viewer=viewer,
        following_only=following_only,
        at=at,
        limit=limit,
        offset=offset,
    )


def tags(*, text: str, viewer: int | None, at: datetime, limit: int = 20, offset: int = 0) -> list[TagInfo]:
    """Hashtags that begin so, with seven days of history: the very one first, then the most used.

    Only those on a public post that the viewer may see, or on a post of her own. Two queries.
    """
    key = tag_key(clean_text(text[:LONGEST]))
    if not key or offset > DEEPEST:
        return []
    rows = sql.rows(
        SQL["tags"],
        key=key,
        prefix=like_prefix(key),
        viewer=viewer,
        since=lowest_id_at(at - timedelta(days=7)),
        limit=limit,
        offset=offset,
    )
    histories = post_queries.tag_histories([row[0] for row in rows], at=at) if rows else {}
    return [replace(TagInfo(*row), history=histories[row[0]]) for row in rows]


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
    At most three queries; the newest ``MOST_HITS`` hits are ranked.
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
    return _hits(wanted, author=author, viewer=viewer, page=page, at=at)[offset : offset + page.limit]


def _author(acct: str) -> int | None:
    found = people_queries.by_acct(acct)
    return found.id if found else None


def _hits(wanted: Wanted, *, author: int | None, viewer: int | None, page: Page, at: datetime) -> list[int]:
    parameters = {
        "words": wanted.words,
        "tags": list(wanted.tags),
        "tag": wanted.tags[0] if wanted.tags else "",
        "author": author,
        "language": wanted.language,
        "only_media": wanted.only_media,
        "only_polls": wanted.only_polls,
        "only_links": wanted.only_links,
        "only_replies": wanted.only_replies,
        "below": min(wanted.below, page.below),
        "above": max(wanted.above, page.above),
        "viewer": viewer,
        "at": at,
        "now": lowest_id_at(at),
        "most": MOST_HITS,
        "window": WINDOW,
    }
    if author is not None:
        return sql.column(SQL["posts_of_author"], **parameters)
    if wanted.tags:
        return sql.column(SQL["posts_with_tag"], **parameters)
    return _by_words(parameters)


def _by_words(parameters: Mapping[str, Any]) -> list[int]:
    """A frequent word fills the page from the newest posts; for the rest the index of words is read whole."""
    if _likely_hits(str(parameters["words"])) > FREQUENT:
        newest = sql.column(SQL["posts_newest_first"], **parameters)
        if len(newest) >= MOST_HITS:
            return newest
    return sql.column(SQL["posts_by_words"], **parameters)


def _likely_hits(words: str) -> int:
    """How many posts the planner expects, from the statistics that PostgreSQL keeps of frequent words."""
    plan = sql.column(SQL["likely_hits"], words=words)
    found = _ROWS.search(str(plan[0])) if plan else None
    return int(found[1]) if found else 0
