"""Entries leave: at their hour, by a worker, or at once, by hand.

Invariant: an entry leaves exactly once, whatever is killed. Taking it, the post, the further parts, the first
comment, the next round of what comes again, and the note that it is out are one transaction. What cannot
leave stays with its reason, and those who should know are told in the same transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.conf import settings
from django.db import Error, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.core import json, sql
from majlis.core.errors import Conflict, NotThere, Refused
from majlis.core.text.length import post_length
from majlis.media import actions as media
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.studio import access, letters, moments, states
from majlis.studio.actions.entries import Draft, Recycled, insert
from majlis.studio.actions.queueing import hold_queue, settle_queue
from majlis.studio.changing import did, told
from majlis.studio.content import Content, check
from majlis.studio.customers import addressing
from majlis.studio.entries import Entry, of_row
from majlis.studio.experiments import holding
from majlis.studio.links import tracking
from majlis.studio.planning import forecasts
from majlis.studio.statements import SQL

log = logging.getLogger(__name__)

PATIENCE: Final = timedelta(hours=1)
"""So long the machine may be unable to publish (a full disk) before those who should know are told."""


class Left(msgspec.Struct, frozen=True):
    """What became of an entry: the post it is now, or None when it could not leave."""

    entry_id: int
    post_id: int | None


class NotApproved(Conflict):
    """It needs somebody's yes and has none."""

    default_code = "not_approved"


class Later(Exception):
    """The machine cannot publish it now; the entry waits."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(str(entry_id))
        self.entry_id = entry_id


def publish_due(*, at: datetime, skip: Sequence[int] = ()) -> Left | None:
    """Publish one entry whose hour has come, none of ``skip``; None when there is none.

    Raises:
        Later: it could not be published for a reason that passes; nothing was done.
    """
    with transaction.atomic():
        row = sql.one(SQL["due_entry"], at=at, skip=list(skip))
        if row is None:
            return None
        found: Entry = of_row(row)
        team = _acting_for(found)
        if team is None:
            return _stays(found, None, _("The page is closed at present."), at=at)
        try:
            return Left(found.id, _out(team, found, at=at))
        except Refused as refusal:
            if refusal.status >= 500 and found.due_at and at - found.due_at < PATIENCE:
                raise Later(found.id) from refusal
            return _stays(found, team, refusal.sentence, at=at)
        except Error:
            raise  # the database: everything waits
        except Exception:
            log.exception("entry %s could not be published", found.id)
            sentence = _("Something went wrong on our side. The text is safe; please try again.")
            return _stays(found, team, sentence, at=at)


def _acting_for(found: Entry) -> OnTeam | None:
    """In whose name it leaves: who gave it its hour, or the page itself when she left the team since."""
    for by in (found.scheduled_by, found.page_id):
        if by is not None:
            try:
                return team_door(page_id=found.page_id, by=by, needs=Permission.READ)
            except NotThere:
                continue
    return None


def publish_now(*, team: OnTeam, entry_id: int, at: datetime) -> int:
    """Publish an entry at once; the id of the post.

    Raises:
        NotApproved: it needs a yes and has none. Others: see ``access.open_entry`` and ``posts.publish``.
    """
    with transaction.atomic():
        acting = access.again(team, Permission.PUBLISH)
        hold_queue(team)
        found = access.open_entry(team=team, entry_id=entry_id)
        post_id = _out(acting, found, at=at)
        if found.queued_at:
            settle_queue(page_id=team.page_id, at=at)
    return post_id


def _out(team: OnTeam, found: Entry, *, at: datetime) -> int:
    """The post and all that goes with it."""
    if states.lacks_yes(found, approval_needed=team.approval_needed):
        raise NotApproved(_("Nobody has approved this version yet."))
    if found.content.params.circle_id is not None:
        addressing.leaving(page_id=team.page_id, circle_id=found.content.params.circle_id, at=at)
    check(found.content, by=team.page_id)  # says which part it is that cannot be taken
    with transaction.atomic():
        content = _with_tracked_links(team, found, at=at)
        with holding.leaving(team, entry_id=found.id, at=at) as left:
            post_id = _published(content, by=team.page_id, at=at)
        sql.execute(SQL["published"], id=found.id, post=post_id, at=at)
        tracking.published(team, entry_id=found.id, post_id=post_id, at=at)
        forecasts.left(page_id=team.page_id, post_id=post_id, at=at)
        _comes_again(team, found, at=at)
        did(team, "post.published", at=at, subject=post_id, entry=str(found.id))
        _with_other_version(team, left.partner, at=at)
    return post_id


def _with_other_version(team: OnTeam, entry_id: int | None, *, at: datetime) -> None:
    """The other version of a test leaves in the same transaction, or neither does."""
    if entry_id is None:
        return
    other = access.entry(team=team, entry_id=entry_id, lock=True)
    if other.open:
        _out(team, other, at=at)


def _with_tracked_links(team: OnTeam, found: Entry, *, at: datetime) -> Content:
    """The entry's words with tracked addresses in place of those that were chosen for it."""
    content = found.content
    longest = settings.MAJLIS.article_characters if content.params.title else settings.MAJLIS.post_characters
    room = longest - post_length(content.params.warning)
    most = settings.MAJLIS.post_characters
    rooms = (room, *(most - post_length(each.warning) for each in (content.params, *content.parts())))
    text, comment, *said = tracking.tracked(team, entry_id=found.id, texts=content.texts, rooms=rooms, at=at)
    thread = tuple(
        msgspec.structs.replace(part, text=words) for part, words in zip(content.thread, said, strict=True)
    )
    return msgspec.structs.replace(
        content, params=replace(content.params, text=text), first_comment=comment, thread=thread
    )


