"""What the viewer is told, one by one. Another's notification is as unknown as none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from majlis.core import json
from majlis.core.errors import NotThere
from majlis.feeds.markers import markers
from majlis.mastodon_api.entities import notification as entities
from majlis.mastodon_api.params import Params
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.notifications import actions, queries

MOST_COUNTED = 1_000


def asked(params: Params) -> Mapping[str, Any]:
    """Which kinds, and from whom. Kinds that are ours alone come to apps that ask for them by name."""
    types = params.texts("types")
    unknown = [kind for kind in queries.OWN_KINDS if kind not in types]
    return {
        "types": types or None,
        "exclude_types": [*params.texts("exclude_types"), *unknown],
        "from_profile": params.id("account_id"),
    }


def last_read(viewer: int) -> int | None:
    """How far the viewer has read her notifications."""
    found = markers(viewer=viewer, timelines=["notifications"]).get("notifications")
    return found.last_read_id if found else None


def counted(call: Call) -> int:
    """Up to which number she wants them counted."""
    return min(call.params.whole("limit", 100, most=1_000_000) or 100, MOST_COUNTED)


@endpoint("read:notifications")
def index(call: Call) -> Any:
    """A page of them."""
    found = queries.page(
        viewer=call.me,
        page=call.page(default=40, most=80),
        at=call.at,
        include_held=call.params.flag("include_filtered"),
        **asked(call.params),
    )
    return call.listed(found, entities.notifications(found.items, viewer=call.me, at=call.at))


def _one(notification_id: int, *, viewer: int, at: datetime) -> entities.Notification | None:
    view = queries.one(viewer=viewer, notification_id=notification_id, at=at)
    return next(iter(entities.notifications([view], viewer=viewer, at=at)), None) if view else None


@endpoint("read:notifications")
def show(call: Call, notification_id: int) -> Any:
    """One of them."""
    found = _one(notification_id, viewer=call.me, at=call.at)
    if found is None:
        raise NotThere(_("There is no such notification."))
    return found


def notification_json(notification_id: int, *, viewer: int, at: datetime) -> bytes | None:
    """One of them for a live stream; None when it is not hers, not shown, or gone meanwhile; empty when its
    kind is none that apps know."""
    found = _one(notification_id, viewer=viewer, at=at)
    if found is None:
        return None
    return b"" if found.type in queries.OWN_KINDS else json.encode(found)


@endpoint("read:notifications")
def unread_count(call: Call) -> Any:
    """How many are newer than the marker."""
    count = queries.unread_count(
        viewer=call.me, last_read=last_read(call.me), at=call.at, limit=counted(call), **asked(call.params)
    )
    return {"count": count}


@endpoint("write:notifications")
def clear(call: Call) -> Any:
    """Take all away."""
    actions.clear(by=call.me, at=call.at)
    return {}


@endpoint("write:notifications")
def dismiss(call: Call, notification_id: int) -> Any:
    """Take one away."""
    actions.dismiss(by=call.me, notification_id=notification_id, at=call.at)
    return {}


@endpoint("write:notifications")
def dismiss_old(call: Call) -> Any:
    """The same for older apps, which send the id."""
    actions.dismiss_many(by=call.me, notification_ids=call.params.ids("id", most=1), at=call.at)
    return {}


@endpoint("write:notifications")
def dismiss_many(call: Call) -> Any:
    """Take several away."""
    actions.dismiss_many(by=call.me, notification_ids=call.params.ids("ids"), at=call.at)
    return {}


urls = [
    route("api/v1/notifications", GET=index),
    route("api/v1/notifications/clear", POST=clear),
    route("api/v1/notifications/dismiss", POST=dismiss_old),
    route("api/v1/notifications/destroy_multiple", DELETE=dismiss_many),
    route("api/v1/notifications/unread_count", GET=unread_count),
    route("api/v1/notifications/<notification_id>/dismiss", POST=dismiss),
    route("api/v1/notifications/<notification_id>", GET=show),
]
"""After ``notification_policy``, whose addresses would be taken for ids here."""
