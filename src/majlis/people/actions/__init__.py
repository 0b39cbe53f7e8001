"""Changing people. Keywords only; ``by`` is the id of the acting profile, ``at`` the moment.

Each is one transaction of its own, or part of the caller's.
"""

from majlis.people.actions.blocks import (
    block,
    block_domain,
    delete_expired_mutes,
    mute,
    unblock,
    unblock_domain,
    unmute,
)
from majlis.people.actions.circles import (
    add_to_circle,
    create_circle,
    delete_circle,
    remove_from_circle,
    rename_circle,
)
from majlis.people.actions.follows import (
    accept,
    accept_all,
    follow,
    follow_in_bulk,
    refuse,
    remove_follower,
    unfollow,
)
from majlis.people.actions.lists import (
    add_all_to_list,
    add_to_list,
    change_list,
    create_list,
    delete_list,
    remove_from_list,
)
from majlis.people.actions.private import dismiss_suggestion, endorse, unendorse, write_note
from majlis.people.actions.profiles import (
    change_preferences,
    change_profile,
    count_posts,
    create_profile,
    delete_profile,
    hand_over,
    limit_profile,
    restore_profile,
    set_avatar,
    set_header,
    unlimit_profile,
    verify_fields,
    withdraw_profile,
)

__all__ = [
    "accept",
    "accept_all",
    "add_all_to_list",
    "add_to_circle",
    "add_to_list",
    "block",
    "block_domain",
    "change_list",
    "change_preferences",
    "change_profile",
    "count_posts",
    "create_circle",
    "create_list",
    "create_profile",
    "delete_circle",
    "delete_expired_mutes",
    "delete_list",
    "delete_profile",
    "dismiss_suggestion",
    "endorse",
    "follow",
    "follow_in_bulk",
    "hand_over",
    "limit_profile",
    "mute",
    "refuse",
    "remove_follower",
    "remove_from_circle",
    "remove_from_list",
    "rename_circle",
    "restore_profile",
    "set_avatar",
    "set_header",
    "unblock",
    "unblock_domain",
    "unendorse",
    "unfollow",
    "unlimit_profile",
    "unmute",
    "verify_fields",
    "withdraw_profile",
    "write_note",
]
