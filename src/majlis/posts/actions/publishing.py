"""Publishing a post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import events, sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.ids import id_at, new_id
from majlis.media import actions as media
from majlis.posts import access
from majlis.posts.actions.writing import count_for_author, count_on_post, store_tags
from majlis.posts.composing import Composed, PostParams, compose
from majlis.posts.events import PostCounted, PostPublished

KEY_LASTS: Final = timedelta(hours=24)

_INSERT: Final = """
    WITH post AS (INSERT INTO posts_post (
        id, author_id, kind, audience, circle_id, title, text, html, warning, sensitive, language,
        reply_to_id, reply_to_author_id, thread_id, quote_of_id, quote_state, may_reply, may_quote,
        cover_id, application_id, imported_from, imported_id, made_at, search
    ) VALUES (
        %(id)s, %(by)s, %(kind)s, %(audience)s, %(circle)s, %(title)s, %(text)s, %(html)s, %(warning)s,
        %(sensitive)s, %(language)s, %(reply_to)s, %(reply_to_author)s, %(thread)s, %(quote_of)s,
        %(quote_state)s, %(may_reply)s, %(may_quote)s, %(cover)s, %(application)s, %(imported_from)s,
        %(imported_id)s, %(at)s, to_tsvector('simple', %(search)s)
    )), mention AS (
        INSERT INTO posts_mention (id, post_id, profile_id)
        SELECT m.id, %(id)s, m.profile_id
        FROM unnest(%(mention_ids)s::bigint[], %(mentioned)s::bigint[]) AS m (id, profile_id)
        ON CONFLICT DO NOTHING
    )
    INSERT INTO posts_postcount (post_id, replies, boosts, quotes, "like", love, laugh, wow, sad, angry)
    VALUES (%(id)s, 0, 0, 0, 0, 0, 0, 0, 0, 0)
"""
_POLL: Final = """
    INSERT INTO posts_poll (id, post_id, options, votes, voters, multiple, hide_totals, ends_at)
    VALUES (%(id)s, %(post)s, to_jsonb(%(options)s::text[]), to_jsonb(%(votes)s::int[]), 0,
            %(multiple)s, %(hide_totals)s, %(ends_at)s)
"""
_OWN_CIRCLE: Final = "SELECT 1 FROM people_circle c WHERE c.id = %(circle)s AND c.owner_id = %(by)s"
_DELETED_WITH: Final = """
    SELECT p.id FROM posts_post p
    WHERE p.author_id = %(by)s AND p.deleted_at IS NOT NULL
      AND p.id IN (SELECT m.post_id FROM media_photo m WHERE m.id = ANY(%(photos)s) AND m.owner_id = %(by)s)
"""
_CLAIM: Final = """
    INSERT INTO posts_submission (id, author_id, key, post_id, made_at)
    VALUES (%(id)s, %(by)s, %(key)s, %(post)s, %(at)s)
    ON CONFLICT (author_id, key) DO NOTHING
"""
_CLAIMED: Final = "SELECT s.post_id FROM posts_submission s WHERE s.author_id = %(by)s AND s.key = %(key)s"


@dataclass(frozen=True, slots=True)
class Published:
    """The id of the post, and whether this call made it (false: an earlier one with the same key did)."""

    post_id: int
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an imported post comes from, and its id there."""

    network: str
    source_id: str
    reply_to_id: int | None = None


def publish(
    *,
    by: int,
    params: PostParams,
    at: datetime,
    key: str = "",
    application_id: int | None = None,
    origin: Origin | None = None,
) -> Published:
    """Publish a post of profile ``by``.

    ``key`` makes a repeated submission harmless: within a day the same key gives the same post. With
    ``origin`` the post belongs to an archive: ``at`` is its old date, its id is of that date, nobody
    is notified and it enters nobody's home feed.

    Raises:
        BadInput: something in the parameters cannot be taken.
        NotThere: the post replied to or quoted, the circle, or a photo is not there for her.
        NotAllowed: the author of the post replied to or quoted does not want that.
    """
    composed = compose(params, by=by, imported=origin is not None)
    post_id = id_at(at) if origin else new_id()
    with transaction.atomic():
        if key and (earlier := claim(by=by, key=key, made_id=post_id, at=at)):
            return Published(earlier, fresh=False)
        event = _store(
            post_id,
            by=by,
            params=params,
            composed=composed,
            at=at,
            application_id=application_id,
            origin=origin,
        )
        events.emit(event)
    return Published(post_id, fresh=True)


def claim(*, by: int, key: str, made_id: int, at: datetime) -> int | None:
    """Take the key for this post (or what will be one), or give the one that has it.

    Two at once: the second waits for the first.
    """
    if len(key) > 255:
        raise BadInput(_("The idempotency key is too long."), field="key")
    if sql.execute(_CLAIM, id=new_id(), by=by, key=key, post=made_id, at=at):
        return None
    row = sql.one(_CLAIMED, by=by, key=key)
    return int(row[0]) if row else None


