"""``/studio/<handle>/money/costs``: what was spent, and what an hour, an order, another currency is worth, from when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission, Role
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.insights.plots import writing
from majlis.studio import access, queries
from majlis.studio.conversions.currencies import CURRENCIES
from majlis.studio.money import costs, terms
from majlis.studio.money.costs import Cost
from majlis.studio.money.terms import IDLE, Terms
from majlis.web import formats
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import clock, entry_form
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.frame import ROLES, frame, path
from majlis.web.studio.money import shown

PART: Final = "money/costs"
_SHOWN: Final = timedelta(days=365)
_LISTED: Final = 200
_RATE: Final = terms.Kind
_IDLE_MINUTES: Final = tuple(range(IDLE[0] // 60, IDLE[1] // 60 + 1))

_HOLDS: Final = gettext_lazy("It holds from that day on.")

Act = Callable[[HttpRequest, OnTeam, datetime], Any]


@team(Permission.MONEY, "GET", "POST", changing=Permission.BUDGET)
@in_page_time
def index(request: HttpRequest, page: OnTeam) -> HttpResponse:
    """What was spent, and the rates; sent, a cost is written down."""
    if request.method == "POST":
        return _done(request, page, "cost", _spend, _("It is written down."))
    return _page(request, page)


def _spend(request: HttpRequest, page: OnTeam, at: datetime) -> None:
    sent = request.POST
    costs.spend(
        page, kind=sent.get("kind", ""), amount=shown.decimal(sent.get("amount", ""), field="amount"),
        currency=sent.get("currency", "").strip(), from_day=shown.day(sent.get("from_day", ""), field="from_day"),
        to_day=shown.day(sent["to_day"], field="to_day") if sent.get("to_day") else None,
        entry_id=shown.optional_id(sent.get("entry")), campaign_id=shown.optional_id(sent.get("campaign")),
        note=sent.get("note", ""), at=at,
    )  # fmt: skip


def _keep_book(request: HttpRequest, page: OnTeam, at: datetime) -> None:
    minutes = shown.optional_id(request.POST.get("idle")) or 0
    terms.keep_book(
        page, currency=request.POST.get("currency", "").strip(), idle_seconds=min(minutes, 10_000) * 60, at=at
    )


def _keep_margin(request: HttpRequest, page: OnTeam, at: datetime) -> None:
    value = shown.decimal(request.POST.get("value", ""), field="value") / 100
    terms.keep_rate(page, kind=_RATE.MARGIN, key="", day=_from(request), value=value, at=at)


def _keep_hour(request: HttpRequest, page: OnTeam, at: datetime) -> None:
    value = shown.decimal(request.POST.get("value", ""), field="value")
    key = request.POST.get("key", "")
    terms.keep_rate(page, kind=_RATE.HOUR, key=key, day=_from(request), value=value, at=at)


def _keep_exchange(request: HttpRequest, page: OnTeam, at: datetime) -> None:
    value = shown.decimal(request.POST.get("value", ""), field="value")
    key = request.POST.get("key", "").strip()
    terms.keep_rate(page, kind=_RATE.EXCHANGE, key=key, day=_from(request), value=value, at=at)


def _from(request: HttpRequest) -> date:
    return shown.day(request.POST.get("day", ""), field="day")


def _forget_rate(request: HttpRequest, page: OnTeam, at: datetime) -> None:
    sent = request.POST
    terms.forget_rate(page, kind=sent.get("kind", ""), key=sent.get("key", ""), day=_from(request), at=at)


def _button(name: str, act: Act, sentence: Any) -> Callable[..., HttpResponse]:
    """A form of this page: what cannot be taken is said above it, and what was typed stays."""

    @team(Permission.BUDGET, "POST")
    @in_page_time
    @wraps(act)
    def pressed(request: HttpRequest, page: OnTeam) -> HttpResponse:
        return _done(request, page, name, act, sentence)

    return pressed


def _done(request: HttpRequest, page: OnTeam, form: str, act: Act, sentence: Any) -> HttpResponse:
    try:
        act(request, page, now())
    except BadInput as error:
        return _page(request, page, error=error, form=form)
    messages.success(request, str(sentence))
    return goto(request, path(page.handle, PART))


@team(Permission.BUDGET, "POST")
def forget(request: HttpRequest, page: OnTeam, cost_id: int) -> HttpResponse:
    """It was not spent after all."""
    costs.forget(page, cost_id=cost_id, at=now())
    messages.success(request, _("It is gone, from every sum too."))
    return goto(request, path(page.handle, PART))


def _page(
    request: HttpRequest, page: OnTeam, *, error: BadInput | None = None, form: str = ""
) -> HttpResponse:
    today = clock.today(now(), zone=page.time_zone)
    book = terms.terms(page.page_id)
    spent = costs.costs(page, first=today - _SHOWN, last=today + _SHOWN)
    names = dict(queries.campaign_names(team=page))
    entry_id = shown.optional_id(request.POST.get("entry") or request.GET.get("entry"))
    entry = access.entry(team=page, entry_id=entry_id) if entry_id else None
    context = frame(
        page, PART, _("Costs and rates"),
        answer=_answer(book, today), book=book, may_write=page.may(Permission.BUDGET),
        rates=_rates(book), costs=[_line(each, names) for each in spent[:_LISTED]],
        roles=[(role.value, ROLES[role]) for role in Role], kinds=shown.KINDS.items(), currencies=sorted(CURRENCIES),
        campaigns=names.items(), idle_minutes=_IDLE_MINUTES, idle=book.idle_seconds // 60, today=today.isoformat(),
        entry=entry, entry_title=entry_form.heading(entry) if entry else "",
        error=sentence_of(error) if error else "", wrong=error.field if error else "", form=form,
        typed=request.POST if error else {}, costs_file=shown.file_of(page, "costs"),
    )  # fmt: skip
    return render(request, "web/studio/money/costs.html", context, status=error.status if error else 200)


def _answer(book: Terms, today: date) -> str:
    margin = book.margin(today)
    words = {"currency": book.currency}
    if margin is None:
        return (
            _("Everything is counted in %(currency)s. What an order leaves you nobody has said yet.") % words
        )
    words["margin"] = writing.percent(float(margin))
    return _("Everything is counted in %(currency)s, and of an order %(margin)s is left to you.") % words


def _rates(book: Terms) -> dict[str, list[dict[str, Any]]]:
    """By kind: what holds from when, the newest first."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _RATE.values}
    for (kind, key), given in book.rates.items():
        for day, value in reversed(given):
            found[kind].append(
                {"kind": kind, "key": key, "day": day.isoformat(), "from": formats.day(day),
                 "name": _name(kind, key), "value": _value(kind, value, book.currency)}
            )  # fmt: skip
    return found


