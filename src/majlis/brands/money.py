"""Prices as people type them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final

from babel.numbers import list_currencies
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput

HIGHEST: Final = Decimal("99999999999.999")
_DECIMAL_COMMA: Final = re.compile(r"\d+,\d{1,2}")
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?|[^,]*")


def read_price(text: str, *, field: str = "price") -> Decimal | None:
    """``1,250.50``, ``12,5``, ``١٢٫٥``; nothing: no price.

    Raises:
        BadInput: it is no amount, is negative, or has more than three decimals.
    """
    typed = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in text[:40])
    typed = re.sub(r"[\s٬'’\u00a0\u202f]", "", typed).replace("٫", ".").replace("،", ",")
    if not typed:
        return None
    if _DECIMAL_COMMA.fullmatch(typed):
        typed = typed.replace(",", ".")
    elif not _GROUPED.fullmatch(typed):
        raise _no_price(field)  # 1,2,3 is none
    try:
        price = Decimal(typed.replace(",", ""))
    except InvalidOperation:
        raise _no_price(field) from None
    return checked_price(price, field=field)


def checked_price(price: Decimal | None, *, field: str = "price") -> Decimal | None:
    """A price as it can be kept; None: no price.

    Raises:
        BadInput: it is no number, is negative, too high, or has more than three decimals.
    """
    if price is not None:
        exponent = price.as_tuple().exponent
        exact = isinstance(exponent, int) and exponent >= -3
        if not (price.is_finite() and 0 <= price <= HIGHEST and exact):
            raise _no_price(field)
    return price


def _no_price(field: str) -> BadInput:
    return BadInput(_("Please write an amount like 12.50."), field=field)


def checked_currency(code: str, *, field: str = "currency") -> str:
    """A currency by its code (ISO 4217).

    Raises:
        BadInput: there is none of that code.
    """
    code = code.strip().upper()
    if code not in _currencies():
        raise BadInput(_("Please give the currency by its three letters, such as EUR or SYP."), field=field)
    return code


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())
