"""Followers, followings and requests page by page; blocks and mutes; whom to follow next.

Pages go by the id of the row (the follow, the block), which is also the cursor; items are profile ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from majlis.core.paging import Page, Slice
from majlis.core.sql import one, rows
from majlis.people.queries.sql import NOBODY, SQL, page_of
from majlis.people.views import MuteView, Suggestion


def followers_of(*, profile_id: int, viewer_id: int | None, page: Page) -> Slice[int]:
    """Who follows a profile, newest first.

    Left out: the withdrawn, and those who block or are blocked by the viewer. Empty when the profile
    hides its network from others, or blocks the viewer.
    """
    found = page_of("followers_of", page, profile=profile_id, viewer=viewer_id or NOBODY)
    return page.slice_of((row[0], row[1]) for row in found)


def following_of(*, profile_id: int, viewer_id: int | None, page: Page) -> Slice[int]:
    """Whom a profile follows, newest first; left out as in :func:`followers_of`."""
    found = page_of("following_of", page, profile=profile_id, viewer=viewer_id or NOBODY)
    return page.slice_of((row[0], row[1]) for row in found)


def follow_requests(*, profile_id: int, page: Page) -> Slice[int]:
    """Who asks to follow the profile. For the profile itself alone."""
    return page.slice_of((row[0], row[1]) for row in page_of("follow_requests", page, profile=profile_id))


def follow_requests_count(*, profile_id: int) -> int:
    """How many wait for the profile's word. For the profile itself alone."""
    row = one(SQL["follow_requests_count"], profile=profile_id)
    return int(row[0]) if row else 0


def blocks(*, profile_id: int, page: Page) -> Slice[int]:
    """Whom the profile blocks. For the profile itself alone."""
    return page.slice_of((row[0], row[1]) for row in page_of("blocks", page, profile=profile_id))


def mutes(*, profile_id: int, at: datetime, page: Page) -> Slice[MuteView]:
    """The mutes in force at the moment ``at``. For the profile itself alone."""
    found = page_of("mutes", page, profile=profile_id, at=at)
    return page.slice_of((row[0], MuteView(*row[1:])) for row in found)


def domain_blocks(*, profile_id: int, page: Page) -> Slice[str]:
    """The servers that the profile blocks. For the profile itself alone."""
    return page.slice_of((row[0], row[1]) for row in page_of("domain_blocks", page, profile=profile_id))


def endorsed_by(*, profile_id: int, viewer_id: int | None, page: Page) -> Slice[int]:
    """Whom the profile features on its page."""
    found = page_of("endorsed_by", page, profile=profile_id, viewer=viewer_id or NOBODY)
    return page.slice_of((row[0], row[1]) for row in found)


def familiar_followers(*, viewer_id: int, ids: Iterable[int]) -> dict[int, list[int]]:
    """For each id, those whom the viewer follows and who follow it, her newest following first.

    Networks that are hidden, of the one or the other, stay hidden. One query.
    """
    familiar: dict[int, list[int]] = {id_: [] for id_ in ids}
    if familiar:
        for id_, known in rows(SQL["familiar_followers"], viewer=viewer_id, ids=list(familiar)):
            familiar[id_].append(known)
    return familiar


def suggestions(*, viewer_id: int, at: datetime, limit: int = 20) -> list[Suggestion]:
    """Whom to follow next: most followed among those she follows, then the well-followed.

    Never herself, nor anybody followed, asked, blocked (either way), muted, dismissed, withdrawn,
    limited, moved away, or who does not want to be discovered.
    """
    return [Suggestion(*row) for row in rows(SQL["suggestions"], viewer=viewer_id, at=at, limit=limit)]
