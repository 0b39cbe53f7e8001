"""Feeds as pages: home, explore, the public posts of this house, hashtags, what she kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.core import addresses
from majlis.core.clock import now
from majlis.core.ids import moment_of
from majlis.core.paging import Page
from majlis.feeds import home as feeds_home
from majlis.feeds import lists as feeds
from majlis.feeds import markers
from majlis.people import queries as people
from majlis.people.queries import Viewer
from majlis.posts import actions
from majlis.posts import queries as posts
from majlis.web import cards, composer, faces, formats, home_feed, paging, trends
from majlis.web.composer import number
from majlis.web.doors import anyone, came_from, goto, member
from majlis.web.views import preferences

_SUGGESTED = 5


# home ---------------------------------------------------------------------------------------------


@member("GET")
def home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What those she follows wrote, in the order she reads in, and the place to write."""
    if (language := preferences.chosen_elsewhere(request)) is not None:
        return preferences.speaking(request, goto(request, request.get_full_path()), language)
    at, page = now(), paging.asked(request)
    made = home_feed.home_page(request, viewer, page, at=at)
    context = made.context
    if context["first_page"]:
        context["composer"] = composer.composer(viewer, composer.blank(viewer), draft_key="home", htmx=True)
        if not made.ranked:
            context |= _caught_up(viewer, made.feed.ids)
        context["suggestions"] = suggested(viewer, at=at)
    return render(request, "web/home/home.html", {
        **context,
        "trends": trends.of_day(viewer=viewer.id, at=at),
        "here": "home",
        "page_title": _("Home"),
        "robots": "noindex",
    })  # fmt: skip


def _caught_up(viewer: Viewer, ids: list[int]) -> dict[str, Any]:
    """Where the line between new and seen stands: before the first post that she has seen.

    No line above everything (nothing is new) nor below (all of it is); ``caught_up`` then stands under
    the last one only when the feed ends there.
    """
    marker = markers.markers(viewer=viewer.id, timelines=["home"]).get("home")
    if marker is None or not ids:
        return {}
    seen = next((id_ for id_ in ids if id_ <= marker.last_read_id), None)
    return {
        "caught_up_before": str(seen) if seen else "",
        "caught_up_since": marker.updated_at,
        "new": ids[0] != seen,
    }


def suggested(viewer: Viewer, *, at: datetime, limit: int = _SUGGESTED) -> list[faces.PersonRow]:
    """People she may know, each with the reason."""
    found = people.suggestions(viewer_id=viewer.id, at=at, limit=limit)
    profiles = people.profiles(suggestion.profile_id for suggestion in found)
    why = {suggestion.profile_id: faces.why_suggested(suggestion) for suggestion in found}
    return faces.rows(profiles.values(), {}, viewer=viewer.id, why=why)


