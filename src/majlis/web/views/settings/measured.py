"""What is counted about a member, and the switch that ends it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from majlis.brands.customers import members
from majlis.core.clock import now
from majlis.insights import mine
from majlis.people import queries as people
from majlis.people.queries import Viewer
from majlis.studio.experiments import again
from majlis.web import faces
from majlis.web.doors import goto, member

PATH = "/settings/measured"


@member("GET")
def measured(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """By page: how often, and since when."""
    found = mine.measured(profile_id=viewer.id)
    return render(request, "web/settings/measured.html", {
        "measured": found,
        "pages": _pages(found),
        "takes_part": again.takes_part(viewer=viewer.id, at=now()),
        "businesses": _businesses(viewer),
        "page_title": _("What is counted about me"),
        "back_url": "/settings",
        "here": "settings",
        "robots": "noindex",
    })  # fmt: skip


def _pages(found: mine.Measured) -> list[dict[str, Any]]:
    profiles = people.profiles(each.page_id for each in found.pages)
    shown = {id_: faces.face(profile) for id_, profile in profiles.items()}
    return [{"page": shown[each.page_id], "counted": each} for each in found.pages if each.page_id in shown]


def _businesses(viewer: Viewer) -> list[dict[str, Any]]:
    """Those that have a confirmed address of hers among their customers; none of them knows that it is hers."""
    known = members.businesses(member=viewer.id, user=viewer.user_id)
    profiles = people.profiles(each.page_id for each in known)
    return [
        {"page": faces.face(profiles[each.page_id]), "id": each.page_id, "allowed": each.allowed}
        for each in known
        if each.page_id in profiles
    ]


@member("POST")
def customer_of(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """She allows a business to know that she is its customer, refuses, or takes her answer back."""
    given, said = request.POST.get("page", ""), request.POST.get("answer", "")
    page = int(given) if given.isascii() and given.isdigit() and len(given) < 20 else 0
    if said == "withdraw":
        members.withdraw(member=viewer.id, page_id=page, at=now())
        messages.success(request, _("Taken back. This business does not know you from now on."))
    else:
        allowed = said == "allow"
        members.answer(member=viewer.id, user=viewer.user_id, page_id=page, allowed=allowed, at=now())
        messages.success(
            request,
            _("This business sees your profile beside its record now.")
            if allowed
            else _("It learns nothing."),
        )
    return goto(request, PATH)


@member("POST")
def switch(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """On or off. Off erases."""
    if request.POST.get("measured") == "on":
        mine.switch_on(by=viewer.id, at=now())
        messages.success(request, _("You are counted from now on, as a number and never by name."))
    else:
        mine.switch_off(by=viewer.id, at=now())
        messages.success(request, _("You are not counted any more, and what was counted is erased."))
    return goto(request, PATH)
