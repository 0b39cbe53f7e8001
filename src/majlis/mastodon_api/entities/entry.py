"""PlanEntry: a post that is planned. Also what is sent to write one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from majlis.brands.access import OnTeam
from majlis.mastodon_api.described import Id, Key, Moment
from majlis.mastodon_api.entities.account import moment
from majlis.posts.composing import PollParams, PostParams
from majlis.studio import queries
from majlis.studio.actions import Draft
from majlis.studio.content import Content, Part
from majlis.studio.entries import Entry
from majlis.studio.queries import Said, Version
from majlis.studio.states import State


class Poll(msgspec.Struct, frozen=True):
    """A poll that lasts so many seconds."""

    options: list[str]
    expires_in: Annotated[int, Meta(ge=0, le=10**9)]
    multiple: bool = False
    hide_totals: bool = False


class PlanPart(msgspec.Struct, frozen=True, kw_only=True):
    """A further part of a thread. Without a warning or a language of its own it has those of the post."""

    text: str
    media_ids: list[Key]
    warning: str
    sensitive: bool
    language: str


class PartFields(msgspec.Struct, frozen=True, kw_only=True):
    """A further part of a thread as it is sent."""

    text: str = ""
    media_ids: list[Id] = []
    warning: str = ""
    sensitive: bool = False
    language: str = ""


class PlanContent(msgspec.Struct, frozen=True, kw_only=True):
    """What goes out: the post, the further parts of its thread, its first comment. A title makes an article."""

    text: str
    title: str
    warning: str
    language: str
    audience: str
    circle_id: Key | None
    sensitive: bool
    may_reply: str
    may_quote: str
    media_ids: list[Key]
    cover_id: Key | None
    poll: Poll | None
    thread: list[PlanPart]
    first_comment: str


class PlanEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A post that is planned. A change is sent with the ``version`` that it was made over. ``failure`` says why it
    did not leave, ``failure_told`` who of the team was told by mail."""

    id: Key
    state: State
    version: int
    title: str
    content: PlanContent
    campaign_id: Key | None
    campaign: str
    changed_by: str
    changed_at: Moment
    asked_at: Moment | None
    due_at: Moment | None
    queued_at: Moment | None
    again_every: int | None
    again_left: int
    post_id: Key | None
    published_at: Moment | None
    failure: str
    failure_told: list[str]
    decided_by: str
    decided_at: Moment | None
    approved: bool | None


