"""A figure's number as people write it, for sentences, letters and prints."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency, format_decimal

from majlis.insights.figures import Figure, Unit, Why
from majlis.insights.plots import writing
from majlis.insights.words import FEW, NOT_YET


def value(figure: Figure) -> str:
    """The number, or why there is none."""
    if figure.value is None:
        return str(FEW if figure.why is Why.FEW else NOT_YET)
    return in_unit(figure.value, unit=figure.unit, currency=figure.currency)


def in_unit(number: float | Decimal, *, unit: Unit, currency: str = "") -> str:
    """A number of a unit."""
    if unit is Unit.SHARE:
        return writing.percent(float(number))
    if unit is Unit.MONEY:
        return money(number, currency)
    if unit is Unit.TIMES:
        return format_decimal(number, "#,##0.0", locale=writing.locale(), numbering_system="default")
    return writing.number(float(number))


def money(amount: float | Decimal, currency: str) -> str:
    """An amount with its currency."""
    return format_currency(amount, currency, locale=writing.locale(), numbering_system="default")


def interval(figure: Figure) -> str:
    """From – to, in the figure's own unit; empty: it has none."""
    if figure.interval is None:
        return ""
    return " – ".join(in_unit(each, unit=figure.unit, currency=figure.currency) for each in figure.interval)
