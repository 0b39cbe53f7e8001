"""``/studio/<handle>/customers``: how many stand where, lists, and one customer at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import get_language_bidi, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from majlis.brands.access import OnTeam
from majlis.brands.customers import erasing, merging, records
from majlis.brands.customers.given import Given, checked
from majlis.brands.customers.records import Record
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotThere, Refused
from majlis.core.text.clean import clean_text
from majlis.insights.exports import csvs, xlsx
from majlis.insights.exports.sheet import Sheet
from majlis.people import queries as people
from majlis.studio.customers import files, lists, praise, segments, worth
from majlis.studio.customers.lists import Counts
from majlis.studio.customers.rules import EVERYBODY, STAGES, Rule
from majlis.web import faces, formats
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import customer_words as words
from majlis.web.studio.clock import in_page_time
from majlis.web.studio.doors import team
from majlis.web.studio.frame import path
from majlis.web.studio.measured import money

_FEW: Final = 5
_PRAISE: Final = timedelta(days=90)
_SORTS: Final = {
    "last": gettext_lazy("Last order"), "first": gettext_lazy("First order"), "value": gettext_lazy("Value"),
    "made": gettext_lazy("Written down"),
}  # fmt: skip


@team(Permission.COUNT_CUSTOMERS, "GET")
@in_page_time
def index(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Who is new, who is late, who praises, what groups are worth."""
    at = now()
    found = lists.counts(team, at=at)
    return render(request, "web/studio/customers/index.html", words.framed(
        team, "customers", _("Customers"), answer=_answer(found), counts=found, groups=_groups(found),
        worth=_worth(team), as_of=at, **_people(team, at),
    ))  # fmt: skip


def _answer(found: Counts) -> str:
    if not found.customers:
        return _("No customer has ordered yet, as far as is known here.")
    many = ngettext(
        "%(n)s customer has ordered so far", "%(n)s customers have ordered so far", found.customers
    )
    fresh = ngettext("%(n)s is new this month", "%(n)s are new this month", found.new_this_month)
    late = ngettext(
        "%(n)s has not been back for longer than her own habit",
        "%(n)s have not been back for longer than their own habit",
        found.overdue,
    )
    return _("%(many)s; %(fresh)s, and %(late)s.") % {
        "many": many % {"n": formats.number(found.customers)},
        "fresh": fresh % {"n": formats.number(found.new_this_month)},
        "late": late % {"n": formats.number(found.overdue)},
    }


def _groups(found: Counts) -> list[dict[str, Any]]:
    return [
        {
            "stage": each.stage, "name": words.STAGES[each.stage], "customers": each.customers,
            "brought": words.brought(each), "each": words.each(each),
        }
        for each in found.stages if each.stage != "none" or each.customers
    ]  # fmt: skip


def _worth(team: OnTeam) -> dict[str, Any]:
    known = worth.known(team.page_id)
    if known is None:
        return {"missing": _("It is worked out once a day; not yet for this page.")}
    if known.told.lacking is not None:
        return {"missing": words.missing(known.told.lacking), "at": known.made_at}
    return {
        "at": known.made_at,
        "customers": known.told.customers,
        "independent": known.told.independent,
        "rows": [
            {
                "name": words.STAGES[each.stage],
                "each": _rounded(each.each, known.told.currency),
                "low": _rounded(each.low, known.told.currency),
                "high": _rounded(each.high, known.told.currency),
            }
            for each in known.told.groups
        ],
    }


def _rounded(value: float, currency: str) -> str:
    return money(Decimal(round(value)), currency)


