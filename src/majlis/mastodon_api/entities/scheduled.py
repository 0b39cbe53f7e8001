"""ScheduledStatus: what will be posted, with the parameters as they were sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.entities.status import VISIBILITY, MediaAttachment, media
from majlis.media.queries import Photo
from majlis.posts.composing import PollParams, PostParams
from majlis.posts.queries import DraftView

#: Mastodon's words for who may quote; what they do not know is "nobody" to older apps.
QUOTE_POLICIES: Mapping[str, str] = {"everyone": "public", "followers": "followers", "friends": "followers"}


class ScheduledStatus(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/ScheduledStatus/. ``majlis_failure``: why it could not leave."""

    id: str
    scheduled_at: str
    params: dict[str, Any]
    media_attachments: list[MediaAttachment]
    majlis_failure: str | None


def scheduled(draft: DraftView, photos: Mapping[int, Photo]) -> ScheduledStatus:
    """A post that waits for its hour."""
    due_at = draft.due_at or draft.made_at
    return ScheduledStatus(
        id=str(draft.id),
        scheduled_at=moment(due_at),
        params=_params(draft.params),
        media_attachments=[media(photos[id_]) for id_ in draft.params.photo_ids if id_ in photos],
        majlis_failure=draft.failure or None,
    )


def _params(params: PostParams) -> dict[str, Any]:
    return {
        "text": params.text,
        "media_ids": [str(id_) for id_ in params.photo_ids] or None,
        "sensitive": params.sensitive,
        "spoiler_text": params.warning or None,
        "visibility": VISIBILITY[params.audience],
        "language": params.language or None,
        # ids as numbers, because Mastodon's are numbers in this one place
        "in_reply_to_id": params.reply_to_id,
        "quoted_status_id": str(params.quote_of_id) if params.quote_of_id else None,
        "quote_approval_policy": QUOTE_POLICIES.get(params.may_quote, "nobody"),
        "poll": _poll(params.poll) if params.poll else None,
        "scheduled_at": None,
        "application_id": 0,
        "idempotency": None,
        "with_rate_limit": False,
        "majlis": {
            "audience": params.audience,
            "circle_id": str(params.circle_id) if params.circle_id else None,
            "may_reply": params.may_reply,
            "title": params.title or None,
        },
    }


def _poll(poll: PollParams) -> dict[str, Any]:
    return {
        "options": list(poll.options),
        "expires_in": int(poll.lasts.total_seconds()),
        "multiple": poll.multiple,
        "hide_totals": poll.hide_totals,
    }
