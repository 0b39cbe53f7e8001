"""The home page of the web client: the feed in the reader's order, and between its items what is promoted.

Only here may a promoted post stand (docs/decisions/0009): this page says that it is one, who pays, and why it is
shown to her. Apps get the newest first without any.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise

from majlis.core.paging import Page
from majlis.feeds import home as feeds_home
from majlis.feeds import house_rule, ranked, recipes
from majlis.feeds.home import FeedPage
from majlis.feeds.hydration import Batch
from majlis.feeds.rules import Why
from majlis.people.queries import Viewer
from majlis.studio.experiments import again
from majlis.studio.promotion import slots
from majlis.studio.promotion.slots import Placed, Promoted
from majlis.web import cards, left_out, measured, paging
from majlis.web.cards import Item
from majlis.web.composer import number
from majlis.web.faces import Shown

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_OLDEST_READING: Final = timedelta(days=2)
"""A page of ranked items that is asked for later than this begins anew."""


@dataclass(slots=True)
class Order(Shown):
    """In which order the feed stands, and what else she may choose."""

    recipe: str
    name: Promise
    others: list[tuple[str, Promise]]


@dataclass(slots=True)
class HomePage:
    """A page of her home: what ``web/parts/feed.html`` reads, and the feed it was made of."""

    context: dict[str, Any]
    feed: FeedPage
    ranked: bool
    promoted: Promoted


def order_for(viewer: Viewer) -> Order:
    """The order that she reads in."""
    rule = house_rule.in_force()
    recipe = rule.recipe_for(viewer.preferences.recipe)
    free = rule.choice == "members"
    others = [(each, name) for each, name in recipes.NAMES.items() if free and each != recipe]
    return Order(recipe, recipes.NAMES[recipe], others)


def home_page(request: HttpRequest, viewer: Viewer, page: Page, *, at: datetime) -> HomePage:
    """A page of her home feed."""
    order = order_for(viewer)
    by_score = order.recipe == recipes.CLOSENESS and not (page.max_id or page.min_id or page.since_id)
    made = _by_score(request, viewer, page, at=at) if by_score else _by_time(request, viewer, page, at=at)
    made.promoted = slots.promoted(viewer=viewer, feed=made.feed, at=at)
    items = made.context["items"]
    if made.context["first_page"]:
        items = _with_placed_again(items, viewer, made.feed, at=at)
    made.context["items"] = _with_promoted(items, made.promoted, at=at)
    made.context["order"] = order
    return made


def _by_time(request: HttpRequest, viewer: Viewer, page: Page, *, at: datetime) -> HomePage:
    feed = feeds_home.home_page(viewer=viewer.id, page=page, at=at)
    return HomePage(paging.feed_context(request, feed, page, at=at), feed, False, slots.NONE)


def _by_score(request: HttpRequest, viewer: Viewer, page: Page, *, at: datetime) -> HomePage:
    as_of, start = _asked(request, at=at)
    found = ranked.ranked_page(viewer=viewer.id, as_of=as_of, start=start, limit=page.limit, at=at)
    measured.feed_shown(request, found.feed, first=not start, ranked=True)
    older = ""
    if found.next_start is not None:
        older = _address(as_of, found.next_start)
    elif found.below is not None:
        older = f"/home?{urlencode({'max_id': found.below})}"
    context = {
        "items": cards.of_feed(found.feed, at=at),
        "left_out": left_out.summary(found.feed.left_out),
        "first_page": not start,
        "newest": max(found.feed.ids, default=None),
        "older_url": older,
        "newer_url": _address(as_of, start - page.limit) if start else "",
    }
    return HomePage(context, found.feed, True, slots.NONE)


def _asked(request: HttpRequest, *, at: datetime) -> tuple[datetime, int]:
    """From which moment she is reading, and how far down she is."""
    milliseconds, start = number(request.GET.get("as_of")), number(request.GET.get("from"))
    fresh = at.replace(microsecond=at.microsecond // 1000 * 1000)  # as exact as an address carries it
    if not milliseconds or not start or start >= recipes.MOST or milliseconds > at.timestamp() * 1000:
        return fresh, 0
    as_of = _EPOCH + timedelta(milliseconds=milliseconds)
    return (as_of, start) if at - as_of < _OLDEST_READING else (fresh, 0)


def _address(as_of: datetime, start: int) -> str:
    if start <= 0:
        return "/home"
    milliseconds = (as_of - _EPOCH) // timedelta(milliseconds=1)
    return f"/home?{urlencode({'as_of': milliseconds, 'from': start})}"


def _with_placed_again(items: list[Item], viewer: Viewer, feed: FeedPage, *, at: datetime) -> list[Item]:
    """The items, and among them one that she did not see when it was posted, if there is such a one."""
    found = again.placed(viewer=viewer.id, feed=feed, at=at)
    if found is None:
        return items
    item = cards.Reading(found.batch, at=at).item(found.batch.posts[found.post_id], why=Why(found.reason))
    return [*items[: found.position], item, *items[found.position :]]


def _with_promoted(items: list[Item], promoted: Promoted, *, at: datetime) -> list[Item]:
    """The organic items in their order, and between them the promoted ones."""
    if promoted.batch is None:
        return items
    reading = cards.Reading(promoted.batch, at=at)
    shown = list(items)
    for placed in promoted.placed:
        shown.insert(placed.position, _item(reading, promoted.batch, placed))
    return shown


def _item(reading: cards.Reading, batch: Batch, placed: Placed) -> Item:
    item = reading.item(batch.posts[placed.post_id], promotion=placed.promotion_id)
    item.offer = placed.offer
    return item
