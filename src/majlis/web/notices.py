"""Notifications as templates read them: one line a group, names isolated, who and what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from majlis.core.text.bidi import direction
from majlis.core.text.html import plain
from majlis.feeds import lists as feeds
from majlis.feeds.hydration import Batch
from majlis.feeds.markers import markers
from majlis.notifications import queries
from majlis.notifications.queries import GroupView, NotificationView
from majlis.people import queries as people
from majlis.people.queries import ProfileView
from majlis.web import cards, faces, formats
from majlis.web.faces import Face, Shown

_ICONS: Final[Mapping[str, str]] = {
    "mention": "at", "reply": "reply", "status": "article", "reblog": "boost", "follow": "person-add",
    "follow_request": "person-add", "favourite": "smile", "poll": "poll", "update": "write", "quote": "quote",
    "quoted_update": "write", "admin.sign_up": "person-add", "admin.report": "flag", "moderation_warning": "warning",
    "review": "star", "review_answer": "reply", "team_invitation": "person-add", "domain_lost": "warning",
    "approval_asked": "eye", "approval_given": "check", "changes_wanted": "write",
    "care_complaint": "warning", "care_assigned": "reply", "care_due": "bell", "care_late": "warning",
}  # fmt: skip
_SENTENCES: Final[Mapping[str, str | Promise]] = {
    "mention": gettext_lazy("{who} mentioned you"),
    "reply": gettext_lazy("{who} answered you"),
    "status": gettext_lazy("{who} wrote a post"),
    "reblog": gettext_lazy("{who} boosted your post"),
    "follow": gettext_lazy("{who} follows you"),
    "follow_request": gettext_lazy("{who} asks to follow you"),
    "favourite": gettext_lazy("{who} reacted to your post"),
    "poll": gettext_lazy("A poll you took part in has ended"),
    "update": gettext_lazy("{who} edited a post you boosted or reacted to"),
    "quote": gettext_lazy("{who} quoted your post"),
    "quoted_update": gettext_lazy("{who} edited a post you quote"),
    "admin.sign_up": gettext_lazy("{who} joined"),
    "admin.report": gettext_lazy("{who} made a report"),
    "moderation_warning": gettext_lazy("The people who run this house decided something about your account"),
    "review": gettext_lazy("{who} reviewed your page"),
    "review_answer": gettext_lazy("{who} answered your review"),
    "team_invitation": gettext_lazy("{who} asks you into its team"),
    "domain_lost": gettext_lazy("A domain of {who} is no longer verified"),
    "approval_asked": gettext_lazy("{who} asks for your yes to a post"),
    "approval_given": gettext_lazy("{who} approved a post of yours"),
    "changes_wanted": gettext_lazy("{who} wants changes to a post of yours"),
    "care_complaint": gettext_lazy("Somebody complains to {who}"),
    "care_assigned": gettext_lazy("A conversation of {who} is yours to answer"),
    "care_due": gettext_lazy("An answer of {who} is due soon"),
    "care_late": gettext_lazy("An answer of {who} is late"),
}
_NAMES_FIRST: Final = re.compile(r"^(?:\s*@[\w.@-]+)+")
_OF_REACTION: Final = ("like", "love", "laugh", "wow", "sad", "angry")


@dataclass(slots=True)
class NoticePost(Shown):
    """The post a notification is about, its first words."""

    url: str
    text: str
    language: str
    dir: str


@dataclass(slots=True)
class Lead(Shown):
    """Where a notification leads that is about no post."""

    url: str
    label: str | Promise


@dataclass(slots=True)
class Notice(Shown):
    """One group, all of ``notification_row.html``."""

    id: str
    kind: str
    icon: str
    people: list[Face]
    sentence: SafeString
    at: datetime
    unread: bool
    post: NoticePost | None
    request_id: str
    key: str
    to: Lead | None = None


def notices(groups: Sequence[GroupView], *, viewer: int, last_read: int, at: datetime) -> list[Notice]:
    """Groups with their people and posts. Two batches, whatever their number."""
    profiles = people.profiles({id_ for group in groups for id_ in group.actor_ids})
    batch = feeds.by_ids(
        ids={group.newest.post_id for group in groups if group.newest.post_id},
        viewer=viewer,
        at=at,
        context="notifications",
    )
    return [_notice(group, profiles, batch, last_read=last_read) for group in groups]


def _notice(group: GroupView, profiles: Mapping[int, ProfileView], batch: Batch, *, last_read: int) -> Notice:
    newest = group.newest
    who = [faces.face(profiles[id_]) for id_ in group.actor_ids if id_ in profiles]
    reaction = str(newest.detail.get("reaction", ""))
    alone = newest.kind == "favourite" and group.count == 1 and reaction in _OF_REACTION
    return Notice(
        id=str(newest.id),
        kind=newest.kind,
        icon=reaction if alone else _ICONS.get(newest.kind, "bell"),
        people=who,
        sentence=_sentence(newest.kind, who, group.count),
        at=newest.made_at,
        unread=newest.id > last_read,
        post=_post(newest.post_id, batch),
        request_id=who[0].id if newest.kind == "follow_request" and who else "",
        key=group.key,
        to=_lead(newest),
    )


def _lead(newest: NotificationView) -> Lead | None:
    """To the review, the invitation, the proof of a domain, the entry of a plan, the conversation."""
    page = quote(str(newest.detail.get("page", "")), safe="")
    entry = f"/studio/{page}/entries/{newest.cause_id}"
    inbox = f"/studio/{page}/inbox/{newest.cause_id}"
    places = {
        "review": (f"/studio/{page}/reviews", gettext_lazy("Read and answer it")),
        "review_answer": (f"/@{page}/reviews#review-{newest.cause_id}", gettext_lazy("Read the answer")),
        "team_invitation": (f"/team-invitations/{newest.cause_id}", gettext_lazy("Answer the invitation")),
        "domain_lost": (f"/studio/{page}/page/domains", gettext_lazy("Look at the domain")),
        "approval_asked": (entry, gettext_lazy("Read it and answer")),
        "approval_given": (entry, gettext_lazy("Look at the entry")),
        "changes_wanted": (entry, gettext_lazy("Read what should change")),
        "care_complaint": (inbox, gettext_lazy("Read and answer it")),
        "care_assigned": (inbox, gettext_lazy("Read and answer it")),
        "care_due": (inbox, gettext_lazy("Read and answer it")),
        "care_late": (inbox, gettext_lazy("Read and answer it")),
    }
    return Lead(*places[newest.kind]) if newest.kind in places else None


def _sentence(kind: str, who: Sequence[Face], count: int) -> SafeString:
    template = str(_SENTENCES.get(kind, ""))
    return (
        format_html(template, who=_names(who, count)) if "{who}" in template else format_html("{}", template)
    )


def _names(who: Sequence[Face], count: int) -> SafeString:
    """Basim; Basim and Dana; Basim and 4 others. Each name keeps to its own direction."""
    if not who:
        return format_html("{}", _("Somebody"))
    first = format_html("<bdi>{}</bdi>", who[0].display_name)
    if count == 2 and len(who) > 1:
        second = format_html("<bdi>{}</bdi>", who[1].display_name)
        return format_html(_("{first} and {second}"), first=first, second=second)
    if count > 1:
        others = ngettext("{first} and {n} other", "{first} and {n} others", count - 1)
        return format_html(others, first=first, n=formats.number(count - 1))
    return first


def _post(post_id: int | None, batch: Batch) -> NoticePost | None:
    post = batch.posts.get(post_id or 0)
    if post is None:
        return None
    shown = batch.itself(post)
    text = shown.warning or shown.title or cards.excerpt(plain(shown.html), 160)
    url, words = cards.post_path(batch.author(shown), shown.id), text or "…"
    # an answer begins with names in Latin letters: which way it runs is for the words behind them to say
    way = direction(_NAMES_FIRST.sub("", words)) or "auto"
    return NoticePost(url, words, shown.language, way)


def last_read(*, viewer: int) -> int:
    """Up to which notification she has read."""
    marker = markers(viewer=viewer, timelines=["notifications"]).get("notifications")
    return marker.last_read_id if marker else 0


def unread(*, viewer: int, at: datetime) -> int:
    """How many groups are new to her, for the mark on the bell. Two queries."""
    return queries.unread_groups(viewer=viewer, last_read=last_read(viewer=viewer), at=at, limit=100)


def tabs(current: str) -> list[dict[str, Any]]:
    """All, or those that somebody wrote for her."""
    return [
        {"url": "/notifications", "label": _("All"), "current": current == ""},
        {"url": "/notifications?only=mentions", "label": _("Mentions"), "current": current == "mentions"},
    ]
