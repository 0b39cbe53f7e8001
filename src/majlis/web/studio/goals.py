"""``/studio/<handle>/links/goals``: what is to happen on the business's own site, and how its site tells."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import addresses
from majlis.core.clock import now
from majlis.core.errors import BadInput, Conflict
from majlis.studio.conversions import goals, queries
from majlis.studio.conversions.goals import Goal
from majlis.studio.conversions.queries import GoalNumbers
from majlis.web.doors import goto, sentence_of
from majlis.web.studio.doors import team
from majlis.web.studio.frame import path as studio_path
from majlis.web.studio.measured import measured_frame, money, summed, window, window_tabs

KINDS: Final[list[tuple[str, str | Promise]]] = [
    ("order", gettext_lazy("An order, with its value")),
    ("event", gettext_lazy("Something else: a booking, a call, a form")),
]
_CONSENT: Final = gettext_lazy(
    "May we remember through which of our posts you came, and tell our network when you order? We keep a number in "
    "your browser for six months and send it with the order, to see which posts were worth it. No cookies, no "
    "advertising firms, nothing about you. You can change your mind at any time."
)


@team(Permission.MEASURE, "GET", "POST", changing=Permission.TRACK)
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """The goals, what came of them, the lines for the site; a form for a new one."""
    if request.method == "POST":
        try:
            goals.make_goal(
                team, name=request.POST.get("name", ""), kind=request.POST.get("kind", ""),
                origins=request.POST.get("origins", "").split(), at=now(),
            )  # fmt: skip
        except (BadInput, Conflict) as error:
            return _index(request, team, status=error.status, wrong=sentence_of(error), field=error.field)
        messages.success(request, _("The goal is there. Now put its lines into your site."))
        return goto(request, studio_path(team.handle, "links/goals"))
    return _index(request, team)


def _index(request: HttpRequest, team: OnTeam, *, status: int = 200, **typed: Any) -> HttpResponse:
    chosen = window(request, team, at=now())
    numbers = queries.numbers(team, since=chosen.since, until=chosen.until)
    found = goals.goals(team)
    named = {goal.id for goal in found}
    context = {
        "rows": [_row(goal, [each for each in numbers if each.goal_id == goal.id]) for goal in found],
        "others": _told([each for each in numbers if each.goal_id not in named]),
        "total": _told(numbers),
        "kinds": KINDS,
        "server": addresses.absolute(""),
        "page_id": team.page_id,
        "consent": [{"language": code, "text": _in(code, _CONSENT)} for code in ("en", "ar")],
        "window": chosen,
        "windows": window_tabs(request, chosen),
        "typed": request.POST,
        **typed,
    }
    page = measured_frame(team, "links/goals", _("Orders and goals"), **context)
    return render(request, "web/studio/links/goals.html", page, status=status)


def _row(goal: Goal, numbers: list[GoalNumbers]) -> dict[str, Any]:
    return {"goal": goal, "told": _told(numbers), "origins": " ".join(goal.origins)}


def _told(numbers: list[GoalNumbers]) -> dict[str, Any]:
    """Counts of all grades, and each grade and currency by itself."""
    return {
        "orders": sum(each.orders for each in numbers),
        "credited": sum(each.credited for each in numbers),
        "values": summed((each.currency, each.value) for each in numbers),
        "parts": [
            {"of": each, "value": money(each.value, each.currency) if each.currency else ""}
            for each in numbers
        ],
    }


def _in(language: str, sentence: Promise) -> str:
    with override(language):
        return str(sentence)


@team(Permission.TRACK, "POST")
def change(request: HttpRequest, team: OnTeam, goal_id: int) -> HttpResponse:
    """Other sites from which it is told."""
    goals.change_goal(team, goal_id=goal_id, origins=request.POST.get("origins", "").split(), at=now())
    messages.success(request, _("Saved."))
    return goto(request, studio_path(team.handle, "links/goals"))


@team(Permission.TRACK, "POST")
def retire(request: HttpRequest, team: OnTeam, goal_id: int) -> HttpResponse:
    """Nothing more is taken for it."""
    goals.retire_goal(team, goal_id=goal_id, at=now())
    messages.success(request, _("The goal is retired. What was counted stays."))
    return goto(request, studio_path(team.handle, "links/goals"))


urls: list[URLPattern] = [
    path("studio/<str:handle>/links/goals", index),
    path("studio/<str:handle>/links/goals/<id:goal_id>/change", change),
    path("studio/<str:handle>/links/goals/<id:goal_id>/retire", retire),
]
