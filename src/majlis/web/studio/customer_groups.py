"""``/studio/<handle>/customers/…``: groups with a name, tables, who came back, and what new and old mean here."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.urls import path as at_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from majlis.brands.access import OnTeam
from majlis.brands.customers.book import Book, book, keep_book
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.core.errors import BadInput, Conflict, NotThere, Refused
from majlis.insights.exports.sheet import Column, Note, Sheet
from majlis.insights.methods import cohorts
from majlis.insights.plots import writing
from majlis.studio import queries
from majlis.studio.conversions.currencies import latin_digits
from majlis.studio.customers import addressing, retention, segments, tables
from majlis.studio.customers.rules import STAGES, read
from majlis.web import formats
from majlis.web.doors import goto, sentence_of
from majlis.web.studio import customer_words as words
from majlis.web.studio.clock import in_page_time, month_words
from majlis.web.studio.customers import sheet_file
from majlis.web.studio.doors import team
from majlis.web.studio.frame import path

_MONTHS: Final = 24
_BOOK: Final = (
    ("new_days", gettext_lazy("New: first order at most so many days ago")),
    ("recent_days", gettext_lazy("Recent: last order at most so many days ago")),
    ("recent_orders", gettext_lazy("Recent: at least so many orders")),
    ("lapsed_gaps", gettext_lazy("Old: away for more than so many of her usual gaps")),
    ("lapsed_days", gettext_lazy("Old: away for more than so many days")),
    ("shortest_habit_days", gettext_lazy("Take no habit for shorter than so many days")),
)


@team(Permission.CUSTOMERS, "GET", "POST")
def groups(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """The groups, and a form for a new one."""
    error: Refused | None = None
    if request.method == "POST":
        try:
            segments.make(team, name=request.POST.get("name", ""), rule=_rule(request.POST), at=now())
        except Refused as refused:
            error = refused
        else:
            messages.success(request, _("Saved."))
            return goto(request, path(team.handle, "customers/groups"))
    at, reaches = now(), addressing.reaches(team.page_id)
    rows = [
        {
            "group": each, "size": segments.size(team, each.rule, at=at),
            "url": f"{path(team.handle, 'customers/list')}?group={each.id}",
            "end_url": path(team.handle, f"customers/groups/{each.id}/end"),
            "address_url": path(team.handle, f"customers/groups/{each.id}/posts"),
            "reaches": reaches.get(each.circle_id or 0),
        }
        for each in segments.segments(team)
    ]  # fmt: skip
    context = words.framed(
        team, "customers/groups", _("Groups of customers"), rows=rows, typed=request.POST,
        stages=[(stage, words.STAGES[stage], stage in request.POST.getlist("stages")) for stage in STAGES],
        campaigns=queries.campaigns(team=team), fifths=range(1, 6),
        error=sentence_of(error) if error else "", wrong=error.field if error else "",
    )  # fmt: skip
    return render(request, "web/studio/customers/groups.html", context, status=error.status if error else 200)


def _rule(form: Any) -> Any:
    return read(form, stages=form.getlist("stages"), tags=form.get("tags", "").replace("،", ",").split(","))


@team(Permission.CUSTOMERS, "POST")
def end_group(request: HttpRequest, team: OnTeam, segment_id: int) -> HttpResponse:
    """Forget a group."""
    segments.end(team, segment_id=segment_id, at=now())
    messages.success(request, _("The group is forgotten; its customers stay."))
    return goto(request, path(team.handle, "customers/groups"))


@team(Permission.CUSTOMERS, "POST")
def address_group(request: HttpRequest, team: OnTeam, segment_id: int) -> HttpResponse:
    """Let posts be addressed to a group, or no longer."""
    try:
        if request.POST.get("no_more"):
            addressing.address_no_more(team, segment_id=segment_id, at=now())
            messages.success(request, _("Nothing can be posted to this group any more."))
        else:
            count = addressing.address(team, segment_id=segment_id, at=now())
            messages.success(
                request, _("Choose the group as the audience of a post.") + " " + words.group_reaches(count)
            )
    except (BadInput, Conflict) as error:
        messages.error(request, sentence_of(error))
    return goto(request, path(team.handle, "customers/groups"))


@team(Permission.CUSTOMERS, "GET", "POST")
@in_page_time
def table(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Send a table in; what it says is shown, and nothing is taken yet."""
    if request.method != "POST":
        return _table(request, team)
    sent = request.FILES.get("table")
    try:
        if sent is None or sent.file is None:
            raise BadInput(_("Choose a file first."), field="table")
        found = tables.look_at(team, kind=request.POST.get("kind", "people"), file=sent.file, at=now())
    except Refused as error:
        if error.status >= 500:
            raise
        return _table(request, team, status=error.status, error=sentence_of(error))
    return _table(request, team, **_looked_at(team, found))


