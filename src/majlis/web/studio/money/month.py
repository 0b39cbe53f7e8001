"""``/studio/<handle>/money``: did the month pay? What went in, what came back, what is missing; closing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission, Role
from majlis.core.clock import now
from majlis.core.errors import BadInput, Conflict
from majlis.insights.plots import saying
from majlis.studio.money import results, sheets
from majlis.studio.money import terms as books
from majlis.studio.money.figures import figures
from majlis.studio.money.results import Closed, Result
from majlis.studio.money.terms import Terms
from majlis.web import formats
from majlis.web.doors import goto, sentence_of
from majlis.web.faces import Shown
from majlis.web.studio import clock
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.frame import ROLES, frame, path
from majlis.web.studio.money import shown
from majlis.web.studio.money.shown import PART, amount

_LISTED: Final = 24
_POSTS: Final = 10
"""So many posts are shown at once."""


@dataclass(slots=True)
class Missing(Shown):
    """What a month's figures lack, and where that is put right."""

    text: str
    url: str
    label: str | Promise


@team(Permission.MONEY, "GET")
@in_page_time
def index(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """A month of money."""
    at = now()
    month = shown.month_of(request.GET.get("month", ""), page, at=at)
    found = results.result(page, window=shown.so_far(page, month, at=at))
    over = results.month_window(month, zone=page.time_zone).until <= at
    terms = books.terms(page.page_id)
    closed = results.closed_months(page)
    then = next((each for each in closed if each.month == month), None)
    file = shown.file_of(page, "NAME", month=f"{month:%Y-%m}")
    names = shown.post_names(page, (line.key for line in found.posts if line.key))
    posts, more_posts = sheets.cut(sheets.posts(found, names, zone=page.time_zone), _POSTS)
    return render(request, "web/studio/money/month.html", frame(
        page, PART, _("Did it pay?"),
        answer=answer(found, month, over=over), months=shown.months(page, PART, month, at=at),
        missing=missing(page, terms, found, month), figures=figures(found), file=file,
        **{f"{name}_file": file.replace("NAME", name) for name in ("month", "posts", "campaigns")},
        plots=[sheets.weeks(found, zone=page.time_zone)],
        posts=posts, more_posts=more_posts,
        campaigns=sheets.campaigns(found, shown.campaign_names(page), zone=page.time_zone),
        customers=found.customers,
        closed=_compared(then, found) if then else None,
        may_close=over and then is None and page.may(Permission.BUDGET), month=f"{month:%Y-%m}",
        closed_months=[
            {"url": f"{path(page.handle, PART)}?month={each.month:%Y-%m}", "name": clock.month_words(each.month),
             "told": _said(each)}
            for each in closed[:_LISTED]
        ],
    ))  # fmt: skip


def answer(found: Result, month: date, *, over: bool) -> str:
    """Whether the month paid, as a sentence."""
    sums, name = found.sums, clock.month_words(month)
    words = {"month": name, "cost": amount(sums.cost, found.currency)}
    if not sums.cost and not sums.came_orders:
        return _("Nothing that we know of went in or came back in %(month)s.") % words
    if sums.came_margin is None or sums.profit is None:
        words["revenue"] = amount(sums.came_revenue, found.currency)
        return (
            _(
                "%(month)s: %(cost)s went in, and orders of %(revenue)s came of it. Whether that paid, nobody can say yet."
            )
            % words
        )
    words["margin"] = amount(sums.came_margin, found.currency)
    if sums.profit > 0:
        said = (
            _("%(month)s paid: %(margin)s came back, %(cost)s went in.")
            if over
            else _("%(month)s has paid so far: %(margin)s came back, %(cost)s went in.")
        )
    elif sums.profit == 0:
        said = _("%(month)s came out even: %(margin)s came back, %(cost)s went in.")
    else:
        said = (
            _("%(month)s did not pay: %(margin)s came back, %(cost)s went in.")
            if over
            else _("%(month)s has not paid so far: %(margin)s came back, %(cost)s went in.")
        )
    return said % words


def missing(page: OnTeam, terms: Terms, found: Result, month: date) -> list[Missing]:
    """What was left out or is not known, each with the place where it is put right."""
    costs = path(page.handle, "money/costs")
    said = []
    if found.sums.came_margin is None:
        text = _("Nobody said what an order leaves you after the goods, so there is no margin and no ROI.")
        said.append(Missing(text, f"{costs}#margin", _("Say what an order leaves")))
    if found.sums.unpriced_seconds:
        roles = [role for role in Role if found.roles.get(role) and terms.hour(role, month) is None]
        text = _("%(hours)s of work have no price and are in no cost (%(roles)s).") % {
            "hours": saying.hours(found.sums.unpriced_seconds),
            "roles": ("، " if formats.locale().language == "ar" else ", ").join(
                str(ROLES[role]) for role in roles
            ),
        }
        said.append(Missing(text, f"{costs}#rates", _("Say what an hour costs")))
    for currency, (cost, revenue) in found.sums.apart.items():
        text = _(
            "%(cost)s spent and orders of %(revenue)s are in another currency: apart, "
            "because no rate says what they are in %(own)s."
        ) % {"cost": amount(cost, currency), "revenue": amount(revenue, currency), "own": found.currency}
        said.append(
            Missing(text, f"{costs}#exchange", _("Say what %(currency)s is worth") % {"currency": currency})
        )
    if found.customers.nameless:
        text = ngettext(
            "%(n)s order names no customer, so nobody can say whether she was new.",
            "%(n)s orders name no customer, so nobody can say whether they were new.",
            found.customers.nameless,
        ) % {"n": formats.number(found.customers.nameless)}
        said.append(Missing(text, path(page.handle, "links/goals"), _("How orders are told")))
    return said


def _compared(then: Closed, found: Result) -> dict[str, Any]:
    now_told = results.told(found)
    changed = sheets.differs(then.told, now_told)
    if not changed:
        said = _("Closed on %(day)s. Nothing has come in since.")
    elif (
        then.told.profit is not None
        and now_told.profit is not None
        and then.told.currency == now_told.currency
    ):
        said = _(
            "Closed on %(day)s with %(then)s left. What came in since makes it %(now)s: a difference of %(difference)s."
        )
    else:
        said = _("Closed on %(day)s. Since then something has come in.")
    words = {"day": formats.date(then.closed_at)}
    if then.told.profit is not None and now_told.profit is not None:
        words |= {
            "then": amount(then.told.profit, then.told.currency), "now": amount(now_told.profit, now_told.currency),
            "difference": amount(now_told.profit - then.told.profit, now_told.currency),
        }  # fmt: skip
    return {"said": said % words, "changed": changed, "sheet": sheets.then_and_now(then.told, now_told)}


def _said(each: Closed) -> str:
    told = each.told
    return amount(told.cost if told.profit is None else told.profit, told.currency)


@team(Permission.BUDGET, "POST")
@in_page_time
def close(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """Keep what a month is told as now."""
    at = now()
    month = clock.day_of(f"{request.POST.get('month', '')[:7]}-01")
    try:
        if month is None:
            raise BadInput(_("Choose a month."), field="month")
        results.close_month(page, month=month, at=at)
    except (BadInput, Conflict) as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("The month is closed. What comes in later is shown beside it."))
    back = f"?month={month:%Y-%m}" if month else ""
    return goto(request, f"{path(page.handle, PART)}{back}")


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/money", index),
    at_path("studio/<str:handle>/money/close", close),
]
