"""What the operator tells everybody."""

from __future__ import annotations

from html import escape
from typing import Any

from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.safety import announcements
from majlis.safety.announcements import AnnouncementView


@endpoint("")
def index(call: Call) -> Any:
    """What is told now; dismissed ones only with ``with_dismissed``."""
    with_read = call.params.flag("with_dismissed")
    found = announcements.announcements(viewer=call.me, at=call.at, with_read=with_read)
    return [_announcement(each) for each in found]


def _announcement(view: AnnouncementView) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Announcement/"""
    return {
        "id": str(view.id),
        "content": view.html or f"<p>{escape(view.text)}</p>",
        "starts_at": moment(view.starts_at) if view.starts_at else None,
        "ends_at": moment(view.ends_at) if view.ends_at else None,
        "all_day": False,
        "published_at": moment(view.published_at),
        "updated_at": moment(view.published_at),
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
    announcements.dismiss(announcement_id=announcement_id, by=call.me, at=call.at)
    return {}


urls = [
    route("api/v1/announcements", GET=index),
    route("api/v1/announcements/<announcement_id>/dismiss", POST=dismiss),
]
