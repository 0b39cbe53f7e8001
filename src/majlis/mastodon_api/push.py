"""Where the app that asks wants to be pushed to. Found by its own token and nothing else: no id is taken
(GHSA-f3q8-7vw3-69v4). What is given is checked and stored, and never fetched here."""

from __future__ import annotations

from typing import Any

from majlis.core.errors import NotSignedIn
from majlis.mastodon_api.params import Params
from majlis.mastodon_api.request import Call, bearer_token, endpoint, route
from majlis.notifications import actions, queries
from majlis.notifications.queries import SubscriptionView
from majlis.notifications.vapid import public_key


def _subscription(view: SubscriptionView) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/WebPushSubscription/"""
    return {
        "id": str(view.id),
        "endpoint": view.endpoint,
        "standard": view.standard,
        "alerts": view.alerts,
        "policy": view.policy,
        "server_key": public_key(),
    }


def _token_id(call: Call) -> int:
    if call.bearer is None:
        raise NotSignedIn("")
    return call.bearer.token_id


def _alerts(data: Params) -> dict[str, bool]:
    alerts = data.nested("alerts") or Params({})
    return {kind: alerts.flag(kind) for kind in alerts.values}


def _data(call: Call) -> Params:
    return call.params.nested("data") or Params({})


@endpoint("push")
def show(call: Call) -> Any:
    """The subscription of the app that asks."""
    return _subscription(queries.subscription(token_id=_token_id(call)))


@endpoint("push")
def create(call: Call) -> Any:
    """Push here from now on; an earlier subscription of this app ends."""
    sent, data = call.params.nested("subscription") or Params({}), _data(call)
    keys = sent.nested("keys") or Params({})
    made = actions.subscribe(
        by=call.me,
        token_id=_token_id(call),
        access_token=bearer_token(call.request) or call.params.text("access_token"),
        endpoint=sent.text("endpoint"),
        p256dh=keys.text("p256dh"),
        auth=keys.text("auth"),
        alerts=_alerts(data),
        policy=data.text("policy") or "all",
        standard=sent.flag("standard"),
        at=call.at,
    )
    return _subscription(made)


@endpoint("push")
def change(call: Call) -> Any:
    """Push other kinds, or from other people."""
    data = _data(call)
    changed = actions.change_subscription(
        token_id=_token_id(call), alerts=_alerts(data), policy=data.text("policy") or None
    )
    return _subscription(changed)


@endpoint("push")
def remove(call: Call) -> Any:
    """Push no longer."""
    actions.unsubscribe(token_id=_token_id(call))
    return {}


urls = [route("api/v1/push/subscription", GET=show, POST=create, PUT=change, DELETE=remove)]
