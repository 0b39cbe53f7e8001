"""What the operator tells everybody."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.safety import actions, queries
from majlis.safety.views import AnnouncementView


@endpoint("")
def index(call: Call) -> Any:
    """What is told now; dismissed ones only with ``with_dismissed``."""
    with_read = call.params.flag("with_dismissed")
    found = queries.announcements(viewer=call.me, at=call.at)
    return [_announcement(each) for each in found if with_read or not each.read]


def _announcement(view: AnnouncementView) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Announcement/"""
    return {
        "id": str(view.id),
        "content": view.html_in(get_language() or "en"),
        "starts_at": moment(view.starts_at) if view.starts_at else None,
        "ends_at": moment(view.ends_at) if view.ends_at else None,
        "all_day": False,
        "published_at": moment(view.published_at or view.made_at),
        "updated_at": moment(view.published_at or view.made_at),
        "read": view.read,
        "mentions": [],
        "statuses": [],
        "tags": [],
        "emojis": [],
        "reactions": [],
    }


@endpoint("write:accounts")
def dismiss(call: Call, announcement_id: int) -> Any:
    """She has read it."""
    actions.dismiss_announcement(announcement_id=announcement_id, by=call.me, at=call.at)
    return {}


urls = [
    route("api/v1/announcements", GET=index),
    route("api/v1/announcements/<announcement_id>/dismiss", POST=dismiss),
]
