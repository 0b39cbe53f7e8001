"""Customers of the bakery: some of whom it knows the name, tags and consents, groups, and one who joined herself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Final

from django.db import transaction

from majlis.brands.access import OnTeam
from majlis.brands.customers import keeping
from majlis.brands.customers.events import CustomersChanged
from majlis.brands.customers.given import checked
from majlis.brands.roles import Role
from majlis.core.events import emit
from majlis.studio.customers import segments, standing, worth
from majlis.studio.customers.rules import Rule

#: First names and families, so that names repeat as they do in a town.
_FIRST: Final = ("Maya", "Karim", "رنا", "هادي", "Leila", "Omar", "سلمى", "جاد", "Nour", "Tarek")
_LAST: Final = ("Haddad", "Khoury", "حداد", "منصور", "Saad", "Nassar", "خوري", "Aoun")
_TAGS: Final = ("regular", "wholesale", "صباح السبت", "gluten-free")
_KNOWN: Final = 64
"""Of the ninety customers of its orders so many have a name; the rest are known by their orders alone."""
_HOW: Final = ("card at the till", "بطاقة عند الصندوق", "sign-up form")


def write(team: Mapping[Role, OnTeam], *, at: datetime, chance: Random) -> int:
    """Write customers down; how many. The shop calls them ``customer 0`` to ``customer 89``."""
    owner, since = team[Role.OWNER], at - timedelta(weeks=10)
    given = []
    for number in range(_KNOWN):
        name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
        consent = chance.choices((None, "yes", "no"), (5, 4, 1))[0]
        given.append(checked(
            name=name, ids=[f"customer {number}"], emails=[f"customer{number}@mail.example"],
            phones=[f"03 {chance.randrange(100, 999)} {chance.randrange(100, 999)}"] if chance.random() < 0.6 else [],
            tags=[chance.choice(_TAGS)] if chance.random() < 0.4 else [],
            consent=consent, consent_how=chance.choice(_HOW) if consent else "", consent_at=since if consent else None,
            at=at,
        ))  # fmt: skip
    with transaction.atomic():
        keeping.lock(owner.page_id)
        kept = keeping.keep(owner.page_id, given, source="table", by=owner.by, at=since)
        changed = tuple(each.customer_id for each in kept)
        emit(CustomersChanged(page_id=owner.page_id, customers=changed, at=at))
        standing.score(owner.page_id)
    segments.make(owner, name="Regulars who slip away", rule=Rule(overdue=True), at=since)
    segments.make(owner, name="زبائن السبت", rule=Rule(tags=("صباح السبت",)), at=since)
    worth.work_out(owner.page_id, at=at)
    return len(kept)
