"""``/studio/<handle>/money/break-even``: how many followers pay for a month, and what 15, 500 or 15,000 would mean.

A form that works without a script; with one the answer follows the sliders. The server is asked each time, so that
there is one formula. What nobody typed is as in the page's own last 28 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.insights.breakeven import Economy, break_even, monthly_result
from majlis.insights.plots import writing
from majlis.studio.money import terms as books
from majlis.studio.money.own_month import ASKED, OwnMonth, orders_of, own_month
from majlis.studio.promotion.money import cents, typed_number
from majlis.web import formats
from majlis.web.faces import Shown
from majlis.web.studio import clock
from majlis.web.studio.doors import team
from majlis.web.studio.frame import frame
from majlis.web.studio.money.month import missing
from majlis.web.studio.money.shown import amount

PART: Final = "money/break-even"


@dataclass(frozen=True, slots=True)
class Kind:
    """A number of the form: its words, the most it may be, and how far its slider goes (0: it has none)."""

    label: str | Promise
    most: float
    slides: float = 0.0
    percent: bool = False
    told: str | Promise = ""


_KINDS: Final[dict[str, Kind]] = {
    "posts": Kind(gettext_lazy("Posts a month"), 1e3, 60),
    "reach": Kind(
        gettext_lazy("Followers a post reaches unpaid, in percent"),
        100,
        100,
        percent=True,
        told=gettext_lazy("Followers a post reaches unpaid"),
    ),
    "clicks": Kind(
        gettext_lazy("Of those reached, who follow a link, in percent"),
        100,
        20,
        percent=True,
        told=gettext_lazy("Of those reached, who follow a link"),
    ),
    "orders": Kind(
        gettext_lazy("Of those, who order, in percent"),
        100,
        20,
        percent=True,
        told=gettext_lazy("Of those, who order"),
    ),
    "margin": Kind(gettext_lazy("What an order leaves you"), 1e12),
    "cost": Kind(gettext_lazy("What a month costs you, your hours included"), 1e12),
    "followers": Kind(gettext_lazy("Followers"), 1e10),
}


@dataclass(slots=True)
class Asked(Shown):
    """A number of the form: what she chose, or what the last weeks say; None where nothing is known."""

    name: str
    label: str | Promise
    typed: str
    value: float | None
    known: bool
    wrong: bool
    most: str
    words: str
    told: str | Promise


@team(Permission.MONEY, "GET")
def index(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """The page; the answer alone is cut out of it by the script."""
    at = now()
    own = own_month(page, at=at)
    fields = _fields(request.GET, _known(own))
    context = frame(
        page, PART, _("Break-even"), fields=list(fields.values()), sliders=[each for each in fields.values() if each.most],
        typed_fields=[each for each in fields.values() if not each.most], weeks=own.weeks, currency=own.currency,
        result=answer(fields, own.currency), in_all=_in_all(own),
        missing=missing(page, books.terms(page.page_id), own.result, clock.today(at, zone=page.time_zone)),
    )  # fmt: skip
    return render(request, "web/studio/money/break_even.html", context)


def _in_all(own: OwnMonth) -> str:
    """What the page's orders were, lest the sum be taken for them: it is of followers who are reached unpaid alone."""
    orders = own.result.sums.came_orders
    if not orders:
        return ""
    return ngettext(
        "Only what followers bring is in it. In the last 28 days %(n)s order came of your posts and links in all: also by "
        "promo codes, by promotion and from people who do not follow you.",
        "Only what followers bring is in it. In the last 28 days %(n)s orders came of your posts and links in all: also by "
        "promo codes, by promotion and from people who do not follow you.",
        orders,
    ) % {"n": formats.number(orders)}


def _known(own: OwnMonth) -> dict[str, float | None]:
    """As the form asks for it: percents of a hundred."""
    rates = {"reach": own.reach_rate, "clicks": own.click_rate, "orders": own.conversion_rate}
    return {
        "posts": own.posts,
        **{name: None if rate is None else rate * 100 for name, rate in rates.items()},
        "margin": own.margin,
        "cost": own.cost,
        "followers": own.followers,
    }


def _fields(given: QueryDict, values: dict[str, float | None]) -> dict[str, Asked]:
    return {name: _asked(name, kind, given.get(name, ""), values[name]) for name, kind in _KINDS.items()}


def _asked(name: str, kind: Kind, typed: str, own: float | None) -> Asked:
    value, wrong = own, False
    if typed.strip():
        number = typed_number(typed.strip()[:20])
        wrong = number is None or not number.is_finite() or not 0 <= number <= Decimal(kind.most)
        value = None if wrong or number is None else float(number)
    shown = typed[:20] if typed.strip() else "" if own is None else f"{own:.10g}"
    reaches = max(kind.slides, min(kind.most, 2 * (value or 0))) if kind.slides else 0
    words = (
        ""
        if value is None
        else writing.percent(value / 100)
        if kind.percent
        else formats.number(round(value, 2))
    )
    known = not typed.strip() and own is not None
    return Asked(
        name,
        kind.label,
        shown,
        value,
        known,
        wrong,
        f"{reaches:.10g}" if reaches else "",
        words,
        kind.told or kind.label,
    )


def answer(fields: dict[str, Asked], currency: str) -> dict[str, Any]:
    """The sentence, and the table; without what is missing it says only that."""
    values = {name: field.value for name, field in fields.items() if field.value is not None}
    lacks = [str(field.label) for name, field in fields.items() if name not in values and name != "followers"]
    if lacks:
        joint = "، " if formats.locale().language == "ar" else ", "
        return {
            "said": _("Not enough yet. Still missing: %(what)s.") % {"what": joint.join(lacks)},
            "rows": [],
        }
    month = Economy(
        cost=values["cost"], posts=values["posts"], reach_rate=values["reach"] / 100, click_rate=values["clicks"] / 100,
        conversion_rate=values["orders"] / 100, margin=values["margin"],
    )  # fmt: skip
    needed, own = break_even(month), values.get("followers")
    said = _needed(needed)
    if own is not None:
        said = f"{said} {_brings(monthly_result(month, followers=own), currency)}"
    rows = sorted({*ASKED, *([own] if own is not None else ()), *([needed] if needed is not None else ())})
    return {
        "said": said, "needed": needed,
        "rows": [
            {
                "followers": formats.number(each), "own": each == own, "needed": each == needed,
                "orders": formats.number(round(orders_of(month, each), 2)),
                "result": amount(cents(monthly_result(month, followers=each)), currency),
            }
            for each in rows
        ],
    }  # fmt: skip


def _needed(needed: int | None) -> str:
    if needed is None:
        return _("With these numbers no number of followers pays for a month.")
    return ngettext(
        "%(n)s follower pays for a month.", "%(n)s followers pay for a month.", needed
    ) % {"n": formats.number(needed)}  # fmt: skip


def _brings(result: float, currency: str) -> str:
    words = {"amount": amount(abs(cents(result)), currency)}
    if result < 0:
        return _("With those you have, a month loses %(amount)s.") % words
    return _("With those you have, a month brings %(amount)s.") % words


urls: list[URLPattern] = [path("studio/<str:handle>/money/break-even", index)]
