"""Search over people, hashtags and posts.

Invariant: a post is a hit only where the visibility rule lets the searcher see it *and* it is hers to find
(``statements``): whatever she may not see changes neither hits nor their order nor their number.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from majlis.core import sql
from majlis.core.ids import lowest_id_at
from majlis.core.text.clean import clean_text
from majlis.discovery.queries.statements import SQL
from majlis.discovery.queries.wanted import LONGEST, like_prefix, name_query
from majlis.people.accts import split_acct
from majlis.posts import queries as post_queries
from majlis.posts.composing import tag_key
from majlis.posts.queries import TagInfo

DEEPEST: Final = 1_000


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
