"""One post for many readers at once: what live streams ask, in a number of queries that does not grow with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from majlis.feeds import rules
from majlis.feeds.hydration import Batch, hydrate, load_posts, note_filters
from majlis.feeds.lists import by_ids
from majlis.feeds.memory import MEMORY, MOST_MARKS, Reader
from majlis.feeds.reading import reader_of
from majlis.posts import queries as posts
from majlis.posts.queries import NO_MARKS, Marks, PostView
from majlis.posts.visibility import viewers_among


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who of those who were asked about may see the post."""

    post_id: int
    seen_by: frozenset[int]

    def batch(self, *, viewer: int | None, at: datetime, context: str) -> Batch:
        """The post as one of them sees it; without it when she may not. Strangers (None) are asked alone."""
        if viewer is None:
            return by_ids(ids=[self.post_id], viewer=None, at=at, context=context)
        if viewer not in self.seen_by:
            return Batch(viewer=viewer)
        reader = reader_of(viewer=viewer, at=at)
        batch = hydrate([self.post_id], viewer=viewer, reader=reader if MEMORY.live else None)
        note_filters(batch, reader, context=context)
        return batch


def look_up(*, post_id: int, viewers: Collection[int], at: datetime) -> Listeners:
    """Ask the visibility rule and the marks of all readers together.

    Their answers are put where readers keep them, so that judging and presenting the post for each asks
    no more. (A quoted post is asked about for each reader: few posts quote.)
    """
    readers = {viewer: reader_of(viewer=viewer, at=at) for viewer in viewers}
    clocks = {viewer: reader.clock for viewer, reader in readers.items()}
    found = load_posts([post_id])
    post = found.get(post_id)
    if post is None or not readers:
        return Listeners(post_id, frozenset())
    shown = [post, *([found[post.boost_of_id]] if post.boost_of_id in found else [])]
    seen = {each.id: viewers_among(post_id=each.id, viewers=readers) for each in shown}
    marks = posts.marks_of_many(viewers=readers, ids=[each.id for each in shown])
    for viewer, reader in readers.items():
        if reader.clock == clocks[viewer]:  # nothing of it has changed since
            _remember(
                reader, shown, marks.get(viewer, {}), {id_: viewer in those for id_, those in seen.items()}
            )
    return Listeners(post_id, frozenset(seen[post_id]))


def _remember(
    reader: Reader, shown: list[PostView], marks: Mapping[int, Marks], allowed: Mapping[int, bool]
) -> None:
    if len(reader.marks) > MOST_MARKS:
        reader.marks.clear()
    for post in shown:
        reader.marks[post.id] = marks.get(post.id, NO_MARKS)
        if post.audience not in rules.PLAIN:
            reader.allowed[post.id] = allowed[post.id]
