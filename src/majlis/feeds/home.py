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
from majlis.feeds.hydration import Batch, Sees, complete, load_people, load_posts, note_filters
from majlis.feeds.memory import MEMORY, Reader
from majlis.feeds.reading import allowed_among, reader_of, remembered
from majlis.feeds.rules import Judge, LeftOut, Sitting, Why
from majlis.feeds.statements import ordered
from majlis.posts import withholding

MOST_CHUNKS: Final = 12
SPARE: Final = 6
"""More than the page holds, looked at at once: rules take some away."""


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
    # what it was made from, for `still_true`; None when more than one chunk was needed
    chunk: list[int] | None = None
    reader: Reader | None = None
    clock: int = 0
    moment: int = -1
    rings_clock: int = -1
    told_by_the_clock: bool = False  # a poll on it ends by itself
    withheld_clock: int = 0
    withheld_until: datetime | None = None  # until when the earliest of what is withheld from anybody is
    # what her own wishes and experiments left out, for whoever counts it; of other reasons only the number is known
    unwanted: list[tuple[int, LeftOut]] = field(default_factory=list)

    def show_only_what_is_seen(self) -> None:
        """Cursors name items of the page, not those left out: an id alone tells that a post exists.

        A page on which nothing is shown has none, or with more to come is bounded by milliseconds.
        """
        if self.ids:
            self.newest, self.oldest = self.ids[0], self.ids[-1]
        elif self.more and self.newest is not None and self.oldest is not None:
            self.newest, self.oldest = _millisecond(self.newest), _millisecond(self.oldest) + (1 << 16)
        else:
            self.newest = self.oldest = None

    def looked_at(self, id_: int | None) -> None:
        """Widen the stretch that the cursors span."""
        if id_ is not None:
            self.newest = id_ if self.newest is None else max(self.newest, id_)
            self.oldest = id_ if self.oldest is None else min(self.oldest, id_)


def _millisecond(id_: int) -> int:
    return id_ >> 16 << 16


def home_page(*, viewer: int, page: Page, at: datetime) -> FeedPage:
    """A page of the home feed."""
    moment, rings_clock, withheld_clock = MEMORY.moment, MEMORY.rings.clock, withholding.clock()
    reader = reader_of(viewer=viewer, at=at)
    found = merged_page(reader, viewer=viewer, page=page, rows=reader, judge_of=rules.home_judge, at=at)
    found.moment, found.rings_clock, found.withheld_clock = moment, rings_clock, withheld_clock
    found.told_by_the_clock = any(post.poll is not None for post in found.batch.posts.values())
    return found


def still_true(found: FeedPage, *, viewer: int, page: Page, at: datetime) -> bool:
    """Whether a page of the home feed would come out the same again: every input of it is the one it had.

    Nothing at all has changed in the house since; or else not its posts, people and reader, which are compared
    with those remembered now, nor the rings of its sources, which are merged anew if one has moved. Polls
    change by the clock alone, so a page with one is never said to be the same.
    """
    if (
        found.reader is None
        or found.told_by_the_clock
        or remembered(viewer=viewer, at=at) is not found.reader
        or withholding.clock() != found.withheld_clock
        or (found.withheld_until is not None and found.withheld_until <= at)
    ):
        return False
    moment = MEMORY.moment
    if found.moment != moment:
        if not _made_of_the_same(found, found.reader, page):
            return False
        found.moment = moment
    return True


def _made_of_the_same(found: FeedPage, reader: Reader, page: Page) -> bool:
    if found.chunk is None or reader.clock != found.clock:
        return False
    rings_clock = MEMORY.rings.clock
    if MEMORY.rings.changed_since(reader.rows, found.rings_clock):
        if skeleton(reader, replace(page, limit=page.limit + SPARE)) != found.chunk:
            return False
        found.rings_clock = rings_clock
    posts, people = found.batch.posts, found.batch.people
    # lists of the very same objects are compared by looking at each once
    return [*map(MEMORY.posts.get, posts)] == [*posts.values()] and [*map(MEMORY.people.get, people)] == [
        *people.values()
    ]