def _people(team: OnTeam, at: datetime) -> dict[str, Any]:
    """Names, for who may read them."""
    if not team.may(Permission.CUSTOMERS):
        return {}
    fresh = lists.listed(team, rule=Rule(stages=("new",)), sort="first", limit=_FEW, at=at)
    late = lists.listed(team, rule=Rule(overdue=True), sort="value", limit=_FEW, at=at)
    praising = praise.praise(team, since=at - _PRAISE)[:_FEW]
    shown = {
        line.id: line for line in lists.lines(team.page_id, [each.customer_id for each in praising], at=at)
    }
    return {
        "fresh": [words.row(team, line) for line in fresh.lines],
        "late": [words.row(team, line) for line in late.lines],
        "praising": [
            {"row": words.row(team, shown[each.customer_id]), "said": _praised(each)}
            for each in praising if each.customer_id in shown
        ],
    }  # fmt: skip


def _praised(each: praise.Praise) -> str:
    said = [_("a review of four stars or more")] if each.review else []
    if each.mentions:
        said.append(
            ngettext("%(n)s mention", "%(n)s mentions", each.mentions) % {"n": formats.number(each.mentions)}
        )
    if each.boosts:
        said.append(ngettext("%(n)s boost", "%(n)s boosts", each.boosts) % {"n": formats.number(each.boosts)})
    return " · ".join(said)


