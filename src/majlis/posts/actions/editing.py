"""Editing: what was said before stays readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import events, json, sql
from majlis.core.errors import BadInput, NotAllowed, NotThere
from majlis.core.ids import new_id
from majlis.media import actions as media
from majlis.posts import access
from majlis.posts.actions.writing import count_for_author, count_on_post, store_tags
from majlis.posts.composing import Composed, PollParams, PostParams, compose
from majlis.posts.events import PostCounted, PostEdited

_PHOTOS: Final = "SELECT m.id, m.alt FROM media_photo m WHERE m.post_id = %(post)s ORDER BY m.position"
_POLL: Final = """
    SELECT q.id, q.options::text, q.multiple FROM posts_poll q WHERE q.post_id = %(post)s FOR UPDATE
"""
_REVISION: Final = """
    INSERT INTO posts_revision (id, post_id, title, text, html, warning, sensitive, media, poll_options, made_at)
    VALUES (%(id)s, %(post)s, %(title)s, %(text)s, %(html)s, %(warning)s, %(sensitive)s,
            %(media)s::jsonb, %(options)s::jsonb, %(at)s)
"""
_UPDATE: Final = """
    UPDATE posts_post SET
        title = %(title)s, text = %(text)s, html = %(html)s, warning = %(warning)s, sensitive = %(sensitive)s,
        language = %(language)s, audience = %(audience)s, circle_id = %(circle)s, cover_id = %(cover)s,
        may_reply = %(may_reply)s, may_quote = %(may_quote)s, edited_at = %(at)s,
        search = to_tsvector('simple', %(search)s)
    WHERE id = %(post)s
"""
_MENTIONED: Final = "SELECT m.profile_id FROM posts_mention m WHERE m.post_id = %(post)s"
_TAGS: Final = "SELECT t.tag_id FROM posts_posttag t WHERE t.post_id = %(post)s"
_FORGET_MENTIONS: Final = "DELETE FROM posts_mention WHERE post_id = %(post)s AND profile_id <> ALL(%(keep)s)"
_ADD_MENTIONS: Final = """
    INSERT INTO posts_mention (id, post_id, profile_id)
    SELECT i, %(post)s, p FROM unnest(%(ids)s::bigint[], %(profiles)s::bigint[]) AS x(i, p)
    ON CONFLICT DO NOTHING
"""
_FORGET_TAGS: Final = "DELETE FROM posts_posttag WHERE post_id = %(post)s"
_NEW_POLL: Final = """
    UPDATE posts_poll SET options = to_jsonb(%(options)s::text[]), votes = to_jsonb(%(votes)s::int[]), voters = 0,
        multiple = %(multiple)s, hide_totals = %(hide_totals)s, ends_at = %(ends_at)s, closed_at = NULL
    WHERE id = %(poll)s
