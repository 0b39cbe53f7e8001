"""``/api/v1/statuses``: writing, reading, changing and deleting posts."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from majlis.accounts import limits
from majlis.core import json
from majlis.core.errors import BadInput, NotAllowed, NotNow
from majlis.feeds.hydration import just_written, load_people, load_viewer
from majlis.feeds.lists import by_ids
from majlis.feeds.threads import thread_page
from majlis.mastodon_api import presentation, writing
from majlis.mastodon_api.entities.status import StatusSource, revision
from majlis.mastodon_api.params import Params
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.mastodon_api.scheduled import scheduled_answer
from majlis.posts import access, actions
from majlis.posts import queries as posts

MOST_AT_ONCE: Final = 40


def one(call: Call, post_id: int) -> bytes:
    """A Status as the one who asks sees it.

    Raises:
        NotThere: it is not there or not for her.
    """
    batch = by_ids(ids=[post_id], viewer=call.viewer, at=call.at)
    post = batch.posts.get(post_id)
    if post is None or post.author_id not in batch.people:
        raise access.not_there()
    return presentation.status_json(batch, post, at=call.at)


@endpoint("write:statuses")
def create(call: Call) -> bytes:
    """Post, or schedule a post: then the answer is a ScheduledStatus."""
    bearer = call.bearer
    assert bearer is not None  # noqa: S101  # not public
    writer = load_viewer(call.me, user_id=bearer.user_id or 0)
    if writer is None:
        raise NotAllowed(_("This profile is not in use."), code="withdrawn")
    params = writing.new_post(call.params, writer=writer)
    due = call.params.moment("scheduled_at")
    key = call.request.headers.get("Idempotency-Key", "")
    limits.take("post", f"profile {call.me}")
    if due is not None:
        draft_id = actions.schedule(by=call.me, params=params, due=due, at=call.at, key=key)
        return scheduled_answer(call, draft_id)
    made = actions.publish(
        by=call.me, params=params, at=call.at, key=key, application_id=bearer.application_id
    )
    if not made.fresh:
        return one(call, made.post_id)
    batch = just_written(made.post_id, by=call.me)
    return presentation.status_json(batch, batch.posts[made.post_id], at=call.at)


@endpoint("read:statuses", public=True)
def show(call: Call, post_id: int) -> bytes:
    return one(call, post_id)


@endpoint("read:statuses", public=True)
def several(call: Call) -> bytes:
    """Those of the ids that the one who asks may see, in the order asked."""
    ids = call.params.ids("id", most=MOST_AT_ONCE)
    return presentation.statuses_json(by_ids(ids=ids, viewer=call.viewer, at=call.at), ids, at=call.at)


@endpoint("write:statuses")
def edit(call: Call, post_id: int) -> bytes:
    post = access.own(post_id=post_id, by=call.me, lock=False)
    params = writing.changed_post(call.params, post=post)
    changed = writing.descriptions(call.params)
    actions.edit(by=call.me, post_id=post_id, params=params, at=call.at, descriptions=changed)
    return one(call, post_id)


@endpoint("write:statuses")
def delete(call: Call, post_id: int) -> bytes:
    """Delete; the answer is what was deleted, with its text, so that it can be written anew."""
    access.own(post_id=post_id, by=call.me, lock=False)
    batch = by_ids(ids=[post_id], viewer=call.me, at=call.at)
    answer = presentation.source_json(batch, batch.posts[post_id], at=call.at)
    limits.take("delete", f"profile {call.me}")
    actions.delete(by=call.me, post_id=post_id, at=call.at, with_photos=call.params.flag("delete_media"))
    return answer


@endpoint("read:statuses", public=True)
def context(call: Call, post_id: int) -> bytes:
    """What stands above a post and what below."""
    found = thread_page(post_id=post_id, viewer=call.viewer, at=call.at)
    above = presentation.statuses_json(found.batch, found.ancestors, at=call.at)
    below = presentation.statuses_json(found.batch, found.descendants, at=call.at)
    return b'{"ancestors":%s,"descendants":%s}' % (above, below)


@endpoint("read:statuses")
def source(call: Call, post_id: int) -> StatusSource:
    """What was typed."""
    post = access.see(post_id=post_id, viewer=call.me)
    return StatusSource(
        id=str(post.id),
        text=post.text,
        spoiler_text=post.warning,
        majlis={
            "title": post.title or None,
            "audience": post.audience,
            # a circle is its owner's secret
            "circle_id": str(post.circle_id) if post.circle_id and post.author_id == call.me else None,
        },
    )


@endpoint("read:statuses", public=True)
def history(call: Call, post_id: int) -> bytes:
    """All versions, the first one first."""
    versions = posts.history(post_id=post_id, viewer=call.viewer)
    batch = by_ids(ids=[post_id], viewer=call.viewer, at=call.at)
    post = batch.posts[post_id]
    author = presentation.account_json(load_people([post.author_id])[post.author_id])
    photos = {photo.id: photo for photo in post.photos}
    return json.encode([revision(version, account=author, photos=photos) for version in versions])


@endpoint("read:statuses", public=True)
def card(call: Call, post_id: int) -> bytes:
    """The card alone; an empty object when there is none (as Mastodon does)."""
    batch = by_ids(ids=[post_id], viewer=call.viewer, at=call.at)
    post = batch.posts.get(post_id)
    if post is None:
        raise access.not_there()
    return presentation.card_json(post)


@endpoint("read:statuses")
def translate(call: Call, post_id: int) -> HttpResponse:
    """No service for translations is configured."""
    access.see(post_id=post_id, viewer=call.me)
    raise NotNow(_("This server has no service for translations."), code="no_translations")


@endpoint("write:statuses")
def interaction_policy(call: Call, post_id: int) -> bytes:
    """Who may quote from now on; not an edit."""
    access.own(post_id=post_id, by=call.me, lock=False)
    sent: Params = call.params
    word = sent.choice("quote_approval_policy", writing.QUOTERS, "")
    reply = (sent.nested("majlis") or Params({})).text("may_reply") or None
    if not word and not reply:
        raise BadInput(_("Say who may quote this post."), field="quote_approval_policy")
    actions.set_policies(by=call.me, post_id=post_id, may_quote=writing.QUOTERS.get(word), may_reply=reply)
    return one(call, post_id)


@endpoint("write:statuses")
def revoke_quote(call: Call, post_id: int, quoting_id: int) -> bytes:
    """Take one's own post out of somebody's quote."""
    return one(call, actions.revoke_quote(by=call.me, post_id=post_id, quoting_id=quoting_id))


urls = [
    route("api/v1/statuses", GET=several, POST=create),
    route("api/v1/statuses/<post_id>", GET=show, PUT=edit, DELETE=delete),
    route("api/v1/statuses/<post_id>/context", GET=context),
    route("api/v1/statuses/<post_id>/source", GET=source),
    route("api/v1/statuses/<post_id>/history", GET=history),
    route("api/v1/statuses/<post_id>/card", GET=card),
    route("api/v1/statuses/<post_id>/translate", POST=translate),
    route("api/v1/statuses/<post_id>/interaction_policy", PUT=interaction_policy),
    route("api/v1/statuses/<post_id>/quotes/<quoting_id>/revoke", POST=revoke_quote),
]
