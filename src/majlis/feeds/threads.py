"""A thread as somebody reads it: what she may see, without those she does not want to read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from majlis.feeds import rules
from majlis.feeds.hydration import Batch, hydrate, note_filters
from majlis.feeds.memory import MEMORY, Reader
from majlis.feeds.reading import reader_of
from majlis.posts import queries as posts


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Ids above a post (first to nearest) and below it (depth first), with everything they mention."""

    ancestors: list[int]
    descendants: list[int]
    batch: Batch


def thread_page(*, post_id: int, viewer: int | None, at: datetime) -> ThreadPage:
    """The conversation around a post.

    Raises:
        NotThere: the post is not there or not for her.
    """
    found = posts.thread(post_id=post_id, viewer=viewer)
    reader = reader_of(viewer=viewer, at=at) if viewer is not None else None
    ids = [*found.ancestors, *found.descendants]
    batch = hydrate(ids, viewer=viewer, reader=reader if MEMORY.live else None)
    note_filters(batch, reader, context="thread")
    return ThreadPage(
        _wanted(found.ancestors, batch, reader), _wanted(found.descendants, batch, reader), batch
    )


def _wanted(ids: Iterable[int], batch: Batch, reader: Reader | None) -> list[int]:
    present = (post for id_ in ids if (post := batch.posts.get(id_)))
    return [
        post.id
        for post in present
        if not rules.about_people(batch.people.get(post.author_id), reader, viewer=batch.viewer)
    ]
