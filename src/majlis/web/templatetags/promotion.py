"""``{% load promotion %}``: amounts in the house's currency."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from django import template

from majlis.web import formats
from majlis.web.studio import promotion_words

register = template.Library()


@register.filter
def price(amount: Decimal | None) -> str:
    """12.5 → $12.50, 41.9212 → $41.92, 0.001 → under $0.01."""
    return "" if amount is None else promotion_words.price(amount)


@register.filter
def unit_price(amount: Decimal | None) -> str:
    """What one impression costs: 0.5 → $0.50, 0.0012 → $0.0012."""
    return "" if amount is None else promotion_words.exact(amount)


@register.filter
def finer(amount: Decimal | None) -> str:
    """The exact amount where :func:`price` leaves something of it out; nothing otherwise."""
    if amount is None or promotion_words.exact(amount) == promotion_words.price(amount):
        return ""
    return promotion_words.exact(amount)


@register.filter
def day(value: date) -> str:
    """A day in words, shorter than a date."""
    return format_date(value, format="medium", locale=formats.locale())
