"""The queries of feeds, in both orders: newest first, and oldest first for reading upward."""

from __future__ import annotations

from typing import Final

from majlis.core import sql
from majlis.core.paging import Page
from majlis.posts.visibility import SEES

NEWEST: Final = sql.load("majlis.feeds", visible=SEES, order="DESC")
OLDEST: Final = sql.load("majlis.feeds", visible=SEES, order="ASC")


def ordered(name: str, page: Page) -> str:
    """The query in the order that the page needs for LIMIT to keep the right posts."""
    return (OLDEST if page.upward else NEWEST)[name]
