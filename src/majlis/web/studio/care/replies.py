"""``/studio/<handle>/care/replies``: answers that are given often."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.care import replies
from majlis.core.clock import now
from majlis.core.errors import BadInput, Conflict, Refused
from majlis.web import formats
from majlis.web.doors import goto, sentence_of
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path

PART: Final = "care/replies"


@team(Permission.ANSWER, "GET", "POST", changing=Permission.CARE)
def index(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """The replies; sent, there is another one."""
    error: Refused | None = None
    if request.method == "POST":
        error = _saved(request, page, None)
        if error is None:
            return goto(request, path(page.handle, PART))
    found = replies.saved(page)
    said = ngettext("%(n)s saved reply.", "%(n)s saved replies.", len(found)) % {
        "n": formats.number(len(found))
    }
    return render(request, "web/studio/care/replies.html", frame(
        page, PART, _("Saved replies"), replies=found, answer=said if found else _("No saved replies yet."),
        variables=replies.VARIABLES, may_change=page.may(Permission.CARE), typed=request.POST if error else None,
        error=sentence_of(error) if error else "", wrong=error.field if error else "",
    ), status=error.status if error else 200)  # fmt: skip


def _saved(request: HttpRequest, page: OnTeam, reply_id: int | None) -> Refused | None:
    form = request.POST
    try:
        replies.save(
            page, name=form.get("name", ""), text=form.get("text", ""), text_ar=form.get("text_ar", ""),
            reply_id=reply_id, at=now(),
        )  # fmt: skip
    except (BadInput, Conflict) as refused:
        return refused
    messages.success(request, _("Saved."))
    return None


@team(Permission.CARE, "POST")
def change(request: HttpRequest, page: OnTeam, reply_id: int) -> HttpResponse:
    """Other words for one, or without it."""
    if request.POST.get("do") == "end":
        replies.forget(page, reply_id=reply_id)
        messages.success(request, _("The reply is gone."))
    elif (error := _saved(request, page, reply_id)) is not None:
        messages.error(request, sentence_of(error))
    return goto(request, path(page.handle, PART))


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/care/replies", index),
    at_path("studio/<str:handle>/care/replies/<id:reply_id>", change),
]
