"""``/studio/<handle>/report``: the month on one page, to read and to print; as a PDF; and who gets it by mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import get_language, get_language_bidi, get_language_info
from django.utils.translation import gettext as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotThere
from majlis.insights.exports import csvs, drawings, xlsx
from majlis.insights.exports.sheet import Sheet
from majlis.studio.owner import months, wishes
from majlis.studio.owner.answers import Question
from majlis.studio.owner.document import document
from majlis.studio.owner.letters import file_name
from majlis.studio.owner.printing import printed
from majlis.studio.owner.report import Report, report
from majlis.web.doors import goto, sentence_of
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path
from majlis.web.studio.looking import Choice

_PART: Final = "report"
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "svg": "image/svg+xml",
}

TABLES: Final[Mapping[str, Callable[[Report], Sheet]]] = {
    "reach": lambda found: found.reach.plot.sheet,
    "best": lambda found: found.reach.best,
    "weeks": lambda found: found.weeks,
    "changes": lambda found: found.changed,
    **{str(question): partial(Report.table, question=question) for question in Question},
}


@team(Permission.MONEY, "GET")
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """The report of a month."""
    return _page(request, team)


def _page(request: HttpRequest, team: OnTeam, *, status: int = 200, **more: Any) -> HttpResponse:
    at = now()
    found = _report(request, team, at)
    wish = wishes.wish(team)
    address = months.in_address(found.month)
    tabs = [
        Choice(
            f"{path(team.handle, _PART)}?month={months.in_address(each)}",
            months.name(each),
            each == found.month,
        )
        for each in months.offered(at=at, zone=team.time_zone)
    ]
    return render(request, "web/studio/report/index.html", frame(
        team, "questions", found.title, found=found, tabs=tabs, wish=wish, back_url=path(team.handle, "questions"),
        pdf_url=f"{path(team.handle, _PART)}/{address}.pdf", wish_url=path(team.handle, f"{_PART}/wish"),
        file=f"{path(team.handle, f'{_PART}/files/NAME')}.FORM?month={address}", days=wishes.DAYS,
        languages=[(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES],
        day=wish.day if wish else 3, language=wish.language if wish else get_language(), **more,
    ), status=status)  # fmt: skip


def _report(request: HttpRequest, team: OnTeam, at: datetime, asked: str = "") -> Report:
    month = months.chosen(asked or request.GET.get("month", ""), at=at, zone=team.time_zone)
    return report(team, month=month, at=at)


@team(Permission.MONEY, "GET")
def pdf(request: HttpRequest, team: OnTeam, month: str) -> HttpResponse:
    """The same as a PDF."""
    at = now()
    if month not in {months.in_address(each) for each in months.offered(at=at, zone=team.time_zone)}:
        raise NotThere(_("There is no such report."))
    found = _report(request, team, at, month)
    response = HttpResponse(printed(document(found)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name(found)}"'
    return response


@team(Permission.MONEY, "GET")
def file(request: HttpRequest, team: OnTeam, name: str, form: str) -> HttpResponse:
    """A table of it, or the picture of whom the posts reached."""
    if name not in TABLES or form not in (_TYPES if name == "reach" else ("csv", "xlsx")):
        raise NotThere(_("There is no such file."))
    found = _report(request, team, now())
    sheet, drawn = TABLES[name](found), found.reach.plot.spec
    if form == "csv":
        content = csvs.written(sheet)
    elif form == "xlsx":
        content = xlsx.written(sheet, rtl=get_language_bidi())
    elif drawn is None:
        raise NotThere(_("There is nothing to draw yet."))
    else:
        content = drawings.drawn(drawn, form="svg" if form == "svg" else "png")
    response = HttpResponse(content, content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{team.handle}-{name}.{form}"'
    return response


@team(Permission.MONEY, "POST")
def wish(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """She wants it by mail, or no more."""
    if request.POST.get("stop"):
        wishes.forget(team)
        messages.success(request, _("You get no report by mail any more."))
        return goto(request, path(team.handle, _PART))
    day = request.POST.get("day", "")
    try:
        number = int(day) if day.isascii() and day.isdigit() and len(day) < 4 else 0
        wishes.keep(team, day=number, language=request.POST.get("language", ""), at=now())
    except BadInput as error:
        return _page(request, team, status=error.status, wrong=sentence_of(error), wrong_field=error.field)
    messages.success(request, _("The next report comes by mail on the day you chose."))
    return goto(request, path(team.handle, _PART))


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/report", index),
    at_path("studio/<str:handle>/report/wish", wish),
    at_path("studio/<str:handle>/report/<slug:month>.pdf", pdf),
    at_path("studio/<str:handle>/report/files/<slug:name>.<slug:form>", file),
]
