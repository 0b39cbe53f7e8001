"""The figures of a window's money: each with what went into it, or why there is none."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.insights.figures import Figure, Grade, Part, Unit, Why
from majlis.studio.money.results import Result

_CENT: Final = Decimal("0.01")
_TEAM: Final = _("Work of the page's team, and what was spent for it")
_CAME: Final = _("Orders that stand and came of a tracked link or promo code of the page")
_NAMED: Final = _("Orders of the page that stand and name their customer")
_NEW: Final = _("Customers whose first order ever is in the window and came of a tracked link or promo code")

HOURS: Final = _("Hours")
COST: Final = _("Full cost")
REVENUE: Final = _("Revenue that came of posts and links")
MARGIN: Final = _("Margin of it")
PROFIT: Final = _("What is left")


def figures(found: Result) -> tuple[Figure, ...]:
    """The month in figures: what went in, what came back, and what that means."""
    sums = found.sums
    cost_parts = (
        Part(_("Hours, priced"), _money(sums.hours_cost)),
        Part(_("Promotion"), _money(sums.promotion)),
        Part(_("Tools"), _money(sums.tools)),
        Part(_("Production"), _money(sums.production)),
        Part(_("Other"), _money(sums.other)),
    )
    margin_parts = (Part(REVENUE, _money(sums.came_revenue)), Part(MARGIN, _money(sums.came_margin)))
    return (
        _figure(
            found, HOURS, sums.hours, unit=Unit.TIMES, population=_TEAM,
            formula=_("Hours measured by the timer or written down by hand."),
        ),
        _figure(
            found, COST, sums.cost, population=_TEAM, parts=cost_parts,
            formula=_("Hours × what an hour of the role costs + promotion + tools + production + other."),
        ),
        _figure(
            found, REVENUE, sums.came_revenue, population=_CAME, sold=True,
            parts=(Part(_("Orders"), sums.came_orders),), formula=_("Value of these orders after refunds."),
        ),
        _figure(
            found, MARGIN, sums.came_margin, population=_CAME, sold=True, parts=margin_parts[:1],
            formula=_("Value of each order × the margin that holds on its day."),
        ),
        _figure(
            found, PROFIT, sums.profit, population=_CAME, sold=True,
            parts=(margin_parts[1], Part(COST, _money(sums.cost))), formula=_("Margin − full cost."),
        ),
        _figure(
            found, _("ROI"), sums.roi, unit=Unit.SHARE, population=_CAME, sold=True,
            parts=(margin_parts[1], Part(COST, _money(sums.cost))), formula=_("(Margin − full cost) ÷ full cost."),
        ),
        _figure(
            found, _("ROAS"), sums.roas, unit=Unit.TIMES, population=_CAME, sold=True,
            parts=(margin_parts[0], Part(_("Promotion"), _money(sums.promotion))),
            formula=_("Revenue that came of posts and links ÷ promotion spend."),
        ),
        _figure(
            found, _("Cost of a new customer (CAC)"), found.cac, population=_NEW, sold=True,
            parts=(
                Part(_("Hours, promotion and tools"), _money(sums.acquisition)),
                Part(_("New customers"), found.customers.new_came),
            ),
            formula=_("(Promotion + tools + hours) ÷ new customers."),
        ),
        _figure(
            found, _("Months until she has paid for herself"), found.payback_months, unit=Unit.TIMES, population=_NAMED,
            sold=True,
            parts=(
                Part(_("Cost of a new customer (CAC)"), _money(found.cac)),
                Part(_("Margin of a customer a month"), _money(found.monthly_margin)),
            ),
            formula=_("CAC ÷ margin that a customer who ordered left, told as of 30 days."),
        ),
    )  # fmt: skip


def of_part(found: Result) -> tuple[Figure, ...]:
    """The same of an entry or campaign alone, without what is told of customers."""
    return figures(found)[:7]


def _figure(
    found: Result,
    name: Promise | str,
    value: Decimal | None,
    *,
    population: Promise | str,
    formula: Promise | str,
    unit: Unit = Unit.MONEY,
    parts: tuple[Part, ...] = (),
    sold: bool = False,
) -> Figure:
    """A figure of the business's own money. ``sold``: of orders, which a browser's script may have reported."""
    if value is not None and unit is Unit.MONEY:
        value = _money(value)
    return Figure(
        name=name, value=value, why=Why.NOTHING_YET if value is None else None, unit=unit, window=found.window,
        population=population, formula=formula, parts=parts, currency=found.currency if unit is Unit.MONEY else "",
        grade=Grade.REPORTED if sold and found.sums.reported else Grade.EXACT,
    )  # fmt: skip


def _money(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_CENT)
