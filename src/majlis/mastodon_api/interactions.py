"""What members do with a post: reactions, boosts, bookmarks, pins, muted conversations; and who did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from majlis.feeds.hydration import load_people
from majlis.feeds.lists import by_ids
from majlis.mastodon_api import presentation
from majlis.mastodon_api.request import Answer, Call, View, endpoint, route
from majlis.mastodon_api.statuses import one
from majlis.mastodon_api.writing import AUDIENCES
from majlis.posts import actions
from majlis.posts import queries as posts


def _does(scope: str, act: Callable[..., int], *, timed: bool = False, **more: Any) -> View:
    """An endpoint that does one thing with a post and answers with the post as it is then."""

    @endpoint(scope)
    def deed(call: Call, post_id: int) -> bytes:
        at = {"at": call.at} if timed else {}
        return one(call, act(by=call.me, post_id=post_id, **at, **more))

    return deed


@endpoint("write:statuses")
def reblog(call: Call, post_id: int) -> bytes:
    """Boost; the answer is the boost, with the post in it."""
    visibility = call.params.choice("visibility", AUDIENCES, "public")
    bearer = call.bearer
    made = actions.boost(
        by=call.me,
        post_id=post_id,
        at=call.at,
        audience=AUDIENCES[visibility],
        application_id=bearer.application_id if bearer else None,
    )
    return one(call, made)


@endpoint("write:favourites")
def react(call: Call, post_id: int, name: str) -> bytes:
    """One of six reactions, in place of the one before."""
    return one(call, actions.react(by=call.me, post_id=post_id, at=call.at, kind=name))


@endpoint("write:favourites")
def unreact(call: Call, post_id: int, name: str) -> bytes:
    return one(call, actions.unreact(by=call.me, post_id=post_id, kind=name))


@endpoint("read:statuses", public=True)
def favourited_by(call: Call, post_id: int) -> Answer:
    page = call.page(default=40, most=80)
    found = posts.reacted_by(post_id=post_id, viewer=call.viewer, page=page)
    return _people(call, [(cursor, who) for cursor, who, _kind in found])


@endpoint("read:statuses", public=True)
def reblogged_by(call: Call, post_id: int) -> Answer:
    page = call.page(default=40, most=80)
    return _people(call, posts.boosted_by(post_id=post_id, viewer=call.viewer, page=page))


def _people(call: Call, pairs: list[tuple[int, int]]) -> Answer:
    found = call.page(default=40, most=80).slice_of(pairs)
    profiles = load_people(found.items)
    shown = [profiles[id_] for id_ in found.items if id_ in profiles]
    return call.listed(found, presentation.accounts_json(shown))


@endpoint("read:statuses")
def quotes(call: Call, post_id: int) -> Answer:
    """The posts that quote a post."""
    page = call.page()
    ids = posts.quotes_of(post_id=post_id, viewer=call.me, page=page)
    found = page.slice_of([(id_, id_) for id_ in (reversed(ids) if page.upward else ids)])
    batch = by_ids(ids=ids, viewer=call.me, at=call.at)
    return call.listed(found, presentation.statuses_json(batch, ids, at=call.at))


_OF_A_POST = {
    "favourite": _does("write:favourites", actions.react, timed=True, keep=True),
    "unfavourite": _does("write:favourites", actions.unreact),
    "reblog": reblog,
    "unreblog": _does("write:statuses", actions.unboost, timed=True),
    "bookmark": _does("write:bookmarks", actions.bookmark, timed=True),
    "unbookmark": _does("write:bookmarks", actions.unbookmark),
    "mute": _does("write:mutes", actions.mute_thread, timed=True),
    "unmute": _does("write:mutes", actions.unmute_thread),
    "pin": _does("write:accounts", actions.pin, timed=True),
    "unpin": _does("write:accounts", actions.unpin),
}

urls = [
    *(route(f"api/v1/statuses/<post_id>/{name}", POST=view) for name, view in _OF_A_POST.items()),
    route("api/v1/statuses/<post_id>/react/<name>", POST=react),
    route("api/v1/statuses/<post_id>/unreact/<name>", POST=unreact),
    route("api/v1/statuses/<post_id>/favourited_by", GET=favourited_by),
    route("api/v1/statuses/<post_id>/reblogged_by", GET=reblogged_by),
    route("api/v1/statuses/<post_id>/quotes", GET=quotes),
]
