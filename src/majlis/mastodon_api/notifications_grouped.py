"""What the viewer is told, grouped: "Bob and three others liked your post"."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotThere
from majlis.mastodon_api import profiles
from majlis.mastodon_api.entities import notification as entities
from majlis.mastodon_api.notifications import asked, counted, last_read
from majlis.mastodon_api.params import Params
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.notifications import actions, queries
from majlis.notifications.queries import GroupView


def _grouped(params: Params) -> list[str] | None:
    """The types to be grouped; none named: all that can be."""
    return params.texts("grouped_types") if params.has("grouped_types") else None


def _partial(params: Params) -> bool:
    return params.choice("expand_accounts", ("full", "partial_avatars"), "full") == "partial_avatars"


@endpoint("read:notifications")
def index(call: Call) -> Any:
    """A page of groups."""
    found = queries.grouped(
        viewer=call.me,
        page=call.page(default=40, most=80),
        at=call.at,
        include_held=call.params.flag("include_filtered"),
        grouped_types=_grouped(call.params),
        **asked(call.params),
    )
    body = entities.groups(found.items, viewer=call.me, at=call.at, partial=_partial(call.params))
    return call.listed(found, body)


def _group(call: Call, group_key: str) -> GroupView:
    found = queries.group(viewer=call.me, group_key=group_key, at=call.at)
    if found is None:
        raise NotThere(_("There is no such notification."))
    return found


@endpoint("read:notifications")
def show(call: Call, group_key: str) -> Any:
    """One group."""
    return entities.groups([_group(call, group_key)], viewer=call.me, at=call.at)


@endpoint("read:notifications")
def accounts(call: Call, group_key: str) -> Any:
    """Everybody in a group."""
    _group(call, group_key)
    page = call.page(default=40, most=80)
    found = queries.group_actors(viewer=call.me, group_key=group_key, page=page, at=call.at)
    return profiles.page(call, found)


@endpoint("write:notifications")
def dismiss(call: Call, group_key: str) -> Any:
    """Take a group away."""
    actions.dismiss_group(by=call.me, group_key=group_key, at=call.at)
    return {}


@endpoint("read:notifications")
def unread_count(call: Call) -> Any:
    """How many groups are newer than the marker."""
    count = queries.unread_groups(
        viewer=call.me,
        last_read=last_read(call.me),
        at=call.at,
        grouped_types=_grouped(call.params),
        limit=counted(call),
        **asked(call.params),
    )
    return {"count": count}


def _urls(root: str) -> list[URLPattern]:
    return [
        route(root, GET=index),
        route(f"{root}/unread_count", GET=unread_count),
        route(f"{root}/<group_key>", GET=show),
        route(f"{root}/<group_key>/accounts", GET=accounts),
        route(f"{root}/<group_key>/dismiss", POST=dismiss),
    ]


urls = [*_urls("api/v2/notifications"), *_urls("api/v2_alpha/notifications")]
"""After ``notification_policy``, whose address would be taken for a group here."""
