"""A bakery that counts its money: last month in a few lines that can be added up by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import shopping

from cast import Bakery
from majlis.brands.access import OnTeam
from majlis.core.clock import now
from majlis.insights.plots import writing
from majlis.studio.conversions.orders import report_orders
from majlis.studio.money import costs, hours, terms
from plans import team_of

STUDIO = "/studio/bayt_zaytoun"


def last_month() -> date:
    """Its first day; the page counts in UTC."""
    return (now().date().replace(day=1) - timedelta(days=1)).replace(day=1)


def noon(day: int) -> datetime:
    """Noon of a day of last month."""
    return datetime.combine(last_month().replace(day=day), datetime.min.time(), UTC) + timedelta(hours=12)


def priced(owner: OnTeam, *, margin: str = "0.6", hour: str = "15") -> None:
    """In euros, an owner's hour and what an order leaves known for ever."""
    terms.keep_book(owner, currency="EUR", at=now())
    first = date(2020, 1, 1)
    terms.keep_rate(owner, kind="margin", key="", day=first, value=Decimal(margin), at=now())
    terms.keep_rate(owner, kind="hour", key="owner", day=first, value=Decimal(hour), at=now())


def order(team: OnTeam, number: int, value: str, *, day: int = 14, **more: Any) -> None:
    """An order of a day of last month, or what came of it later."""
    given = {
        "id": f"B-{number}",
        "value": value,
        "currency": "EUR",
        "ordered_at": noon(day).isoformat(),
        **more,
    }
    (answer,) = report_orders(team, orders=[given], at=now())
    assert answer.outcome != "refused", answer.sentence


def month_that_paid(bakery: Bakery) -> OnTeam:
    """Four hours at 15 and ten for tools went in: 70. Orders of 140.33… by a link, of which 60 % stay: 84.20."""
    owner = team_of(bakery, "owner")
    priced(owner)
    hours.write_down(owner, hours=Decimal(4), day=last_month().replace(day=5), at=now())
    costs.spend(owner, kind="tools", amount=Decimal(10), currency="EUR", from_day=last_month(), at=now())
    link = shopping.link(owner)
    for number, value in enumerate(("100", "40.333"), 1):
        token = shopping.click(link, owner, at=noon(14) - timedelta(hours=1))
        order(owner, number, value, click=token, customer=f"c{number}")
    return owner


def month_words() -> str:
    """Last month as an English page names it."""
    return f"{last_month():%B %Y}"


def number(value: float) -> str:
    """As tables show it."""
    return writing.number(value)
