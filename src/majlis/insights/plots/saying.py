"""A figure's number as people write it, for sentences, letters and prints."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from babel.numbers import format_currency, format_decimal
from django.utils.translation import ngettext

from majlis.core.text.bidi import POP_DIRECTIONAL_ISOLATE, direction, without_bidi_marks
from majlis.insights.figures import Figure, Unit, Why
from majlis.insights.plots import writing
from majlis.insights.words import FEW, NOT_YET

_LEFT_TO_RIGHT_ISOLATE, _RIGHT_TO_LEFT_ISOLATE = "\u2066", "\u2067"
_TOUCHING: Final = re.compile(r"(?<=[^\W\d_])(?=\d)")
"""Where a currency's letters touch its number: CLDR has a space there (currencySpacing, UTS 35-3), Babel does not."""
_MARKS = str.maketrans("", "", "\u200e\u200f\u061c")
_OF_A_PART = 100
"""Which plural a broken number takes: that of hundreds in Arabic, of many in English (CLDR: "other")."""
_LEFT_TO_RIGHT_MARK = "\u200e"


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
    """An amount with its currency.

    Where people read from the right it stands apart from the words around it, in the direction of the currency's sign:
    CLDR's own marks leave the $ of US$ on the wrong side. A minus stays before its number.
    """
    text = format_currency(amount, currency, locale=writing.locale(), numbering_system="default")
    text = _TOUCHING.sub("\u00a0", text)
    if not writing.rtl():
        return text
    text = without_bidi_marks(text).translate(_MARKS)
    if direction(text) == "rtl":
        return (
            f"{_RIGHT_TO_LEFT_ISOLATE}{text.replace('-', f'{_LEFT_TO_RIGHT_MARK}-')}{POP_DIRECTIONAL_ISOLATE}"
        )
    return f"{_LEFT_TO_RIGHT_ISOLATE}{text}{POP_DIRECTIONAL_ISOLATE}"


def hours(seconds: float | Decimal) -> str:
    """5400 → 1.5 hours; less than an hour in minutes."""
    if 0 < seconds < 3600:
        minutes = max(1, round(seconds / 60))
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": writing.number(minutes)}
    told = (Decimal(round(seconds)) / 3600).quantize(Decimal("0.01"))
    shown = format_decimal(told, "#,##0.##", locale=writing.locale(), numbering_system="default")
    plural = int(told) if told == int(told) else _OF_A_PART
    return ngettext("%(n)s hour", "%(n)s hours", plural) % {"n": shown}


def interval(figure: Figure) -> str:
    """From – to, in the figure's own unit; empty: it has none."""
    if figure.interval is None:
        return ""
    return " – ".join(in_unit(each, unit=figure.unit, currency=figure.currency) for each in figure.interval)
