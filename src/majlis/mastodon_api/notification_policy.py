"""What the viewer takes, keeps back or drops, and those whose notifications were kept back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotThere
from majlis.feeds.hydration import load_people
from majlis.feeds.lists import by_ids
from majlis.mastodon_api import presentation
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.notifications import actions, queries
from majlis.notifications.queries import PolicyView, RequestView

RULINGS: Final = ("accept", "filter", "drop")
CLASSES: Final = (
    "for_not_following",
    "for_not_followers",
    "for_new_accounts",
    "for_private_mentions",
    "for_limited_accounts",
)
#: What older apps know: yes or no, and not of limited accounts.
SWITCHES: Final = {name.replace("for_", "filter_", 1): name for name in CLASSES[:4]}


def _summary(policy: PolicyView) -> dict[str, int]:
    return {
        "pending_requests_count": policy.pending_senders,
        "pending_notifications_count": policy.pending_notifications,
    }


def _policy(call: Call) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/NotificationPolicy/"""
    policy = queries.policy(viewer=call.me, at=call.at)
    return {**{name: getattr(policy, name) for name in CLASSES}, "summary": _summary(policy)}


def _policy_v1(call: Call) -> dict[str, Any]:
    policy = queries.policy(viewer=call.me, at=call.at)
    switches = {switch: getattr(policy, name) != "accept" for switch, name in SWITCHES.items()}
    return {**switches, "summary": _summary(policy)}


@endpoint("read:notifications")
def show(call: Call) -> Any:
    """The policy."""
    return _policy(call)


@endpoint("write:notifications")
def change(call: Call) -> Any:
    """Change what is sent."""
    chosen = {name: call.params.choice(name, RULINGS, "") for name in CLASSES}
    actions.change_policy(by=call.me, **_given(chosen))
    return _policy(call)


def _given(chosen: dict[str, str]) -> dict[str, Any]:
    return {name: ruling for name, ruling in chosen.items() if ruling}


@endpoint("read:notifications")
def show_v1(call: Call) -> Any:
    """The policy for older apps."""
    return _policy_v1(call)


@endpoint("write:notifications")
def change_v1(call: Call) -> Any:
    """Keep back or take. What is dropped already stays dropped: an old app calls that kept back too."""
    now = queries.policy(viewer=call.me, at=call.at)
    chosen = {}
    for switch, name in SWITCHES.items():
        wanted = call.params.maybe_flag(switch)
        if wanted is not None and wanted != (getattr(now, name) != "accept"):
            chosen[name] = "filter" if wanted else "accept"
    actions.change_policy(by=call.me, **_given(chosen))
    return _policy_v1(call)


# requests


def _requests(call: Call, views: Sequence[RequestView]) -> list[dict[str, Any]]:
    """https://docs.joinmastodon.org/entities/NotificationRequest/"""
    people = load_people([view.sender_id for view in views])
    posts = [view.last_post_id for view in views if view.last_post_id is not None]
    batch = by_ids(ids=posts, viewer=call.me, at=call.at, context="notifications")
    return [
        {
            "id": str(view.id),
            "created_at": moment(view.made_at),
            "updated_at": moment(view.updated_at),
            "notifications_count": str(view.count),
            "account": msgspec.Raw(presentation.account_json(people[view.sender_id])),
            "last_status": msgspec.Raw(presentation.status_json(batch, post, at=call.at))
            if (post := batch.posts.get(view.last_post_id or 0))
            else None,
        }
        for view in views
        if view.sender_id in people
    ]


def _request(call: Call, request_id: int) -> RequestView:
    found = queries.one_request(viewer=call.me, request_id=request_id, at=call.at)
    if found is None:
        raise NotThere(_("There is no such request."))
    return found


@endpoint("read:notifications")
def requests(call: Call) -> Any:
    """Whose notifications are kept back."""
    found = queries.requests(viewer=call.me, page=call.page(default=40, most=80), at=call.at)
    return call.listed(found, _requests(call, found.items))


@endpoint("read:notifications")
def show_request(call: Call, request_id: int) -> Any:
    """One of them."""
    shown = _requests(call, [_request(call, request_id)])
    return shown[0] if shown else {}


@endpoint("write:notifications")
def accept(call: Call, request_id: int) -> Any:
    """Take all that somebody sends, from now on and what was kept back."""
    request = _request(call, request_id)
    actions.accept_requests(by=call.me, request_ids=[request.id], at=call.at)
    return {}


@endpoint("write:notifications")
def dismiss(call: Call, request_id: int) -> Any:
    """Take away what was kept back of somebody."""
    actions.dismiss_requests(by=call.me, request_ids=[_request(call, request_id).id])
    return {}


@endpoint("write:notifications")
def accept_many(call: Call) -> Any:
    """The same for several; ids that are not hers are passed over."""
    actions.accept_requests(by=call.me, request_ids=call.params.ids("id"), at=call.at)
    return {}


@endpoint("write:notifications")
def dismiss_many(call: Call) -> Any:
    """The same for several; ids that are not hers are passed over."""
    actions.dismiss_requests(by=call.me, request_ids=call.params.ids("id"))
    return {}


@endpoint("read:notifications")
def merged(call: Call) -> Any:
    """Whether accepted ones stand among the others: they do at once."""
    return {"merged": True}


urls = [
    route("api/v2/notifications/policy", GET=show, PUT=change),
    route("api/v1/notifications/policy", GET=show_v1, PUT=change_v1),
    route("api/v1/notifications/requests", GET=requests),
    route("api/v1/notifications/requests/accept", POST=accept_many),
    route("api/v1/notifications/requests/dismiss", POST=dismiss_many),
    route("api/v1/notifications/requests/merged", GET=merged),
    route("api/v1/notifications/requests/<request_id>", GET=show_request),
    route("api/v1/notifications/requests/<request_id>/accept", POST=accept),
    route("api/v1/notifications/requests/<request_id>/dismiss", POST=dismiss),
]
