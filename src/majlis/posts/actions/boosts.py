"""Boosting: showing somebody's post to one's own followers."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import events, sql
from majlis.core.errors import BadInput
from majlis.core.ids import new_id
from majlis.posts import access
from majlis.posts.actions.writing import count_for_author, count_on_post
from majlis.posts.events import OwnMarksChanged, PostCounted, PostDeleted, PostPublished

AUDIENCES: Final = ("public", "unlisted", "followers")

_INSERT: Final = """
    INSERT INTO posts_post (
        id, author_id, kind, audience, title, text, html, warning, sensitive, language, thread_id,
        boost_of_id, quote_state, may_reply, may_quote, application_id, imported_from, imported_id, made_at
    ) VALUES (
        %(id)s, %(by)s, 'boost', %(audience)s, '', '', '', '', false, '', %(id)s,
        %(boosted)s, '', 'everyone', 'everyone', %(application)s, '', '', %(at)s
    )
    ON CONFLICT (author_id, boost_of_id) WHERE boost_of_id IS NOT NULL AND deleted_at IS NULL DO NOTHING
"""
_EARLIER: Final = """
    SELECT p.id FROM posts_post p
    WHERE p.author_id = %(by)s AND p.boost_of_id = %(boosted)s AND p.deleted_at IS NULL
"""
_REMOVE: Final = """
    DELETE FROM posts_post p
    WHERE p.author_id = %(by)s AND p.boost_of_id = %(boosted)s AND p.deleted_at IS NULL
    RETURNING p.id, p.audience
"""


def boost(
    *, by: int, post_id: int, at: datetime, audience: str = "public", application_id: int | None = None
) -> int:
    """Boost a post (of a boost: what it boosts); the id of the boost. Once only: again gives the same.

    Raises:
        NotThere, NotAllowed: see ``access.boostable``.
        BadInput: an audience that a boost cannot have.
    """
    if audience not in AUDIENCES:
        raise BadInput(_("A boost is public, unlisted or for followers."), field="audience")
    with transaction.atomic():
        post = access.boostable(post_id=post_id, by=by)
        if post.audience == "followers":
            audience = "followers"
        boost_id = new_id()
        if not sql.execute(
            _INSERT, id=boost_id, by=by, audience=audience, boosted=post.id, application=application_id, at=at
        ):
            row = sql.one(_EARLIER, by=by, boosted=post.id)
            return int(row[0]) if row else boost_id
        count_on_post(post.id, "boosts", 1)
        count_for_author(by, audience=audience, change=1, on=at)
        events.emit(
            PostPublished(
                post_id=boost_id,
                author_id=by,
                kind="boost",
                audience=audience,
                at=at,
                thread_id=boost_id,
                boost_of_id=post.id,
                boost_of_author_id=post.author_id,
            )
        )
        events.emit(PostCounted(post_id=post.id))
        events.emit(OwnMarksChanged(profile_id=by, post_id=post.id))
    return boost_id


def unboost(*, by: int, post_id: int, at: datetime) -> int:
    """Take a boost back; the id of the post that was boosted. Nothing happens when there is none.

    Raises:
        NotThere: the post is not there or not for her.
    """
    with transaction.atomic():
        post = access.see_itself(post_id=post_id, viewer=by)
        removed = sql.rows(_REMOVE, by=by, boosted=post.id)
        for boost_id, audience in removed:
            count_on_post(post.id, "boosts", -1)
            count_for_author(by, audience=audience, change=-1, on=None)
            events.emit(PostDeleted(post_id=boost_id, author_id=by, at=at, boost_of_id=post.id))
        if removed:
            events.emit(PostCounted(post_id=post.id))
            events.emit(OwnMarksChanged(profile_id=by, post_id=post.id))
    return post.id
