"""What an app may do, in plain words: one sentence for each thing, however fine its scopes are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ScopeSentence(NamedTuple):
    """A picture and what it stands for."""

    icon: str
    sentence: str | Promise


#: Mastodon's scopes (docs of the client API, "OAuth scopes") from the broad to the fine.
SENTENCES: dict[str, ScopeSentence] = {
    "profile": ScopeSentence("person", _("Know your name, handle and picture, nothing else")),
    "read": ScopeSentence("eye", _("Read everything you can read, also what is meant for you alone")),
    "read:accounts": ScopeSentence("people", _("See the profiles you can see")),
    "read:blocks": ScopeSentence("block", _("See whom you block")),
    "read:bookmarks": ScopeSentence("bookmark", _("See your bookmarks")),
    "read:collections": ScopeSentence("bookmark", _("See your collections")),
    "read:favourites": ScopeSentence("smile", _("See what you reacted to")),
    "read:filters": ScopeSentence("eye-off", _("See your filters")),
    "read:follows": ScopeSentence("people", _("See whom you follow")),
    "read:lists": ScopeSentence("circle", _("See your lists")),
    "read:mutes": ScopeSentence("mute", _("See whom you muted")),
    "read:notifications": ScopeSentence("bell", _("Read your notifications")),
    "read:search": ScopeSentence("search", _("Search in your name")),
    "read:statuses": ScopeSentence("article", _("Read the posts you can read")),
    "write": ScopeSentence(
        "write", _("Do almost everything in your name: post, react, follow, change your profile")
    ),
    "write:accounts": ScopeSentence("person", _("Change your profile")),
    "write:blocks": ScopeSentence("block", _("Block and unblock people")),
    "write:bookmarks": ScopeSentence("bookmark", _("Add and remove bookmarks")),
    "write:collections": ScopeSentence("bookmark", _("Change your collections")),
    "write:conversations": ScopeSentence("message", _("Mute and delete conversations")),
    "write:favourites": ScopeSentence("smile", _("React to posts")),
    "write:filters": ScopeSentence("eye-off", _("Change your filters")),
    "write:follows": ScopeSentence("person-add", _("Follow and unfollow people")),
    "write:lists": ScopeSentence("circle", _("Change your lists")),
    "write:media": ScopeSentence("photo", _("Upload photos")),
    "write:mutes": ScopeSentence("mute", _("Mute people and conversations")),
    "write:notifications": ScopeSentence("bell", _("Clear your notifications")),
    "write:reports": ScopeSentence("flag", _("Report posts and people")),
    "write:statuses": ScopeSentence("write", _("Post in your name and delete your posts")),
    "follow": ScopeSentence("people", _("Follow, block and mute people in your name")),
    "push": ScopeSentence("bell", _("Send you notifications while it is closed")),
    "studio": ScopeSentence("shop", _("Do for the pages you work for what you may do there")),
    "studio:read": ScopeSentence("shop", _("See the studio of the pages you work for")),
    "studio:write": ScopeSentence("shop", _("Act for the pages you work for")),
    "admin:read": ScopeSentence("shield", _("See everything the operator sees")),
    "admin:write": ScopeSentence("shield", _("Do everything the operator does")),
}
_OPERATOR_PART = {
    "read": ScopeSentence("shield", _("See what the operator sees, in part")),
    "write": ScopeSentence("shield", _("Do what the operator does, in part")),
}


def sentences(scopes: Iterable[str]) -> list[ScopeSentence]:
    """One sentence per scope, leaving out the narrow ones that a broad one already says."""
    asked = list(dict.fromkeys(scopes))
    told = [scope for scope in asked if scope.rpartition(":")[0] not in asked]
    return list(dict.fromkeys(_sentence(scope) for scope in told))


def _sentence(scope: str) -> ScopeSentence:
    family, _colon, rest = scope.partition(":")
    if family == "admin" and scope not in SENTENCES:
        return _OPERATOR_PART.get(rest.split(":")[0], _OPERATOR_PART["write"])
    # an unknown scope is shown as it stands: hiding it would be worse than its ugliness
    return SENTENCES.get(scope, ScopeSentence("key", scope))
