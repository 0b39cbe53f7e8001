"""``/api/v1/scheduled_statuses``: posts that wait for their hour."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from majlis.core import json
from majlis.core.errors import BadInput, NotThere
from majlis.mastodon_api.entities.scheduled import scheduled
from majlis.mastodon_api.request import Answer, Call, endpoint, route
from majlis.media import queries as media
from majlis.posts import actions
from majlis.posts import queries as posts
from majlis.posts.queries import DraftView


def _one(call: Call, draft_id: int) -> DraftView:
    draft = posts.draft(by=call.me, draft_id=draft_id)
    if draft is None or draft.due_at is None:
        raise NotThere(_("This draft is not there, or not yours."))
    return draft


def scheduled_answer(call: Call, draft_id: int) -> bytes:
    """A ScheduledStatus of the one who asks.

    Raises:
        NotThere: it is not there, or not hers.
    """
    draft = _one(call, draft_id)
    photos = media.photos(photo_ids=draft.params.photo_ids, owner=call.me)
    return json.encode(scheduled(draft, photos))


@endpoint("read:statuses")
def index(call: Call) -> Answer:
    page = call.page()
    drafts = posts.scheduled(by=call.me, page=page)
    found = page.slice_of([(draft.id, draft) for draft in drafts])
    wanted = {id_ for draft in drafts for id_ in draft.params.photo_ids}
    photos = media.photos(photo_ids=wanted, owner=call.me)
    return call.listed(found, [scheduled(draft, photos) for draft in found.items])


@endpoint("read:statuses")
def show(call: Call, draft_id: int) -> bytes:
    return scheduled_answer(call, draft_id)


@endpoint("write:statuses")
def move(call: Call, draft_id: int) -> bytes:
    """Another hour."""
    _one(call, draft_id)
    due = call.params.moment("scheduled_at")
    if due is None:
        raise BadInput(_("Say when this post is to leave."), field="scheduled_at")
    actions.reschedule(by=call.me, draft_id=draft_id, due=due, at=call.at)
    return scheduled_answer(call, draft_id)


@endpoint("write:statuses")
def discard(call: Call, draft_id: int) -> dict[str, Any]:
    _one(call, draft_id)
    actions.discard(by=call.me, draft_id=draft_id)
    return {}


urls = [
    route("api/v1/scheduled_statuses", GET=index),
    route("api/v1/scheduled_statuses/<draft_id>", GET=show, PUT=move, DELETE=discard),
]
