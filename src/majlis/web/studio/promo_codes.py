"""``/studio/<handle>/links/codes``: promo codes and the orders they brought."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import addresses
from majlis.core.clock import now
from majlis.core.errors import BadInput, Conflict
from majlis.studio.conversions import promo_codes
from majlis.web.composer import number
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import clock
from majlis.web.studio.doors import team
from majlis.web.studio.frame import path as studio_path
from majlis.web.studio.measured import measured_frame, window, window_tabs


@team(Permission.MEASURE, "GET", "POST", changing=Permission.TRACK)
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """The codes; a form for a new one."""
    if request.method == "POST":
        try:
            promo_codes.make_promo_code(
                team, code=request.POST.get("code", ""), post_id=_post(request), at=now(),
                starts_at=_moment(request, team, "starts_at"), ends_at=_moment(request, team, "ends_at"),
            )  # fmt: skip
        except (BadInput, Conflict) as error:
            return _index(request, team, status=error.status, wrong=sentence_of(error), field=error.field)
        messages.success(request, _("The promo code is there."))
        return goto(request, studio_path(team.handle, "links/codes"))
    return _index(request, team)


def _index(request: HttpRequest, team: OnTeam, *, status: int = 200, **typed: Any) -> HttpResponse:
    at = now()
    chosen = window(request, team, at=at)
    found = promo_codes.promo_codes(team, since=chosen.since, until=chosen.until)
    context = {
        "rows": [
            {
                "code": code,
                "ended": code.ends_at is not None and code.ends_at <= at,
                "post_url": addresses.post_url(team.handle, code.post_id) if code.post_id else "",
            }
            for code in found
        ],
        "orders": sum(code.orders for code in found),
        "window": chosen,
        "windows": window_tabs(request, chosen),
        "typed": request.POST,
        **typed,
    }
    page = measured_frame(team, "links/codes", _("Promo codes"), **context)
    return render(request, "web/studio/links/codes.html", page, status=status)


@team(Permission.TRACK, "POST")
def end(request: HttpRequest, team: OnTeam, code_id: int) -> HttpResponse:
    """Orders from now on are not credited to it."""
    promo_codes.end_promo_code(team, promo_code_id=code_id, at=now())
    messages.success(request, _("The code has ended. Its orders stay."))
    return goto(request, studio_path(team.handle, "links/codes"))


def _post(request: HttpRequest) -> int | None:
    """The post it was given out in: its address, or its id."""
    return number(request.POST.get("post", "").strip().rstrip("/").rpartition("/")[2])


def _moment(request: HttpRequest, team: OnTeam, field: str) -> datetime | None:
    """A local time of the page.

    Raises:
        BadInput: it is none.
    """
    typed = request.POST.get(field, "").strip()
    return clock.moment_of(typed, zone=team.time_zone, field=field) if typed else None


urls: list[URLPattern] = [
    path("studio/<str:handle>/links/codes", index),
    path("studio/<str:handle>/links/codes/<id:code_id>/end", end),
]