def _looked_at(team: OnTeam, found: tables.Preview) -> dict[str, Any]:
    if found.problems:
        answer = ngettext(
            "%(n)s row cannot be taken as it stands, so nothing is taken. Change it in your table and send that again.",
            "%(n)s rows cannot be taken as they stand, so nothing is taken. Change them in your table and send that again.",
            len(found.problems),
        ) % {"n": formats.number(len(found.problems))}
    else:
        answer = ngettext(
            "%(n)s row can be taken. Nothing has been taken yet.",
            "%(n)s rows can be taken. Nothing has been taken yet.",
            found.count,
        ) % {"n": formats.number(found.count)}
    heads = (
        (_("Name"), _("Contact"), _("Tags"), _("May be written to"))
        if found.kind == "people"
        else (_("Order"), _("Day"), _("Value"), _("Currency"))
    )
    return {
        "answer": answer, "preview": found, "heads": heads, "more_rows": max(0, found.count - tables.SHOWN),
        "take_url": path(team.handle, f"customers/table/{found.import_id or 0}/take"),
        "new": ngettext("%(n)s customer is new.", "%(n)s customers are new.", found.new) % {"n": formats.number(found.new)}
        if found.kind == "people" else "",
    }  # fmt: skip


def _table(request: HttpRequest, team: OnTeam, *, status: int = 200, **more: Any) -> HttpResponse:
    context = words.framed(team, "customers/table", _("Customers from a table"), **more)
    context |= {
        "people_columns": [names[0] for names in tables.PEOPLE_COLUMNS.values()],
        "order_columns": [names[0] for names in tables.ORDER_COLUMNS.values()],
        "here_url": path(team.handle, "customers/table"),
    }
    return render(request, "web/studio/customers/table.html", context, status=status)


@team(Permission.CUSTOMERS, "POST")
@in_page_time
def take(request: HttpRequest, team: OnTeam, import_id: int) -> HttpResponse:
    """Take what was looked at, all of it."""
    try:
        count = tables.take(team, kind=request.POST.get("kind", ""), import_id=import_id, at=now())
    except Refused as error:
        if error.status >= 500:
            raise
        return _table(request, team, status=error.status, error=sentence_of(error))
    said = ngettext("%(n)s row is taken.", "%(n)s rows are taken.", count)
    messages.success(request, said % {"n": formats.number(count)})
    return goto(request, path(team.handle, "customers/list"))


