"""``/studio/<handle>/plan/interview``: what the business says of itself, a few questions at a time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotThere, Refused
from majlis.studio.actions.campaigns import GOALS
from majlis.studio.planning import interview
from majlis.studio.planning.interview import ABOUT, CROWDS, READ, WENT, About, Answers, Crowd, Tried, Went
from majlis.studio.promotion.money import typed_number
from majlis.web.doors import goto, sentence_of
from majlis.web.faces import Shown
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path

PART = "plan"
_ROOM = 2
_MOST_ROWS = 50
_NO_NUMBER = gettext_lazy("This is no number.")


@dataclass(slots=True)
class Step(Shown):
    """A step to go to."""

    url: str
    label: str | Promise
    current: bool
    answered: bool


@team(Permission.WRITE, "GET")
def begin(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """Where it was left."""
    asked = interview.steps(page)
    found = interview.interview(page)
    place = 0 if found.done_at else min(found.step, len(asked) - 1)
    return goto(request, path(page.handle, f"plan/interview/{asked[place][0]}"))


@team(Permission.WRITE, "GET", "POST")
def step(request: HttpRequest, page: OnTeam, name: str) -> HttpResponse:
    """One step; sent, it is kept and the next one comes. ``later``: kept, and back to the plan."""
    asked = interview.steps(page)
    place = next((number for number, each in enumerate(asked) if each[0] == name), None)
    if place is None:
        raise NotThere(_("There is no such step."))
    if request.method != "POST":
        return _page(request, page, place, _typed(interview.interview(page).answers))
    last = place == len(asked) - 1
    try:
        given = {field: _READ[field](request.POST) for field in asked[place][2]}
        interview.answer(page, given=given, step=place + 1, done=last, at=now())
    except BadInput as error:
        return _page(request, page, place, _sent(request.POST), error=error)
    if last or "later" in request.POST:
        return goto(request, path(page.handle, "plan"))
    return goto(request, path(page.handle, f"plan/interview/{asked[place + 1][0]}"))


def _page(
    request: HttpRequest, page: OnTeam, place: int, typed: dict[str, Any], *, error: Refused | None = None
) -> HttpResponse:
    asked = interview.steps(page)
    reached = interview.interview(page).step
    name, heading, _fields = asked[place]
    return render(request, "web/studio/planning/interview.html", frame(
        page, PART, str(heading), back_url=path(page.handle, "plan"), step=name, typed=typed,
        goals=GOALS.items(), went=WENT.items(), abouts=ABOUT.items(), crowds=CROWDS.items(), read=READ.items(),
        error=sentence_of(error) if error else "",
        wrong=error.field if error else "", last=place == len(asked) - 1, number=place + 1, of=len(asked),
        steps=[
            Step(path(page.handle, f"plan/interview/{each[0]}"), each[1], each[0] == name, number < reached)
            for number, each in enumerate(asked)
        ],
    ), status=error.status if error else 200)  # fmt: skip


def _typed(answers: Answers) -> dict[str, Any]:
    tried = [(each.what, each.went.value, each.about.value) for each in answers.tried]
    return {
        "trade": answers.trade,
        "place": answers.place,
        "serves": answers.serves,
        "crowds": [each.value for each in answers.crowds],
        "read": answers.read,
        "goal": answers.goal,
        "hours_week": _plain(answers.hours_week),
        "price": _plain(answers.price),
        "margin": _plain(None if answers.margin is None else answers.margin * 100),
        "currency": answers.currency,
        "rivals": "\n".join(answers.rivals),
        "tried": [*tried, *[("", "unknown", "")] * _ROOM],
    }


def _sent(form: QueryDict) -> dict[str, Any]:
    typed: dict[str, Any] = {name: form.get(name, "")[:2_000] for name in _READ}
    tried = [(each.what, each.went.value, each.about.value) for each in _tried(form)]
    chosen = {name: form.getlist(name) for name in ("crowds", "read")}
    return {**typed, **chosen, "tried": [*tried, *[("", "unknown", "")] * _ROOM]}


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _number(form: QueryDict, name: str) -> Decimal | None:
    typed = form.get(name, "").strip().removesuffix("%")
    if not typed:
        return None
    found = typed_number(typed)
    if found is None or not found.is_finite():
        raise BadInput(_NO_NUMBER, field=name)
    return found


def _margin(form: QueryDict) -> Decimal | None:
    found = _number(form, "margin")
    return None if found is None else found / 100


def _tried(form: QueryDict) -> tuple[Tried, ...]:
    columns = (form.getlist("tried"), form.getlist("went"), form.getlist("about"))
    rows = list(zip_longest(*columns, fillvalue=""))[:_MOST_ROWS]
    known, bears = {each.value for each in Went}, {each.value for each in About}
    return tuple(
        Tried(
            what=what[:1_000],
            went=Went(went if went in known else "unknown"),
            about=About(about if about in bears else ""),
        )
        for what, went, about in rows
        if what.strip() or (about in bears and about)
    )


def _crowds(form: QueryDict) -> tuple[Crowd, ...]:
    known = {each.value for each in Crowd}
    return tuple(Crowd(each) for each in form.getlist("crowds") if each in known)


_READ: dict[str, Any] = {
    "trade": lambda form: form.get("trade", ""),
    "place": lambda form: form.get("place", ""),
    "serves": lambda form: form.get("serves", ""),
    "crowds": _crowds,
    "read": lambda form: tuple(each for each in form.getlist("read") if each in READ),
    "goal": lambda form: form.get("goal", ""),
    "hours_week": lambda form: _number(form, "hours_week"),
    "price": lambda form: _number(form, "price"),
    "margin": _margin,
    "currency": lambda form: form.get("currency", ""),
    "rivals": lambda form: tuple(form.get("rivals", "")[:5_000].splitlines()),
    "tried": _tried,
}

urls: list[URLPattern] = [
    at_path("studio/<str:handle>/plan/interview", begin),
    at_path("studio/<str:handle>/plan/interview/<slug:name>", step),
]
