"""A home page in the order of a recipe: what is new by score, and below it what is older, the newest first.

The items are those of the chronological feed, judged by the same rules; only the order differs. Pages of one
reading hang together by ``as_of``: what comes later is not put in between while she pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from majlis.core import sql
from majlis.core.ids import lowest_id_at, moment_of
from majlis.core.paging import Page
from majlis.feeds import rules
from majlis.feeds.home import FeedPage, home_page, merged_page
from majlis.feeds.memory import Reader
from majlis.feeds.reading import reader_of
from majlis.feeds.recipes import MOST, SIGNAL_DAYS, WINDOW_HOURS, Score, Signals, closeness
from majlis.feeds.statements import NEWEST


@dataclass(slots=True)
class RankedPage:
    """A page in the order of a recipe. ``scores`` are of those items that were put in order; ``next_start`` goes
    on within them, ``below`` (a ``max_id``) in what is older; at the end both are None."""

    feed: FeedPage
    as_of: datetime
    scores: dict[int, Score] = field(default_factory=dict)
    next_start: int | None = None
    below: int | None = None


def ranked_page(*, viewer: int, as_of: datetime, start: int, limit: int, at: datetime) -> RankedPage:
    """The items ``start`` and following of her feed by closeness as of a moment."""
    reader = reader_of(viewer=viewer, at=at)
    low = lowest_id_at(as_of - timedelta(hours=WINDOW_HOURS))
    window = Page(max_id=lowest_id_at(as_of) + (1 << 16), since_id=low - 1, limit=MOST)
    new = merged_page(reader, viewer=viewer, page=window, rows=reader, judge_of=rules.home_judge, at=at)
    scores = scores_of(new, reader, viewer=viewer, as_of=as_of)
    ordered = sorted(new.ids, key=lambda id_: (-scores[id_].total, -id_))
    ids = ordered[start : start + limit]
    page = RankedPage(_only(new, ids, first=not start), as_of, {id_: scores[id_] for id_ in ids})
    end = new.oldest if new.more and new.oldest else low
    if start + limit < len(ordered):
        page.next_start = start + limit
    elif len(ids) < limit:
        _go_on(page, viewer=viewer, below=end, limit=limit - len(ids), at=at)
    else:
        page.below = end
    return page


def scores_of(feed: FeedPage, reader: Reader, *, viewer: int, as_of: datetime) -> Mapping[int, Score]:
    """The score of each item of a page. One query; who boosted is the author of a boost."""
    authors = {feed.batch.posts[id_].author_id for id_ in feed.ids}
    known = signals_of(viewer=viewer, authors=authors, reader=reader, as_of=as_of)
    return {
        id_: closeness(known[feed.batch.posts[id_].author_id], came_at=moment_of(id_), as_of=as_of)
        for id_ in feed.ids
    }


def signals_of(
    *, viewer: int, authors: Collection[int], reader: Reader, as_of: datetime
) -> dict[int, Signals]:
    """What closeness is made of, for each author. One query, none for nobody."""
    known = dict.fromkeys(authors, Signals())
    others = [author for author in authors if author != viewer]
    if others:
        since = lowest_id_at(as_of - timedelta(days=SIGNAL_DAYS))
        for author, follows_back, reactions, replies in sql.rows(
            NEWEST["closeness"], viewer=viewer, authors=others, since=since
        ):
            mutual = follows_back and author in reader.rules.following
            known[author] = Signals(mutual, reactions, replies)
    return known


def _only(feed: FeedPage, ids: list[int], *, first: bool) -> FeedPage:
    """The page with these alone. What was left out of all that is ordered is told on the first one."""
    left_out, unwanted = (feed.left_out, feed.unwanted) if first else (Counter(), [])
    why = {id_: feed.why[id_] for id_ in ids}
    return replace(feed, ids=ids, why=why, left_out=left_out, unwanted=unwanted)


def _go_on(page: RankedPage, *, viewer: int, below: int, limit: int, at: datetime) -> None:
    """Fill the page up with what is older, the newest first."""
    older = home_page(viewer=viewer, page=Page(max_id=below, limit=limit), at=at)
    feed, batch = page.feed, page.feed.batch
    feed.ids = [*feed.ids, *older.ids]
    feed.why |= older.why
    feed.left_out = feed.left_out + older.left_out
    feed.unwanted = [*feed.unwanted, *older.unwanted]
    batch.posts.update(older.batch.posts)
    batch.people.update(older.batch.people)
    batch.marks.update(older.batch.marks)
    batch.seen_quotes |= older.batch.seen_quotes
    batch.filtered.update(older.batch.filtered)
    page.below = older.oldest if older.more else None