def _name(kind: str, key: str) -> Any:
    return ROLES[Role(key)] if kind == _RATE.HOUR else key


def _value(kind: str, value: Decimal, currency: str) -> str:
    if kind == _RATE.MARGIN:
        return writing.percent(float(value))
    return shown.amount(value, currency) if kind == _RATE.HOUR else f"{value.normalize():f} {currency}"


def _line(each: Cost, names: Mapping[int, str]) -> dict[str, Any]:
    days = formats.day(each.from_day)
    if each.to_day != each.from_day:
        days = _("%(first)s – %(last)s") % {"first": days, "last": formats.day(each.to_day)}
    return {
        "id": each.id, "kind": shown.KINDS[each.kind], "amount": shown.amount(each.amount, each.currency), "days": days,
        "note": each.note, "campaign": names.get(each.campaign_id or 0, ""),
    }  # fmt: skip


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/money/costs", index),
    at_path("studio/<str:handle>/money/costs/<id:cost_id>/forget", forget),
    at_path("studio/<str:handle>/money/book", _button("book", _keep_book, gettext_lazy("Saved."))),
    at_path("studio/<str:handle>/money/rates/margin", _button("margin", _keep_margin, _HOLDS)),
    at_path("studio/<str:handle>/money/rates/hour", _button("hour", _keep_hour, _HOLDS)),
    at_path(
        "studio/<str:handle>/money/rates/exchange",
        _button("exchange", _keep_exchange, _HOLDS),
    ),
    at_path(
        "studio/<str:handle>/money/rates/forget",
        _button("forget", _forget_rate, gettext_lazy("It holds no more; the one before it does.")),
    ),
]  # fmt: skip