def _published(content: Content, *, by: int, at: datetime) -> int:
    # each post has copies of its own: the same picture may stand in several parts
    first = last = posts.publish(by=by, params=_with_copies(content.params, by=by, at=at), at=at).post_id
    for part in content.parts():
        params = replace(_with_copies(part, by=by, at=at), reply_to_id=last)
        last = posts.publish(by=by, params=params, at=at).post_id
    if (comment := content.comment()) is not None:
        posts.publish(by=by, params=replace(comment, reply_to_id=first), at=at)
    return first


def _with_copies(params: PostParams, *, by: int, at: datetime) -> PostParams:
    """The same with copies of its photos, which go with the post."""
    content = Content(params=params)
    ids = list(dict.fromkeys(content.photo_ids))
    copies = media.copy(photo_ids=ids, owner=by, at=at)
    return content.with_photos(dict(zip(ids, copies, strict=True))).params


def _comes_again(team: OnTeam, found: Entry, *, at: datetime) -> None:
    """The next round of an entry that comes again, at the same time of day."""
    if not found.again_every or found.again_left <= 0:
        return
    # sent by hand before its hour, this was the round of that hour
    due = moments.days_later(found.due_at or at, found.again_every, zone=team.time_zone)
    while due <= at:  # rounds that were missed are not made up for
        due = moments.days_later(due, found.again_every, zone=team.time_zone)
    draft = Draft(content=found.content, title=found.title, campaign_id=found.campaign_id)
    insert(team, draft, at=at, recycled=Recycled(found, due))


def _stays(found: Entry, team: OnTeam | None, sentence: str | Promise, *, at: datetime) -> Left:
    """It did not leave: why stands beside it, and those who should know are told."""
    failure = json.encode(letters.in_each_language(sentence)).decode()
    sql.execute(SQL["did_not_leave"], id=found.id, failure=failure, at=at)
    if team is not None:
        informed = letters.did_not_leave(found, team, sentence)
        did(team, "entry.failed", at=at, subject=found.id, told=[str(id_) for id_ in informed])
    else:
        told(found.page_id, at=at)
    return Left(found.id, None)
