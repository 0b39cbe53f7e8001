"""Reading notifications. Each function is one query; what is shown is decided in ``statements.SHOWN``.

``types`` and ``exclude_types`` take the kinds of models.Notification.Kind, and "mention" in the sense of
Mastodon apps: mentions and replies. Unknown ones match nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.core import sql
from majlis.core.errors import NotThere
from majlis.core.json import own_reader
from majlis.core.paging import HIGHEST, Page, Slice
from majlis.notifications.statements import SQL, ordered

KINDS: Final = (
    "mention", "reply", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update", "quote",
    "quoted_update", "admin.sign_up", "admin.report", "moderation_warning", "review", "review_answer",
    "team_invitation", "domain_lost", "approval_asked", "approval_given", "changes_wanted",
    "care_complaint", "care_assigned", "care_due", "care_late",
)  # fmt: skip
#: Kinds of ours that no Mastodon app knows: told on pages, and to apps that ask for them by name.
OWN_KINDS: Final = (
    "review", "review_answer", "team_invitation", "domain_lost", "approval_asked", "approval_given", "changes_wanted",
    "care_complaint", "care_assigned", "care_due", "care_late",
)  # fmt: skip
#: Kinds that are shown together: reactions to and boosts of one post, follows and sign-ups of one day.
GROUPED: Final = ("favourite", "reblog", "follow", "admin.sign_up")
SAMPLE: Final = 8
COUNTED_AT_MOST: Final = 1_000

Ruling = Literal["accept", "filter", "drop"]
_detail = own_reader(dict[str, Any])
_kinds = own_reader(tuple[str, ...])
_alerts = own_reader(dict[str, bool])


class NotificationView(msgspec.Struct, frozen=True):
    """One notification. ``post_id`` is shown with it; ``cause_id`` is the boost, the edited post that she
    quotes, the report, or the decision. ``detail["reaction"]`` is the kind of a reaction."""

    id: int
    kind: str
    actor_id: int
    post_id: int | None
    cause_id: int | None
    detail: dict[str, Any]
    group_key: str
    held: bool
    made_at: datetime

    @property
    def type(self) -> str:
        """The kind as Mastodon apps know it."""
        return "mention" if self.kind == "reply" else self.kind


class GroupView(msgspec.Struct, frozen=True):
    """Notifications shown as one. ``actor_ids``: at most eight, the newest first, of ``count``."""

    key: str
    count: int
    newest: NotificationView
    oldest_id: int
    actor_ids: tuple[int, ...]

    @property
    def newest_id(self) -> int:
        """``most_recent_notification_id`` and ``page_max_id``."""
        return self.newest.id


class RequestView(msgspec.Struct, frozen=True):
    """A sender whose notifications are kept back. ``id`` is that of the first of them."""

    id: int
    sender_id: int
    count: int
    made_at: datetime
    updated_at: datetime
    last_post_id: int | None


class PolicyView(msgspec.Struct, frozen=True):
    """What a member takes, keeps back or drops; ``off`` are kinds switched off. The defaults first."""

    for_not_following: Ruling = "accept"
    for_not_followers: Ruling = "accept"
    for_new_accounts: Ruling = "accept"
    for_private_mentions: Ruling = "filter"
    for_limited_accounts: Ruling = "filter"
    off: tuple[str, ...] = ()
    digest: bool = False
    pending_senders: int = 0
    pending_notifications: int = 0


class SubscriptionView(msgspec.Struct, frozen=True):
    """Where the app that holds a token is pushed to, of which types and from whom."""

    id: int
    endpoint: str
    alerts: dict[str, bool]
    policy: str
    standard: bool


def _meant(types: Collection[str]) -> set[str]:
    return set(types) | ({"reply"} if "mention" in types else set())


def _asked(
    types: Collection[str] | None,
    exclude_types: Collection[str],
    from_profile: int | None = None,
    include_held: bool = False,
) -> dict[str, Any]:
    """Parameters of ``statements.ASKED``."""
    wanted = (_meant(types) if types else set(KINDS)) - _meant(exclude_types)
    return {
        "kinds": [kind for kind in KINDS if kind in wanted],
        "actor": from_profile,
        "held": include_held,
    }


def _view(row: sql.Row) -> NotificationView:
    return NotificationView(*(*row[:5], _detail(row[5]), *row[6:]))


def page(
    *,
    viewer: int,
    page: Page,
    at: datetime,
    types: Collection[str] | None = None,
    exclude_types: Collection[str] = (),
    from_profile: int | None = None,
    include_held: bool = False,
) -> Slice[NotificationView]:
    """Notifications one by one. ``types`` None or empty: all."""
    asked = _asked(types, exclude_types, from_profile, include_held)
    found = sql.rows(ordered("page", page), viewer=viewer, at=at, **asked, **page.bounds())
    return page.slice_of((row[0], _view(row)) for row in found)


def one(*, viewer: int, notification_id: int, at: datetime) -> NotificationView | None:
    """One notification, one that is kept back too; None when it is not there, not hers, or not shown."""
    row = sql.one(SQL["one"], id=notification_id, viewer=viewer, at=at)
    return _view(row) if row else None


def grouped(
    *,
    viewer: int,
    page: Page,
    at: datetime,
    types: Collection[str] | None = None,
    exclude_types: Collection[str] = (),
    from_profile: int | None = None,
    include_held: bool = False,
    grouped_types: Collection[str] | None = None,
    group_key: str | None = None,
) -> Slice[GroupView]:
    """Groups, each once, by its newest notification. ``grouped_types``: of ``GROUPED``, those to be grouped."""
    found = sql.rows(
        ordered("groups", page),
        viewer=viewer,
        at=at,
        group_key=group_key,
        grouped=_grouped(grouped_types),
        sample=SAMPLE,
        **_asked(types, exclude_types, from_profile, include_held),
        **page.bounds(),
    )
    return page.slice_of((row[0], _group(row)) for row in found)


def _grouped(types: Collection[str] | None) -> list[str]:
    return [kind for kind in GROUPED if types is None or kind in types]


def _group(row: sql.Row) -> GroupView:
    _head, key, count, oldest, actors, *newest = row
    return GroupView(key, count, _view(tuple(newest)), oldest, tuple(actors))


def group(*, viewer: int, group_key: str, at: datetime) -> GroupView | None:
    """One group; None when nothing of it is there or shown."""
    if (alone := _alone(group_key)) is not None:
        found = one(viewer=viewer, notification_id=alone, at=at)
        return GroupView(group_key, 1, found, found.id, (found.actor_id,)) if found else None
    groups = grouped(viewer=viewer, page=Page(limit=1), at=at, group_key=group_key).items
    return groups[0] if groups else None


def _alone(group_key: str) -> int | None:
    """The notification that is a group by itself, from ``ungrouped-<id>``."""
    prefix, _dash, number = group_key.partition("-")
    alone = prefix == "ungrouped" and number.isascii() and number.isdecimal() and len(number) < 20
    return min(int(number), HIGHEST) if alone else None


def group_actors(*, viewer: int, group_key: str, page: Page, at: datetime) -> Slice[int]:
    """Who is in a group: profile ids, the newest first."""
    query = ordered("group_actors", page)
    found = sql.rows(query, viewer=viewer, group_key=group_key, at=at, **page.bounds())
    return page.slice_of((row[0], row[1]) for row in found)


def unread_count(
    *,
    viewer: int,
    last_read: int | None,
    at: datetime,
    types: Collection[str] | None = None,
    exclude_types: Collection[str] = (),
    from_profile: int | None = None,
    limit: int = 100,
) -> int:
    """How many are newer than ``last_read`` (the notifications marker; None: never read), at most ``limit``."""
    return _count("unread_count", viewer, last_read, at, limit, _asked(types, exclude_types, from_profile))


def unread_groups(
    *,
    viewer: int,
    last_read: int | None,
    at: datetime,
    types: Collection[str] | None = None,
    exclude_types: Collection[str] = (),
    from_profile: int | None = None,
    grouped_types: Collection[str] | None = None,
    limit: int = 100,
) -> int:
    """The same, each group counted once."""
    asked = _asked(types, exclude_types, from_profile) | {"grouped": _grouped(grouped_types)}
    return _count("unread_groups", viewer, last_read, at, limit, asked)


def _count(
    name: str, viewer: int, last_read: int | None, at: datetime, limit: int, asked: dict[str, Any]
) -> int:
    most = min(max(limit, 1), COUNTED_AT_MOST)
    row = sql.one(SQL[name], viewer=viewer, last_read=last_read or 0, at=at, most=most, **asked)
    return int(row[0]) if row else 0


def requests(*, viewer: int, page: Page, at: datetime) -> Slice[RequestView]:
    """Senders whose notifications are kept back."""
    found = sql.rows(ordered("requests", page), viewer=viewer, of=None, at=at, **page.bounds())
    return page.slice_of((row[0], RequestView(*row)) for row in found)


def one_request(*, viewer: int, request_id: int, at: datetime) -> RequestView | None:
    """One of them, by the id of any notification in it."""
    row = sql.one(SQL["requests"], viewer=viewer, of=request_id, at=at, **Page(limit=1).bounds())
    return RequestView(*row) if row else None


def policy(*, viewer: int, at: datetime) -> PolicyView:
    """What a member takes, keeps back or drops, and how much is kept back."""
    row = sql.one(SQL["policy"], viewer=viewer, at=at)
    if row is None or row[0] is None:
        senders, notifications = (row[7], row[8]) if row else (0, 0)
        return PolicyView(pending_senders=senders, pending_notifications=notifications)
    return PolicyView(*(*row[:5], _kinds(row[5]), *row[6:]))


def subscription(*, token_id: int) -> SubscriptionView:
    """The push subscription of a token; there is no other way to one (GHSA-f3q8-7vw3-69v4).

    Raises:
        NotThere: it has none.
    """
    row = sql.one(SQL["subscription"], token_id=token_id)
    if row is None:
        raise NotThere(_("This app has no push subscription."))
    return SubscriptionView(*(*row[:2], _alerts(row[2]), *row[3:]))