def home_verdict(
    *, viewer: int, post_id: int, at: datetime, sees: Sees | None = None
) -> tuple[LeftOut | Why, Batch]:
    """Whether one post stands in a member's home feed, and the batch to present it with. For live streams,
    whose ``sees`` was asked about what the post quotes for all readers together."""
    reader = reader_of(viewer=viewer, at=at)
    sitting = Sitting(viewer, reader, Batch(viewer=viewer))
    _look_up([post_id], sitting)
    post = sitting.batch.posts.get(post_id)
    if post is None or post.audience == "mentioned" or post.imported_from:
        return LeftOut.GONE, sitting.batch
    verdict = rules.withheld_now(rules.home_judge(sitting)(post), post, reader, viewer=viewer, at=at)
    _complete(sitting, [post_id], sees=sees)
    return verdict, sitting.batch


def merged_page(
    reader: Reader,
    *,
    viewer: int,
    page: Page,
    rows: Reader,
    judge_of: Callable[[Sitting], Judge],
    at: datetime,
) -> FeedPage:
    """A page merged from the sources of ``rows``, judged item by item until it is full."""
    sitting = Sitting(viewer, reader, Batch(viewer=viewer))
    result = FeedPage(batch=sitting.batch, reader=reader, clock=reader.clock)
    holds = withholding.running(at)
    if holds:
        result.withheld_until = min(hold.until for hold in holds.values())
    cursor, judge = page, rules.withheld(judge_of(sitting), sitting, holds)
    for chunk_number in range(MOST_CHUNKS):
        wanted = (page.limit - len(result.ids) + SPARE) << chunk_number
        ids = skeleton(rows, replace(cursor, limit=wanted))
        _look_up(ids, sitting)
        last, full = _judge_chunk(ids, sitting, judge, result, page)
        result.more = full or len(ids) >= wanted
        if full or last is None or len(ids) < wanted:
            result.chunk = ids if chunk_number == 0 else None
            break
        cursor = replace(cursor, min_id=last) if page.upward else replace(cursor, max_id=last)
    if page.upward:
        result.ids.reverse()
    result.show_only_what_is_seen()
    _complete(sitting, result.ids)
    return result


def _look_up(ids: list[int], sitting: Sitting) -> None:
    """Load what judging needs: posts, what they boost, authors, answers of the visibility rule."""
    found = load_posts(ids)
    sitting.batch.posts.update(found)
    # the reader herself comes along: whoever asks wants to know whether she is in use
    authors = {sitting.viewer, *(post.author_id for post in found.values())} - sitting.batch.people.keys()
    sitting.batch.people.update(load_people(authors))
    viewer, reader = sitting.viewer, sitting.reader
    ask = [
        post.id
        for post in found.values()
        if post.audience not in rules.PLAIN and rules.needs_asking(post, reader, viewer=viewer)
    ]
    if ask:
        sitting.allowed |= allowed_among(ask, viewer=viewer, reader=reader)


def _judge_chunk(
    ids: list[int], sitting: Sitting, judge: Judge, result: FeedPage, page: Page
) -> tuple[int | None, bool]:
    """Judge ids in reading order (upward: from the oldest) until the page is full.

    Returns the last id looked at, and whether the page was full before the chunk ended.
    """
    found, last = sitting.batch.posts, None
    for id_ in reversed(ids) if page.upward else ids:
        if len(result.ids) >= page.limit:
            result.looked_at(last)
            return last, True
        if last is None:
            result.looked_at(id_)
        last = id_
        post = found.get(id_)
        verdict = judge(post) if post is not None else LeftOut.GONE
        if isinstance(verdict, LeftOut):
            result.left_out[verdict] += 1
            if verdict in rules.TOLD:
                result.unwanted.append((id_, verdict))
        elif post is not None:
            sitting.shown.add(post.boost_of_id or id_)
            result.why[id_] = verdict
            result.ids.append(id_)
    result.looked_at(last)
    return last, False


def _complete(sitting: Sitting, ids: list[int], *, sees: Sees | None = None) -> None:
    """What presenting needs beyond judging: quoted posts, the viewer's marks, her filters."""
    reader = sitting.reader if MEMORY.live else None
    complete(sitting.batch, ids, reader=reader, sees=sees)
    note_filters(sitting.batch, sitting.reader, context="home")


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
