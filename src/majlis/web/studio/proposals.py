"""``/studio/<handle>/plan``: the four weeks, a sentence first; each line with its reasons; what each week's look changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput, Conflict, NotThere, Refused
from majlis.insights.plots import writing
from majlis.insights.words import GRADES
from majlis.studio.planning import ground, interview, plans, sentences, words
from majlis.studio.planning.plans import Line, Plan
from majlis.studio.planning.reasons import grade, sentence
from majlis.web import formats
from majlis.web.doors import came_from, goto, sentence_of
from majlis.web.faces import Shown
from majlis.web.studio import clock
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path
from majlis.web.studio.looking import file_of
from majlis.web.toasts import toast

PART: Final = "plan"


@dataclass(slots=True)
class Why(Shown):
    """A reason and who says so."""

    sentence: str
    grade: str | Promise


@dataclass(slots=True)
class Proposed(Shown):
    """A line of the plan."""

    line: Line
    url: str
    when: str
    kind: str | Promise
    range: str
    hours: str
    language: str
    why: list[Why]
    entry_url: str
    past: bool


@dataclass(slots=True)
class Week(Shown):
    """Lines of one week."""

    name: str
    lines: list[Proposed]


@team(Permission.MEASURE, "GET")
@in_page_time
def index(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """The plan."""
    at = now()
    found = plans.plan(page, at=at)
    answers = interview.interview(page)
    context: dict[str, Any] = {
        "plan": found,
        "answer": sentences.plan(found.ground) if found else sentences.none_yet(answers),
        "asked": answers,
        "may_write": page.may(Permission.WRITE),
        "plan_url": path(page.handle, PART),
        "file": file_of(page, "plan"),
    }
    if found is not None:
        context |= {
            "weeks": _weeks(page, found, at=at),
            "facts": sentences.facts(found.ground),
            "tests": sentences.tests(found.test),
            "open": sum(line.open and line.due_at > at for line in found.lines),
            "looked": formats.ago(found.looked_at, at=at),
        }
        if page.may(Permission.MONEY):
            context["money"] = sentences.money(ground.money(page, found.ground, at=at))
    return render(request, "web/studio/planning/plan.html", frame(page, PART, _("Plan"), **context))


def _weeks(page: OnTeam, found: Plan, *, at: datetime) -> list[Week]:
    """By calendar week, as it begins where the page is."""
    weeks: dict[Any, list[Proposed]] = {}
    zone = ZoneInfo(page.time_zone)
    for line in found.lines:
        begins = clock.week_of(line.due_at.astimezone(zone).date(), zone=page.time_zone)
        weeks.setdefault(begins, []).append(_proposed(page, line, at=at))
    return [
        Week(
            _("%(first)s to %(last)s") % {"first": writing.day(begins), "last": writing.day(begins + timedelta(days=6))},
            lines,
        )
        for begins, lines in sorted(weeks.items())
    ]  # fmt: skip


def _proposed(page: OnTeam, line: Line, *, at: datetime) -> Proposed:
    told = line.proposal
    why = [Why(said, GRADES[grade(each)][0]) for each in told.reasons if (said := sentence(each))]
    local = line.due_at.astimezone(ZoneInfo(page.time_zone))
    return Proposed(
        line=line, url=path(page.handle, f"plan/lines/{line.id}"),
        when=_("%(day)s, %(time)s") % {"day": clock.day_words(local.date()), "time": clock.clock(line.due_at)},
        kind=words.KINDS[told.kind], range=sentences.ends(told.low, told.high), hours=sentences.hours(told.hours),
        language=writing.locale().languages.get(told.language, told.language),
        why=why, entry_url=path(page.handle, f"entries/{line.entry_id}") if line.entry_id else "",
        past=line.due_at <= at,
    )  # fmt: skip


@team(Permission.MEASURE, "GET")
@in_page_time
def line(request: HttpRequest, page: OnTeam, line_id: int) -> HttpResponse:
    """One proposal, with its reasons and what can be done with it."""
    at = now()
    found = next((each for each in plans.around(page, at=at) if each.id == line_id), None)
    if found is None:
        raise NotThere(_("There is no such proposal."))
    shown = _proposed(page, found, at=at)
    local = found.due_at.astimezone(ZoneInfo(page.time_zone))
    return render(request, "web/studio/planning/line.html", frame(
        page, PART, shown.when, p=shown, may_write=page.may(Permission.WRITE), back_url=path(page.handle, "calendar"),
        day=local.date().isoformat(), hour=local.strftime("%H:%M"),
    ))  # fmt: skip


@team(Permission.WRITE, "POST")
@in_page_time
def move(request: HttpRequest, page: OnTeam, line_id: int) -> HttpResponse:
    """Another day or hour for a proposal; what was dragged comes here too, and its undoing."""
    try:
        day, hour = _asked_hour(request, page)
        found, before = plans.move(page, line_id=line_id, day=day, clock=hour, at=now())
    except (BadInput, Conflict) as error:
        if request.headers.get("HX-Request"):
            return toast(HttpResponse(status=204), sentence_of(error))
        messages.error(request, sentence_of(error))
        return goto(request, path(page.handle, f"plan/lines/{line_id}"))
    said = _("Moved to %(day)s, %(time)s.") % {
        "day": clock.day_words(clock.today(found.due_at, zone=page.time_zone)), "time": clock.clock(found.due_at),
    }  # fmt: skip
    here = path(page.handle, f"plan/lines/{line_id}")
    if request.headers.get("HX-Request"):
        wall = before.astimezone(ZoneInfo(page.time_zone))
        return toast(HttpResponse(status=204), said, undo=f"{here}/move?to={wall:%Y-%m-%dT%H:%M}")
    messages.success(request, said)
    return goto(request, came_from(request, here))


def _asked_hour(request: HttpRequest, page: OnTeam) -> tuple[date | None, time | None]:
    """On the wall of the page: a day, a time of day, or both; None: as it is."""
    if typed := request.GET.get("to", "") or request.POST.get("due", ""):
        wall = clock.moment_of(typed, zone=page.time_zone).astimezone(ZoneInfo(page.time_zone))
        return wall.date(), wall.time()
    return clock.day_of(request.POST.get("day", "")), clock.time_of(request.POST.get("time", ""))


@team(Permission.MEASURE, "GET")
@in_page_time
def log(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """What each look at the plan changed."""
    found = plans.revisions(page)
    said = [
        {"when": each.made_at, "changes": [text for reason in each.changes if (text := sentence(reason))]}
        for each in found
    ]
    looks = max(0, len(found) - 1)
    answer = (
        ngettext(
            "Since it was made the plan was looked at %(n)s time.",
            "Since it was made the plan was looked at %(n)s times.",
            looks,
        )
        % {"n": formats.number(looks)}
        if found
        else _("There is no plan yet, so nothing was changed.")
    )
    return render(request, "web/studio/planning/log.html", frame(
        page, PART, _("What changed in the plan"), back_url=path(page.handle, PART), answer=answer, looks=said,
    ))  # fmt: skip


Act = Callable[..., str]


def _button(act: Act) -> Callable[..., HttpResponse]:
    """A button: one action, a word about it, and the plan again, or a sentence why not."""

    @team(Permission.WRITE, "POST")
    def pressed(request: HttpRequest, page: OnTeam, /, **named: int) -> HttpResponse:
        try:
            messages.success(request, act(request, page, **named))
        except NotThere:
            raise
        except Refused as error:
            if error.status >= 500:
                raise
            messages.error(request, sentence_of(error))
        return goto(request, came_from(request, path(page.handle, PART)))

    return pressed


def _make(request: HttpRequest, page: OnTeam) -> str:
    plans.make(page, at=now())
    return _("The plan is made. Nothing of it is in the calendar until you take it.")


def _take(request: HttpRequest, page: OnTeam, line_id: int) -> str:
    plans.take(page, line_id=line_id, at=now())
    return _("It is a draft now, without an hour.")


def _take_all(request: HttpRequest, page: OnTeam) -> str:
    made = plans.take_all(page, at=now())
    return ngettext(
        "%(n)s draft was made. Nothing is scheduled.", "%(n)s drafts were made. Nothing is scheduled.", made
    ) % {"n": formats.number(made)}


def _drop(request: HttpRequest, page: OnTeam, line_id: int) -> str:
    plans.drop(page, line_id=line_id, dropped=True, at=now())
    return _("It is not proposed at this hour of the week again.")


def _want(request: HttpRequest, page: OnTeam, line_id: int) -> str:
    plans.drop(page, line_id=line_id, dropped=False, at=now())
    return _("It is a proposal again.")


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/plan", index),
    at_path("studio/<str:handle>/plan/log", log),
    at_path("studio/<str:handle>/plan/make", _button(_make)),
    at_path("studio/<str:handle>/plan/take", _button(_take_all)),
    at_path("studio/<str:handle>/plan/lines/<id:line_id>", line),
    at_path("studio/<str:handle>/plan/lines/<id:line_id>/move", move),
    at_path("studio/<str:handle>/plan/lines/<id:line_id>/take", _button(_take)),
    at_path("studio/<str:handle>/plan/lines/<id:line_id>/drop", _button(_drop)),
    at_path("studio/<str:handle>/plan/lines/<id:line_id>/want", _button(_want)),
]
