"""``/studio/<handle>/page/domains``: proving that a website is the page's."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.brands import actions, queries
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.brands.views import VerificationView
from majlis.core import addresses
from majlis.core.clock import now
from majlis.core.errors import Refused
from majlis.web import shops
from majlis.web.doors import goto, sentence_of
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame
from majlis.web.studio.frame import path as studio_path

_FAILURES: Final[dict[str, str | Promise]] = {
    "not_found": gettext_lazy("We looked, and the proof was not there."),
    "unreachable": gettext_lazy("Nobody has answered at this domain for three weeks."),
    "never": gettext_lazy("We looked, and nobody answered at this domain."),
}


@team(Permission.CONNECT, "GET", "POST")
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """The domains that are said to be the page's, and one more."""
    if request.method != "POST":
        return _page(request, team)
    typed = request.POST.get("domain", "")
    try:
        with transaction.atomic():  # both or neither
            made = actions.claim_domain(team, domain=typed, method=request.POST.get("method", ""), at=now())
            actions.ask_for_check(team, verification_id=made, at=now())
    except Refused as error:
        return _page(request, team, error=error, typed=typed)
    return goto(request, studio_path(team.handle, "page/domains"))


def _page(
    request: HttpRequest, team: OnTeam, *, error: Refused | None = None, typed: str = ""
) -> HttpResponse:
    context = frame(
        team,
        "page",
        _("Domain"),
        domains=[_shown(team, each) for each in queries.verifications(team)],
        typed=typed,
        error=sentence_of(error) if error else "",
        back_url=studio_path(team.handle, "page"),
    )
    return render(request, "web/studio/domains.html", context, status=error.status if error else 200)


def _shown(team: OnTeam, each: VerificationView) -> dict[str, Any]:
    return {
        "proof": each,
        "name": shops.readable_domain(each.domain),
        "link": f'<a rel="me" href="{addresses.profile_url(team.handle)}">{escape(team.name)}</a>',
        "record": f"majlis-verification={each.token}",
        "failure": _FAILURES.get(_failure(each), ""),
    }


def _failure(each: VerificationView) -> str:
    """Why there is no proof; ``never``: nobody has ever answered there."""
    return "never" if each.failure == "unreachable" and each.checked_at is None else each.failure


@team(Permission.CONNECT, "POST")
def check(request: HttpRequest, team: OnTeam, verification_id: int) -> HttpResponse:
    """Look for the proof now."""
    actions.ask_for_check(team, verification_id=verification_id, at=now())
    messages.success(request, _("We are looking. Load this page again in a moment."))
    return goto(request, studio_path(team.handle, "page/domains"))


@team(Permission.CONNECT, "POST")
def forget(request: HttpRequest, team: OnTeam, verification_id: int) -> HttpResponse:
    """Claim the domain no longer."""
    actions.forget_domain(team, verification_id=verification_id, at=now())
    return goto(request, studio_path(team.handle, "page/domains"))


urls: list[URLPattern] = [
    path("studio/<str:handle>/page/domains", index),
    path("studio/<str:handle>/page/domains/<id:verification_id>/check", check),
    path("studio/<str:handle>/page/domains/<id:verification_id>/forget", forget),
]
