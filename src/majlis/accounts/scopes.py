"""What an app may be allowed to do: Mastodon's scopes, their order, and their sentences.

A broad scope holds its narrow ones (``read`` holds ``read:statuses``); ``follow`` is older than those and
holds six of them. Source: docs.joinmastodon.org/api/oauth-scopes, and the scopes its endpoints name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEFAULT: Final = "read"

_ADMIN: Final = (
    "accounts canonical_email_blocks domain_allows domain_blocks email_domain_blocks ip_blocks reports"
)

FOLLOW: Final = frozenset(
    f"{verb}:{noun}" for verb in ("read", "write") for noun in ("blocks", "follows", "mutes")
)

#: Every scope there is, with what it allows as a sentence for the member who is asked.
SENTENCES: Final[dict[str, str | Promise]] = {
    "profile": _("Know which profile is yours"),
    "read": _("Read everything you can read"),
    "read:accounts": _("See profiles and your settings"),
    "read:blocks": _("See whom you block"),
    "read:bookmarks": _("See your bookmarks"),
    "read:collections": _("See your collections"),
    "read:favourites": _("See what you reacted to"),
    "read:filters": _("See your filters"),
    "read:follows": _("See whom you follow"),
    "read:lists": _("See your lists"),
    "read:mutes": _("See whom you mute"),
    "read:notifications": _("See your notifications"),
    "read:search": _("Search on your behalf"),
    "read:statuses": _("Read posts, those shared only with you too"),
    "write": _("Change everything you can change, and post as you"),
    "write:accounts": _("Change your profile"),
    "write:blocks": _("Block and unblock people"),
    "write:bookmarks": _("Add and remove bookmarks"),
    "write:collections": _("Change your collections"),
    "write:conversations": _("Hide and delete conversations"),
    "write:favourites": _("React to posts"),
    "write:filters": _("Change your filters"),
    "write:follows": _("Follow and unfollow people"),
    "write:lists": _("Change your lists"),
    "write:media": _("Upload photos and files"),
    "write:mutes": _("Mute people and conversations"),
    "write:notifications": _("Clear your notifications"),
    "write:reports": _("Report people and posts"),
    "write:statuses": _("Post, edit and delete as you"),
    "follow": _("See and change whom you follow, mute and block"),
    "push": _("Send you push notifications"),
    "admin:read": _("See everything the operator sees"),
    "admin:write": _("Do everything the operator does"),
    **{f"admin:read:{noun}": _("See what the operator sees, in part") for noun in _ADMIN.split()},
    **{f"admin:write:{noun}": _("Do what the operator does, in part") for noun in _ADMIN.split()},
}
ALL: Final = frozenset(SENTENCES)
#: What an app without a member can be given: nothing of the operator's.
OF_MEMBERS: Final = frozenset(scope for scope in ALL if not scope.startswith("admin:"))


def parse(text: str) -> tuple[str, ...]:
    """The scopes in a text separated by white space, each once, in the order given; the default for none."""
    return tuple(dict.fromkeys(text.split())) or (DEFAULT,)


def allows(held: Collection[str], needed: str) -> bool:
    """Whether somebody who holds these scopes may do what needs that one."""
    if needed in held or ("follow" in held and needed in FOLLOW):
        return True
    broad, colon, _narrow = needed.rpartition(":")
    return bool(colon) and allows(held, broad)


def covers(held: Collection[str], asked: Iterable[str]) -> bool:
    """Whether all that is asked lies within what is held. ``follow`` is asked for as its six parts."""
    wanted = {part for scope in asked for part in (FOLLOW if scope == "follow" else {scope})}
    return all(allows(held, scope) or ("follow" in held and scope in FOLLOW) for scope in wanted)


def within(held: Collection[str]) -> frozenset[str]:
    """Every scope that lies within those held."""
    return frozenset(scope for scope in ALL if covers(held, [scope]))
