"""What an app may do, as a list of pictures and sentences for the page that asks the member."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from django.utils.functional import Promise

from majlis.accounts.scopes import SENTENCES

_ICONS: Final = {
    "profile": "person",
    "read": "eye",
    "write": "write",
    "follow": "people",
    "push": "bell",
    "accounts": "person",
    "blocks": "block",
    "bookmarks": "bookmark",
    "collections": "bookmark",
    "conversations": "message",
    "favourites": "smile",
    "filters": "eye-off",
    "follows": "people",
    "lists": "circle",
    "media": "photo",
    "mutes": "mute",
    "notifications": "bell",
    "reports": "flag",
    "search": "search",
    "statuses": "article",
}


class ScopeSentence(NamedTuple):
    """A picture and what it stands for."""

    icon: str
    sentence: str | Promise


def sentences(scopes: Iterable[str]) -> list[ScopeSentence]:
    """One sentence per scope, leaving out the narrow ones that a broad one already says."""
    asked = list(dict.fromkeys(scopes))
    broad = {scope for scope in asked if ":" not in scope}
    told = [scope for scope in asked if ":" not in scope or scope.split(":")[0] not in broad]
    return [
        ScopeSentence(_ICONS.get(scope.split(":")[-1], "key"), SENTENCES.get(scope, scope)) for scope in told
    ]
