"""Voting, and the end of a poll."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import events, sql
from majlis.core.errors import BadInput, Conflict, NotAllowed
from majlis.core.ids import new_id
from majlis.posts import access
from majlis.posts.events import OwnMarksChanged, PollClosed, PostCounted

_POST_OF: Final = "SELECT q.post_id FROM posts_poll q WHERE q.id = %(poll)s"
_LOCK: Final = """
    SELECT q.post_id, jsonb_array_length(q.options), q.multiple, q.ends_at, q.closed_at
    FROM posts_poll q WHERE q.id = %(poll)s FOR UPDATE
"""
_VOTED: Final = "SELECT 1 FROM posts_pollvote v WHERE v.poll_id = %(poll)s AND v.profile_id = %(by)s LIMIT 1"
_VOTE: Final = """
    INSERT INTO posts_pollvote (id, poll_id, profile_id, choice)
    SELECT i, %(poll)s, %(by)s, c FROM unnest(%(ids)s::bigint[], %(choices)s::int[]) AS x(i, c)
"""
_TALLY: Final = """
    UPDATE posts_poll SET
        voters = voters + 1,
        votes = (
            SELECT jsonb_agg(v.n::int + (v.place - 1 = ANY(%(choices)s::int[]))::int ORDER BY v.place)
            FROM jsonb_array_elements_text(votes) WITH ORDINALITY AS v(n, place)
        )
    WHERE id = %(poll)s
"""
_CLOSE: Final = """
    UPDATE posts_poll q SET closed_at = %(at)s FROM posts_post p
    WHERE q.id = %(poll)s AND q.closed_at IS NULL AND q.ends_at <= %(at)s AND p.id = q.post_id
      AND p.deleted_at IS NULL
    RETURNING p.id, p.author_id
"""
_VOTERS: Final = "SELECT DISTINCT v.profile_id FROM posts_pollvote v WHERE v.poll_id = %(poll)s"


def vote(*, by: int, poll_id: int, choices: Sequence[int], at: datetime) -> int:
    """Vote in a poll; ``choices`` are positions from 0. The id of the post.

    Raises:
        NotThere: the poll's post is not there or not for her.
        NotAllowed: it is her own poll.
        Conflict: the poll has ended, or she has voted.
        BadInput: no choice, an unknown one, or several where one is taken.
    """
    row = sql.one(_POST_OF, poll=poll_id)
    if row is None:
        raise access.not_there()
    with transaction.atomic():
        post = access.see(post_id=row[0], viewer=by)
        if post.author_id == by:
            raise NotAllowed(_("One does not vote in one's own poll."))
        _check(poll_id, by=by, choices=choices, at=at)
        chosen = sorted(set(choices))
        sql.execute(_VOTE, poll=poll_id, by=by, ids=[new_id() for _choice in chosen], choices=chosen)
        sql.execute(_TALLY, poll=poll_id, choices=chosen)
        events.emit(PostCounted(post_id=post.id))
        events.emit(OwnMarksChanged(profile_id=by, post_id=post.id))
    return post.id


def _check(poll_id: int, *, by: int, choices: Sequence[int], at: datetime) -> None:
    # the lock makes two votes of one member at the same moment one
    row = sql.one(_LOCK, poll=poll_id)
    if row is None:
        raise access.not_there()
    _post, options, multiple, ends_at, closed_at = row
    if closed_at or (ends_at and ends_at <= at):
        raise Conflict(_("This poll has ended."), code="poll_ended")
    if not choices or not all(0 <= choice < options for choice in choices):
        raise BadInput(_("Choose one of the options."), field="choices", code="unknown_choice")
    if len(set(choices)) > 1 and not multiple:
        raise BadInput(_("This poll takes one choice."), field="choices", code="one_choice")
    if sql.one(_VOTED, poll=poll_id, by=by):
        raise Conflict(_("You have voted in this poll."), code="voted")


def close_poll(*, poll_id: int, at: datetime) -> bool:
    """Tell author and voters that a poll has ended, once; whether this call did."""
    with transaction.atomic():
        row = sql.one(_CLOSE, poll=poll_id, at=at)
        if row is None:
            return False
        voters = tuple(sql.column(_VOTERS, poll=poll_id))
        events.emit(PollClosed(post_id=row[0], author_id=row[1], voters=voters, at=at))
        events.emit(PostCounted(post_id=row[0]))
    return True
