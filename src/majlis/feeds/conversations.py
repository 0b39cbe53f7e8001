"""Conversations: threads of posts to the mentioned alone, as apps list them. Named by their thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from majlis.core import sql
from majlis.core.errors import NotThere
from majlis.core.ids import new_id
from majlis.core.paging import Page, Slice
from majlis.feeds.hydration import Batch
from majlis.feeds.lists import by_ids
from majlis.feeds.statements import NEWEST, ordered
from majlis.people import queries as people

_ONE: Final = Page(limit=1)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation; ``with_ids`` are the others in it, by its last post."""

    id: int
    last_id: int
    unread: bool
    with_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Conversations:
    """A page of conversations with everything they mention. Cursors are those of the last posts."""

    found: Slice[Conversation]
    batch: Batch


def conversations(*, viewer: int, page: Page, at: datetime) -> Conversations:
    """A member's conversations, the one that spoke last first."""
    return _page(viewer, page, at=at, thread=None)


def conversation(*, viewer: int, thread_id: int, at: datetime) -> Conversations:
    """One of them, on a page of its own.

    Raises:
        NotThere: she has no part in it, or put it away.
    """
    found = _page(viewer, _ONE, at=at, thread=thread_id)
    if not found.found.items:
        raise NotThere(_("This conversation is not there, or not yours."))
    return found


def mark_read(*, viewer: int, thread_id: int, at: datetime, read: bool = True) -> None:
    """She has read a conversation to its end, or has not. Raises NotThere as :func:`conversation`."""
    last_id = conversation(viewer=viewer, thread_id=thread_id, at=at).found.items[0].last_id
    _mark(viewer, thread_id, read=last_id if read else last_id - 1, hidden=None)


def put_away(*, viewer: int, thread_id: int, at: datetime) -> None:
    """Take a conversation off her list until somebody speaks again. Raises NotThere as above."""
    last_id = conversation(viewer=viewer, thread_id=thread_id, at=at).found.items[0].last_id
    _mark(viewer, thread_id, read=last_id, hidden=last_id)


def _mark(viewer: int, thread_id: int, *, read: int, hidden: int | None) -> None:
    sql.execute(
        NEWEST["mark_conversation"], id=new_id(), viewer=viewer, thread=thread_id, read=read, hidden=hidden
    )


def _page(viewer: int, page: Page, *, at: datetime, thread: int | None) -> Conversations:
    rows = sql.rows(ordered("conversations", page), viewer=viewer, thread=thread, **page.bounds())
    batch = by_ids(ids=[row[0] for row in rows], viewer=viewer, at=at, context="notifications")
    found = page.slice_of(
        (last_id, _seen(last_id, thread_id, read_to, batch)) for last_id, thread_id, read_to in rows
    )
    missing = {id_ for one in found.items for id_ in one.with_ids} - batch.people.keys()
    batch.people = batch.people | people.profiles(missing)
    return Conversations(found, batch)


def _seen(last_id: int, thread_id: int, read_to: int, batch: Batch) -> Conversation:
    post = batch.posts[last_id]
    others = {post.author_id, *(who.id for who in post.mentions)} - {batch.viewer}
    return Conversation(
        id=thread_id,
        last_id=last_id,
        # what an archive brought back is nothing new
        unread=last_id > read_to and post.author_id != batch.viewer and not post.imported_from,
        with_ids=tuple(sorted(others)),
    )