"""
_FORGET_VOTES: Final = "DELETE FROM posts_pollvote WHERE poll_id = %(poll)s"
_OWN_CIRCLE: Final = "SELECT 1 FROM people_circle c WHERE c.id = %(circle)s AND c.owner_id = %(by)s"


def edit(
    *,
    by: int,
    post_id: int,
    params: PostParams,
    at: datetime,
    descriptions: Sequence[media.Description] = (),
) -> int:
    """Say something else in one's own post; its id. What it replies to and quotes stays.

    An edit that changes nothing leaves no trace in the history. A changed poll starts anew.
    ``descriptions`` are other alt texts and focal points of its photos.

    Raises:
        NotThere, NotAllowed: not there, not hers, or a boost.
        BadInput: something in the parameters cannot be taken.
    """
    with transaction.atomic():
        post = access.own(post_id=post_id, by=by)
        if post.boost_of_id:
            raise NotAllowed(_("A boost cannot be edited."))
        params = replace(params, reply_to_id=post.reply_to_id, quote_of_id=post.quote_of_id)
        composed = compose(params, by=by)
        if (post.kind == "article") != params.is_article:
            raise BadInput(_("A post cannot become an article, nor an article a post."), field="title")
        if params.circle_id and not sql.one(_OWN_CIRCLE, circle=params.circle_id, by=by):
            raise NotThere(_("This circle is not there, or not yours."), field="circle")
        photos_before = sql.rows(_PHOTOS, post=post.id)
        redescribed = [each for each in descriptions if each.photo_id in params.photo_ids]
        same = not _differs(post, params, composed, [row[0] for row in photos_before])
        if same and not media.changed_by(owner=by, descriptions=redescribed):
            return post.id
        _keep_revision(post, photos_before)
        _write(post, params, composed, at=at)
        media.redescribe(owner=by, descriptions=redescribed)
        events.emit(_rehang(post, params, composed, at=at))
    return post.id


def _differs(post: access.SeenPost, params: PostParams, composed: Composed, photos: list[int]) -> bool:
    before = (post.title, post.text, post.warning, post.sensitive, post.language, post.audience, post.circle_id,
              post.may_reply, post.may_quote, post.cover_id)  # fmt: skip
    after = (composed.title, composed.text, composed.warning, params.sensitive, composed.language, params.audience,
             params.circle_id, params.may_reply, params.may_quote, params.cover_id)  # fmt: skip
    wanted = [*params.photo_ids, *([params.cover_id] if params.cover_id else [])]
    return before != after or photos != wanted or _asks_differently(post, params)


def _asks_differently(post: access.SeenPost, params: PostParams) -> bool:
    if params.poll is None:
        return False
    row = sql.one(_POLL, post=post.id)
    return row is None or _asked(row) != _asking(params.poll)


def _asked(row: sql.Row) -> tuple[list[str], bool]:
    return json.decode_own(row[1]), row[2]


def _asking(poll: PollParams) -> tuple[list[str], bool]:
    """What voters were asked. When it ends is not part of the question."""
    return [option.strip() for option in poll.options], poll.multiple


def _keep_revision(post: access.SeenPost, photos: list[tuple[int, str]]) -> None:
    poll = sql.one(_POLL, post=post.id)
    sql.execute(
        _REVISION,
        id=new_id(),
        post=post.id,
        title=post.title,
        text=post.text,
        html=post.html,
        warning=post.warning,
        sensitive=post.sensitive,
        media=msgspec.json.encode([{"id": str(id_), "alt": alt} for id_, alt in photos]).decode(),
        options=poll[1] if poll else None,
        at=post.edited_at or post.made_at,
    )


def _write(post: access.SeenPost, params: PostParams, composed: Composed, *, at: datetime) -> None:
    sql.execute(
        _UPDATE,
        post=post.id,
        title=composed.title,
        text=composed.text,
        html=composed.html,
        warning=composed.warning,
        sensitive=params.sensitive,
        language=composed.language,
        audience=params.audience,
        circle=params.circle_id,
        cover=params.cover_id,
        may_reply=params.may_reply,
        may_quote=params.may_quote,
        search=composed.search,
        at=at,
    )
    photos = [*params.photo_ids, *([params.cover_id] if params.cover_id else [])]
    media.attach(photo_ids=photos, owner=post.author_id, post_id=post.id)
    _renew_poll(post, params, at=at)
    _recount(post, params.audience)


def _renew_poll(post: access.SeenPost, params: PostParams, *, at: datetime) -> None:
    row = sql.one(_POLL, post=post.id)
    if params.poll is None:
        return
    if row is None:
        raise BadInput(_("A poll cannot be added to a post that has none."), field="poll")
    options, multiple = _asking(params.poll)
    if (options, multiple) == _asked(row):
        return
    sql.execute(_FORGET_VOTES, poll=row[0])
    sql.execute(
        _NEW_POLL,
        poll=row[0],
        options=options,
        votes=[0] * len(options),
        multiple=multiple,
        hide_totals=params.poll.hide_totals,
        ends_at=at + params.poll.lasts,
    )


def _recount(post: access.SeenPost, audience: str) -> None:
    """A post that leaves or joins the audiences that are counted moves the counters with it."""
    open_before, open_now = (value in {"public", "unlisted"} for value in (post.audience, audience))
    change = int(open_now) - int(open_before)
    for target, counter in ((post.reply_to_id, "replies"), (post.quote_of_id, "quotes")):
        if change and target:
            count_on_post(target, counter, change)
            events.emit(PostCounted(post_id=target))
    if (post.audience == "mentioned") != (audience == "mentioned"):
        count_for_author(
            post.author_id, audience="public", change=-1 if audience == "mentioned" else 1, on=None
        )


def _rehang(post: access.SeenPost, params: PostParams, composed: Composed, *, at: datetime) -> PostEdited:
    mentioned_before = tuple(sql.column(_MENTIONED, post=post.id))
    tags_before = tuple(sql.column(_TAGS, post=post.id))
    sql.execute(_FORGET_MENTIONS, post=post.id, keep=list(composed.mentioned))
    if composed.mentioned:
        sql.execute(
            _ADD_MENTIONS,
            post=post.id,
            ids=[new_id() for _profile in composed.mentioned],
            profiles=list(composed.mentioned),
        )
    sql.execute(_FORGET_TAGS, post=post.id)
    return PostEdited(
        post_id=post.id,
        author_id=post.author_id,
        audience=params.audience,
        audience_before=post.audience,
        at=at,
        mentioned=composed.mentioned,
        mentioned_before=mentioned_before,
        tag_ids=store_tags(post.id, composed.tags, at=at),
        tag_ids_before=tags_before,
        links=composed.links,
    )
