"""Money as it is reported: amounts and currencies (ISO 4217), whatever digits they are written in."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput

# ISO 4217, list one of 2026, without funds codes and metals
_IN_USE: Final = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ
    GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
    LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR
    PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC
    SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF
    XPF YER ZAR ZMW ZWG
"""
CURRENCIES: Final = frozenset(_IN_USE.split())
LARGEST: Final = Decimal(10) ** 11
_AMOUNT: Final = re.compile(r"\d{1,12}(?:\.\d+)?")
_THOUSANDTH: Final = Decimal("0.001")
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.", "٬\u200e\u200f\u061c ")


def latin_digits(text: str) -> str:
    """Arabic-Indic and Persian digits and the Arabic decimal sign as Latin ones; no marks, no spaces."""
    return text.translate(_DIGITS)


def amount(given: Any, *, field: str = "value") -> Decimal:
    """An amount of money, not negative, to the thousandth (a fils is one).

    Raises:
        BadInput: it is no such number. Thousands are not separated: 1,200 may be much or little.
    """
    try:
        text = latin_digits(str(given)) if isinstance(given, str | int | float | Decimal) else ""
        if isinstance(given, bool) or not _AMOUNT.fullmatch(text):
            raise InvalidOperation
        value = Decimal(text)
        if value != value.quantize(_THOUSANDTH) or value >= LARGEST:
            raise InvalidOperation
    except InvalidOperation:
        raise BadInput(
            _("The amount has to be a number such as 29.35, not negative, with three decimals at the most."),
            code="bad_amount", field=field, cause=repr(given)[:80],
        ) from None  # fmt: skip
    return value.quantize(_THOUSANDTH)


def currency(given: Any) -> str:
    """A currency in use.

    Raises:
        BadInput: it is none.
    """
    code = given.strip().upper() if isinstance(given, str) else ""
    if code not in CURRENCIES:
        raise BadInput(
            _("The currency has to be one of ISO 4217, such as EUR or LBP."),
            code="bad_currency", field="currency", cause=repr(given)[:80],
        )  # fmt: skip
    return code
