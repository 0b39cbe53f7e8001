"""Ending the letters by the link that stands in each of them; whoever has the letter need not be signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from majlis.notifications import actions


# mail programs send the one-click POST without a page of ours before it (RFC 8058); the token is the permission
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST ends the letters."""
    if request.method == "POST":
        actions.stop_digest(token=token)
    page = {"page_title": _("Letters"), "robots": "noindex", "stopped": request.method == "POST"}
    return render(request, "web/notifications/stop_letters.html", page)
