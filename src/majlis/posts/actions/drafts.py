"""Drafts, and posts that wait for their hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import sql
from majlis.core.errors import BadInput, NotThere, Refused
from majlis.core.ids import new_id
from majlis.media import actions as media
from majlis.posts import access
from majlis.posts.actions.publishing import claim, publish
from majlis.posts.composing import PostParams, as_json, compose, due_soon, from_json

MOST_WAITING: Final = 300
FARTHEST: Final = timedelta(days=366)

_INSERT: Final = """
    INSERT INTO posts_draft (id, author_id, params, due_at, failure, made_at)
    VALUES (%(id)s, %(by)s, %(params)s::jsonb, %(due)s, '', %(at)s)
"""
_COUNT: Final = (
    "SELECT count(*) FROM posts_draft d WHERE d.author_id = %(by)s AND (d.due_at IS NOT NULL) = %(timed)s"
)
_MOVE: Final = """
    UPDATE posts_draft SET due_at = %(due)s, failure = '' WHERE id = %(id)s AND author_id = %(by)s RETURNING id
"""
_CHANGE: Final = """
    UPDATE posts_draft SET params = %(params)s::jsonb, failure = '' WHERE id = %(id)s AND author_id = %(by)s RETURNING id
"""
_DISCARD: Final = "DELETE FROM posts_draft WHERE id = %(id)s AND author_id = %(by)s RETURNING params"
_TAKE: Final = """
    DELETE FROM posts_draft WHERE id = (
        SELECT d.id FROM posts_draft d WHERE d.due_at <= %(at)s AND d.failure = ''
        ORDER BY d.due_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING id, author_id, params, due_at, made_at
"""
_KEEP_FAILED: Final = """
    INSERT INTO posts_draft (id, author_id, params, due_at, failure, made_at)
    VALUES (%(id)s, %(by)s, %(params)s::jsonb, %(due)s, %(failure)s, %(made)s)
"""


def _not_there() -> NotThere:
    return NotThere(_("This draft is not there, or not yours."))


def schedule(*, by: int, params: PostParams, due: datetime, at: datetime, key: str = "") -> int:
    """Publish at ``due``; the id of what waits. ``key`` makes a repeated submission harmless.

    Raises:
        BadInput: ``due`` within five minutes or more than a year away, 300 waiting already, or the post
            itself could not be taken.
        NotThere, NotAllowed: as for publishing.
    """
    if due_soon(due, at=at):
        raise BadInput(_("Schedule a post at least five minutes ahead."), field="due", code="too_soon")
    if due > at + FARTHEST:
        raise BadInput(_("Schedule a post a year ahead at the most."), field="due", code="too_far")
    _check(params, by=by)
    draft_id = new_id()
    with transaction.atomic():
        # a name of its own: the same key may have published a post
        if key and (earlier := claim(by=by, key=f"scheduled {key}", made_id=draft_id, at=at)):
            return earlier
        return _keep(draft_id, by=by, params=params, due=due, at=at)


def keep_draft(*, by: int, params: PostParams, at: datetime, draft_id: int | None = None) -> int:
    """Keep what was typed, whatever its state; the id of the draft. ``draft_id`` is written over.

    Raises:
        NotThere: ``draft_id`` is not hers.
        BadInput: 300 drafts are kept already.
    """
    if draft_id is None:
        return _keep(new_id(), by=by, params=params, due=None, at=at)
    with transaction.atomic():
        if not sql.one(_CHANGE, id=draft_id, by=by, params=_encoded(params)):
            raise _not_there()
        media.hold(photo_ids=_photos(params), owner=by)
    return draft_id


def _photos(params: PostParams) -> list[int]:
    return [*params.photo_ids, *([params.cover_id] if params.cover_id else [])]


def _encoded(params: PostParams) -> str:
    return msgspec.json.encode(as_json(params)).decode()


def _keep(draft_id: int, *, by: int, params: PostParams, due: datetime | None, at: datetime) -> int:
    with transaction.atomic():
        row = sql.one(_COUNT, by=by, timed=due is not None)
        if row and row[0] >= MOST_WAITING:
            raise BadInput(_("300 are waiting already, which is as many as can be."), code="too_many_drafts")
        # held for this draft, so that the sweep of forgotten uploads leaves them
        media.hold(photo_ids=_photos(params), owner=by)
        sql.execute(_INSERT, id=draft_id, by=by, params=_encoded(params), due=due, at=at)
    return draft_id


def _check(params: PostParams, *, by: int) -> None:
    compose(params, by=by)
    if params.reply_to_id:
        access.replyable(post_id=params.reply_to_id, by=by)
    if params.quote_of_id:
        access.quotable(post_id=params.quote_of_id, by=by)


def reschedule(*, by: int, draft_id: int, due: datetime, at: datetime) -> int:
    """Another hour for what waits; its id.

    Raises:
        NotThere: not hers.
        BadInput: too soon or too far.
    """
    if due_soon(due, at=at):
        raise BadInput(_("Schedule a post at least five minutes ahead."), field="due", code="too_soon")
    if due > at + FARTHEST:
        raise BadInput(_("Schedule a post a year ahead at the most."), field="due", code="too_far")
    if not sql.one(_MOVE, id=draft_id, by=by, due=due):
        raise _not_there()
    return draft_id


def discard(*, by: int, draft_id: int) -> None:
    """Throw a draft or a scheduled post away.

    Raises:
        NotThere: not hers.
    """
    with transaction.atomic():
        row = sql.one(_DISCARD, id=draft_id, by=by)
        if row is None:
            raise _not_there()
        media.release(photo_ids=_photos(from_json(_decoded(row[0]))), owner=by)


def publish_due(*, at: datetime) -> int | None:
    """Publish one post whose hour has come; its id, or None when none is due.

    Taking it and publishing it are one transaction: it leaves exactly once, whatever is killed. What
    cannot be published any more is kept with its reason.
    """
    with transaction.atomic():
        row = sql.one(_TAKE, at=at)
        if row is None:
            return None
        draft_id, by, kept, due, made = row
        try:
            with transaction.atomic():
                return publish(by=by, params=from_json(_decoded(kept)), at=at).post_id
        except Refused as refusal:
            sql.execute(
                _KEEP_FAILED,
                id=draft_id,
                by=by,
                params=msgspec.json.encode(_decoded(kept)).decode(),
                due=due,
                made=made,
                failure=str(refusal.sentence),
            )
            return 0


def _decoded(kept: Mapping[str, Any] | str) -> Mapping[str, Any]:
    # Django's connection hands jsonb over as text
    return msgspec.json.decode(kept) if isinstance(kept, str) else kept
