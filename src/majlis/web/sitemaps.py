"""Which pages search engines are told of: those of the house, of profiles and posts that want to be found."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Final

from django.core.cache import caches

from majlis.core import addresses
from majlis.people import queries as people
from majlis.posts import queries as posts

PER_FILE: Final = 10_000
_PAPERS: Final = ("/", "/explore", "/local", "/about", "/rules", "/privacy")
_MEMORY: Final = 600  # seconds that the number of files is remembered

Entry = tuple[str, datetime | None]


def names() -> list[str]:
    """``house-1``, ``people-1`` …, ``posts-1`` …"""
    counted: tuple[int, int] | None = caches["memory"].get("sitemaps")
    if counted is None:
        counted = people.indexable_count(), posts.indexable_count()
        caches["memory"].set("sitemaps", counted, _MEMORY)
    of_kind = (("people", counted[0]), ("posts", counted[1]))
    return ["house-1", *(f"{kind}-{n + 1}" for kind, count in of_kind for n in range(ceil(count / PER_FILE)))]


def entries(kind: str, number: int) -> list[Entry]:
    """The (address, last change) pairs of one file."""
    start = (number - 1) * PER_FILE
    if kind == "house":
        return [(addresses.absolute(path), None) for path in _PAPERS]
    if kind == "people":
        return [(addresses.profile_url(acct), None) for acct in people.indexable(start=start, limit=PER_FILE)]
    found = posts.indexable(start=start, limit=PER_FILE)
    return [(addresses.post_url(handle, id_), changed) for id_, handle, changed in found]
