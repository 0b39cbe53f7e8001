"""Everything that can be done to posts. One transaction each, events told inside it."""

from majlis.posts.actions.boosts import boost, unboost
from majlis.posts.actions.covering import set_sensitive
from majlis.posts.actions.deleting import UNDO_WITHIN, delete, purge, put_back, restore, take_down
from majlis.posts.actions.drafts import discard, keep_draft, publish_due, reschedule, schedule
from majlis.posts.actions.editing import edit
from majlis.posts.actions.marks import bookmark, mute_thread, pin, unbookmark, unmute_thread, unpin
from majlis.posts.actions.policies import revoke_quote, set_policies
from majlis.posts.actions.polls import close_poll, vote
from majlis.posts.actions.publishing import KEY_LASTS, Published, forget_keys, publish
from majlis.posts.actions.reacting import react, unreact
from majlis.posts.actions.tags import (
    allow_to_trend,
    feature_tag,
    follow_tag,
    unfeature_tag,
    unfollow_tag,
)

__all__ = [
    "KEY_LASTS",
    "UNDO_WITHIN",
    "Published",
    "allow_to_trend",
    "bookmark",
    "boost",
    "close_poll",
    "delete",
    "discard",
    "edit",
    "feature_tag",
    "follow_tag",
    "forget_keys",
    "keep_draft",
    "mute_thread",
    "pin",
    "publish",
    "publish_due",
    "purge",
    "put_back",
    "react",
    "reschedule",
    "restore",
    "revoke_quote",
    "schedule",
    "set_policies",
    "set_sensitive",
    "take_down",
    "unbookmark",
    "unboost",
    "unfeature_tag",
    "unfollow_tag",
    "unmute_thread",
    "unpin",
    "unreact",
    "vote",
]
