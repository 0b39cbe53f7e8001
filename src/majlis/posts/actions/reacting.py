"""Six reactions; a favourite of an older app is a "like"."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import events, sql
from majlis.core.errors import BadInput
from majlis.core.ids import new_id
from majlis.posts import access
from majlis.posts.actions.writing import count_on_post
from majlis.posts.events import OwnMarksChanged, PostCounted, Reacted, ReactionWithdrawn
from majlis.posts.models import Reaction

_BEFORE: Final = (
    "SELECT r.kind FROM posts_reaction r WHERE r.post_id = %(post)s AND r.profile_id = %(by)s FOR UPDATE"
)
_INSERT: Final = """
    INSERT INTO posts_reaction (id, post_id, profile_id, kind, made_at)
    VALUES (%(id)s, %(post)s, %(by)s, %(kind)s, %(at)s)
    ON CONFLICT (post_id, profile_id) DO NOTHING
"""
_CHANGE: Final = "UPDATE posts_reaction SET kind = %(kind)s WHERE post_id = %(post)s AND profile_id = %(by)s"
_REMOVE: Final = (
    "DELETE FROM posts_reaction r WHERE r.post_id = %(post)s AND r.profile_id = %(by)s "
    "AND %(kind)s IN ('', r.kind) RETURNING r.kind"
)


def react(*, by: int, post_id: int, at: datetime, kind: str = "like", keep: bool = False) -> int:
    """React to a post; the id of the post itself (of a boost: what it boosts).

    A member has one reaction to a post; another kind replaces it, unless ``keep`` (an older app's
    favourite must not turn a "love" into a "like").

    Raises:
        NotThere: the post is not there or not for her.
        BadInput: an unknown kind of reaction.
    """
    if kind not in Reaction.Kind.values:
        raise BadInput(_("This reaction is not known."), field="kind", code="unknown_reaction")
    with transaction.atomic():
        post = access.see_itself(post_id=post_id, viewer=by)
        before = ""
        if sql.execute(_INSERT, id=new_id(), post=post.id, by=by, kind=kind, at=at):
            count_on_post(post.id, kind, 1)
        elif (before := _kind_before(post.id, by)) != kind and before and not keep:
            sql.execute(_CHANGE, post=post.id, by=by, kind=kind)
            count_on_post(post.id, before, -1)
            count_on_post(post.id, kind, 1)
        else:
            return post.id
        events.emit(
            Reacted(post_id=post.id, author_id=post.author_id, profile_id=by, kind=kind, at=at, before=before)
        )
        events.emit(PostCounted(post_id=post.id))
        events.emit(OwnMarksChanged(profile_id=by, post_id=post.id))
    return post.id


def _kind_before(post_id: int, by: int) -> str:
    row = sql.one(_BEFORE, post=post_id, by=by)
    return str(row[0]) if row else ""


def unreact(*, by: int, post_id: int, kind: str = "") -> int:
    """Take the reaction (of that kind, if given) back; the id of the post itself. Nothing happens for none.

    Raises:
        NotThere: the post is not there or not for her.
    """
    with transaction.atomic():
        post = access.see_itself(post_id=post_id, viewer=by)
        for (removed,) in sql.rows(_REMOVE, post=post.id, by=by, kind=kind):
            count_on_post(post.id, removed, -1)
            events.emit(ReactionWithdrawn(post_id=post.id, author_id=post.author_id, profile_id=by))
            events.emit(PostCounted(post_id=post.id))
            events.emit(OwnMarksChanged(profile_id=by, post_id=post.id))
    return post.id
