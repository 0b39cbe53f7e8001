"""Hours in words."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal
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


def measuring(seconds: int) -> str:
    """What the timer says of itself: measuring: 12 min."""
    minutes = seconds // 60
    return _("measuring: %(minutes)s min today") % {"minutes": formats.number(minutes)}
