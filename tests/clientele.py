"""Customers of a bakery: written down, ordering, and members whose address is confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress

from cast import MOMENT, Member
from majlis.brands.access import OnTeam
from majlis.brands.customers import members, records
from majlis.brands.customers.given import Given, checked
from majlis.core import sql
from majlis.people import queries as profiles
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


def join(team: OnTeam, whom: Iterable[int], *, tags: tuple[str, ...] = ("regular",)) -> None:
    """Members of the house who are customers with these tags, and allow the page to know them."""
    for id_ in whom:
        view = profiles.profile(id_)
        assert view
        (user,) = sql.column("SELECT p.user_id FROM people_profile p WHERE p.id = %(id)s", id=id_)
        address = f"{view.handle}@shop.example"
        EmailAddress.objects.create(user_id=user, email=address, verified=True)
        made(team, view.handle, emails=[address], tags=list(tags))
        members.answer(member=id_, user=user, page_id=team.page_id, allowed=True, at=MOMENT)
