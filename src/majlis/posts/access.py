"""The doors to a post. Each checks, locks where it must, and gives a :class:`SeenPost`.

"Not there" and "not for you" are the same answer, to the letter.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.core import sql
from majlis.core.errors import NotAllowed, NotThere
from majlis.posts.visibility import SEES

_COLUMNS: Final = (
    "id", "author_id", "kind", "audience", "circle_id", "title", "text", "html", "warning", "sensitive",
    "language", "reply_to_id", "reply_to_author_id", "thread_id", "boost_of_id", "quote_of_id",
    "quote_state", "may_reply", "may_quote", "cover_id", "made_at", "edited_at", "deleted_at",
)  # fmt: skip
_SEE: Final = (
    f"SELECT {', '.join('p.' + name for name in _COLUMNS)} FROM posts_post p "
    f"WHERE p.id = %(id)s AND {SEES.replace('§', 'p')}"
)
_OWN_DELETED: Final = (
    f"SELECT {', '.join('p.' + name for name in _COLUMNS)} FROM posts_post p "
    "WHERE p.id = %(id)s AND p.author_id = %(viewer)s AND p.deleted_at > %(since)s "
    "AND p.withdrawn_at IS NULL FOR UPDATE OF p"
)
_POST_OF_POLL: Final = "SELECT q.post_id FROM posts_poll q WHERE q.id = %(poll)s"
_STANDING: Final = """
    SELECT EXISTS (SELECT 1 FROM people_follow f WHERE f.follower_id = %(by)s AND f.followed_id = %(author)s),
           EXISTS (SELECT 1 FROM people_follow f WHERE f.follower_id = %(author)s AND f.followed_id = %(by)s),
           EXISTS (SELECT 1 FROM posts_mention m WHERE m.post_id = %(post)s AND m.profile_id = %(by)s)
"""


class PostRow(msgspec.Struct, frozen=True, kw_only=True):
    """A post as it stands in the database, without what hangs on it."""

    id: int
    author_id: int
    kind: str
    audience: str
    circle_id: int | None
    title: str
    text: str
    html: str
    warning: str
    sensitive: bool
    language: str
    reply_to_id: int | None
    reply_to_author_id: int | None
    thread_id: int
    boost_of_id: int | None
    quote_of_id: int | None
    quote_state: str
    may_reply: str
    may_quote: str
    cover_id: int | None
    made_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None


class SeenPost(PostRow, frozen=True):
    """A post that was checked to be visible to the one who asked. Only this file makes it."""


def not_there() -> NotThere:
    """The one answer for posts that are not there or not for the asker."""
    return NotThere(_("This post is not there, or not for you."))


def _as_seen(row: tuple[Any, ...] | None) -> SeenPost:
    if row is None:
        raise not_there()
    return SeenPost(**dict(zip(_COLUMNS, row, strict=True)))


def see(*, post_id: int, viewer: int | None, lock: bool = False) -> SeenPost:
    """The post, when ``viewer`` may see it; locked against other writers when ``lock``.

    Raises:
        NotThere: it is not there or not for her.
    """
    query = f"{_SEE} FOR NO KEY UPDATE OF p" if lock else _SEE
    return _as_seen(sql.one(query, id=post_id, viewer=viewer))


def see_itself(*, post_id: int, viewer: int | None) -> SeenPost:
    """As :func:`see`, and where it is a boost, the post that was boosted (what one reacts to)."""
    post = see(post_id=post_id, viewer=viewer)
    return see(post_id=post.boost_of_id, viewer=viewer) if post.boost_of_id else post


def see_poll(*, poll_id: int, viewer: int | None) -> SeenPost:
    """The post that a poll hangs on. Raises NotThere as :func:`see`."""
    row = sql.one(_POST_OF_POLL, poll=poll_id)
    return see(post_id=row[0] if row else 0, viewer=viewer)


def own(*, post_id: int, by: int, lock: bool = True) -> SeenPost:
    """The post, when ``by`` wrote it.

    Raises:
        NotThere: it is not there, or not hers and not visible to her.
        NotAllowed: she sees it, but it is somebody else's.
    """
    post = see(post_id=post_id, viewer=by, lock=lock)
    if post.author_id != by:
        raise NotAllowed(_("This post is not yours."))
    return post


def own_deleted(*, post_id: int, by: int, since: datetime) -> SeenPost:
    """A post that ``by`` deleted after ``since``, for undoing it.

    Raises:
        NotThere: no such post.
    """
    return _as_seen(sql.one(_OWN_DELETED, id=post_id, viewer=by, since=since))


def may(*, permit: str, post: SeenPost, by: int) -> bool:
    """Whether ``by`` is among those a reply or quote policy lets in. Authors always are."""
    if by == post.author_id or permit == "everyone":
        return True
    row = sql.one(_STANDING, by=by, author=post.author_id, post=post.id)
    follows, followed_back, mentioned = row if row else (False, False, False)
    if mentioned and permit != "nobody":
        return True
    return bool((permit == "followers" and follows) or (permit == "friends" and follows and followed_back))


def replyable(*, post_id: int, by: int) -> SeenPost:
    """The post, when ``by`` may answer it.

    Raises:
        NotThere: it is not there or not for her.
        NotAllowed: its author does not take replies from her.
    """
    post = see_itself(post_id=post_id, viewer=by)
    if not may(permit=post.may_reply, post=post, by=by):
        raise NotAllowed(_("The author of this post takes no replies from you."), code="reply_not_allowed")
    return post


def quotable(*, post_id: int, by: int) -> SeenPost:
    """The post, when ``by`` may quote it: public or unlisted (or her own), and its author agrees.

    A boost cannot be quoted (GHSA-8h43-rcqj-wpc6: quoting a boost went around the author's policy).

    Raises:
        NotThere: it is not there or not for her.
        NotAllowed: it may not be quoted by her.
    """
    post = see(post_id=post_id, viewer=by)
    shareable = post.audience in {"public", "unlisted"} or post.author_id == by
    if post.boost_of_id or not shareable or not may(permit=post.may_quote, post=post, by=by):
        raise NotAllowed(_("This post may not be quoted by you."), code="quote_not_allowed")
    return post


def boostable(*, post_id: int, by: int) -> SeenPost:
    """The post itself (never a boost), when ``by`` may boost it: public, unlisted, or her own for followers.

    Raises:
        NotThere: it is not there or not for her.
        NotAllowed: it was written for fewer people.
    """
    post = see_itself(post_id=post_id, viewer=by)
    own_for_followers = post.author_id == by and post.audience == "followers"
    if post.audience not in {"public", "unlisted"} and not own_for_followers:
        raise NotAllowed(_("This post was written for fewer people and cannot be boosted."))
    return post
