"""What if reach were throttled: how many followers a page then needs, and what a month brings.

A form that works without a script; with one the answer follows the slider. The server is asked each time, so that
there is one formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.insights import economy
from majlis.insights.breakeven import Economy, break_even, monthly_result
from majlis.insights.economy import LastWeeks
from majlis.people import queries as people
from majlis.studio.promotion import money
from majlis.web.faces import Shown
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame
from majlis.web.studio.frame import path as studio_path

_THROTTLED: Final = 12.0
_MOST: Final = 1e12
# multiplied they stay amounts of 28 digits, which is what can be written
_MOST_OF: Final = {"followers": 1e10, "posts": 1e3}


@dataclass(slots=True)
class Asked(Shown):
    """A number of the form: what she typed, or what the last weeks say; None where nothing is known."""

    name: str
    label: str | Promise
    typed: str
    value: float | None
    known: bool  # from the page's own last weeks
    wrong: bool
    suffix: str = ""


@team(Permission.MEASURE, "GET")
def what_if(request: HttpRequest, on: OnTeam) -> HttpResponse:
    """The page; the answer alone is cut out of it by the script."""
    weeks = economy.last_weeks(page_id=on.page_id, at=now())
    profile = people.profile(on.page_id)
    fields = _fields(request.GET, weeks, followers=profile.followers if profile else 0)
    throttle = _throttle(request.GET)
    return render(request, "web/studio/promotion/what_if.html", frame(
        on, "promotion", _("What if reach were throttled?"),
        fields=fields.values(),
        weeks=weeks,
        throttle=throttle,
        answer=_answer(fields, throttle),
        back_url=studio_path(on.handle, "promotion"),
    ))  # fmt: skip


_LABELS: Final[tuple[tuple[str, str | Promise, bool], ...]] = (
    ("followers", gettext_lazy("Followers"), False),
    ("posts", gettext_lazy("Posts a month"), False),
    ("reach", gettext_lazy("Followers a post reaches unpaid, in percent"), True),
    ("clicks", gettext_lazy("Of those reached, who follow a link, in percent"), True),
    ("orders", gettext_lazy("Of those, who order, in percent"), True),
    ("margin", gettext_lazy("What an order leaves you"), False),
    ("cost", gettext_lazy("What a month costs you, your hours included"), False),
)


def _fields(given: QueryDict, weeks: LastWeeks, *, followers: int) -> dict[str, Asked]:
    known: dict[str, float | None] = {
        "followers": followers or None,
        "posts": weeks.posts,
        "reach": _percent(weeks.reach_rate),
        "clicks": _percent(weeks.click_rate),
        "orders": _percent(weeks.conversion_rate),
    }
    return {
        name: _asked(name, label, given.get(name, ""), known.get(name), rate=rate)
        for name, label, rate in _LABELS
    }


def _asked(name: str, label: str | Promise, typed: str, known: float | None, *, rate: bool) -> Asked:
    suffix = "%" if rate else ""
    if not typed.strip():
        shown = "" if known is None else f"{known:.4g}" if rate else f"{known:.10g}"
        return Asked(name, label, shown, known, known is not None, False, suffix)
    value = money.typed_number(typed)
    good = (
        value is not None and value.is_finite() and 0 <= value <= (100 if rate else _MOST_OF.get(name, _MOST))
    )
    return Asked(
        name, label, typed[:40], float(value) if good and value is not None else None, False, not good, suffix
    )


def _percent(rate: float | None) -> float | None:
    return None if rate is None else rate * 100


def _throttle(given: QueryDict) -> float:
    value = money.typed_number(given.get("throttle", ""))
    good = value is not None and value.is_finite() and 0 < value <= 100
    return float(value) if good and value is not None else _THROTTLED


def _answer(fields: dict[str, Asked], throttle: float) -> dict[str, Any] | None:
    """Both months, or None where a number is missing ("not enough yet")."""
    values = {name: field.value for name, field in fields.items() if field.value is not None}
    if len(values) < len(fields) - ("reach" not in values):
        return None
    today = Economy(
        cost=values["cost"],
        posts=values["posts"],
        reach_rate=values.get("reach", 0.0) / 100,
        click_rate=values["clicks"] / 100,
        conversion_rate=values["orders"] / 100,
        margin=values["margin"],
    )
    followers = values["followers"]
    months = [_month(today.with_reach(throttle / 100), followers, throttle)]
    if "reach" in values:
        months.insert(0, _month(today, followers, values["reach"]))
    return {"months": months, "then": months[-1], "now": months[0] if len(months) > 1 else None}


def _month(economy: Economy, followers: float, percent: float) -> dict[str, Any]:
    result = monthly_result(economy, followers=followers)
    return {
        "reach": percent,
        "followers": break_even(economy),
        "result": money.cents(result),
        "loss": money.cents(-result) if result < 0 else None,
    }


urls: list[URLPattern] = [path("studio/<str:handle>/promotion/what-if", what_if)]
