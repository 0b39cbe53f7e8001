"""What a member keeps to herself about posts: bookmarks, muted conversations; and pins."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import events, sql
from majlis.core.errors import BadInput, NotAllowed
from majlis.core.ids import new_id
from majlis.posts import access
from majlis.posts.events import Bookmarked, OwnMarksChanged

MOST_PINS: Final = 5

_BOOKMARK: Final = """
    INSERT INTO posts_bookmark (id, post_id, profile_id, made_at) VALUES (%(id)s, %(post)s, %(by)s, %(at)s)
    ON CONFLICT (profile_id, post_id) DO NOTHING
"""
_UNBOOKMARK: Final = "DELETE FROM posts_bookmark WHERE profile_id = %(by)s AND post_id = %(post)s"
_MUTE: Final = """
    INSERT INTO posts_threadmute (id, thread_id, profile_id, made_at) VALUES (%(id)s, %(thread)s, %(by)s, %(at)s)
    ON CONFLICT (profile_id, thread_id) DO NOTHING
"""
_UNMUTE: Final = "DELETE FROM posts_threadmute WHERE profile_id = %(by)s AND thread_id = %(thread)s"
_PINS: Final = "SELECT n.post_id FROM posts_pin n WHERE n.profile_id = %(by)s"
_PIN: Final = """
    INSERT INTO posts_pin (id, post_id, profile_id, made_at) VALUES (%(id)s, %(post)s, %(by)s, %(at)s)
    ON CONFLICT (post_id) DO NOTHING
"""
_UNPIN: Final = "DELETE FROM posts_pin WHERE profile_id = %(by)s AND post_id = %(post)s"
_LOCK_AUTHOR: Final = "SELECT 1 FROM people_profile WHERE id = %(by)s FOR NO KEY UPDATE"


def bookmark(*, by: int, post_id: int, at: datetime) -> int:
    """Keep a post; its id (of a boost: what it boosts).

    Raises:
        NotThere: the post is not there or not for her.
    """
    with transaction.atomic():
        post = access.see_itself(post_id=post_id, viewer=by)
        if sql.execute(_BOOKMARK, id=new_id(), post=post.id, by=by, at=at):
            events.emit(Bookmarked(post_id=post.id, author_id=post.author_id, profile_id=by, at=at))
        events.emit(OwnMarksChanged(profile_id=by, post_id=post.id))
    return post.id


def unbookmark(*, by: int, post_id: int) -> int:
    """No longer keep a post; its id. Raises NotThere as :func:`bookmark`."""
    with transaction.atomic():
        post = access.see_itself(post_id=post_id, viewer=by)
        sql.execute(_UNBOOKMARK, post=post.id, by=by)
        events.emit(OwnMarksChanged(profile_id=by, post_id=post.id))
    return post.id


def mute_thread(*, by: int, post_id: int, at: datetime) -> int:
    """Hear no more of a conversation; the post's id. Raises NotThere as :func:`bookmark`."""
    with transaction.atomic():
        post = access.see_itself(post_id=post_id, viewer=by)
        sql.execute(_MUTE, id=new_id(), thread=post.thread_id, by=by, at=at)
        events.emit(OwnMarksChanged(profile_id=by, post_id=post.id))
    return post.id


def unmute_thread(*, by: int, post_id: int) -> int:
    """Hear of a conversation again; the post's id. Raises NotThere as :func:`bookmark`."""
    with transaction.atomic():
        post = access.see_itself(post_id=post_id, viewer=by)
        sql.execute(_UNMUTE, thread=post.thread_id, by=by)
        events.emit(OwnMarksChanged(profile_id=by, post_id=post.id))
    return post.id


def pin(*, by: int, post_id: int, at: datetime) -> int:
    """Put one's own post on top of one's profile; its id.

    Raises:
        NotThere, NotAllowed: not there, somebody else's, a boost, or for the mentioned alone.
        BadInput: five are pinned already.
    """
    with transaction.atomic():
        post = access.own(post_id=post_id, by=by)
        if post.boost_of_id or post.audience == "mentioned":
            raise NotAllowed(_("This post cannot be pinned."))
        # one at a time, or two at once would both find room for a fifth
        sql.one(_LOCK_AUTHOR, by=by)
        pinned = sql.column(_PINS, by=by)
        if post.id not in pinned and len(pinned) >= MOST_PINS:
            raise BadInput(_("Five posts are pinned already. Unpin one of them first."), code="too_many_pins")
        sql.execute(_PIN, id=new_id(), post=post.id, by=by, at=at)
        events.emit(OwnMarksChanged(profile_id=by, post_id=post.id))
    return post.id


def unpin(*, by: int, post_id: int) -> int:
    """Take one's own post from the top of one's profile; its id. Raises as :func:`pin`."""
    with transaction.atomic():
        post = access.own(post_id=post_id, by=by)
        sql.execute(_UNPIN, post=post.id, by=by)
        events.emit(OwnMarksChanged(profile_id=by, post_id=post.id))
    return post.id
