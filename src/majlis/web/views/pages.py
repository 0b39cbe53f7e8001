"""Pages whose words are in the template: the landing page for guests and the house's papers."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from majlis.core import addresses
from majlis.web import offline as offline_pages
from majlis.web.views.reporting import house_rules


def _paper(request: HttpRequest, template: str, title: str, description: str, **more: object) -> HttpResponse:
    return render(
        request,
        f"web/pages/{template}.html",
        {
            "page_title": title,
            "page_description": description,
            "canonical": addresses.absolute(request.path),
            **more,
        },
    )


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The front door: what this is, for a guest; a member goes home."""
    if getattr(request, "profile", None):
        return redirect("/home")
    address = addresses.absolute("/")
    structured = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": settings.MAJLIS.server_name,
        "url": address,
    }
    return render(
        request,
        "web/pages/landing.html",
        {
            "page_description": _(
                "A social network that people and businesses run themselves, in Arabic and English."
            ),
            "canonical": address,
            "structured": structured,
        },
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this house is and who runs it."""
    return _paper(
        request,
        "about",
        _("About"),
        _("What Majlis is, who runs this server and what it runs on."),
        contact=settings.MAJLIS.contact_email,
    )


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules that reports are decided by."""
    return _paper(
        request,
        "rules",
        _("House rules"),
        _("What is welcome here, what is not, and what follows."),
        rules=house_rules(),
    )


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, who sees it, how it is taken away again."""
    return _paper(
        request,
        "privacy",
        _("Privacy"),
        _("What we keep about you, who can see it, and how to take it with you."),
    )


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the worker keeps for when there is no connection."""
    return render(
        request, "web/pages/offline.html", {"page_title": _("You are offline"), "robots": "noindex"}
    )


@require_safe
def offline_worker(request: HttpRequest) -> HttpResponse:
    """The script of the worker, at the root: it serves pages below its own address only."""
    answer = HttpResponse(offline_pages.worker(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
