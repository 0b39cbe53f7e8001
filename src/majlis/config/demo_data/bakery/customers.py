"""Customers of the bakery: some of whom it knows the name, tags and consents, groups, and those who joined themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from django.db import transaction

from majlis.brands.access import OnTeam
from majlis.brands.customers import keeping, keys, records
from majlis.brands.customers.events import CustomersChanged
from majlis.brands.customers.given import checked
from majlis.brands.roles import Role
from majlis.config.demo_data.people import Person
from majlis.core import sql
from majlis.core.events import emit
from majlis.core.ids import new_id
from majlis.posts.composing import PostParams
from majlis.studio import actions
from majlis.studio.content import Content
from majlis.studio.customers import addressing, segments, standing, worth
from majlis.studio.customers.rules import Rule

#: First names and families, so that names repeat as they do in a town.
_FIRST: Final = ("Maya", "Karim", "رنا", "هادي", "Leila", "Omar", "سلمى", "جاد", "Nour", "Tarek")
_LAST: Final = ("Haddad", "Khoury", "حداد", "منصور", "Saad", "Nassar", "خوري", "Aoun")
_TAGS: Final = ("regular", "wholesale", "صباح السبت", "gluten-free")
_KNOWN: Final = 64
"""Of the ninety customers of its orders so many have a name; the rest are known by their orders alone."""
_FOR_GROUP: Final = (
    "Sourdough with this year's figs comes out on Thursday at seven. We keep a loaf for each of you."
)
_JOINED: Final = 14
"""So many of them are members who told the bakery so; five of these praise it."""
_PRAISE: Final = """
    SELECT r.author_id FROM brands_review r
    WHERE r.page_id = %(page)s AND r.stars >= 4 AND r.withdrawn_at IS NULL ORDER BY r.made_at DESC LIMIT 5
"""
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


def join(team: Mapping[Role, OnTeam], dana: Person, others: Sequence[Person], *, at: datetime) -> int:
    """Members say that they are its customers, Dana and those who praised it first; the id of a draft for a group of
    them. ``others`` are not of the team. Most have no login to answer with: what they would have said is written down."""
    owner, since = team[Role.OWNER], at - timedelta(weeks=3)
    page = owner.page_id
    customer = records.make(
        owner, checked(name=dana.name, emails=["dana@example.org"], at=at), at=since
    ).customer_id
    standing.refresh(page, [customer], at=at)
    praised = sql.column(_PRAISE, page=page)
    whom = list(dict.fromkeys([dana.id, *praised, *(who.id for who in others)]))[:_JOINED]
    for number, member in enumerate(whom):
        address = "dana@example.org" if member == dana.id else f"customer{number}@mail.example"
        sql.execute(
            keeping.SQL["answer"], id=new_id(), page=page, member=member, key=keys.key(address, page_id=page),
            allowed=True, at=since,
        )  # fmt: skip
    known = segments.make(owner, name="Known by name", rule=Rule(named=True), at=since)
    addressing.address(owner, segment_id=known, at=since)
    circle = segments.segment(page, known).circle_id
    params = PostParams(text=_FOR_GROUP, audience="circle", circle_id=circle, language="en")
    draft = actions.Draft(content=Content(params=params), title="For those we know by name")
    return actions.make(team=team[Role.EDITOR], draft=draft, at=at - timedelta(days=1))
