"""``/team-invitations``: what a member is asked into, by name or by a link, and her yes or no."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from majlis.brands import access, actions
from majlis.brands.views import InvitationView
from majlis.core.clock import now
from majlis.core.errors import Refused
from majlis.people.queries import Viewer
from majlis.web.doors import goto, member, sentence_of
from majlis.web.studio.frame import ROLES
from majlis.web.studio.frame import path as studio_path
from majlis.web.studio.people import faces_of
from majlis.web.studio.team import MEANINGS


@member("GET", "POST")
def by_name(request: HttpRequest, viewer: Viewer, invitation_id: int) -> HttpResponse:
    """An invitation of hers."""
    found = access.own_invitation(invitation_id=invitation_id, by=viewer.id, at=now())
    return _answered(request, viewer, found) if request.method == "POST" else _page(request, found)


@member("GET", "POST")
def by_link(request: HttpRequest, viewer: Viewer, secret: str) -> HttpResponse:
    """An invitation for whoever has its link."""
    found = access.invitation_by_link(secret_hash=actions.hashed(secret), at=now())
    return _answered(request, viewer, found) if request.method == "POST" else _page(request, found)


def _page(request: HttpRequest, found: InvitationView, *, error: str = "", status: int = 200) -> HttpResponse:
    who = faces_of([found.page_id, found.made_by])
    context: dict[str, Any] = {
        "invitation": found,
        "page": who.get(found.page_id),
        "by": who.get(found.made_by or 0),
        "role": ROLES[found.role],
        "meaning": MEANINGS[found.role],
        "error": error,
        "page_title": _("An invitation"),
        "back_url": "/notifications",
        "robots": "noindex",
    }
    response = render(request, "web/studio/invitation.html", context, status=status)
    # the secret of a link stands in the address: it goes nowhere else
    response["Referrer-Policy"] = "same-origin"
    return response


def _answered(request: HttpRequest, viewer: Viewer, found: InvitationView) -> HttpResponse:
    try:
        if request.POST.get("answer") != "yes":
            if found.invited is not None:
                actions.refuse_invitation(found, by=viewer.id, at=now())
            return goto(request, "/home")
        actions.accept_invitation(found, by=viewer.id, kind=viewer.kind, at=now())
    except Refused as error:
        if error.status == 404:
            raise
        return _page(request, found, error=sentence_of(error), status=error.status)
    messages.success(request, _("Welcome to the team of %(name)s.") % {"name": found.page_name})
    return goto(request, studio_path(found.page_handle))


urls: list[URLPattern] = [
    path("team-invitations/<id:invitation_id>", by_name),
    path("team-invitations/link/<str:secret>", by_link),
]
