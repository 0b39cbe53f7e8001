"""``/studio/<handle>/money/hours``: whether one's hours are measured, one's own pieces, what the team worked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import gettext as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission, Role
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotAllowed
from majlis.insights.plots import saying
from majlis.insights.windows import Window
from majlis.people import queries as people
from majlis.studio import access, queries
from majlis.studio.money import hours, sheets
from majlis.studio.money.hours import Piece, Place
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import clock, entry_form, plots
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.frame import ROLES, frame, path
from majlis.web.studio.looking import days
from majlis.web.studio.money import shown
from majlis.web.studio.money_words import measuring

PART: Final = "money/hours"
_LISTED: Final = 100


@team(Permission.READ, "GET", "POST")
@in_page_time
def index(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """One's own hours; sent, some are written down by hand."""
    if request.method != "POST":
        return _page(request, page)
    try:
        _write_down(request, page)
    except (BadInput, NotAllowed) as error:
        return _page(request, page, error=error)
    messages.success(request, _("It is written down."))
    return goto(request, path(page.handle, PART))


def _write_down(request: HttpRequest, page: OnTeam) -> None:
    sent = request.POST
    role = sent.get("role", "") if page.may(Permission.BUDGET) else ""
    if role and role not in set(Role):
        raise BadInput(_("There is no such role."), field="role")
    hours.write_down(
        page, hours=shown.decimal(sent.get("hours", ""), field="hours"), day=shown.day(sent.get("day", ""), field="day"),
        role=Role(role) if role else None, entry_id=shown.optional_id(sent.get("entry")),
        campaign_id=shown.optional_id(sent.get("campaign")), note=sent.get("note", ""), at=now(),
    )  # fmt: skip


def _page(request: HttpRequest, page: OnTeam, *, error: BadInput | NotAllowed | None = None) -> HttpResponse:
    at = now()
    looked = days(request, page, PART, at=at)
    pieces = hours.own(page, window=looked.window)
    names = dict(queries.campaign_names(team=page))
    entry_id = shown.optional_id(request.POST.get("entry") or request.GET.get("entry"))
    entry = access.entry(team=page, entry_id=entry_id) if entry_id else None
    context = frame(
        page, PART, _("Hours"), looked=looked, consent=hours.consent(page),
        answer=_("You worked %(hours)s for this page in the last %(days)s.")
        % {"hours": saying.hours(sum(each.seconds for each in pieces)), "days": looked.words},
        pieces=[_piece(each, names, page) for each in pieces[:_LISTED]], more=max(0, len(pieces) - _LISTED),
        campaigns=names.items(), entry=entry, entry_title=entry_form.heading(entry) if entry else "",
        roles=[(role.value, ROLES[role]) for role in Role] if page.may(Permission.BUDGET) else [],
        today=clock.today(at, zone=page.time_zone).isoformat(), error=sentence_of(error) if error else "",
        wrong=error.field if error else "", form="hours", typed=request.POST if error else {},
        own_file=f"{path(page.handle, PART)}/own.FORM?days={looked.count}",
        team_file=shown.file_of(page, "hours", days=looked.count), **_of_team(page, looked.window),
    )  # fmt: skip
    return render(request, "web/studio/money/hours.html", context, status=error.status if error else 200)


def _piece(each: Piece, names: Mapping[int, str], page: OnTeam) -> dict[str, Any]:
    return {
        "id": each.id, "hours": saying.hours(each.seconds), "at": each.began_at, "by_hand": each.by_hand, "note": each.note,
        "place": shown.PLACES[Place(each.place)], "campaign": names.get(each.campaign_id or 0, ""),
        "entry_url": path(page.handle, f"entries/{each.entry_id}") if each.entry_id else "",
    }  # fmt: skip


def _of_team(page: OnTeam, window: Window) -> dict[str, Any]:
    """What those who keep the money see of the others: sums, and names of those who said so."""
    if not page.may(Permission.MONEY):
        return {}
    found = hours.of_team(page, window=window)
    named = hours.named(page, window=window)
    profiles = {each.profile_id: people.profile(each.profile_id) for each in named}
    return {
        "team_hours": sheets.team_hours(found, roles=ROLES, places=shown.PLACES, window=window, zone=page.time_zone),
        "named": [
            {"name": profile.display_name or profile.handle, "role": ROLES[each.role], "hours": saying.hours(each.seconds)}
            for each in named
            if (profile := profiles[each.profile_id]) is not None
        ],
    }  # fmt: skip


@team(Permission.READ, "POST")
def consent(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """Let the timer run, with or without one's name; or no more."""
    do = request.POST.get("do", "")
    if do == "allow":
        hours.allow(page, named=bool(request.POST.get("named")), at=now())
        messages.success(
            request,
            _("Your hours are measured while you work in the studio. You see the timer when it runs."),
        )
    elif do in ("stop", "forget"):
        hours.withdraw(page, forget=do == "forget")
        messages.success(
            request,
            _("Nothing is measured any more, and what was measured of you is deleted.")
            if do == "forget"
            else _("Nothing is measured any more. What was measured stays."),
        )
    return goto(request, path(page.handle, PART))


@team(Permission.READ, "POST")
def beat(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """She is at work: from the timer. What it says is when it says it; nothing else is believed."""
    at = now()
    typed = request.POST.get("place", "")
    place = Place(typed) if typed in set(Place) else Place.OTHER
    entry_id = shown.optional_id(request.POST.get("entry"))
    campaign_id = shown.optional_id(request.POST.get("campaign"))
    if not hours.beat(page, place=place, entry_id=entry_id, campaign_id=campaign_id, at=at):
        return JsonResponse({"on": False})
    found = hours.running(page, at=at)
    return JsonResponse({"on": found is not None, "said": measuring(found.seconds) if found else ""})


@team(Permission.READ, "POST")
def forget(request: HttpRequest, page: OnTeam, work_id: int) -> HttpResponse:
    """Delete a piece of one's own."""
    hours.forget(page, work_id=work_id, at=now())
    messages.success(request, _("It is gone, from every sum too."))
    return goto(request, path(page.handle, PART))


@team(Permission.READ, "GET")
@in_page_time
def own(request: HttpRequest, page: OnTeam, form: str) -> HttpResponse:
    """One's own hours as a file."""
    at = now()
    looked = days(request, page, PART, at=at)
    pieces = hours.own(page, window=looked.window)
    names = dict(queries.campaign_names(team=page))
    sheet = sheets.own_hours(pieces, names, places=shown.PLACES, zone=page.time_zone)
    return plots.written(page, sheet, name="my-hours", form=form, at=at)


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/money/hours", index),
    at_path("studio/<str:handle>/money/hours/consent", consent),
    at_path("studio/<str:handle>/money/hours/beat", beat),
    at_path("studio/<str:handle>/money/hours/own.<slug:form>", own),
    at_path("studio/<str:handle>/money/hours/<id:work_id>/forget", forget),
]
