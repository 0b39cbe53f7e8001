"""Pages of lists: what a feed or a slice gives a template, and the addresses of its neighbours."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from majlis.core.paging import Page, Slice
from majlis.feeds.home import FeedPage
from majlis.web import cards, left_out, measured

_CURSORS = ("max_id", "since_id", "min_id")


def asked(request: HttpRequest, *, default: int = 20) -> Page:
    """The page a request asks for.

    Raises:
        BadInput: a cursor is no number.
    """
    return Page.parse(request.GET.dict(), default=default)


def _neighbour(request: HttpRequest, **cursor: int) -> str:
    kept = {name: value for name, value in request.GET.items() if name not in _CURSORS}
    return f"{request.path}?{urlencode({**kept, **cursor})}"


def neighbours(
    request: HttpRequest, page: Page, *, newest: int | None, oldest: int | None, more: bool
) -> dict[str, str]:
    """``older_url`` and ``newer_url`` for pager.html, empty where there is nothing to go to."""
    first = page.max_id is None and page.min_id is None
    return {
        "older_url": _neighbour(request, max_id=oldest)
        if oldest is not None and (more or page.upward)
        else "",
        "newer_url": "" if first or newest is None else _neighbour(request, min_id=newest),
    }


def feed_context(
    request: HttpRequest, feed: FeedPage, page: Page, *, at: datetime, by_post: bool = True
) -> dict[str, Any]:
    """Everything ``web/parts/feed.html`` reads of a page of a feed.

    The page goes on from what is shown on it, not from what was looked at: the id of a post that is not for
    the reader would tell her that it is there, and when it was written.
    """
    first = page.max_id is None and page.min_id is None
    measured.feed_shown(request, feed, first=first)
    newest, oldest = feed.newest, feed.oldest
    if by_post:
        newest = max(feed.ids, default=None)
        oldest = min(feed.ids, default=feed.oldest if feed.more else None)
    return {
        "items": cards.of_feed(feed, at=at),
        "left_out": left_out.summary(feed.left_out),
        "first_page": first,
        "newest": newest,
        **neighbours(request, page, newest=newest, oldest=oldest, more=feed.more),
    }


def slice_context(request: HttpRequest, found: Slice[Any], page: Page) -> dict[str, str]:
    """The neighbours of a slice."""
    return neighbours(request, page, newest=found.newest, oldest=found.oldest, more=found.full)