@team(Permission.CUSTOMERS, "GET")
@in_page_time
def listing(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Customers in an order, of a stage or a group, by words."""
    asked = request.GET
    rule, chosen = _rule(team, asked)
    sort = asked.get("sort") if asked.get("sort") in _SORTS else "last"
    typed = clean_text(asked.get("q", ""))[:200]
    found = lists.listed(
        team, rule=rule, words=typed, sort=sort, after=asked.get("after", ""), at=now()  # type: ignore[arg-type]
    )  # fmt: skip
    kept = {name: value for name, value in (("stage", asked.get("stage", "")), ("group", asked.get("group", "")),
            ("q", typed), ("sort", sort)) if value}  # fmt: skip
    address = path(team.handle, "customers/list")
    return render(request, "web/studio/customers/list.html", words.framed(
        team, "customers/list", _("Customers"), rows=[words.row(team, line) for line in found.lines], typed=typed,
        stages=[(stage, words.STAGES[stage], stage in rule.stages) for stage in STAGES], chosen=chosen,
        sorts=[(name, label, name == sort) for name, label in _SORTS.items()], address=address,
        stage=asked.get("stage", ""), group=asked.get("group", ""),
        more_url=f"{address}?{urlencode({**kept, 'after': found.after})}" if found.after else "",
        files=[
            (kind.upper(), f"{path(team.handle, f'customers/file.{kind}')}?{urlencode(kept)}") for kind in ("csv", "xlsx")
        ],
    ))  # fmt: skip


def _rule(team: OnTeam, asked: Any) -> tuple[Rule, str]:
    """What the address asks for: a stage, whoever is late, or a group with a name."""
    if group := asked.get("group", ""):
        found = segments.segment(
            team.page_id, int(group) if group.isascii() and group.isdigit() and len(group) < 19 else 0
        )
        return found.rule, found.name
    stage = asked.get("stage", "")
    if stage == "late":
        return Rule(overdue=True), _("Longer away than their habit")
    return (Rule(stages=(stage,)), "") if stage in STAGES else (EVERYBODY, "")


@team(Permission.CUSTOMERS, "GET")
def file(request: HttpRequest, team: OnTeam, form: str) -> HttpResponse:
    """A list as a table, whole."""
    rule, chosen = _rule(team, request.GET)
    return sheet_file(
        files.group(team, title=chosen or _("Customers"), rule=rule, at=now()),
        f"{team.handle}-customers",
        form,
    )


def sheet_file(sheet: Sheet, name: str, form: str) -> HttpResponse:
    """A sheet as CSV or XLSX."""
    kinds = {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    if form not in kinds:
        raise NotThere(_("There is no such file."))
    content = csvs.written(sheet) if form == "csv" else xlsx.written(sheet, rtl=get_language_bidi())
    response = HttpResponse(content, content_type=kinds[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


@team(Permission.CUSTOMER, "GET")
@in_page_time
def find(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """One customer, by a part of what she is known by."""
    typed = clean_text(request.GET.get("q", ""))[:200]
    ids = records.find(team, words=typed)
    rows = [words.row(team, line) for line in lists.lines(team.page_id, ids, at=now())]
    return render(request, "web/studio/customers/find.html", words.framed(
        team, "customers/find", _("Find a customer"), typed=typed, rows=rows, full=len(rows) >= records.FOUND,
    ))  # fmt: skip


@team(Permission.CUSTOMERS, "GET", "POST")
def new(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Write a customer down."""
    if request.method != "POST":
        return _form(request, team, {})
    try:
        kept = records.make(team, _given(request.POST), at=now())
    except Refused as error:
        return _form(request, team, request.POST, error=error)
    messages.success(
        request, _("Saved.") if kept.new else _("She was known already; what was new is in her record.")
    )
    return goto(request, path(team.handle, f"customers/{kept.customer_id}"))


@team(Permission.CUSTOMERS, "GET", "POST")
def change(request: HttpRequest, team: OnTeam, customer_id: int) -> HttpResponse:
    """Change what a record says."""
    found = records.record(team, customer_id=customer_id)
    if request.method != "POST":
        return _form(request, team, _typed(found), found=found)
    try:
        records.update(team, customer_id=customer_id, given=_given(request.POST), at=now())
    except (BadInput, Refused) as error:
        if isinstance(error, NotThere):
            raise
        return _form(request, team, request.POST, found=found, error=error)
    messages.success(request, _("Saved."))
    return goto(request, path(team.handle, f"customers/{customer_id}"))


def _typed(found: Record) -> dict[str, Any]:
    return {
        "name": found.name, "note": found.note, "tags": ", ".join(found.tags), "consent": found.consent,
        **{f"{kind}s": "\n".join(found.of_kind(kind)) for kind in ("email", "phone", "id")},
    }  # fmt: skip


def _given(form: Any) -> Given:
    consent = form.get("consent", "")
    return checked(
        name=form.get("name", ""),
        note=form.get("note", ""),
        tags=form.get("tags", "").replace("،", ",").split(","),
        emails=form.get("emails", "").splitlines(),
        phones=form.get("phones", "").splitlines(),
        ids=form.get("ids", "").splitlines(),
        consent=consent or None,
        consent_how=form.get("consent_how", ""),
        at=now(),
    )


def _form(
    request: HttpRequest,
    team: OnTeam,
    typed: Any,
    *,
    found: Record | None = None,
    error: Refused | None = None,
) -> HttpResponse:
    back = path(team.handle, f"customers/{found.id}" if found else "customers/list")
    context = words.framed(
        team, "customers/list", _("Change a customer") if found else _("A new customer"), typed=typed, back_url=back,
        consents=words.CONSENTS.items(), error=sentence_of(error) if error else "", wrong=error.field if error else "",
    )  # fmt: skip
    return render(request, "web/studio/customers/form.html", context, status=error.status if error else 200)


@team(Permission.CUSTOMER, "GET")
@in_page_time
def one(request: HttpRequest, team: OnTeam, customer_id: int) -> HttpResponse:
    """All that is known of one customer."""
    return _one(request, team, customer_id)


def _one(
    request: HttpRequest, team: OnTeam, customer_id: int, *, error: Refused | None = None
) -> HttpResponse:
    found = records.record(team, customer_id=customer_id)
    bought = lists.bought(team, customer_id=customer_id, at=now())
    known = people.profiles(
        {each.member_id for each in found.joined} | {each.by for each in found.consents if each.by}
    )
    context = words.framed(
        team, "customers/list", words.name_of(found.name, bought.line.contact), found=found, bought=bought,
        back_url=path(team.handle, "customers/list" if team.may(Permission.CUSTOMERS) else "customers/find"),
        here_url=path(team.handle, f"customers/{customer_id}"), row=words.row(team, bought.line),
        source=words.SOURCES[found.source], consent=words.CONSENTS[found.consent],
        money=[(money(value, currency), count) for currency, count, value in bought.money if currency],
        orders=[(each, _paid(each)) for each in bought.orders],
        history=[
            (each, words.CONSENTS[each.consent], known[each.by].display_name if each.by in known else "")
            for each in found.consents
        ],
        joined=[faces.face(known[each.member_id]) for each in found.joined if each.member_id in known],
        error=sentence_of(error) if error else "",
    )  # fmt: skip
    return render(request, "web/studio/customers/one.html", context, status=error.status if error else 200)


def _paid(order: lists.OrderLine) -> str:
    return money(order.value, order.currency) if order.value is not None and order.currency else ""


@team(Permission.CUSTOMERS, "POST")
@in_page_time
def merge(request: HttpRequest, team: OnTeam, customer_id: int) -> HttpResponse:
    """Another record is the same person: by its number, or by an address or id of hers."""
    try:
        merging.merge(
            team, kept_id=customer_id, gone_id=_other(team, request.POST.get("other", "")), at=now()
        )
    except (BadInput, NotThere) as error:
        return _one(request, team, customer_id, error=error)
    messages.success(request, _("They are one customer now. You can split them again below."))
    return goto(request, path(team.handle, f"customers/{customer_id}"))


def _other(team: OnTeam, typed: str) -> int:
    text = typed.strip()
    if text.isascii() and text.isdigit() and len(text) == 18:
        return int(text)
    found = records.find(team, words=text)
    if len(found) != 1:
        raise BadInput(_("Write an address or a number that only the other customer has."), field="other")
    return found[0]


@team(Permission.CUSTOMERS, "POST")
def split(request: HttpRequest, team: OnTeam, customer_id: int, merge_id: int) -> HttpResponse:
    """They are two after all."""
    merging.split(team, customer_id=customer_id, merge_id=merge_id, at=now())
    messages.success(request, _("They are two customers again."))
    return goto(request, path(team.handle, f"customers/{customer_id}"))


@team(Permission.CUSTOMERS, "POST")
@in_page_time
def erase(request: HttpRequest, team: OnTeam, customer_id: int) -> HttpResponse:
    """Forget her: it cannot be undone, so it is said twice."""
    if request.POST.get("sure") != "on":
        error = BadInput(_("Tick the box: this cannot be undone."), field="sure")
        return _one(request, team, customer_id, error=error)
    erasing.erase(team, customer_id=customer_id, at=now())
    messages.success(request, _("The record is erased. Her orders stay as numbers of nobody."))
    return goto(request, path(team.handle, "customers/list"))


@team(Permission.CUSTOMERS, "GET")
def person(request: HttpRequest, team: OnTeam, customer_id: int, form: str) -> HttpResponse:
    """All of one person as a file, for her."""
    if form == "json":
        response = HttpResponse(
            files.person_json(team, customer_id=customer_id, at=now()), content_type="application/json"
        )
        response["Content-Disposition"] = f'attachment; filename="customer-{customer_id}.json"'
        return response
    return sheet_file(
        files.person_sheet(team, customer_id=customer_id, at=now()), f"customer-{customer_id}", form
    )


_ONE: Final = "studio/<str:handle>/customers/<id:customer_id>"
urls: list[URLPattern] = [
    at_path("studio/<str:handle>/customers", index),
    at_path("studio/<str:handle>/customers/list", listing),
    at_path("studio/<str:handle>/customers/file.<slug:form>", file),
    at_path("studio/<str:handle>/customers/find", find),
    at_path("studio/<str:handle>/customers/new", new),
    at_path(_ONE, one),
    at_path(f"{_ONE}/change", change),
    at_path(f"{_ONE}/merge", merge),
    at_path(f"{_ONE}/split/<id:merge_id>", split),
    at_path(f"{_ONE}/erase", erase),
    at_path(f"{_ONE}/all.<slug:form>", person),
]
