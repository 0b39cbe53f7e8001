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
    """12.5 → $12.50, 0.001 → $0.001."""
    return "" if amount is None else promotion_words.price(amount)


@register.filter
def day(value: date) -> str:
    """A day in words, shorter than a date."""
    return format_date(value, format="medium", locale=formats.locale())