def _store(
    post_id: int,
    *,
    by: int,
    params: PostParams,
    composed: Composed,
    at: datetime,
    application_id: int | None,
    origin: Origin | None,
) -> PostPublished:
    parent = _parent(params, by=by, origin=origin)
    quoted = access.quotable(post_id=params.quote_of_id, by=by) if params.quote_of_id else None
    if params.circle_id and not sql.one(_OWN_CIRCLE, circle=params.circle_id, by=by):
        raise NotThere(_("This circle is not there, or not yours."), field="circle")
    kind = "article" if params.is_article else "note"
    thread_id = parent.thread_id if parent else post_id
    try:
        _insert(post_id, by=by, params=params, composed=composed, at=at, kind=kind, thread_id=thread_id,
                parent=parent, quoted=quoted, application_id=application_id, origin=origin)  # fmt: skip
    except IntegrityError as error:
        if "posts_import_once" in str(error):
            raise BadInput(_("This post was imported before."), code="imported_before") from error
        raise
    tag_ids = store_tags(post_id, composed.tags, at=at)
    photos = [*params.photo_ids, *([params.cover_id] if params.cover_id else [])]
    if photos:
        # deleted to be written anew: the photos move over
        media.release(photo_ids=photos, owner=by, post_ids=sql.column(_DELETED_WITH, by=by, photos=photos))
        media.attach(photo_ids=photos, owner=by, post_id=post_id)
    if params.poll:
        _store_poll(post_id, params, at=at)
    listened_to = _count(
        post_id, by=by, params=params, at=at, parent=parent, quoted=quoted, imported=origin is not None
    )
    return PostPublished(
        post_id=post_id,
        author_id=by,
        kind=kind,
        audience=params.audience,
        at=at,
        text_length=len(composed.text),
        language=composed.language,
        reply_to_id=parent.id if parent else None,
        reply_to_author_id=parent.author_id if parent else None,
        thread_id=thread_id,
        quote_of_id=quoted.id if quoted else None,
        quote_of_author_id=quoted.author_id if quoted else None,
        mentioned=composed.mentioned,
        tag_ids=tag_ids,
        links=composed.links,
        imported=origin is not None,
        listened_to=listened_to,
    )


def _parent(params: PostParams, *, by: int, origin: Origin | None) -> access.SeenPost | None:
    if origin:
        # within one's own archive: no policy to ask, no counter to move for others
        return access.see(post_id=origin.reply_to_id, viewer=by) if origin.reply_to_id else None
    return access.replyable(post_id=params.reply_to_id, by=by) if params.reply_to_id else None


def _insert(
    post_id: int,
    *,
    by: int,
    params: PostParams,
    composed: Composed,
    at: datetime,
    kind: str,
    thread_id: int,
    parent: access.SeenPost | None,
    quoted: access.SeenPost | None,
    application_id: int | None,
    origin: Origin | None,
) -> None:
    sql.execute(
        _INSERT,
        id=post_id,
        by=by,
        kind=kind,
        audience=params.audience,
        circle=params.circle_id,
        title=composed.title,
        text=composed.text,
        html=composed.html,
        warning=composed.warning,
        sensitive=params.sensitive or bool(composed.warning and params.photo_ids),
        language=composed.language,
        reply_to=parent.id if parent else None,
        reply_to_author=parent.author_id if parent else None,
        thread=thread_id,
        quote_of=quoted.id if quoted else None,
        quote_state="accepted" if quoted else "",
        may_reply=params.may_reply,
        may_quote=params.may_quote,
        cover=params.cover_id,
        application=application_id,
        imported_from=origin.network if origin else "",
        imported_id=origin.source_id[:255] if origin else "",
        at=at,
        search=composed.search,
        mention_ids=[new_id() for _profile in composed.mentioned],
        mentioned=list(composed.mentioned),
    )


def _store_poll(post_id: int, params: PostParams, *, at: datetime) -> None:
    assert params.poll is not None  # noqa: S101  # the caller checked
    options = [option.strip() for option in params.poll.options]
    sql.execute(
        _POLL,
        id=new_id(),
        post=post_id,
        options=options,
        votes=[0] * len(options),
        multiple=params.poll.multiple,
        hide_totals=params.poll.hide_totals,
        ends_at=at + params.poll.lasts,
    )


def _count(
    post_id: int,
    *,
    by: int,
    params: PostParams,
    at: datetime,
    parent: access.SeenPost | None,
    quoted: access.SeenPost | None,
    imported: bool,
) -> bool:
    """Counters. What few may see is not counted where all can read the count.

    Returns whether anybody listens to the author.
    """
    listened_to = count_for_author(by, audience=params.audience, change=1, on=None if imported else at)
    if params.audience not in {"public", "unlisted"}:
        return listened_to
    for post, counter in ((parent, "replies"), (quoted, "quotes")):
        if post:
            count_on_post(post.id, counter, 1)
            events.emit(PostCounted(post_id=post.id))
    return listened_to


def forget_keys(*, before: datetime) -> int:
    """Remove idempotency keys used before a moment; how many."""
    return sql.execute("DELETE FROM posts_submission WHERE made_at < %(before)s", before=before)
