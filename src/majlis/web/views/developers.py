"""``/developers``: the API for those who write programs, from the document that it makes of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from majlis.core import addresses

Document = Callable[[], dict[str, Any]]
#: What each part of the document is about. One that has no words here stands under its own name.
FAMILIES: Final[dict[str, str | Promise]] = {
    "team": gettext_lazy("Pages, teams, invitations"),
    "page": gettext_lazy("What a page says of itself"),
    "reviews": gettext_lazy("Reviews, for the team"),
    "entries": gettext_lazy("The plan"),
    "scheduling": gettext_lazy("Hours, the queue, approval"),
    "review_links": gettext_lazy("Review links"),
    "library": gettext_lazy("The media library"),
    "plans": gettext_lazy("The plan as a table"),
    "campaigns": gettext_lazy("Campaigns"),
    "links": gettext_lazy("Tracked links"),
    "conversions": gettext_lazy("Goals, promo codes, shops"),
    "orders": gettext_lazy("Orders"),
    "promotions": gettext_lazy("Promotion"),
    "facts": gettext_lazy("Figures"),
    "pages": gettext_lazy("Businesses, for everybody"),
    "measured": gettext_lazy("What is counted about you"),
}


class Line(NamedTuple):
    """An endpoint."""

    method: str
    path: str
    says: str
    scope: str


class Family(NamedTuple):
    """A part of the API."""

    name: str | Promise
    lines: list[Line]


def page(document: Document) -> Callable[[HttpRequest], HttpResponse]:
    """The page of a document."""

    @require_safe
    def developers(request: HttpRequest) -> HttpResponse:
        context = {
            "families": list(_families(document())),
            "server": addresses.absolute(""),
            "page_title": _("For developers"),
            "page_description": _(
                "The API of this house: Mastodon's, and beside it the studio of businesses."
            ),
            "canonical": addresses.absolute("/developers"),
        }
        return render(request, "web/pages/developers.html", context)

    return developers


def _families(document: dict[str, Any]) -> Iterator[Family]:
    lines: dict[str, list[Line]] = {}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            line = Line(method.upper(), path, told["summary"], ", ".join(told["security"][0]["oauth"]))
            lines.setdefault(told["tags"][0], []).append(line)
    for name, found in lines.items():
        yield Family(FAMILIES.get(name, name), found)
