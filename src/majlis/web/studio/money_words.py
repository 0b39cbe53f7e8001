"""Hours in words, and what was planned against what was used."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.web import formats


def hours(seconds: float) -> str:
    """5400 → 1.5 hours; less than an hour in minutes."""
    if 0 < seconds < 3600:
        minutes = max(1, round(seconds / 60))
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": formats.number(minutes)}
    told = Decimal(round(seconds)) / 3600
    shown = format_decimal(told, "#,##0.##", locale=formats.locale(), numbering_system="default")
    return ngettext("%(n)s hour", "%(n)s hours", round(told)) % {"n": shown}


def used(
    *, hours: tuple[Decimal, Decimal], money: tuple[Decimal, Decimal, str] | None
) -> list[dict[str, Any]]:
    """What was planned against what was used, as sentences with how full that is; what was not planned is left out.
    ``hours``: used, planned; ``money``: spent, planned, in which currency."""
    lines = []
    taken, planned = hours
    if planned:
        words = {"used": formats.number(float(round(taken, 2))), "planned": formats.number(float(planned))}
        lines.append(
            {"said": _("%(used)s of %(planned)s planned hours are worked.") % words, **_full(taken, planned)}
        )
    if money is not None and money[1]:
        spent, budget, currency = money
        words = {"used": _money(spent, currency), "planned": _money(budget, currency)}
        lines.append({"said": _("%(used)s of %(planned)s are spent.") % words, **_full(spent, budget)})
    return lines


def _full(taken: Decimal, planned: Decimal) -> dict[str, Any]:
    return {"percent": min(round(float(taken / planned) * 100), 100), "over": taken > planned}


def _money(value: Decimal, currency: str) -> str:
    return format_currency(value, currency, locale=formats.locale(), numbering_system="default")


def measuring(seconds: int) -> str:
    """What the timer says of itself: measuring: 12 min."""
    minutes = seconds // 60
    return _("measuring: %(minutes)s min today") % {"minutes": formats.number(minutes)}
