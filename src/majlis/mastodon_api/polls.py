"""``/api/v1/polls``: a poll is seen by whoever sees its post."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput
from majlis.feeds.lists import by_ids
from majlis.mastodon_api.entities.status import Poll, poll
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.posts import access, actions


def _shown(call: Call, post_id: int) -> Poll:
    batch = by_ids(ids=[post_id], viewer=call.viewer, at=call.at)
    post = batch.posts.get(post_id)
    if post is None or post.poll is None:
        raise access.not_there()
    marks = batch.mine(post) if call.viewer else None
    return poll(post.poll, marks, at=call.at, author=post.author_id == call.viewer)


@endpoint("read:statuses", public=True)
def show(call: Call, poll_id: int) -> Poll:
    return _shown(call, access.see_poll(poll_id=poll_id, viewer=call.viewer).id)


@endpoint("write:statuses")
def vote(call: Call, poll_id: int) -> Poll:
    """Vote; ``choices`` are places from 0."""
    access.see_poll(poll_id=poll_id, viewer=call.me)
    chosen = [_choice(text) for text in call.params.texts("choices")]
    return _shown(call, actions.vote(by=call.me, poll_id=poll_id, choices=chosen, at=call.at))


def _choice(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        raise BadInput(_("Choose one of the options."), field="choices", code="unknown_choice")
    return int(text)


urls = [
    route("api/v1/polls/<poll_id>", GET=show),
    route("api/v1/polls/<poll_id>/votes", POST=vote),
]
