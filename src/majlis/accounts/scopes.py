"""What an app may be allowed to do: Mastodon's scopes and their order. Their sentences are the page's.

A broad scope holds its narrow ones (``read`` holds ``read:statuses``); ``follow`` is older than those and
holds six of them. Source: docs.joinmastodon.org/api/oauth-scopes, and the scopes its endpoints name. ``studio`` is ours:
what a business's team sees and does; no other scope holds it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

DEFAULT: Final = "read"

_READ: Final = (
    "accounts blocks bookmarks collections favourites filters follows lists mutes notifications search "
    "statuses"
)
_WRITE: Final = (
    "accounts blocks bookmarks collections conversations favourites filters follows lists media mutes "
    "notifications reports statuses"
)
_ADMIN: Final = (
    "accounts canonical_email_blocks domain_allows domain_blocks email_domain_blocks ip_blocks reports"
)

FOLLOW: Final = frozenset(
    f"{verb}:{noun}" for verb in ("read", "write") for noun in ("blocks", "follows", "mutes")
)
#: What an app without a member, or of a member who is no operator, can be given.
OF_MEMBERS: Final = frozenset(
    ["profile", "read", "write", "follow", "push"]
    # ours: the studio of the pages she works for, which "read" and "write" do not hold
    + ["studio", "studio:read", "studio:write"]
    + [f"read:{noun}" for noun in _READ.split()]
    + [f"write:{noun}" for noun in _WRITE.split()]
)
ALL: Final = (
    OF_MEMBERS
    | {"admin:read", "admin:write"}
    | {f"admin:{verb}:{noun}" for verb in ("read", "write") for noun in _ADMIN.split()}
)


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
