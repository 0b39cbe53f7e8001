"""The home feed: merged from rings at read time, from SQL where the rings do not reach.

Skeleton: ids of everything by those she follows, herself and the hashtags she reads. Rules: ``rules.home``.
The page is filled chunk by chunk, because rules leave out some of each chunk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from majlis.core import sql
from majlis.core.paging import Page
from majlis.feeds import rules
from majlis.feeds.hydration import Batch, hydrate, load_people, load_posts, note_filters
from majlis.feeds.memory import MEMORY, Reader
from majlis.feeds.reading import allowed_among, reader_of
from majlis.feeds.rules import LeftOut, Why
from majlis.feeds.statements import ordered
from majlis.posts.queries import PostView

MOST_CHUNKS: Final = 12

Judge = Callable[[PostView, Batch, Reader, set[int], set[int]], LeftOut | Why]


@dataclass(slots=True)
class FeedPage:
    """One page of a feed.

    ``ids`` newest first; ``why`` per id; ``left_out`` counts by reason what the rules took from this
    stretch; ``newest`` and ``oldest`` are the cursors (of what was looked at, not only of what is shown);
    ``more``: there may be older posts.
    """

    ids: list[int] = field(default_factory=list)
    why: dict[int, Why] = field(default_factory=dict)
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    newest: int | None = None
    oldest: int | None = None
    more: bool = False
    batch: Batch = field(default_factory=lambda: Batch(viewer=None))


def home_page(*, viewer: int, page: Page, at: datetime) -> FeedPage:
    """A page of the home feed."""
    reader = reader_of(viewer=viewer, at=at)
    return merged_page(reader, viewer=viewer, page=page, rows=reader, judge=_judge_for(viewer))


def home_verdict(*, viewer: int, post_id: int, at: datetime) -> tuple[LeftOut | Why, Batch]:
    """Whether one post stands in a member's home feed, and the batch to present it with. For live streams."""
    reader = reader_of(viewer=viewer, at=at)
    batch = hydrate([post_id], viewer=viewer, reader=reader if MEMORY.live else None)
    note_filters(batch, reader, context="home")
    post = batch.posts.get(post_id)
    if post is None or post.audience == "mentioned" or post.imported_from:
        return LeftOut.GONE, batch
    asked = [each.id for each in batch.posts.values() if rules.needs_asking(each, reader, viewer=viewer)]
    allowed = allowed_among(asked, viewer=viewer, reader=reader) if asked else set()
    return rules.home(post, batch, reader, viewer=viewer, shown=set(), allowed=allowed), batch


def _judge_for(viewer: int) -> Judge:
    def judge(
        post: PostView, batch: Batch, reader: Reader, shown: set[int], allowed: set[int]
    ) -> LeftOut | Why:
        return rules.home(post, batch, reader, viewer=viewer, shown=shown, allowed=allowed)

    return judge


def merged_page(reader: Reader, *, viewer: int, page: Page, rows: Reader, judge: Judge) -> FeedPage:
    """A page merged from the sources of ``rows``, judged item by item until it is full."""
    result, found, shown = FeedPage(), [], set[int]()
    cursor = page
    for chunk_number in range(MOST_CHUNKS):
        wanted = (page.limit - len(found) + 12) << chunk_number
        ids = skeleton(rows, replace(cursor, limit=wanted))
        kept = _judge_chunk(ids, reader, viewer=viewer, judge=judge, result=result, shown=shown, upward=page.upward,
                            room=page.limit - len(found))  # fmt: skip
        found += kept.ids
        result.more = len(ids) >= wanted or kept.stopped
        if kept.last is None or kept.stopped or len(ids) < wanted or len(found) >= page.limit:
            break
        cursor = replace(cursor, min_id=kept.last) if page.upward else replace(cursor, max_id=kept.last)
    result.ids = sorted(found, reverse=True)
    result.batch = hydrate(result.ids, viewer=viewer, reader=reader if MEMORY.live else None)
    note_filters(result.batch, reader, context="home")
    return result


@dataclass(slots=True)
class _Kept:
    ids: list[int]
    last: int | None
    stopped: bool


def _judge_chunk(
    ids: list[int],
    reader: Reader,
    *,
    viewer: int,
    judge: Judge,
    result: FeedPage,
    shown: set[int],
    upward: bool,
    room: int,
) -> _Kept:
    """Judge ids in reading order (upward: from the oldest) until the page has no room."""
    batch = Batch(viewer=viewer, posts=load_posts(ids))
    batch.people = load_people({post.author_id for post in batch.posts.values()})
    ask = [post.id for post in batch.posts.values() if rules.needs_asking(post, reader, viewer=viewer)]
    allowed = allowed_among(ask, viewer=viewer, reader=reader) if ask else set()
    kept = _Kept([], None, stopped=False)
    for id_ in reversed(ids) if upward else ids:
        if len(kept.ids) >= room:
            kept.stopped = True
            break
        kept.last = id_
        result.newest = id_ if result.newest is None or id_ > result.newest else result.newest
        result.oldest = id_ if result.oldest is None or id_ < result.oldest else result.oldest
        post = batch.posts.get(id_)
        verdict = judge(post, batch, reader, shown, allowed) if post else LeftOut.GONE
        if isinstance(verdict, LeftOut):
            result.left_out[verdict] += 1
            continue
        assert post is not None  # noqa: S101  # a verdict other than GONE needs one
        shown.add(post.boost_of_id or post.id)
        result.why[id_] = verdict
        kept.ids.append(id_)
    return kept


def skeleton(reader: Reader, page: Page) -> list[int]:
    """Ids of the sources between the bounds, newest first: from the rings where they are exact."""
    if MEMORY.live and reader.rings_version == MEMORY.rings_version:
        merged = MEMORY.rings.merge(
            reader.rows, below=page.below, above=page.above, upward=page.upward, limit=page.limit
        )
        exact = page.above >= merged.exact_to - 1 or (
            not page.upward and len(merged.ids) >= page.limit and merged.ids[-1] >= merged.exact_to
        )
        if exact or merged.exact_to == 0:
            return merged.ids
    return skeleton_from_tables(reader, page)


def skeleton_from_tables(reader: Reader, page: Page) -> list[int]:
    """The same from SQL: for deep pages, and as the oracle of the rings."""
    ids: list[int] = sql.column(
        ordered("merged", page),
        authors=[source for source in reader.sources if source > 0],
        tags=[-source for source in reader.sources if source < 0],
        **page.bounds(),
    )
    return ids[::-1] if page.upward else ids
