"""Pages that show posts of businesses: the ticket beside each, and what was served with an answer.

One load per answer, made when the first such post is put on the page; pages without any cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from majlis.core.clock import now
from majlis.feeds.home import FeedPage
from majlis.insights import origin, serving, tickets
from majlis.insights.kinds import Source

Respond = Callable[[HttpRequest], HttpResponse]

BUSINESS: Final = "business"
HEADER: Final = "X-Ticket"
_PLACES: Final = (
    ("/home", Source.HOME),
    ("/lists/", Source.LIST),
    ("/circles/", Source.LIST),
    ("/tags/", Source.TAG),
    ("/search", Source.SEARCH),
    ("/explore", Source.EXPLORE),
    ("/local", Source.EXPLORE),
)
_FEEDS: Final = ("/home", "/lists/", "/circles/")


def place(path: str) -> Source:
    """Where posts on the page at this address stand. A post's own page, and what she kept, is a thread."""
    for beginning, source in _PLACES:
        if path.startswith(beginning):
            return source
    return Source.PROFILE if path.startswith("/@") and "/" not in path[2:] else Source.THREAD


class Load:
    """One answer: who is given it, where it stands, and which posts of pages are on it."""

    def __init__(self, request: HttpRequest) -> None:
        viewer = getattr(request, "profile", None)
        self.viewer: int = viewer.id if viewer else 0
        self.source = place(request.path) if self.viewer else Source.OUTSIDE
        self.number = tickets.new_load()
        self.at: datetime = now()
        self.shown: list[int] = []
        self.paid: set[int] = set()
        self.feed: FeedPage | None = None
        self.opens = False
        self.ranked = False

    def ticket(self, post_id: int, *, offer: int = 0) -> str:
        """The ticket of a post that is put on the page. ``offer``: the place that somebody pays for, which is
        then the nonce of what is reported."""
        self.shown.append(post_id)
        if offer:
            self.paid.add(post_id)
        return tickets.issue(
            viewer=self.viewer, post_id=post_id, source=self.source, paid=bool(offer), load=offer or self.number,
            at=self.at,
        )  # fmt: skip

    def tell(self) -> None:
        """What was served. Guests' pages are asked for by programs too: of them only reports count."""
        unwanted = self.feed.unwanted if self.feed else ()
        if self.viewer and (self.shown or unwanted or self.opens):
            serving.served(
                viewer=self.viewer, ids=self.shown, source=self.source, paid_ids=self.paid, left_out=unwanted,
                ranked=self.ranked, first_page=self.opens, at=self.at,
            )  # fmt: skip


def load(request: HttpRequest) -> Load:
    """The load of this request."""
    found: Load | None = getattr(request, "_load", None)
    if found is None:
        found = Load(request)
        request._load = found  # type: ignore[attr-defined]
    return found


def feed_shown(request: HttpRequest, feed: FeedPage, *, first: bool, ranked: bool = False) -> None:
    """A page of a feed is the answer: what it left out is known, and its first page opens it. In a ranked one
    what is not on the page stands below the fold."""
    mine = load(request)
    mine.feed, mine.ranked = feed, ranked
    mine.opens = first and request.path.startswith(_FEEDS)


def visited(request: HttpRequest, *, profile_id: int, kind: str) -> None:
    """The page of a profile is the answer: a visit, if it is a business's."""
    mine = load(request)
    if kind == BUSINESS and mine.viewer and mine.viewer != profile_id:
        came_from = urlsplit(request.headers.get("Referer", "")).path
        source = place(came_from) if came_from else Source.PROFILE
        serving.visited(viewer=mine.viewer, page_id=profile_id, source=source, at=mine.at)


def again(request: HttpRequest) -> str:
    """The ticket of a card that is shown again after an action on it."""
    return request.headers.get(HEADER, "")[:64]


class MeasuredMiddleware:
    """What members do comes from the card they did it on; what was served is told when the answer is made."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            where = _where(request)
            with origin.coming_from(where.source, paid=where.paid):
                return self.respond(request)
        response = self.respond(request)
        made: Load | None = getattr(request, "_load", None)
        if made is not None and request.method == "GET" and response.status_code == 200:
            made.tell()
        return response


def _where(request: HttpRequest) -> origin.Origin:
    """By the ticket of the card; without a script by the page that the form stood on."""
    viewer = getattr(request, "profile", None)
    parts = request.path.split("/")
    ticket = request.headers.get(HEADER, "")
    if ticket and viewer and parts[1] == "posts" and len(parts) > 2 and parts[2].isdecimal():
        found = tickets.read(ticket, viewer=viewer.id, post_id=int(parts[2]), at=now().timestamp())
        if found is not None:
            return origin.Origin(found.source, found.paid)
    # the field ``next`` of a form says the same, but lies in the body, which is the view's to take
    came_from = urlsplit(request.headers.get("Referer", "")).path
    return origin.Origin(place(came_from) if came_from else Source.THREAD)
