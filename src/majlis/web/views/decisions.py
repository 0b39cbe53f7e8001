"""What the operators decided about a profile, and asking for a second look.

The page of one decision opens with the link of the letter alone: whoever is suspended cannot sign in.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from majlis.core.clock import now
from majlis.core.errors import BadInput, Conflict
from majlis.people import queries as people
from majlis.people.queries import Viewer
from majlis.safety import access, actions, letters, queries
from majlis.safety.views import DecisionView
from majlis.web.doors import member, sentence_of


@member("GET")
def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What was decided about the profile she acts as, newest first."""
    lines = [
        {"decision": each, "done": _done(each), "url": f"/decisions/{letters.decision_key(each.id)}"}
        for each in queries.decisions_about(profile_id=viewer.id)
    ]
    return render(request, "web/decisions/index.html", {
        "lines": lines, "here": "settings", "page_title": _("Decisions about you"),
        "back_url": "/settings", "robots": "noindex",
    })  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, key: str) -> HttpResponse:
    """One decision; sending the form asks for a second look, once."""
    found = access.decision_by_key(key=key)
    if request.method != "POST":
        return _page(request, found)
    text = request.POST.get("text", "")
    try:
        actions.appeal(by=found.about, decision_id=found.id, text=text, at=now())
    except (BadInput, Conflict) as error:
        return _page(request, found, status=error.status, text=text, error=sentence_of(error))
    return _page(request, access.decision_by_key(key=key))


def _page(request: HttpRequest, found: DecisionView, *, status: int = 200, **typed: Any) -> HttpResponse:
    context = {
        "decision": found,
        "done": _done(found),
        "page_title": _("A decision about your profile"),
        "robots": "noindex",
        **typed,
    }
    response = render(request, "web/decisions/decision.html", context, status=status)
    response.headers["Referrer-Policy"] = "same-origin"  # the address is the key
    return response


def _done(found: DecisionView) -> str:
    profile = people.profile(found.about)
    return letters.what_was_done(found.kind, len(found.post_ids), profile.acct if profile else "")
