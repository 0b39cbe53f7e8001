"""Customers of a bakery: written down, ordering, and members whose address is confirmed."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress

from cast import MOMENT, Member
from majlis.brands.access import OnTeam
from majlis.brands.customers import records
from majlis.brands.customers.given import Given, checked
from majlis.studio.conversions.orders import report_orders


def given(name: str = "Dana Haddad", **more: Any) -> Given:
    return checked(name=name, at=MOMENT, **more)


def made(team: OnTeam, name: str = "Dana Haddad", **more: Any) -> int:
    return records.make(team, given(name, **more), at=MOMENT).customer_id


def order(team: OnTeam, number: int, customer: str, value: str = "10", **more: Any) -> None:
    sent = {"id": f"B-{number}", "value": value, "currency": "EUR", "customer": customer, **more}
    (answer,) = report_orders(team, orders=[sent], at=more.pop("at", MOMENT))
    assert answer.outcome != "refused", answer.sentence


def confirmed(who: Member, address: str) -> None:
    EmailAddress.objects.update_or_create(user_id=who.user_id, email=address, defaults={"verified": True})
