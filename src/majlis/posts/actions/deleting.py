"""Deleting, with some minutes to think again; and what the operator takes down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from majlis.core import events, sql
from majlis.media import actions as media
from majlis.posts import access
from majlis.posts.actions.writing import count_for_author, count_on_post
from majlis.posts.events import PostCounted, PostDeleted, PostRestored

UNDO_WITHIN: Final = timedelta(minutes=10)

_TAGS: Final = "SELECT t.tag_id FROM posts_posttag t WHERE t.post_id = %(post)s"
_DELETE: Final = "UPDATE posts_post SET deleted_at = %(at)s WHERE id = %(post)s"
_UNDELETE: Final = "UPDATE posts_post SET deleted_at = NULL WHERE id = %(post)s"
_TAKE_DOWN: Final = """
    UPDATE posts_post SET withdrawn_at = %(at)s
    WHERE id = ANY(%(ids)s) AND author_id = %(author)s AND withdrawn_at IS NULL AND deleted_at IS NULL
    RETURNING id
"""
_PUT_BACK: Final = """
    UPDATE posts_post SET withdrawn_at = NULL
    WHERE id = ANY(%(ids)s) AND author_id = %(author)s AND withdrawn_at IS NOT NULL
    RETURNING id
"""
# The row stays as a tombstone: replies keep their place, and the same post cannot come again.
_BLANK: Final = """
    UPDATE posts_post SET title = '', text = '', html = '', warning = '', search = NULL, cover_id = NULL
    WHERE id = %(post)s AND deleted_at <= %(before)s
    RETURNING author_id
"""
_SWEEP: Final = (
    "DELETE FROM posts_pollvote WHERE poll_id IN (SELECT q.id FROM posts_poll q WHERE q.post_id = %(post)s)",
    "DELETE FROM posts_poll WHERE post_id = %(post)s",
    "DELETE FROM posts_revision WHERE post_id = %(post)s",
    "DELETE FROM posts_reaction WHERE post_id = %(post)s",
    "DELETE FROM posts_bookmark WHERE post_id = %(post)s",
    "DELETE FROM posts_pin WHERE post_id = %(post)s",
    "DELETE FROM posts_mention WHERE post_id = %(post)s",
    "DELETE FROM posts_posttag WHERE post_id = %(post)s",
    "DELETE FROM posts_postcard WHERE post_id = %(post)s",
)
_BOOSTS: Final = (
    "DELETE FROM posts_post WHERE boost_of_id = %(post)s AND deleted_at IS NULL RETURNING author_id, audience"
)


def delete(*, by: int, post_id: int, at: datetime, with_photos: bool = False) -> int:
    """Delete one's own post (of a boost: take it back); its id. Can be undone for ten minutes.

    The photos stay until then, also for a post that is written anew; ``with_photos`` removes them at once.

    Raises:
        NotThere, NotAllowed: not there, or not hers.
    """
    with transaction.atomic():
        post = access.own(post_id=post_id, by=by)
        sql.execute(_DELETE, post=post.id, at=at)
        _count(post, -1)
        tags = tuple(sql.column(_TAGS, post=post.id))
        events.emit(
            PostDeleted(post_id=post.id, author_id=by, at=at, tag_ids=tags, boost_of_id=post.boost_of_id)
        )
        if with_photos:
            media.discard_of_post(post_id=post.id)
    return post.id


def restore(*, by: int, post_id: int, at: datetime) -> int:
    """Undo one's own deletion; the post's id.

    Raises:
        NotThere: nothing of hers was deleted under this id in the last ten minutes.
    """
    with transaction.atomic():
        post = access.own_deleted(post_id=post_id, by=by, since=at - UNDO_WITHIN)
        sql.execute(_UNDELETE, post=post.id)
        _count(post, 1)
        events.emit(PostRestored(post_id=post.id, author_id=by, at=at))
    return post.id


def _count(post: access.SeenPost, change: int) -> None:
    count_for_author(post.author_id, audience=post.audience, change=change, on=None)
    targets = [(post.boost_of_id, "boosts")]
    if post.audience in {"public", "unlisted"}:
        targets += [(post.reply_to_id, "replies"), (post.quote_of_id, "quotes")]
    for target, counter in targets:
        if target:
            count_on_post(target, counter, change)
            events.emit(PostCounted(post_id=target))


def take_down(*, author_id: int, post_ids: list[int], at: datetime) -> list[int]:
    """Hide posts of one author from everybody else, by decision of the operator; those that were hidden."""
    with transaction.atomic():
        hidden: list[int] = sql.column(_TAKE_DOWN, ids=post_ids, author=author_id, at=at)
        for post_id in hidden:
            tags = tuple(sql.column(_TAGS, post=post_id))
            events.emit(PostDeleted(post_id=post_id, author_id=author_id, at=at, tag_ids=tags))
    return hidden


def put_back(*, author_id: int, post_ids: list[int], at: datetime) -> list[int]:
    """Undo :func:`take_down`; the posts that are back."""
    with transaction.atomic():
        back: list[int] = sql.column(_PUT_BACK, ids=post_ids, author=author_id)
        for post_id in back:
            events.emit(PostRestored(post_id=post_id, author_id=author_id, at=at))
    return back


def purge(*, post_id: int, at: datetime) -> bool:
    """Remove what a deleted post said, when the time for undoing is over; whether there was something to do."""
    with transaction.atomic():
        if sql.one(_BLANK, post=post_id, before=at - UNDO_WITHIN) is None:
            return False
        for statement in _SWEEP:
            sql.execute(statement, post=post_id)
        for author_id, audience in sql.rows(_BOOSTS, post=post_id):
            count_for_author(author_id, audience=audience, change=-1, on=None)
        media.discard_of_post(post_id=post_id)
    return True
