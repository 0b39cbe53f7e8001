"""``/studio/<handle>/care/causes``: why people complain, what of it costs most, what was done about it, and who was told."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.care import causes
from majlis.care.causes import Ranked
from majlis.care.fixing import fixes
from majlis.core.clock import now
from majlis.core.errors import BadInput, Conflict, Refused
from majlis.core.text.bidi import isolate
from majlis.insights.plots import writing
from majlis.studio import moments
from majlis.web import formats
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import clock
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path

PART: Final = "care/causes"
_DAYS: Final = 30


def name_of(cause: causes.Cause) -> str:
    """The cause in the reader's language, where it has a name in it."""
    return (translation.get_language() == "ar" and cause.name_ar) or cause.name


@team(Permission.ANSWER, "GET", "POST", changing=Permission.CARE)
def index(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """The causes by what they cost; sent, there is another one, or the usual ones."""
    error: Refused | None = None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "begin":
                causes.begin(page, at=now())
            else:
                causes.keep(
                    page, name=request.POST.get("name", ""), name_ar=request.POST.get("name_ar", ""),
                    kind=request.POST.get("kind", ""), at=now(),
                )  # fmt: skip
        except (BadInput, Conflict) as refused:
            error = refused
        else:
            messages.success(request, _("Saved."))
            return goto(request, path(page.handle, PART))
    found = causes.ranked(page, at=now())
    return render(request, "web/studio/care/causes.html", frame(
        page, PART, _("Causes"), answer=_answer(found), lines=[_line(page, each) for each in found],
        may_change=page.may(Permission.CARE), kinds=[(kind, _named(kind)) for kind in causes.KINDS],
        usual=not found, typed=request.POST if error else None, error=sentence_of(error) if error else "",
        wrong=error.field if error else "", formula=causes.RANK, fixed=[_fixed(page, each) for each in fixes.fixes(page)],
    ), status=error.status if error else 200)  # fmt: skip


def _named(kind: str) -> str:
    english, arabic = causes.KINDS[kind]
    return arabic if translation.get_language() == "ar" else english


def _answer(found: list[Ranked]) -> str:
    if not found:
        return _(
            "No causes yet. With them you see what people complain of most, and can tell all of them when it is fixed."
        )
    first = found[0]
    if not first.complaints:
        return _("In ninety days nobody complained of any of these.")
    said = ngettext(
        "What costs you most is “%(cause)s”: %(n)s complaint in ninety days.",
        "What costs you most is “%(cause)s”: %(n)s complaints in ninety days.",
        first.complaints,
    )
    return said % {"cause": isolate(name_of(first.cause)), "n": formats.number(first.complaints)}


def _line(page: OnTeam, each: Ranked) -> dict[str, Any]:
    return {
        "name": name_of(each.cause), "url": path(page.handle, f"{PART}/{each.cause.id}"), "found": each,
        "inbox": f"{path(page.handle, 'inbox')}?view=all&cause={each.cause.id}",
        "worth": formats.number(round(each.worth)) if each.worth is not None else "",
        "fixed": formats.date(each.fixed_at) if each.fixed_at else "",
    }  # fmt: skip


def _fixed(page: OnTeam, each: fixes.Fix) -> dict[str, Any]:
    arabic = translation.get_language() == "ar"
    return {
        "fix": each, "cause": name_of(each.cause),
        "text": (each.text_ar or each.text) if arabic else (each.text or each.text_ar),
        "when": writing.moment(each.made_at, zone=page.time_zone),
    }  # fmt: skip


@team(Permission.ANSWER, "GET", "POST", changing=Permission.CARE)
@in_page_time
def one(request: HttpRequest, page: OnTeam, cause_id: int) -> HttpResponse:
    """One cause: what it costs, and what was done. Sent once, it says whom that would be told; sent again, they are told."""
    at = now()
    found = next((each for each in causes.ranked(page, at=at) if each.cause.id == cause_id), None)
    if found is None:
        raise causes.no_cause()
    context: dict[str, Any] = {"typed": request.POST, "preview": None, "error": "", "wrong": ""}
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("do") == "end":
                causes.end(page, cause_id=cause_id, at=at)
                messages.success(
                    request, _("The cause is not offered any more; conversations that have it keep it.")
                )
                return goto(request, path(page.handle, PART))
            since = _since(page, request.POST.get("since", ""), at)
            if request.POST.get("do") == "tell":
                fixes.make(
                    page, cause_id=cause_id, text=request.POST.get("text", ""), text_ar=request.POST.get("text_ar", ""),
                    since=since, at=at,
                )  # fmt: skip
                messages.success(request, _("They are being told, each once, in her language."))
                return goto(request, path(page.handle, f"{PART}/{cause_id}"))
            context["preview"] = fixes.preview(page, cause_id=cause_id, since=since, at=at)
        except BadInput as error:
            context |= {"error": sentence_of(error), "wrong": error.field}
            status = error.status
    day = clock.today(at - timedelta(days=_DAYS), zone=page.time_zone)
    return render(request, "web/studio/care/cause.html", frame(
        page, PART, name_of(found.cause), back_url=path(page.handle, PART), line=_line(page, found),
        may_change=page.may(Permission.CARE), since=request.POST.get("since") or day.isoformat(),
        fixed=[_fixed(page, each) for each in fixes.fixes(page) if each.cause.id == cause_id], **context,
    ), status=status)  # fmt: skip


def _since(page: OnTeam, typed: str, at: datetime) -> datetime:
    day = clock.day_of(typed)
    if day is None:
        raise BadInput(_("This is no day."), field="since")
    return min(moments.moment(day, time(), zone=page.time_zone), at)


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/care/causes", index),
    at_path("studio/<str:handle>/care/causes/<id:cause_id>", one),
]
