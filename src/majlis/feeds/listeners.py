"""One post for many readers at once: what live streams ask, in a number of queries that does not grow with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from majlis.feeds import rules
from majlis.feeds.hydration import Batch, Sees, hydrate, load_posts, note_filters, quoted_by
from majlis.feeds.lists import by_ids
from majlis.feeds.memory import MEMORY, MOST_MARKS, Reader
from majlis.feeds.reading import reader_of
from majlis.posts import queries as posts
from majlis.posts.queries import NO_MARKS, Marks, PostView
from majlis.posts.visibility import viewers_among, visible_among


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who of those who were asked about may see the post (``seen_by``), and what else it shows, by post."""

    post_id: int
    seen: Mapping[int, Collection[int]] = field(default_factory=dict)

    @property
    def seen_by(self) -> Collection[int]:
        """The viewers who may see the post."""
        return self.seen.get(self.post_id, ())

    def sees(self, viewer: int) -> Sees:
        """The visibility rule for one of them; what nobody knew of yet at the look-up is asked now."""

        def among(ids: Collection[int]) -> set[int]:
            known = {id_ for id_ in ids if viewer in self.seen.get(id_, ())}
            return known | visible_among(ids=set(ids) - self.seen.keys(), viewer=viewer)

        return among

    def batch(self, *, viewer: int | None, at: datetime, context: str) -> Batch:
        """The post as one of them sees it; without it when she may not. Strangers (None) are asked alone."""
        if viewer is None:
            return by_ids(ids=[self.post_id], viewer=None, at=at, context=context)
        if viewer not in self.seen_by:
            return Batch(viewer=viewer)
        reader = reader_of(viewer=viewer, at=at)
        batch = hydrate(
            [self.post_id],
            viewer=viewer,
            reader=reader if MEMORY.live else None,
            sees=self.sees(viewer),
        )
        note_filters(batch, reader, context=context)
        return batch


def look_up(*, post_id: int, viewers: Collection[int], at: datetime) -> Listeners:
    """Ask the visibility rule and the marks of all readers together.

    Their answers are put where readers keep them, so that judging and presenting the post for each asks
    no more; those about quoted posts stay here.
    """
    readers = {viewer: reader_of(viewer=viewer, at=at) for viewer in viewers}
    clocks = {viewer: reader.clock for viewer, reader in readers.items()}
    found = load_posts([post_id])
    post = found.get(post_id)
    if post is None or not readers:
        return Listeners(post_id)
    shown = [post, *([found[post.boost_of_id]] if post.boost_of_id in found else [])]
    quoted = list(load_posts(quoted_by(shown)).values())
    shown += quoted
    asked = {each.id for each in shown} | quoted_by(quoted)
    seen = viewers_among(ids=asked, viewers=readers)
    marks = posts.marks_of_many(viewers=readers, ids=[each.id for each in shown])
    for viewer, reader in readers.items():
        if reader.clock == clocks[viewer]:  # nothing of it has changed since
            allowed = {each.id: viewer in seen[each.id] for each in shown}
            _remember(reader, shown, marks.get(viewer, {}), allowed)
    return Listeners(post_id, seen)


def _remember(
    reader: Reader, shown: Iterable[PostView], marks: Mapping[int, Marks], allowed: Mapping[int, bool]
) -> None:
    if len(reader.marks) > MOST_MARKS:
        reader.marks.clear()
    for post in shown:
        reader.marks[post.id] = marks.get(post.id, NO_MARKS)
        if post.audience not in rules.PLAIN:
            reader.allowed[post.id] = allowed[post.id]
