"""The reader: what is known of a member as somebody who reads. Loaded once, remembered while live."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from majlis.core import sql
from majlis.feeds.filtering import wishes_of
from majlis.feeds.memory import MEMORY, Reader, source_of_tag
from majlis.feeds.statements import NEWEST
from majlis.people import queries as people
from majlis.posts.visibility import visible_among


def reader_of(*, viewer: int, at: datetime) -> Reader:
    """The reader; from memory when nothing of it has changed or ended since."""
    if not MEMORY.live:
        return _load(viewer, at=at)
    reader = remembered(viewer=viewer, at=at)
    if reader is None:
        mark = MEMORY.readers.mark()
        reader = _load(viewer, at=at)
        MEMORY.readers.store(viewer, reader, mark)
    return reader


def remembered(*, viewer: int, at: datetime) -> Reader | None:
    """The reader if it is in memory and still true."""
    reader = MEMORY.readers.get(viewer)
    if reader is None or reader.rings_version != MEMORY.rings_version or reader.expired(at):
        return None
    return reader


def _load(viewer: int, *, at: datetime) -> Reader:
    rules = people.reading_rules(viewer_id=viewer, at=at)
    tags, filters = wishes_of(viewer=viewer, at=at)
    version = MEMORY.rings_version
    if MEMORY.live:
        _complete_tags(tags)
    sources = (viewer, *sorted(rules.following), *(source_of_tag(tag) for tag in sorted(tags)))
    return Reader(
        rules=rules,
        hidden=rules.hidden,
        tags=tags,
        filters=filters,
        sources=sources,
        rows=MEMORY.rings.rows(sources) if MEMORY.live else np.zeros(0, np.intp),
        rings_version=version,
    )


def _complete_tags(tags: frozenset[int]) -> None:
    """Rings of hashtags that nobody followed when the rings were loaded."""
    missing = [tag for tag in tags if not MEMORY.rings.knows(source_of_tag(tag))]
    for tag in missing:
        MEMORY.rings.begin(source_of_tag(tag))
    for tag in missing:
        MEMORY.rings.complete(source_of_tag(tag), sql.column(NEWEST["ring_tag"], tag=tag))


def allowed_among(ids: list[int], *, viewer: int, reader: Reader) -> set[int]:
    """Those of the ids that the visibility rule lets the viewer see; answers are kept with the reader."""
    known = {id_: answer for id_ in ids if (answer := reader.allowed.get(id_)) is not None}
    missing = [id_ for id_ in ids if id_ not in known]
    if missing:
        clock = reader.clock
        seen = visible_among(ids=missing, viewer=viewer)
        fresh = {id_: id_ in seen for id_ in missing}
        known |= fresh
        if reader.clock == clock:
            reader.allowed.update(fresh)
    return {id_ for id_ in ids if known[id_]}