class EntryVersion(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry said once."""

    version: int
    content: PlanContent
    changed_by: str
    changed_at: Moment


class EntryComment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment, a yes (approved) or a no (changes)."""

    kind: str
    version: int
    text: str
    by: str
    by_link: bool
    created_at: Moment


class EntryFields(msgspec.Struct, frozen=True, kw_only=True):
    """A draft. In a change, what is not sent stays; the id 0 and a poll without
    options take away what stood there; ``version`` is that which was read. A part of the ``thread`` is its text, or
    more of it."""

    version: int = 0
    label: str | None = None
    campaign_id: Id | None = None
    text: str | None = None
    title: str | None = None
    warning: str | None = None
    language: str | None = None
    audience: str | None = None
    circle_id: Id | None = None
    sensitive: bool | None = None
    may_reply: str | None = None
    may_quote: str | None = None
    media_ids: list[Id] | None = None
    cover_id: Id | None = None
    poll: Poll | None = None
    thread: list[str | PartFields] | None = None
    first_comment: str | None = None


_AS_THEY_ARE = ("text", "title", "warning", "language", "audience", "sensitive", "may_reply", "may_quote")
NO_CONTENT = Content(params=PostParams())


def draft_of(sent: EntryFields, *, before: Entry | None = None) -> Draft:
    """What was sent over what stood there."""
    content = before.content if before else NO_CONTENT
    changed = {name: value for name in _AS_THEY_ARE if (value := getattr(sent, name)) is not None}
    if sent.circle_id is not None:
        changed["circle_id"] = int(sent.circle_id) or None
    if sent.cover_id is not None:
        changed["cover_id"] = int(sent.cover_id) or None
    if sent.media_ids is not None:
        changed["photo_ids"] = tuple(map(int, sent.media_ids))
    if sent.poll is not None:
        changed["poll"] = _poll(sent.poll) if sent.poll.options else None
    return Draft(
        content=Content(
            params=replace(content.params, **changed),
            thread=content.thread if sent.thread is None else tuple(map(_part, sent.thread)),
            first_comment=content.first_comment if sent.first_comment is None else sent.first_comment,
        ),
        title=(before.title if before else "") if sent.label is None else sent.label,
        campaign_id=(before.campaign_id if before else None)
        if sent.campaign_id is None
        else int(sent.campaign_id) or None,
    )


def _part(sent: str | PartFields) -> Part:
    if isinstance(sent, str):
        return Part(text=sent)
    return Part(
        text=sent.text, photo_ids=tuple(map(int, sent.media_ids)), warning=sent.warning, sensitive=sent.sensitive,
        language=sent.language,
    )  # fmt: skip


def _poll(sent: Poll) -> PollParams:
    return PollParams(
        options=tuple(sent.options), lasts=timedelta(seconds=sent.expires_in), multiple=sent.multiple,
        hide_totals=sent.hide_totals,
    )  # fmt: skip


def content(view: Content) -> PlanContent:
    """What goes out."""
    params, poll = view.params, view.params.poll
    return PlanContent(
        text=params.text, title=params.title, warning=params.warning, language=params.language,
        audience=params.audience, circle_id=_key(params.circle_id), sensitive=params.sensitive,
        may_reply=params.may_reply, may_quote=params.may_quote, media_ids=[str(id_) for id_ in params.photo_ids],
        cover_id=_key(params.cover_id),
        poll=Poll(list(poll.options), int(poll.lasts.total_seconds()), poll.multiple, poll.hide_totals)
        if poll
        else None,
        thread=[
            PlanPart(
                text=part.text, media_ids=[str(id_) for id_ in part.photo_ids], warning=part.warning,
                sensitive=part.sensitive, language=part.language,
            )
            for part in view.thread
        ],
        first_comment=view.first_comment,
    )  # fmt: skip


def entry(view: Entry, team: OnTeam) -> PlanEntry:
    """An entry as its team sees it."""
    return entries([view], team)[0]


def _entry(view: Entry, team: OnTeam, told: list[str]) -> PlanEntry:
    return PlanEntry(
        id=str(view.id),
        state=view.state(approval_needed=team.approval_needed),
        version=view.version,
        title=view.title,
        content=content(view.content),
        campaign_id=_key(view.campaign_id),
        campaign=view.campaign,
        changed_by=view.changed_by_name,
        changed_at=moment(view.changed_at),
        asked_at=moment(view.asked_at) if view.asked_at else None,
        due_at=moment(view.due_at) if view.due_at else None,
        queued_at=moment(view.queued_at) if view.queued_at else None,
        again_every=view.again_every,
        again_left=view.again_left,
        post_id=_key(view.post_id),
        published_at=moment(view.published_at) if view.published_at else None,
        failure=view.failure,
        failure_told=told,
        decided_by=view.decided_by_name,
        decided_at=moment(view.decided_at) if view.decided_at else None,
        approved=view.decided_yes if view.decided_version == view.version else None,
    )


def entries(found: Iterable[Entry], team: OnTeam) -> list[PlanEntry]:
    """Several. One query more where some of them did not leave."""
    listed = list(found)
    failed = [each for each in listed if each.failed_at and not each.post_id]
    told = queries.told_of_failures(entries=failed)
    return [_entry(each, team, told.get(each.id, [])) for each in listed]


def version(view: Version) -> EntryVersion:
    """What an entry said once."""
    return EntryVersion(
        version=view.version,
        content=content(view.content),
        changed_by=view.by_name,
        changed_at=moment(view.made_at),
    )


def comment(view: Said) -> EntryComment:
    """What was said about an entry."""
    return EntryComment(
        kind=view.kind, version=view.version, text=view.text, by=view.by_name, by_link=view.by_link,
        created_at=moment(view.made_at),
    )  # fmt: skip


def _key(id_: int | None) -> str | None:
    return None if id_ is None else str(id_)
