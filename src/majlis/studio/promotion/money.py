"""Amounts in the house's currency: four decimals, read in any digits, never a fraction of less."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput

STEP: Final = Decimal("0.0001")
MOST: Final = Decimal(1_000_000)
_SEPARATORS: Final = str.maketrans({"٫": ".", "٬": None, "٠": "0"})


def floor() -> Decimal:
    """The least that an impression costs."""
    return Decimal(settings.MAJLIS.promotion_floor)


def currency() -> str:
    """The three letters of the house's currency."""
    return str(settings.MAJLIS.currency)


def cents(value: float) -> Decimal:
    """A computed amount, to two decimals."""
    return Decimal(repr(value)).quantize(Decimal("0.01"))


def amount(typed: str, *, field: str, below: Decimal = MOST) -> Decimal:
    """What somebody typed as an amount above nothing.

    Digits of any script are taken, and the Arabic decimal sign; a comma is not, for it means two things.

    Raises:
        BadInput: it is no amount, not above nothing, more than ``below``, or finer than four decimals.
    """
    found = typed_number(typed)
    if found is None or not found.is_finite() or found <= 0:
        raise BadInput(_("This is no amount above zero. Write it like 12.50."), field=field, cause=typed[:40])
    if found > below:
        raise BadInput(_("This is more than is taken at once."), field=field, cause=typed[:40])
    if found != found.quantize(STEP):
        raise BadInput(_("Amounts have four decimals at most."), field=field, cause=typed[:40])
    return found.quantize(STEP)


def typed_number(typed: str) -> Decimal | None:
    """A number in any digits; None when it is none. It may be no finite one."""
    text = "".join(map(_digit, typed.strip().translate(_SEPARATORS)))
    try:
        return Decimal(text) if 0 < len(text) <= 20 and "_" not in text else None
    except InvalidOperation:
        return None


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
