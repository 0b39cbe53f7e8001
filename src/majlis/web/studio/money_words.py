"""Hours in words, and what was planned against what was used."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from majlis.insights.plots import saying
from majlis.web import formats


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
        words = {"used": saying.money(spent, currency), "planned": saying.money(budget, currency)}
        lines.append({"said": _("%(used)s of %(planned)s are spent.") % words, **_full(spent, budget)})
    return lines


def _full(taken: Decimal, planned: Decimal) -> dict[str, Any]:
    return {"percent": min(round(float(taken / planned) * 100), 100), "over": taken > planned}


def measuring(seconds: int) -> str:
    """What the timer says of itself: measuring: 12 min."""
    minutes = seconds // 60
    return _("measuring: %(minutes)s min today") % {"minutes": formats.number(minutes)}