@team(Permission.COUNT_CUSTOMERS, "GET")
def came_back(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """Customers by the month of their first order, and how many came again."""
    found = retention.cohorts(team, at=now())
    curve = cohorts.curve(found)
    sheet = _sheet(found[-_MONTHS:])
    context = words.framed(
        team, "customers/retention", _("Who came back"), answer=_answer(curve), sheet=sheet,
        files=[(kind.upper(), path(team.handle, f"customers/retention.{kind}")) for kind in ("csv", "xlsx")],
    )  # fmt: skip
    return render(request, "web/studio/customers/retention.html", context)


def _answer(curve: list[cohorts.Point]) -> str:
    if len(curve) < 2:
        return _("Not enough yet: it takes a whole month after the first order of somebody.")
    after = curve[1]
    return _("%(share)s of the %(n)s customers who could have ordered again in the month after their first did.") % {
        "share": writing.percent(after.rate), "n": formats.number(after.size),
    }  # fmt: skip


@team(Permission.COUNT_CUSTOMERS, "GET")
def came_back_file(request: HttpRequest, team: OnTeam, form: str) -> HttpResponse:
    """The same as a table."""
    return sheet_file(_sheet(retention.cohorts(team, at=now())), f"{team.handle}-retention", form)


def _sheet(found: list[cohorts.Cohort]) -> Sheet:
    months = max((len(each.cells) for each in found), default=0)
    return Sheet(
        title=_("Who came back"),
        columns=(
            Column(_("First order in")), Column(_("Customers"), "number"),
            *(Column(_("Month %(n)s") % {"n": formats.number(n)}, "percent") for n in range(1, months)),
        ),
        rows=tuple(
            (
                month_words(each.start), each.size, *(cell.rate for cell in each.cells[1:]),
                *(None for _gap in range(months - max(len(each.cells), 1))),
            )
            for each in found
        ),
        notes=(
            Note(
                _("Population"),
                _("Customers of this page by its own orders, refunds taken off, cancelled ones left out."),
            ),
            Note(
                _("How it is computed"),
                _(
                    "Ordered in the month, divided by all whose first order was in the first month."
                    " A month that is not over has no number."
                ),
            ),
            Note(_("Grade"), _("exact")),
        ),
    )  # fmt: skip


@team(Permission.CUSTOMERS, "GET", "POST")
def settings(request: HttpRequest, team: OnTeam) -> HttpResponse:
    """What new and old mean, and whether names come from shops."""
    kept, error = book(team.page_id), None
    typed: Any = {name: f"{getattr(kept, name):g}" for name, _label in _BOOK}
    if request.method == "POST":
        typed = request.POST
        try:
            keep_book(team, _read_book(team, typed, kept), at=now())
        except NotThere:
            raise
        except Refused as refused:
            error = refused
        else:
            messages.success(request, _("Saved."))
            return goto(request, path(team.handle, "customers/book"))
    context = words.framed(
        team, "customers/book", _("What new, recent and old mean"), keep_names=kept.keep_names,
        fields=[(name, label, typed.get(name, ""), bool(error and error.field == name)) for name, label in _BOOK],
        may_connect=team.may(Permission.CONNECT), error=sentence_of(error) if error else "",
    )  # fmt: skip
    return render(request, "web/studio/customers/book.html", context, status=error.status if error else 200)


def _read_book(team: OnTeam, form: Any, kept: Book) -> Book:
    numbers: dict[str, Any] = {}
    for name, _label in _BOOK:
        text = latin_digits(form.get(name, "")).strip()[:8]
        try:
            numbers[name] = float(text) if name == "lapsed_gaps" else int(text)
        except ValueError:
            raise BadInput(_("This is no number that can be taken."), field=name) from None
    names = bool(form.get("keep_names")) if team.may(Permission.CONNECT) else kept.keep_names
    return Book(keep_names=names, **numbers)


urls: list[URLPattern] = [
    at_path("studio/<str:handle>/customers/groups", groups),
    at_path("studio/<str:handle>/customers/groups/<id:segment_id>/end", end_group),
    at_path("studio/<str:handle>/customers/groups/<id:segment_id>/posts", address_group),
    at_path("studio/<str:handle>/customers/table", table),
    at_path("studio/<str:handle>/customers/table/<id:import_id>/take", take),
    at_path("studio/<str:handle>/customers/retention", came_back),
    at_path("studio/<str:handle>/customers/retention.<slug:form>", came_back_file),
    at_path("studio/<str:handle>/customers/book", settings),
]
