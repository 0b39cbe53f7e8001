"""Search over people, hashtags and posts that the searcher may see."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from majlis.core.clock import now
from majlis.core.paging import HIGHEST, Page
from majlis.discovery import queries
from majlis.feeds import lists as feeds
from majlis.people import queries as people_queries
from majlis.web import cards, faces
from majlis.web.doors import anyone
from majlis.web.views import profiles

_FEW: Final = 5
_MANY: Final = 20
_MOST_PAGES: Final = 50
_LONGEST: Final = 300


@anyone("GET")
def search(request: HttpRequest, viewer: int | None) -> HttpResponse:
    """A field, and below it what was found: a few of each, or all of one kind (``type``)."""
    text, kind = request.GET.get("q", "").strip()[:_LONGEST], request.GET.get("type", "")
    if text.startswith("@") and " " not in text and (found := _exactly(text, viewer)):
        return redirect(found)
    context = {
        "q": text,
        "kind": kind,
        **(_found(text, kind, _page(request), viewer, below=_below(request)) if text else {}),
        "tabs": _tabs(text, kind),
        "tabs_label": _("What to look for"),
        "here": "search",
        "page_title": _("Search"),
        "robots": "noindex",
    }
    return render(request, "web/search/search.html", context)


def _exactly(text: str, viewer: int | None) -> str:
    """The page of the one whose whole handle was typed."""
    profile = people_queries.by_acct(text)
    return faces.profile_path(profile.acct) if profile and not profile.withdrawn else ""


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return min(int(text), _MOST_PAGES) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def _below(request: HttpRequest) -> int | None:
    """Where an earlier search ended: posts below this id are searched."""
    text = request.GET.get("max_id", "")
    return min(int(text), HIGHEST) if text.isascii() and text.isdecimal() and len(text) < 20 else None


def _found(text: str, kind: str, page: int, viewer: int | None, *, below: int | None) -> dict[str, Any]:
    at, limit = now(), _MANY if kind else _FEW
    asked: dict[str, Any] = {"text": text, "viewer": viewer, "at": at, "offset": page * _MANY if kind else 0}
    people = queries.people(**asked, limit=limit) if kind in ("", "people") else []
    tags = queries.tags(**asked, limit=limit) if kind in ("", "tags") else []
    nothing = queries.Found([])
    hits = queries.posts(**asked, page=Page(limit=limit, max_id=below)) if kind in ("", "posts") else nothing
    batch = feeds.by_ids(ids=hits.ids, viewer=viewer, at=at, context="public")
    full = hits.more or max(len(people), len(tags)) >= limit
    return {
        "people": profiles.person_rows(people, viewer, at=at),
        "tags": [{"name": tag.shown, "url": tag_path(tag.name)} for tag in tags],
        "items": cards.Reading(batch, at=at).items(hits.ids),
        "older_url": _address(text, kind, page + 1, below) if kind and full and page < _MOST_PAGES else "",
        "newer_url": _address(text, kind, page - 1, below) if kind and page else "",
        "further_url": _address(text, "posts", below=hits.older) if hits.older else "",
    }


def tag_path(name: str) -> str:
    """The page of a hashtag, within this server."""
    return f"/tags/{quote(name, safe='')}"


def _address(text: str, kind: str, page: int = 0, below: int | None = None) -> str:
    asked = {"q": text, "type": kind, "page": page, "max_id": below}
    return f"/search?{urlencode({name: value for name, value in asked.items() if value})}"


def _tabs(text: str, kind: str) -> list[dict[str, Any]]:
    kinds = (("", _("All")), ("people", _("People")), ("tags", _("Hashtags")), ("posts", _("Posts")))
    return [{"url": _address(text, name), "label": label, "current": name == kind} for name, label in kinds]
