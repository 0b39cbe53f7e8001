"""The viewer's lists and who is on them. Another's list is as unknown as one that nobody made."""

from __future__ import annotations

from typing import Any, Final, Literal, cast

from django.db import transaction

from majlis.mastodon_api import profiles
from majlis.mastodon_api.entities.person import list_
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.people import access, actions, queries

Replies = Literal["followed", "list", "none"]
REPLIES: Final = ("followed", "list", "none")


@endpoint("read:lists")
def index(call: Call) -> Any:
    """All lists."""
    return [list_(each) for each in queries.lists(owner_id=call.me)]


@endpoint("read:lists")
def show(call: Call, list_id: int) -> Any:
    """One list."""
    return list_(access.own_list(list_id=list_id, by=call.me))


@endpoint("write:lists")
def create(call: Call) -> Any:
    """A new, empty list."""
    made = actions.create_list(
        by=call.me,
        title=call.params.text("title"),
        replies=_replies(call) or "list",
        exclusive=call.params.flag("exclusive"),
        at=call.at,
    )
    return list_(access.own_list(list_id=made, by=call.me))


@endpoint("write:lists")
def change(call: Call, list_id: int) -> Any:
    """Another title or rule; what is not sent stays."""
    actions.change_list(
        list=access.own_list(list_id=list_id, by=call.me),
        by=call.me,
        title=call.params.maybe_text("title"),
        replies=_replies(call),
        exclusive=call.params.maybe_flag("exclusive"),
        at=call.at,
    )
    return list_(access.own_list(list_id=list_id, by=call.me))


def _replies(call: Call) -> Replies | None:
    """The rule for replies, or None when it was not sent."""
    chosen = call.params.choice("replies_policy", REPLIES, "")
    return cast("Replies", chosen) if chosen else None


@endpoint("write:lists")
def delete(call: Call, list_id: int) -> Any:
    """Delete a list."""
    actions.delete_list(list=access.own_list(list_id=list_id, by=call.me), by=call.me, at=call.at)
    return {}


@endpoint("read:lists")
def members(call: Call, list_id: int) -> Any:
    """Who is on a list; all of them when asked for a limit of 0, as apps do."""
    access.own_list(list_id=list_id, by=call.me)
    if call.params.text("limit").strip() == "0":
        return profiles.many(queries.list_member_ids(owner_id=call.me, list_id=list_id))
    page = call.page(default=40, most=80)
    return profiles.page(call, queries.list_members(owner_id=call.me, list_id=list_id, page=page))


@endpoint("write:lists")
def add(call: Call, list_id: int) -> Any:
    """Put people on a list, all or none."""
    own = access.own_list(list_id=list_id, by=call.me)
    wanted = access.see_profiles(profile_ids=call.params.ids("account_ids"), viewer_id=call.me)
    actions.add_all_to_list(list=own, by=call.me, members=wanted, at=call.at)
    return {}


@endpoint("write:lists")
def remove(call: Call, list_id: int) -> Any:
    """Take people off a list; ids come in the body or the query."""
    own = access.own_list(list_id=list_id, by=call.me)
    with transaction.atomic():
        for member_id in call.params.ids("account_ids"):
            actions.remove_from_list(list=own, by=call.me, member_id=member_id, at=call.at)
    return {}


urls = [
    route("api/v1/lists", GET=index, POST=create),
    route("api/v1/lists/<list_id>", GET=show, PUT=change, DELETE=delete),
    route("api/v1/lists/<list_id>/accounts", GET=members, POST=add, DELETE=remove),
]
