"""What members do with their notifications: dismiss, choose what they are told, accept senders, subscribe."""

from majlis.notifications.actions.dismissing import clear, dismiss, dismiss_group, dismiss_many
from majlis.notifications.actions.policy import change_policy, stop_digest
from majlis.notifications.actions.requests import accept_requests, dismiss_requests
from majlis.notifications.actions.subscriptions import change_subscription, subscribe, unsubscribe

__all__ = [
    "accept_requests",
    "change_policy",
    "change_subscription",
    "clear",
    "dismiss",
    "dismiss_group",
    "dismiss_many",
    "dismiss_requests",
    "stop_digest",
    "subscribe",
    "unsubscribe",
]
