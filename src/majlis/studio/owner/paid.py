"""Did the month pay? What the orders that came of posts left, less all that was spent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.brands.access import OnTeam
from majlis.insights.exports.sheet import Column, Sheet
from majlis.insights.figures import Grade
from majlis.insights.plots import bars, saying, writing
from majlis.insights.plots.plot import Plot, notes
from majlis.studio.money import figures as told
from majlis.studio.money.results import Result, result
from majlis.studio.owner import months
from majlis.studio.owner.answers import Answer, Question, Todo, cents

_FIRST = 6  # hours, cost, revenue, margin, what is left, ROI; the others stand with the money


def paid(team: OnTeam, *, month: date) -> Answer:
    """The answer for a month. Seven queries.

    Raises:
        NotAllowed: her role does not see the money.
    """
    return answer(
        result(team, window=months.window(month, zone=team.time_zone)), month=month, zone=team.time_zone
    )


def answer(found: Result, *, month: date, zone: str) -> Answer:
    """The same of a result that is there already."""
    return Answer(
        question=Question.PAID,
        sentence=" ".join(filter(None, (_sentence(found, month), _missing(found)))),
        enough=found.sums.profit is not None and _anything(found),
        figures=told.figures(found)[:_FIRST],
        todo=_todo(found, month),
        sheet=_table(found, month, zone),
        plot=_plot(found, month, zone),
    )


def _anything(found: Result) -> bool:
    return bool(found.sums.cost or found.sums.came_orders or found.sums.seconds or found.sums.apart)


def _sentence(found: Result, month: date) -> str:
    sums, named = found.sums, months.name(month)
    if not _anything(found):
        return _(
            "Not enough yet: for %(month)s no hours, no costs and no order that came of a post are known."
        ) % {"month": named}
    if sums.profit is None:
        return _(
            "It cannot be said whether %(month)s paid: nobody wrote down yet what an order leaves after the goods."
        ) % {"month": named}
    orders = ngettext("%(count)s order", "%(count)s orders", sums.came_orders) % {
        "count": writing.number(sums.came_orders)
    }
    values = {
        "month": named,
        "left": saying.money(abs(sums.profit), found.currency),
        "margin": saying.money(sums.came_margin or Decimal(0), found.currency),
        "orders": orders,
        "cost": saying.money(sums.cost, found.currency),
    }
    profit = cents(sums.profit) or Decimal(0)
    if profit > 0:
        return (
            _(
                "Yes: %(month)s left %(left)s. %(orders)s of posts and links left a margin of %(margin)s; all "
                "together cost %(cost)s."
            )
            % values
        )
    if profit < 0:
        return (
            _(
                "No: %(month)s cost %(left)s more than it left. %(orders)s of posts and links left a margin of "
                "%(margin)s; all together cost %(cost)s."
            )
            % values
        )
    return _("Just even: in %(month)s the margin of %(orders)s was what it cost, %(cost)s.") % values


def _missing(found: Result) -> str:
    said = []
    if found.sums.unpriced_seconds:
        said.append(
            _("%(hours)s of work are not in it: nobody wrote down what an hour of that role costs.")
            % {"hours": saying.hours(found.sums.unpriced_seconds)}
        )
    if found.sums.apart:
        codes = ("، " if writing.rtl() else ", ").join(found.sums.apart)
        said.append(
            _("Amounts in %(currencies)s are not in it: no exchange rate is given.") % {"currencies": codes}
        )
    return " ".join(said)


def _todo(found: Result, month: date) -> tuple[Todo, ...]:
    if not found.sums.complete or not _anything(found):
        return (
            Todo(
                _("Write down what is missing: hours, what an hour costs, what an order leaves."),
                f"money?month={months.in_address(month)}",
            ),
        )
    if found.sums.profit is not None and found.sums.profit < 0:
        return (
            Todo(_("See what costs more than it brings."), "questions/stop"),
            Todo(_("See how many followers it takes to break even."), "money/break-even"),
        )
    return (Todo(_("Do more of what earned most."), "questions/earned"),)


def _lines(found: Result) -> list[tuple[str, Decimal | None]]:
    sums = found.sums
    return [
        (str(told.REVENUE), sums.came_revenue),
        (str(told.MARGIN), sums.came_margin),
        (_("Hours, priced"), sums.hours_cost),
        (_("Promotion"), sums.promotion),
        (_("Tools"), sums.tools),
        (_("Production"), sums.production),
        (_("Other"), sums.other),
        (str(told.COST), sums.cost),
        (str(told.PROFIT), sums.profit),
    ]


def _table(found: Result, month: date, zone: str) -> Sheet:
    rows = [(name, cents(amount), found.currency) for name, amount in _lines(found)]
    for code, (cost, revenue) in found.sums.apart.items():
        rows += [(_("Costs kept apart"), cents(cost), code), (_("Revenue kept apart"), cents(revenue), code)]
    grade = Grade.REPORTED if found.sums.reported else Grade.EXACT
    figures = told.figures(found)
    return Sheet(
        _("Money of %(month)s") % {"month": months.name(month)},
        (Column(_("What")), Column(_("Amount"), "money"), Column(_("Currency"))),
        tuple(rows),
        notes(
            window=found.window,
            population=figures[2].population,
            zone=zone,
            grade=grade,
            formulas=figures[1:_FIRST],
        ),
    )


def _plot(found: Result, month: date, zone: str) -> Plot:
    shown = [(name, amount) for name, amount in _lines(found)[1:7] if amount and amount > 0]
    drawn = [
        bars.Bar(
            name,
            float(amount),
            saying.money(amount, found.currency),
            "--plot-1" if place == 0 else "--plot-3",
        )
        for place, (name, amount) in enumerate(shown)
    ]
    joint = "؛ " if writing.rtl() else "; "
    return Plot(
        name="paid",
        title=_("What came back, and what went in"),
        said=joint.join(f"{bar.name}: {bar.label}" for bar in drawn) or _("Nothing to draw yet."),
        sheet=_table(found, month, zone),
        spec=bars.lying(drawn),
    )
