"""What the house talks about: from discovery."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from majlis.core.paging import Page
from majlis.feeds import lists as feeds
from majlis.feeds.home import FeedPage


def of_week(*, at: datetime) -> list[dict[str, Any]]:
    """Hashtags of the week: ``name``, ``url``, ``people``."""
    return []


def posts(*, viewer: int | None, page: Page, at: datetime) -> FeedPage:
    """Posts worth reading; the newest public ones."""
    return feeds.public_page(viewer=viewer, page=page, at=at)
