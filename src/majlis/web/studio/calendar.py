"""The calendar: as a week, a month, a list; drafts; the queue and its slots. By the page's own clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.core.paging import HIGHEST
from majlis.studio import actions, queries
from majlis.studio.entries import Entry
from majlis.studio.money.hours import Place
from majlis.studio.planning import plans
from majlis.studio.planning.planner import WEEKS
from majlis.studio.planning.plans import Line
from majlis.studio.states import State
from majlis.web import formats
from majlis.web.composer import number
from majlis.web.doors import goto
from majlis.web.faces import Shown
from majlis.web.studio import clock
from majlis.web.studio.chips import Chip, chips, suggestions
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path
from majlis.web.studio.timing import timer

PART: Final = "calendar"
_ON_A_PAGE: Final = 40
_OWN_PLACES: Final = frozenset({"queue", "library"})
"""Parts of the plan with a place of their own in the navigation; the others are tabs of the calendar."""


@dataclass(slots=True)
class Day(Shown):
    """A day of the calendar with what leaves on it."""

    iso: str
    number: str
    words: str
    today: bool
    past: bool
    outside: bool
    entries: list[Chip]


@dataclass(slots=True)
class Tab(Shown):
    """A way to look at the plan."""

    url: str
    label: str
    current: bool
    count: int = 0


def tabs(page: OnTeam, current: str) -> list[Tab]:
    """The ways to look at the plan."""
    here = path(page.handle, PART)
    offered = [
        ("week", here, _("Week")),
        ("month", f"{here}?view=month", _("Month")),
        ("list", f"{here}?view=list", _("List")),
        ("drafts", f"{here}/drafts", _("Drafts")),
        ("table", f"{here}/table", _("Table")),
        ("reviewers", f"{here}/reviewers", _("Review links")),
    ]
    return [Tab(url, label, name == current) for name, url, label in offered]


def framed(page: OnTeam, current: str, title: str, **more: Any) -> dict[str, Any]:
    """The context of a page of the plan."""
    own = current in _OWN_PLACES
    return frame(
        page,
        f"{PART}/{current}" if own else PART,
        title,
        tabs=[] if own else tabs(page, current),
        tabs_label=_("The plan"),
        may_write=page.may(Permission.WRITE),
        may_publish=page.may(Permission.PUBLISH),
        new_url=path(page.handle, "entries/new"),
        calendar_url=path(page.handle, PART),
        timer=timer(page, Place.APPROVALS if current == "reviewers" else Place.CALENDAR),
        **more,
    )


@team(Permission.READ, "GET")
@in_page_time
def calendar(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """The plan of a week, of a month, or all that is to come as a list."""
    at = now()
    view = request.GET.get("view", "week")
    if view == "list":
        return _listed(request, page, at=at)
    here = clock.day_of(request.GET.get("day", "")) or clock.today(at, zone=page.time_zone)
    return (_month if view == "month" else _week)(request, page, here, at=at)


def _week(request: HttpRequest, page: OnTeam, here: date, *, at: datetime) -> HttpResponse:
    first = clock.week_of(here, zone=page.time_zone)
    entries = queries.between(team=page, first=first, days=7)
    proposed = plans.between(page, first=first, days=7, at=at)
    last = first + timedelta(days=6)
    title = _("%(first)s to %(last)s") % {"first": clock.day_words(first), "last": clock.day_words(last)}
    return _grid(request, page, "week", _days(page, entries, proposed, first, 7, at=at), around=(
        here - timedelta(days=7), here + timedelta(days=7),
    ), heading=title, answer=_with_proposals(answer(page, entries, _in_a_week), proposed), at=at)  # fmt: skip


def _month(request: HttpRequest, page: OnTeam, here: date, *, at: datetime) -> HttpResponse:
    begins = here.replace(day=1)
    next_ = (begins + timedelta(days=32)).replace(day=1)
    first = clock.week_of(begins, zone=page.time_zone)
    length = 7 * (((next_ - first).days + 6) // 7)
    entries = queries.between(team=page, first=first, days=length)
    proposed = plans.between(page, first=first, days=length, at=at)
    shown = _days(page, entries, proposed, first, length, month=here.month, at=at)
    of_month = [
        entry for entry in entries
        if entry.due_at and begins <= clock.today(entry.due_at, zone=page.time_zone) < next_
    ]  # fmt: skip
    return _grid(request, page, "month", shown, around=(
        (begins - timedelta(days=1)).replace(day=1), next_,
    ), heading=clock.month_words(here), answer=_with_proposals(
        answer(page, of_month, _in_a_month),
        [line for line in proposed if begins <= clock.today(line.due_at, zone=page.time_zone) < next_],
    ), at=at)  # fmt: skip


def _days(
    page: OnTeam,
    entries: Sequence[Entry],
    proposed: Sequence[Line],
    first: date,
    length: int,
    *,
    at: datetime,
    month: int = 0,
) -> list[Day]:
    by_day: dict[str, list[Chip]] = {}
    for each in sorted(
        [*chips(entries, page), *suggestions(proposed, page)], key=lambda each: each.due_at or at
    ):
        by_day.setdefault(each.day, []).append(each)
    today = clock.today(at, zone=page.time_zone)
    days = [first + timedelta(days=n) for n in range(length)]
    return [
        Day(
            iso=day.isoformat(),
            number=formats.number(day.day),
            words=clock.day_words(day),
            today=day == today,
            past=day < today,
            outside=bool(month) and day.month != month,
            entries=by_day.get(day.isoformat(), []),
        )
        for day in days
    ]


def _grid(
    request: HttpRequest,
    page: OnTeam,
    view: str,
    days: list[Day],
    *,
    around: tuple[date, date],
    heading: str,
    answer: str,
    at: datetime,
) -> HttpResponse:
    here = path(page.handle, PART)
    before, after = (f"{here}?{urlencode({'view': view, 'day': day.isoformat()})}" for day in around)
    context = framed(
        page,
        view,
        _("Calendar"),
        view=view,
        days=days,
        weekdays=[name for _number, name in clock.weekday_names(page.time_zone)],
        heading=heading,
        answer=answer,
        before_url=before,
        after_url=after,
        today_url=f"{here}?view={view}",
        failures=len(queries.failed(team=page, limit=40)),
    )
    return render(request, "web/studio/calendar.html", context)


def _with_proposals(said: str, lines: Sequence[Line]) -> str:
    proposed = [line for line in lines if line.open]
    if not proposed:
        return said
    more = ngettext(
        "%(n)s more is proposed, with a broken edge: it does nothing until you take it.",
        "%(n)s more are proposed, with a broken edge: they do nothing until you take them.",
        len(proposed),
    )
    return f"{said} {more % {'n': formats.number(len(proposed))}}"


def answer(page: OnTeam, entries: Sequence[Entry], period: Any) -> str:
    """What is planned, as a sentence; and what of it will not leave as it stands."""
    states = [entry.state(approval_needed=page.approval_needed) for entry in entries]
    said = [period(len(entries))]
    if held := states.count(State.HELD):
        said.append(
            ngettext(
                "%(n)s lacks a yes and will not leave without.",
                "%(n)s lack a yes and will not leave without.",
                held,
            )
            % {"n": formats.number(held)}
        )
    if failed := states.count(State.FAILED):
        said.append(
            ngettext("%(n)s did not leave.", "%(n)s did not leave.", failed) % {"n": formats.number(failed)}
        )
    return " ".join(said)


def _in_a_week(n: int) -> str:
    if not n:
        return _("Nothing is planned in this week yet.")
    return ngettext("%(n)s post in this week.", "%(n)s posts in this week.", n) % {"n": formats.number(n)}


def _in_a_month(n: int) -> str:
    if not n:
        return _("Nothing is planned in this month yet.")
    return ngettext("%(n)s post in this month.", "%(n)s posts in this month.", n) % {"n": formats.number(n)}


def _listed(request: HttpRequest, page: OnTeam, *, at: datetime) -> HttpResponse:
    after, after_id = _cursor(request.GET.get("after", ""), otherwise=at)
    found = queries.upcoming(team=page, after=after, after_id=after_id, limit=_ON_A_PAGE)
    last = found[-1] if len(found) == _ON_A_PAGE else None
    today = clock.today(at, zone=page.time_zone)
    lines = plans.between(page, first=today, days=7 * (WEEKS + 1), at=at)
    open_ = [line for line in lines if line.open]
    shown = [
        line
        for line in open_
        if after <= line.due_at and not (last and last.due_at and line.due_at >= last.due_at)
    ]
    more = (
        f"?{urlencode({'view': 'list', 'after': f'{last.due_at.isoformat()}_{last.id}'})}"
        if last and last.due_at
        else ""
    )
    context = framed(
        page,
        "list",
        _("Calendar"),
        view="list",
        entries=sorted([*chips(found, page), *suggestions(shown, page)], key=lambda each: each.due_at or at),
        answer=_with_proposals(_to_come(queries.planned(team=page)), open_),
        older_url=more,
    )
    return render(request, "web/studio/plan_list.html", context)


def _to_come(n: int) -> str:
    if not n:
        return _("The plan is empty.")
    return ngettext(
        "The plan holds %(n)s entry that is not out yet.",
        "The plan holds %(n)s entries that are not out yet.",
        n,
    ) % {"n": formats.number(n)}


def _cursor(typed: str, *, otherwise: datetime) -> tuple[datetime, int]:
    moment, _mark, id_ = typed.partition("_")
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return otherwise, 0
    return (found, number(id_) or 0) if found.tzinfo else (otherwise, 0)


@team(Permission.READ, "GET")
@in_page_time
def drafts(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """What has no hour yet."""
    before, below = _cursor(request.GET.get("before", ""), otherwise=queries.LAST)
    found = queries.drafts(team=page, before=before, below=below or HIGHEST, limit=_ON_A_PAGE)
    last = found[-1] if len(found) == _ON_A_PAGE else None
    more = f"?{urlencode({'before': f'{last.changed_at.isoformat()}_{last.id}'})}" if last else ""
    context = framed(
        page,
        "drafts",
        _("Drafts"),
        view="drafts",
        entries=chips(found, page),
        answer=_("What is begun and has no hour yet, the latest first."),
        older_url=more,
    )
    return render(request, "web/studio/plan_list.html", context)


@team(Permission.READ, "GET", "POST", changing=Permission.WRITE)
@in_page_time
def queue(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """The queue, and the hours of the week at which it sends."""
    if request.method == "POST":
        actions.set_slots(team=page, slots=_slots(request), at=now())
        messages.success(request, _("The hours of the queue are set."))
        return goto(request, path(page.handle, "calendar/queue"))
    slots = queries.slots(team=page)
    lines = [
        {
            "number": weekday,
            "name": name,
            "slots": [
                {"value": f"{day}-{each:%H:%M}", "words": clock.slot_time(each)}
                for day, each in slots
                if day == weekday
            ],
        }
        for weekday, name in clock.weekday_names(page.time_zone)
    ]
    waiting = queries.queue(team=page)
    context = framed(
        page,
        "queue",
        _("Queue"),
        lines=lines,
        entries=chips(waiting, page),
        answer=_queue_answer(waiting, len(slots)),
    )
    return render(request, "web/studio/queue.html", context)


def _queue_answer(waiting: Sequence[Entry], slots: int) -> str:
    if not slots:
        return _("The queue sends at no hour yet: choose some below.")
    if not waiting:
        return _("Nothing is in the queue. Whatever is put there takes the next free hour.")
    last = next((entry.due_at for entry in reversed(waiting) if entry.due_at), None)
    if last is None:
        return _("What is in the queue has no hour.")
    return ngettext(
        "%(n)s post waits in the queue, which lasts until %(day)s.",
        "%(n)s posts wait in the queue, which lasts until %(day)s.",
        len(waiting),
    ) % {"n": formats.number(len(waiting)), "day": formats.date(last)}


def _slots(request: HttpRequest) -> list[tuple[int, Any]]:
    """The hours that stay, and those that were typed."""
    found = [_slot(value) for value in request.POST.getlist("slot")]
    for weekday in range(7):
        if typed := request.POST.get(f"new_{weekday}", "").strip():
            found.append(_slot(f"{weekday}-{typed}"))
    return found


def _slot(value: str) -> tuple[int, Any]:
    weekday, _mark, typed = value.partition("-")
    each = clock.time_of(typed)
    if each is None or not weekday.isdecimal() or int(weekday[:2]) > 6:
        raise BadInput(_("This is no time of day."), field="slot")
    return int(weekday[:2]), each


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/calendar", calendar),
    at_path("studio/<str:handle>/calendar/drafts", drafts),
    at_path("studio/<str:handle>/calendar/queue", queue),
]
