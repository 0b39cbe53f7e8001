"""``/studio/<handle>/page/hours``: when the business is open."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from babel.dates import get_day_names
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.accounts import zones
from majlis.brands import actions, hours
from majlis.brands.access import OnTeam
from majlis.brands.hours import DAYS, Date, OpeningHours
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput, Refused
from majlis.web import formats, shops
from majlis.web.doors import goto, sentence_of
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame
from majlis.web.studio.frame import path as studio_path
from majlis.web.studio.page import page_of

_EMPTY_ROWS: Final = 3
_YEARS: Final = range(2000, 2101)
_NO_DATE: Final = gettext_lazy("Please give a day.")


@team(Permission.DESCRIBE, "GET", "POST")
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """The week, dates that differ, the time zone."""
    page = page_of(team)
    if request.method != "POST":
        return _page(request, team, _present(page.hours))
    typed = _typed(request)
    try:
        actions.set_hours(team, _read(typed), at=now())
    except Refused as error:
        return _page(request, team, typed, error=error)
    opening = shops.opening_sentence(page_of(team).hours, at=now())
    messages.success(request, _("Saved.") + (f" {opening}" if opening else ""))
    return goto(request, studio_path(team.handle, "page/hours"))


def _present(opening: OpeningHours) -> dict[str, Any]:
    return {
        "week": {name: hours.written(periods) for name, periods in zip(DAYS, opening.week, strict=True)},
        "dates": [(each.day.isoformat(), each.name, hours.written(each.periods)) for each in opening.dates],
        "time_zone": opening.time_zone,
    }


def _typed(request: HttpRequest) -> dict[str, Any]:
    given = request.POST
    rows = zip(given.getlist("day"), given.getlist("day_name"), given.getlist("day_hours"), strict=False)
    return {
        "week": {name: given.get(name, "") for name in DAYS},
        "dates": [row for row in rows if any(part.strip() for part in row)][: hours.MOST_DATES + 1],
        "time_zone": given.get("time_zone", ""),
    }


def _read(typed: dict[str, Any]) -> OpeningHours:
    return OpeningHours(
        tuple(hours.read(typed["week"][name], field=name) for name in DAYS),
        tuple(
            Date(_day(day, number), hours.read(text, field=f"date-{number}"), name)
            for number, (day, name, text) in enumerate(typed["dates"])
        ),
        typed["time_zone"],
    )


def _day(text: str, number: int) -> date:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(_NO_DATE, field=f"date-{number}") from None
    if found.year not in _YEARS:
        raise BadInput(_NO_DATE, field=f"date-{number}")
    return found


def _page(
    request: HttpRequest, team: OnTeam, typed: dict[str, Any], *, error: Refused | None = None
) -> HttpResponse:
    field = (error.field or "") if error else ""
    names = get_day_names("wide", locale=formats.locale(), context="stand-alone")
    rows = [*typed["dates"], *[("", "", "")] * _EMPTY_ROWS]
    context = frame(
        team,
        "page",
        _("Opening hours"),
        days=[
            {"name": name, "label": names[number], "text": typed["week"][name], "wrong": name == field}
            for number, name in enumerate(DAYS)
        ],
        dates=[
            {"day": day, "name": name, "text": text, "wrong": field == f"date-{number}"}
            for number, (day, name, text) in enumerate(rows)
        ],
        zones=zones.choices(),
        zone=typed["time_zone"],
        error=sentence_of(error) if error else "",
        back_url=studio_path(team.handle, "page"),
    )
    return render(request, "web/studio/hours.html", context, status=error.status if error else 200)


urls: list[URLPattern] = [path("studio/<str:handle>/page/hours", index)]
