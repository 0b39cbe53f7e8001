"""Requests to follow the viewer: who waits, and her word."""

from __future__ import annotations

from typing import Any

from majlis.mastodon_api import profiles
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.people import actions, queries


@endpoint("read:follows")
def index(call: Call) -> Any:
    """Who asks to follow."""
    return profiles.page(
        call, queries.follow_requests(profile_id=call.me, page=call.page(default=40, most=80))
    )


@endpoint("write:follows")
def authorize(call: Call, account_id: int) -> Any:
    """Let somebody follow who asked."""
    actions.accept(by=call.me, follower_id=account_id, at=call.at)
    return profiles.standing(call, account_id)


@endpoint("write:follows")
def reject(call: Call, account_id: int) -> Any:
    """Refuse somebody who asked, without telling."""
    actions.refuse(by=call.me, follower_id=account_id, at=call.at)
    return profiles.standing(call, account_id)


urls = [
    route("api/v1/follow_requests", GET=index),
    route("api/v1/follow_requests/<account_id>/authorize", POST=authorize),
    route("api/v1/follow_requests/<account_id>/reject", POST=reject),
]
