"""The gallery: every component in every state, in debug only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from types import SimpleNamespace as Thing

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from majlis.core.clock import now
from majlis.web.gallery import examples, parts
from majlis.web.gallery.people import ALICE, BAKERY, BOB

PAGES: dict[str, Callable[[datetime], Iterator[examples.Example]]] = {
    "writing": parts.composers,
    "posts": examples.post_cards,
    "people": parts.persons,
    "notifications": parts.notices,
    "articles": parts.articles,
    "states": parts.states,
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    return _show(request, *PAGES)


@require_safe
def page(request: HttpRequest, page: str) -> HttpResponse:
    """One chapter."""
    if page not in PAGES:
        raise Http404
    return _show(request, page)


def _show(request: HttpRequest, *chapters: str) -> HttpResponse:
    guest = "guest" in request.GET
    me = None if guest else ALICE
    shown = [
        (example.caption, render_to_string(example.template, {"me": me, **example.context}, request))
        for chapter in chapters
        for example in PAGES[chapter](now())
    ]
    side = [{"person": Thing(**vars(who), id="3"), "relation": None, "why": ""} for who in (BAKERY, BOB)]
    trends = [{"name": "خبز_الصباح", "url": "#", "people": 12}, {"name": "quince", "url": "#", "people": 3}]
    context = {
        "suggestions": side,
        "trends": trends,
        "me": me,
        "shown": shown,
        "page_title": "Gallery",
        "here": "home",
        "unread_notifications": 3,
        "robots": "noindex",
    }
    return render(request, "web/gallery/index.html", context)
