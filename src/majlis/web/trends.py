"""What the house talks about, for the explore page and the side column."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from django.core.cache import caches

from majlis.core.paging import Page
from majlis.discovery import queries
from majlis.feeds import lists as feeds
from majlis.feeds.home import FeedPage
from majlis.web import cards

_SHOWN: Final = 8
_MEMORY: Final = 60  # seconds that the hashtags are remembered; they are counted anew less often than that


def of_day(*, viewer: int | None, at: datetime) -> list[dict[str, Any]]:
    """Hashtags that several people write: ``name``, ``url``, ``people``."""
    key = f"trends-{viewer or 0}"
    known: list[dict[str, Any]] | None = caches["memory"].get(key)
    if known is None:
        known = [
            {"name": each.tag.shown, "url": f"/tags/{quote(each.tag.name, safe='')}", "people": each.people}
            for each in queries.trending_tags(viewer=viewer, at=at, limit=_SHOWN)
        ]
        caches["memory"].set(key, known, _MEMORY)
    return known


def posts(*, viewer: int | None, at: datetime) -> list[cards.Item]:
    """Posts that several people answered, boosted or reacted to."""
    ids = queries.trending_posts(viewer=viewer, at=at, limit=10)
    batch = feeds.by_ids(ids=ids, viewer=viewer, at=at, context="public")
    return cards.Reading(batch, at=at).items(ids)


def newest(*, viewer: int | None, page: Page, at: datetime) -> FeedPage:
    """The newest public posts, below what is talked about."""
    return feeds.public_page(viewer=viewer, page=page, at=at)
