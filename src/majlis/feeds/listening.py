"""How the memory of a process is kept true by the change log.

Kinds of lines and their subjects (written by ``changelog.py`` of this module, wired in wiring.py):
``post.added``, ``post.changed``, ``post.gone``, ``post.counted`` (post); ``profile.changed`` (profile);
``reader.changed`` (profile as a reader: follows, blocks, mutes, lists, hashtags, filters);
``marks.changed`` (profile, data: post); ``house_rule.changed``, ``withheld.changed``. Each
handler may run twice for the same line.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

import numpy as np

from majlis.core import changes, sql
from majlis.core.changes import Line
from majlis.feeds import house_rule
from majlis.feeds.memory import MEMORY, source_of_tag
from majlis.feeds.rings import LENGTH, Ids
from majlis.feeds.statements import NEWEST
from majlis.posts import withholding

log = logging.getLogger(__name__)

NOT_IN_RINGS: Final = "mentioned"


def listen() -> None:
    """Register the handlers of this module with the change log."""
    _listen("post.added", _post_added)
    _listen("post.changed", _post_changed)
    _listen("post.gone", _post_gone)
    _listen("post.counted", lambda line: MEMORY.posts.invalidate(line.subject))
    _listen("profile.changed", _profile_changed)
    _listen("reader.changed", lambda line: MEMORY.readers.invalidate(line.subject))
    _listen("marks.changed", _marks_changed)
    _listen(house_rule.CHANGED, house_rule.forget)
    _listen(withholding.CHANGED, withholding.forget)


def _listen(kind: str, handle: Callable[[Line], None]) -> None:
    def handled(line: Line) -> None:
        try:
            handle(line)
        finally:
            # after the change, not before: a page made in between must not count as made after it
            MEMORY.moment += 1

    changes.listen(kind, handled)


def load_rings() -> None:
    """Build the rings from the tables and forget everything else; then the memory is live."""
    started = time.perf_counter()
    MEMORY.rings.reload(_read_rings)
    MEMORY.rings_version += 1
    MEMORY.forget()
    house_rule.forget()
    withholding.forget()
    MEMORY.live = True
    log.info("rings of %d sources loaded in %.2f s", len(MEMORY.rings), time.perf_counter() - started)


def _read_rings() -> tuple[list[int], Ids, Ids]:
    authors = sql.rows(NEWEST["ring_authors"])
    tags = [(source_of_tag(tag), ids or []) for tag, ids in sql.rows(NEWEST["ring_tags"])]
    rows = [*authors, *tags]
    ids, floors = np.zeros((len(rows), LENGTH), np.int64), np.zeros(len(rows), np.int64)
    for place, (_source, newest) in enumerate(rows):
        kept = newest[:LENGTH]
        ids[place, : len(kept)] = kept
        if len(newest) > LENGTH:
            floors[place] = kept[-1]
    return [source for source, _newest in rows], ids, floors


def _post_added(line: Line) -> None:
    data = line.data
    # a restored post may be remembered as gone, and her number of posts has changed
    MEMORY.posts.invalidate(line.subject)
    MEMORY.people.invalidate(data["author"])
    if data["audience"] == NOT_IN_RINGS:
        return
    MEMORY.rings.add(data["author"], line.subject)
    if data["audience"] == "public":
        for tag in data.get("tags", ()):
            _add_to_tag(tag, line.subject)


def _add_to_tag(tag: int, post_id: int) -> None:
    if MEMORY.rings.knows(source_of_tag(tag)):
        MEMORY.rings.add(source_of_tag(tag), post_id)


def _post_changed(line: Line) -> None:
    """The post says something else, or to others: put it where it belongs now, from the tables."""
    MEMORY.posts.invalidate(line.subject)
    MEMORY.people.invalidate(line.data["author"])
    _forget_answers_about(line.subject)
    with _placing:
        _place(line)


_placing: Final = threading.Lock()
"""Of two changes of one post, whoever reads the later facts must also be the later to write them."""


def _place(line: Line) -> None:
    row = sql.one(NEWEST["ring_facts"], post=line.subject)
    if row is None:
        return
    author, in_rings, public, tags = row
    if in_rings:
        MEMORY.rings.add(author, line.subject)
    else:
        MEMORY.rings.remove(author, line.subject)
    present = set(tags or ()) if in_rings and public else set()
    for tag in present:
        _add_to_tag(tag, line.subject)
    for tag in set(line.data.get("tags_before", ())) - present:
        MEMORY.rings.remove(source_of_tag(tag), line.subject)


def _forget_answers_about(post_id: int) -> None:
    for reader in MEMORY.readers.values():
        reader.clock += 1
        reader.allowed.pop(post_id, None)


def _post_gone(line: Line) -> None:
    MEMORY.posts.invalidate(line.subject)
    MEMORY.people.invalidate(line.data["author"])
    MEMORY.rings.remove(line.data["author"], line.subject)
    for tag in line.data.get("tags", ()):
        MEMORY.rings.remove(source_of_tag(tag), line.subject)


def _profile_changed(line: Line) -> None:
    MEMORY.people.invalidate(line.subject)
    MEMORY.viewers.invalidate(line.subject)


def _marks_changed(line: Line) -> None:
    reader = MEMORY.readers.get(line.subject)
    if reader is not None:
        reader.clock += 1
        reader.marks.pop(line.data["post"], None)
