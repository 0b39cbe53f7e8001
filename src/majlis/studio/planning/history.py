"""What is known of a page's posts: each with what its first seven days came to. And from whom a page without any borrows.

Reach is distinct members who viewed a post within seven days; clicks are how often its tracked links were followed in
them, by members or not. Times are on the wall of the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from majlis.core import sql
from majlis.insights.methods import expectation
from majlis.insights.methods.expectation import FEWEST_POSTS, PUBLISHED, Borrowed, Learned, Outcome, Past
from majlis.studio.planning.tables import SQL

MOST: Final = 300
"""So many of the newest posts are learnt from: posts count half after each forty more."""
WEEK: Final = timedelta(days=7)
LENDERS: Final = 10
"""A page borrows from others of the house only where so many are pooled that none stands out."""
HOUSE, BRAND = "house", "published"
_KEPT: Final = 64


class History(msgspec.Struct, frozen=True):
    """A page's posts, oldest first, as they stood at ``until``. ``linked``: whether each had a tracked link."""

    page_id: int
    zone: str
    followers: int
    until: datetime
    ids: tuple[int, ...]
    posts: tuple[Past, ...]
    linked: tuple[bool, ...]

    def with_links(self) -> tuple[Past, ...]:
        """Those that had a tracked link: clicks are told from them alone."""
        return tuple(post for post, linked in zip(self.posts, self.linked, strict=True) if linked)

    def wall(self, at: datetime) -> datetime:
        """What the page's clock shows."""
        return at.astimezone(ZoneInfo(self.zone))


class Lent(msgspec.Struct, frozen=True):
    """What a page with few posts borrows, and from how many pages; ``name`` is ``house`` or ``published``."""

    name: str
    pages: int
    borrowed: Borrowed


def history(*, page_id: int, until: datetime) -> History:
    """The newest posts, as they stood at a moment. Two queries; whoever asks holds the team door."""
    row = sql.one(SQL["followers"], page=page_id)
    followers, zone = row or (0, "UTC")
    rows = sql.rows(SQL["history"], page=page_id, until=until, limit=MOST)[::-1]
    there = ZoneInfo(zone)
    posts = tuple(
        Past(
            at=at.astimezone(there), followers=eligible, kind=kind, paid=paid, length=length, reach=int(reach),
            clicks=int(clicks),
        )
        for _id, at, eligible, kind, paid, length, reach, clicks, _linked in rows
    )  # fmt: skip
    return History(
        page_id, zone, followers, until, tuple(row[0] for row in rows), posts, tuple(row[8] for row in rows)
    )


def learned(
    found: History, outcome: Outcome, *, others: Callable[[], Sequence[Any]]
) -> tuple[Learned, Lent | None]:
    """What the history teaches, and what it had to borrow. The same history is learnt from once: to learn costs
    0.1 s of CPU at the most. ``others`` (:func:`lenders`) is asked where there are fewer than thirty posts."""
    posts = found.posts if outcome is Outcome.REACH else found.with_links()
    lent = _lent(others(), outcome) if len(posts) < FEWEST_POSTS + 5 else None
    # on the hour: which posts have settled does not hang on minutes, and an hour's asking is answered from memory
    at = found.wall(found.until).replace(minute=0, second=0, microsecond=0)
    made = _learned(posts, at, outcome, lent.borrowed if lent else None)
    return made, lent if made.borrowed is not None else None


@lru_cache(maxsize=_KEPT)
def _learned(posts: tuple[Past, ...], at: datetime, outcome: Outcome, borrowed: Borrowed | None) -> Learned:
    return expectation.learn(posts, at=at, outcome=outcome, borrowed=borrowed)


def lenders(found: History) -> list[Any]:
    """Posts of pages of the house between a quarter and four times as large. One query."""
    return sql.rows(
        SQL["lenders"], page=found.page_id, until=found.until, fewest=found.followers // 4,
        most=max(4 * found.followers, 40),
    )  # fmt: skip


def _lent(rows: Sequence[Any], outcome: Outcome) -> Lent:
    """From pages of like size; else from a published brand."""
    pages: defaultdict[int, list[Past]] = defaultdict(list)
    for page, at, eligible, reach, clicks, linked in rows:
        if linked or outcome is Outcome.REACH:
            pages[page].append(Past(at=at, followers=eligible, kind="", reach=int(reach), clicks=int(clicks)))
    enough = [posts for _page, posts in sorted(pages.items()) if len(posts) >= 5]
    if len(enough) >= LENDERS:
        made = expectation.borrow(enough, name=HOUSE, outcome=outcome)
        if made is not None:
            return Lent(HOUSE, made.pages, made)
    return Lent(BRAND, 1, PUBLISHED[outcome])
