"""``/api/v1/conversations``: threads of posts to the mentioned alone."""

from __future__ import annotations

from typing import Any

import msgspec

from majlis.feeds import conversations as feeds
from majlis.feeds.hydration import Batch
from majlis.mastodon_api import presentation
from majlis.mastodon_api.request import Answer, Call, endpoint, route


class Conversation(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/Conversation/"""

    id: str
    unread: bool
    accounts: msgspec.Raw
    last_status: msgspec.Raw


def _shown(call: Call, one: feeds.Conversation, batch: Batch) -> Conversation:
    others = [batch.people[id_] for id_ in one.with_ids if id_ in batch.people]
    return Conversation(
        id=str(one.id),
        unread=one.unread,
        accounts=msgspec.Raw(presentation.accounts_json(others)),
        last_status=msgspec.Raw(presentation.status_json(batch, batch.posts[one.last_id], at=call.at)),
    )


@endpoint("read:statuses")
def index(call: Call) -> Answer:
    page = feeds.conversations(viewer=call.me, page=call.page(), at=call.at)
    return call.listed(page.found, [_shown(call, one, page.batch) for one in page.found.items])


@endpoint("write:conversations")
def remove(call: Call, thread_id: int) -> dict[str, Any]:
    """Off the list; nothing is deleted for the others."""
    feeds.put_away(viewer=call.me, thread_id=thread_id, at=call.at)
    return {}


@endpoint("write:conversations")
def read(call: Call, thread_id: int) -> Conversation:
    feeds.mark_read(viewer=call.me, thread_id=thread_id, at=call.at)
    return _one(call, thread_id)


@endpoint("write:conversations")
def unread(call: Call, thread_id: int) -> Conversation:
    feeds.mark_read(viewer=call.me, thread_id=thread_id, at=call.at, read=False)
    return _one(call, thread_id)


def _one(call: Call, thread_id: int) -> Conversation:
    page = feeds.conversation(viewer=call.me, thread_id=thread_id, at=call.at)
    return _shown(call, page.found.items[0], page.batch)


urls = [
    route("api/v1/conversations", GET=index),
    route("api/v1/conversations/<thread_id>", DELETE=remove),
    route("api/v1/conversations/<thread_id>/read", POST=read),
    route("api/v1/conversations/<thread_id>/unread", POST=unread),
]
