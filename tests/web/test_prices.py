"""Amounts of the house's currency as each language writes them, and as a line of either direction holds them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from msgspec.structs import replace

from majlis.insights.plots import saying
from majlis.web.studio.promotion_words import exact, price


@pytest.mark.parametrize(
    ("language", "currency", "amount", "shown"),
    [
        ("en", "USD", "12.5", "\u2066$12.50\u2069"),
        ("en", "USD", "41.9212", "\u2066$41.92\u2069"),
        ("en", "USD", "0.001", "under \u2066$0.01\u2069"),
        ("en", "USD", "0", "\u2066$0.00\u2069"),
        ("en", "USD", "1234.5678", "\u2066$1,234.57\u2069"),
        ("en", "USD", "-0.026", "\u2066-$0.03\u2069"),
        ("en", "USD", "-0.0026", "\u2066-$0.0026\u2069"),
        ("en", "JPY", "12.5", "\u2066¥13\u2069"),
        ("en", "KWD", "12.5", "\u2066KWD12.500\u2069"),
        ("en", "USD", "100.0000", "\u2066$100.00\u2069"),
        ("ar", "USD", "12.5", "\u206612.50\u00a0US$\u2069"),
        ("ar", "USD", "-2", "\u2066-2.00\u00a0US$\u2069"),
        ("ar", "EGP", "12.5", "\u206712.50\u00a0ج.م.\u2069"),
    ],
)
def test_amounts(language: str, currency: str, amount: str, shown: str, settings: Any) -> None:
    settings.MAJLIS = replace(settings.MAJLIS, currency=currency)
    with translation.override(language):
        assert price(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("currency", "amount", "shown"),
    [
        ("USD", "41.9212", "\u2066$41.9212\u2069"),
        ("USD", "0.0012", "\u2066$0.0012\u2069"),
        ("USD", "2", "\u2066$2.00\u2069"),
        ("JPY", "12.5", "\u2066¥12.5\u2069"),
        ("JPY", "12", "\u2066¥12\u2069"),
    ],
)
def test_to_the_last_decimal(currency: str, amount: str, shown: str, settings: Any) -> None:
    settings.MAJLIS = replace(settings.MAJLIS, currency=currency)
    with translation.override("en"):
        assert exact(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("language", "currency", "amount", "shown"),
    [
        ("en", "USD", "-12.5", "-$12.50"),
        ("en", "LBP", "450000", "LBP\u00a0450,000"),
        ("ar", "USD", "12.5", "\u206612.50\u00a0US$\u2069"),
        ("ar", "USD", "-40.8", "\u2066-40.80\u00a0US$\u2069"),
        ("ar", "EUR", "12.5", "\u206612.50\u00a0€\u2069"),
        ("ar", "EGP", "-12.5", "\u2067\u200e-12.50\u00a0ج.م.\u2069"),
    ],
)
def test_amounts_of_the_money_pages_stand_apart_where_people_read_from_the_right(
    language: str, currency: str, amount: str, shown: str
) -> None:
    with translation.override(language):
        assert saying.money(Decimal(amount), currency) == shown


@pytest.mark.parametrize(
    ("language", "seconds", "shown"),
    [
        ("en", 5400, "1.5 hours"),
        ("en", 3600, "1 hour"),
        ("en", 4788, "1.33 hours"),
        ("en", 20, "1 minute"),
        ("ar", 3600, "ساعة واحدة"),
        ("ar", 4788, "1.33 ساعة"),
        ("ar", 7380, "2.05 ساعة"),
        ("ar", 10800, "3 ساعات"),
    ],
)
def test_hours_that_are_not_whole_are_no_whole_hours(language: str, seconds: int, shown: str) -> None:
    with translation.override(language):
        assert saying.hours(seconds) == shown
