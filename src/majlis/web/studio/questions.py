"""``/studio/<handle>/questions``: what the owner asks, one screen a question, the answer first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, URLPattern, resolve
from django.urls import path as at_path
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import NotThere
from majlis.insights.exports import csvs, drawings, xlsx
from majlis.studio.owner import months, questions
from majlis.studio.owner.answers import ASKED, Answer, Question
from majlis.web.faces import Shown
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path
from majlis.web.studio.looking import Choice

_PART: Final = "questions"
_TYPES: Final = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(slots=True)
class Link(Shown):
    """Where something can be done about it."""

    text: str
    url: str


@dataclass(slots=True)
class Card(Shown):
    """A question with its answer, among the others."""

    asked: str
    sentence: str
    enough: bool
    url: str


@team(Permission.MONEY, "GET")
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """All four, each with its answer."""
    at = now()
    month = _month(request, team, at)
    cards = [
        Card(each.asked, each.sentence, each.enough, _url(team, month, each.question))
        for each in questions.answers(team, month=month, at=at)
    ]
    return render(request, "web/studio/questions/index.html", frame(
        team, _PART, _("Questions"), cards=cards, tabs=_tabs(team, month, at),
        report_url=f"{path(team.handle, 'report')}?month={months.in_address(month)}",
    ))  # fmt: skip


@team(Permission.MONEY, "GET")
def one(request: HttpRequest, team: OnTeam, name: str) -> HttpResponse:
    """One question: the answer, the figures it rests on, what to do about it."""
    question, at = _question(name), now()
    month = _month(request, team, at)
    answer = questions.answer(team, question, month=month, at=at)
    return render(request, "web/studio/questions/one.html", frame(
        team, _PART, answer.asked, answer=answer.sentence, found=answer, figures=answer.figures,
        todo=links(team, answer), plots=[answer.plot] if answer.plot else [], tabs=_tabs(team, month, at, question),
        file=_file(team, month, question), back_url=_url(team, month),
        others=[Link(str(ASKED[each]), _url(team, month, each)) for each in Question if each is not question],
    ))  # fmt: skip


def links(team: OnTeam, answer: Answer) -> list[Link]:
    """What to do, as links; a part of the studio that is not there, or not for her, is not offered."""
    return [
        Link(each.text, path(team.handle, each.part))
        for each in answer.todo
        if _there(path(team.handle, each.part), team)
    ]


def _there(address: str, team: OnTeam) -> bool:
    try:
        found = resolve(address.partition("?")[0])
    except Resolver404:
        return False
    door = getattr(found.func, "door", None)
    return door is None or team.may(door.needs.get("GET", Permission.READ))


@team(Permission.MONEY, "GET")
def file(request: HttpRequest, team: OnTeam, name: str, form: str) -> HttpResponse:
    """What an answer rests on, as a table or a picture."""
    question, at = _question(name), now()
    if form not in _TYPES:
        raise NotThere(_("There is no such file."))
    found = questions.answer(team, question, month=_month(request, team, at), at=at)
    if form == "csv":
        content = csvs.written(found.sheet)
    elif form == "xlsx":
        content = xlsx.written(found.sheet, rtl=get_language_bidi())
    elif found.plot is None or found.plot.spec is None:
        raise NotThere(_("There is nothing to draw yet."))
    else:
        content = drawings.drawn(found.plot.spec, form="svg" if form == "svg" else "png")
    response = HttpResponse(content, content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{team.handle}-{name}-{at:%Y-%m-%d}.{form}"'
    return response


def today(team: OnTeam, *, at: datetime) -> dict[str, Any] | None:
    """One line on the page of today: whether last month paid, where that can be said."""
    if not team.may(Permission.MONEY):
        return None
    month = months.last(at=at, zone=team.time_zone)
    found = questions.answer(team, Question.PAID, month=month, at=at)
    if not found.enough:
        return None
    return {
        "template": "web/studio/today/question.html",
        "sentence": found.sentence,
        "url": path(team.handle, _PART),
    }


def _question(name: str) -> Question:
    try:
        return Question(name)
    except ValueError:
        raise NotThere(_("There is no such question.")) from None


def _month(request: HttpRequest, team: OnTeam, at: datetime) -> date:
    return months.chosen(request.GET.get("month", ""), at=at, zone=team.time_zone)


def _url(team: OnTeam, month: date, question: Question | None = None) -> str:
    part = _PART if question is None else f"{_PART}/{question}"
    return f"{path(team.handle, part)}?month={months.in_address(month)}"


def _tabs(team: OnTeam, month: date, at: datetime, question: Question | None = None) -> list[Choice]:
    return [
        Choice(_url(team, each, question), months.name(each), each == month)
        for each in months.offered(at=at, zone=team.time_zone)
    ]


def _file(team: OnTeam, month: date, question: Question) -> str:
    return f"{path(team.handle, f'{_PART}/files/{question}')}.FORM?month={months.in_address(month)}"


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/questions", index),
    at_path("studio/<str:handle>/questions/files/<slug:name>.<slug:form>", file),
    at_path("studio/<str:handle>/questions/<slug:name>", one),
]
