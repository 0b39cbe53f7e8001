"""Pushing a notification to an app: what is said, to whom still, and what a push service's answer means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import translation

from majlis.core import json, sql
from majlis.core.http import Client, FetchFailed
from majlis.core.text.bidi import isolate
from majlis.media.addresses import avatar_url
from majlis.notifications import queries
from majlis.notifications.encryption import sealed
from majlis.notifications.queries import NotificationView
from majlis.notifications.sealing import unseal
from majlis.notifications.sentences import sentence
from majlis.notifications.statements import PUSHING
from majlis.people import queries as people
from majlis.posts import queries as posts

#: So often in a row may a push service refuse or be away before its subscription goes.
PATIENCE: Final = 5
EXCERPT: Final = 140  # characters; the encrypted message must fit in 4 kB (RFC 8030 section 7.2)
_GONE: Final = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Delivery:
    """A subscription that is good now, with what the message needs of its owner."""

    subscription_id: int
    profile_id: int
    endpoint: str
    p256dh: str
    auth: str
    standard: bool
    policy: str
    alerts: dict[str, Any]
    access_token: str
    language: str
    follows: bool
    followed: bool

    def wants(self, notification: NotificationView) -> bool:
        """Whether the app asked for this type, from this sender. What the house says has no sender."""
        if not self.alerts.get(notification.type) or self.policy == "none":
            return False
        if notification.actor_id == self.profile_id or notification.kind.startswith("admin."):
            return True
        return {"followed": self.follows, "follower": self.followed}.get(self.policy, True)


def push(*, notification_id: int, subscription_id: int, client: Client, at: datetime, last: bool) -> None:
    """Push one notification to one app, unless it is gone, not shown any longer, or not wanted.

    Raises:
        FetchFailed: the push service is away; trying again may help. Never when this is the ``last`` try.
    """
    delivery = _delivery(notification_id=notification_id, subscription_id=subscription_id)
    if delivery is None:
        return
    notification = queries.one(viewer=delivery.profile_id, notification_id=notification_id, at=at)
    if notification is None or notification.held or not delivery.wants(notification):
        return
    _send(delivery, _message(notification, delivery), client=client, at=at, last=last)


def _delivery(*, notification_id: int, subscription_id: int) -> Delivery | None:
    row = sql.one(PUSHING["delivery"], subscription=subscription_id, notification=notification_id)
    if row is None:
        return None
    return Delivery(*(*row[:7], json.decode_own(row[7]), unseal(row[8]), *row[9:]))


def _message(notification: NotificationView, delivery: Delivery) -> bytes:
    """The form that Mastodon's apps read; people's words are plain text, shortened and isolated."""
    language = delivery.language or settings.LANGUAGE_CODE
    actor = people.profile(notification.actor_id)
    name = (actor.display_name or actor.handle) if actor else ""
    own = notification.actor_id == delivery.profile_id
    with translation.override(language):
        title = sentence(kind=notification.kind, name=name, own=own)
    return json.encode(
        {
            "access_token": delivery.access_token,
            "preferred_locale": language,
            "notification_id": str(notification.id),
            "notification_type": notification.type,
            "icon": avatar_url(actor.avatar_key if actor else ""),
            "title": title,
            "body": isolate(_excerpt(notification)),
        }
    )


def _excerpt(notification: NotificationView) -> str:
    """The beginning of the post; of one behind a warning, the warning."""
    if notification.post_id is None:
        return ""
    post = posts.hydrate([notification.post_id]).get(notification.post_id)
    text = " ".join((post.warning or post.title or post.text).split()) if post else ""
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"


def _send(delivery: Delivery, message: bytes, *, client: Client, at: datetime, last: bool) -> None:
    try:
        status = _posted(delivery, message, client=client, at=at)
    except FetchFailed as failure:
        if not (failure.permanent or last):
            raise
        _count_failure(delivery)
    except ValueError:
        _count_failure(delivery)
    else:
        sql.execute(PUSHING["end" if status in _GONE else "worked"], subscription=delivery.subscription_id)


def _posted(delivery: Delivery, message: bytes, *, client: Client, at: datetime) -> int:
    """Post it; the status, 2xx or that the subscription is gone."""
    parcel = sealed(
        message,
        endpoint=delivery.endpoint,
        p256dh=delivery.p256dh,
        auth=delivery.auth,
        standard=delivery.standard,
        at=at,
    )
    answer = client.send("POST", delivery.endpoint, content=parcel.body, headers=parcel.headers)
    return answer.status if answer.status in _GONE else answer.require_ok().status


def _count_failure(delivery: Delivery) -> None:
    sql.execute(PUSHING["failed"], subscription=delivery.subscription_id)
    sql.execute(PUSHING["end_dead"], subscription=delivery.subscription_id, patience=PATIENCE)
