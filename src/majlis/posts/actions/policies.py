"""Who may answer and quote a post, and taking a quote back; none of it is an edit of what was said."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import events, sql
from majlis.core.errors import BadInput
from majlis.posts import access
from majlis.posts.actions.writing import count_on_post
from majlis.posts.events import PostCounted
from majlis.posts.models import Permit

_SET: Final = """
    UPDATE posts_post
    SET may_reply = coalesce(%(reply)s, may_reply), may_quote = coalesce(%(quote)s, may_quote)
    WHERE id = %(post)s
"""
_REVOKE: Final = """
    UPDATE posts_post SET quote_state = 'revoked'
    WHERE id = %(quoting)s AND quote_of_id = %(post)s AND quote_state = 'accepted'
    RETURNING audience
"""


def set_policies(*, by: int, post_id: int, may_reply: str | None = None, may_quote: str | None = None) -> int:
    """Change who may reply to or quote one's own post from now on; its id.

    Raises:
        NotThere, NotAllowed: not there, or not hers.
        BadInput: an unknown policy.
    """
    if not {may_reply, may_quote} - {None} <= set(Permit.values):
        raise BadInput(_("This reply or quote policy is not known."), code="unknown_policy")
    with transaction.atomic():
        post = access.own(post_id=post_id, by=by)
        sql.execute(_SET, post=post.id, reply=may_reply, quote=may_quote)
        events.emit(PostCounted(post_id=post.id))
    return post.id


def revoke_quote(*, by: int, post_id: int, quoting_id: int) -> int:
    """Take one's own post out of somebody's quote; the id of the post that quoted it.

    Raises:
        NotThere: the quoting post is not there or not for her, or quotes something else.
        NotAllowed: the quoted post is somebody else's.
    """
    with transaction.atomic():
        post = access.own(post_id=post_id, by=by)
        quoting = access.see(post_id=quoting_id, viewer=by, lock=True)
        if quoting.quote_of_id != post.id:
            raise access.not_there()
        row = sql.one(_REVOKE, quoting=quoting.id, post=post.id)
        if row:
            if row[0] in {"public", "unlisted"}:
                count_on_post(post.id, "quotes", -1)
            events.emit(PostCounted(post_id=post.id))
            events.emit(PostCounted(post_id=quoting.id))
    return quoting.id