@member("GET")
def since(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The posts that came since the page was made, as HTML for its top. ``min_id``: the newest it has."""
    at = now()
    page = Page(min_id=number(request.GET.get("min_id")) or 0, limit=40)
    feed = feeds_home.home_page(viewer=viewer.id, page=page, at=at)
    newest = max([*feed.ids, page.min_id or 0])
    # her own are on the page already: the composer put them there
    items = [item for item in cards.of_feed(feed, at=at) if item.post.author.id != str(viewer.id)]
    return render(request, "web/home/since.html", {"items": items, "newest": newest})


@member("POST")
def read(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """She has read her home up to here; the line moves, never backwards."""
    last = number(request.POST.get("last"))
    if last and moment_of(last) <= now():
        markers.set_marker(by=viewer.id, timeline="home", last_read_id=last, at=now())
    return HttpResponse(status=204)


# for everybody ------------------------------------------------------------------------------------


@anyone("GET")
def explore(request: HttpRequest, viewer: int | None) -> HttpResponse:
    """What the house talks about: hashtags of the week, people, and posts."""
    at, page = now(), paging.asked(request)
    feed = trends.newest(viewer=viewer, page=page, at=at)
    context = paging.feed_context(request, feed, page, at=at)
    me = getattr(request, "profile", None)
    return render(request, "web/explore/explore.html", {
        **context,
        "trends": trends.of_day(viewer=viewer, at=at),
        "talked_about": trends.posts(viewer=viewer, at=at) if context["first_page"] else [],
        "suggestions": suggested(me, at=at) if me else [],
        "here": "explore",
        "page_title": _("Explore"),
        "page_description": _("What people and businesses of this house write in public."),
        "canonical": addresses.absolute("/explore"),
    })  # fmt: skip


@anyone("GET")
def local(request: HttpRequest, viewer: int | None) -> HttpResponse:
    """Every public post of this house that begins a conversation, newest first."""
    at, page = now(), paging.asked(request)
    feed = feeds.public_page(viewer=viewer, page=page, at=at)
    return render(request, "web/explore/local.html", {
        **paging.feed_context(request, feed, page, at=at),
        "here": "explore",
        "page_title": _("All public posts"),
        "page_description": _("Every public post of this house, newest first."),
        "canonical": addresses.absolute("/local"),
    })  # fmt: skip


@anyone("GET")
def tag(request: HttpRequest, viewer: int | None, name: str) -> HttpResponse:
    """Public posts with a hashtag."""
    at, page = now(), paging.asked(request)
    found = posts.tag(name=name, viewer=viewer, at=at)
    feed = feeds.tag_page(tags=feeds.TagQuery(name=name), viewer=viewer, page=page, at=at)
    used = sum(day[1] for day in found.history)
    used_by = max((day[2] for day in found.history), default=0)
    return render(request, "web/tags/tag.html", {
        **paging.feed_context(request, feed, page, at=at),
        "tag": found,
        "tag_sentence": _tag_sentence(used, used_by),
        "here": "explore",
        "page_title": f"#{found.shown}",
        "page_description": _("Public posts with the hashtag #%(name)s.") % {"name": found.shown},
        "canonical": addresses.tag_url(found.name),
        "atom_url": f"{addresses.tag_url(found.name)}/feed.atom",
        # a page with nothing on it, under any name that can be typed, is no page for search engines
        "robots": "" if feed.ids else "noindex",
    })  # fmt: skip


def _tag_sentence(used: int, most_people: int) -> str:
    if not used:
        return _("Nobody used it in the last seven days.")
    return ngettext(
        "%(n)s public post in the last seven days", "%(n)s public posts in the last seven days", used
    ) % {"n": formats.number(used)}


@member("POST")
def follow_tag(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    """Read a hashtag at home."""
    actions.follow_tag(by=viewer.id, name=name, at=now())
    messages.success(request, _("Public posts with this hashtag now come to your home."))
    return goto(request, came_from(request))


@member("POST")
def unfollow_tag(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    """Read it at home no longer."""
    actions.unfollow_tag(by=viewer.id, name=name)
    messages.success(request, _("This hashtag no longer comes to your home."))
    return goto(request, came_from(request))


# kept ---------------------------------------------------------------------------------------------


@member("GET")
def bookmarks(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What she keeps."""
    return _kept(request, viewer, "bookmarks")


@member("GET")
def favourites(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What she reacted to."""
    return _kept(request, viewer, "favourites")


def _kept(request: HttpRequest, viewer: Viewer, what: str) -> HttpResponse:
    at, page = now(), paging.asked(request)
    feed = feeds.kept_page(what=what, viewer=viewer.id, page=page, at=at)
    return render(request, "web/kept/kept.html", {
        **paging.feed_context(request, feed, page, at=at, by_post=False),
        "what": what,
        "tabs": [
            {"url": "/bookmarks", "label": _("Bookmarks"), "current": what == "bookmarks"},
            {"url": "/favourites", "label": _("Reactions"), "current": what == "favourites"},
        ],
        "tabs_label": _("What you kept"),
        "here": "bookmarks",
        "page_title": _("Bookmarks") if what == "bookmarks" else _("Reactions"),
        "robots": "noindex",
    })  # fmt: skip
