"""``/studio/<handle>/care/promises``: how soon a page answers, at which hours, who is called, what is said by itself."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from majlis.brands import hours as opening
from majlis.brands import queries as brands
from majlis.brands.access import OnTeam
from majlis.brands.hours import OpeningHours
from majlis.brands.roles import Permission
from majlis.care import terms
from majlis.care.access import Priority
from majlis.care.clocks import Targets
from majlis.care.terms import Automatic, PageTerms
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.people import queries as people
from majlis.studio.promotion.money import typed_number
from majlis.web.composer import number
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import clock
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame, path

PART: Final = "care/promises"
PRIORITIES: Final[dict[Priority, str | Promise]] = {
    Priority.URGENT: pgettext_lazy("priority of a conversation", "Urgent"),
    Priority.HIGH: pgettext_lazy("priority of a conversation", "High"),
    Priority.NORMAL: pgettext_lazy("priority of a conversation", "Normal"),
    Priority.LOW: pgettext_lazy("priority of a conversation", "Low"),
}
_CLOCKS: Final = (
    (terms.PAGE, gettext_lazy("The opening hours that the page tells")),
    (terms.ALWAYS, gettext_lazy("Around the clock")),
    (terms.OWN, gettext_lazy("Hours of their own, below")),
)
_WHEN: Final = (
    ("never", gettext_lazy("Nothing is said by itself")),
    ("closed", gettext_lazy("Outside these hours")),
    ("always", gettext_lazy("To everybody who begins a conversation")),
)
_TIMES: Final = ("first", "next", "resolution")


@team(Permission.CARE, "GET", "POST")
def index(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """The promises; sent, they hold from now on."""
    kept = terms.terms_of(page.page_id)
    error: BadInput | None = None
    if request.method == "POST":
        try:
            given, hours = _read(request.POST, kept, page)
            terms.keep(page, given, own_hours=hours, at=now())
        except BadInput as refused:
            error = refused
        else:
            messages.success(request, _("Saved. Clocks that run follow within minutes."))
            return goto(request, path(page.handle, PART))
    names = people.profiles({each.member_id for each in brands.team(page)})
    typed = request.POST if error else None
    return render(request, "web/studio/care/promises.html", frame(
        page, PART, _("Promises"), kept=kept, typed=typed, clocks=_CLOCKS, when=_WHEN,
        rows=[_row(priority, kept.targets[priority], typed) for priority in Priority],
        days=[(day, name, _day(kept.own_hours, day, typed)) for day, name in _weekdays(page)],
        holidays=typed.get("holidays", "") if typed else _dates(kept.own_hours),
        members=[(id_, view.display_name or view.handle) for id_, view in names.items()],
        warn=typed.get("warn", "") if typed else f"{kept.warn_share * 100:g}",
        error=sentence_of(error) if error else "", wrong=error.field if error else "",
        answer=_("By these clocks the inbox says what is due, and calls those who should act."),
    ), status=error.status if error else 200)  # fmt: skip


def _weekdays(page: OnTeam) -> list[tuple[int, str]]:
    return [(day, str(name)) for day, name in clock.weekday_names(page.time_zone)]


def _row(priority: Priority, targets: Targets, typed: QueryDict | None) -> dict[str, Any]:
    fields = [(name, f"{name}_{priority.value}") for name in _TIMES]
    return {
        "label": PRIORITIES[priority],
        "times": [
            (name, field, typed.get(field, "") if typed else _minutes(getattr(targets, name)))
            for name, field in fields
        ],
    }


def _minutes(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds / 60:g}"


def _day(hours: OpeningHours, day: int, typed: QueryDict | None) -> str:
    return typed.get(f"day_{day}", "") if typed else opening.written(hours.week[day])


def _dates(hours: OpeningHours) -> str:
    return "\n".join(
        f"{each.day.isoformat()} {opening.written(each.periods)}".strip() for each in hours.dates
    )


def _read(form: QueryDict, kept: PageTerms, page: OnTeam) -> tuple[PageTerms, OpeningHours]:
    week = tuple(opening.read(form.get(f"day_{day}", ""), field=f"day_{day}") for day in range(7))
    dates = []
    for line in form.get("holidays", "")[:4_000].splitlines():
        if not line.strip():
            continue
        typed, _space, periods = line.strip().partition(" ")
        day = clock.day_of(typed)
        if day is None:
            raise BadInput(
                _("Write a holiday like 2026-12-25, one on each line; hours after it, if it is not closed."),
                field="holidays",
            )
        dates.append(opening.Date(day, opening.read(periods, field="holidays")))
    hours = OpeningHours(week=week, dates=tuple(dates), time_zone=page.time_zone)
    share = typed_number(form.get("warn", ""))
    if share is None:
        raise BadInput(_("This is no number."), field="warn")
    given = msgspec.structs.replace(
        kept, targets=tuple(_targets(form, priority) for priority in Priority), clock=form.get("clock", ""),
        warn_share=float(share) / 100, escalate_to=number(form.get("escalate_to")), assign=form.get("assign", ""),
        automatic=Automatic(
            when=form.get("when", ""), ar=form.get("automatic_ar", "")[:1_000], en=form.get("automatic_en", "")[:1_000]
        ),
        ask_csat=bool(form.get("ask_csat")), show_badge=bool(form.get("show_badge")),
    )  # fmt: skip
    return given, hours


def _targets(form: QueryDict, priority: Priority) -> Targets:
    found: dict[str, int | None] = {}
    for name in _TIMES:
        typed = form.get(f"{name}_{priority.value}", "").strip()
        minutes = typed_number(typed) if typed else None
        if typed and (minutes is None or not minutes.is_finite() or minutes > 600_000):
            raise BadInput(_("This is no number."), field=f"{name}_{priority.value}")
        found[name] = None if minutes is None else round(minutes * 60)
    return Targets(**found)


urls: list[URLPattern] = [at_path("studio/<str:handle>/care/promises", index)]
