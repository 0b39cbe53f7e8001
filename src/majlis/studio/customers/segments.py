"""Groups of customers with a name: kept as a rule, asked anew each time; and who of a group joined herself to the page."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.brands.customers.book import book
from majlis.brands.customers.records import again
from majlis.brands.roles import Permission
from majlis.core import json, sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.people import access as people
from majlis.people import actions as people_actions
from majlis.studio.customers import lists
from majlis.studio.customers.rules import Rule, condition, stored
from majlis.studio.customers.statements import SQL, bounds
from majlis.studio.statements import SQL as STUDIO

MOST: Final = 100
LONGEST_NAME: Final = 80


class Segment(msgspec.Struct, frozen=True):
    """A group of a page."""

    id: int
    name: str
    rule: Rule
    made_at: datetime
    circle_id: int | None = None


def make(team: OnTeam, *, name: str, rule: Rule, at: datetime) -> int:
    """Keep a group under a name; its id.

    Raises:
        BadInput: no name, too long a name, or a hundred groups already.
        Conflict: the page has a group of this name.
        NotThere, NotAllowed: the campaign is not the page's, or not for her role.
    """
    words = " ".join(clean_text(name).split())
    if not words or len(words) > LONGEST_NAME:
        raise BadInput(_("Give the group a name, at most 80 characters."), code="bad_name", field="name")
    segment_id = new_id()
    with transaction.atomic():
        again(team)
        row = sql.one(SQL["count_segments"], page=team.page_id)
        if row and row[0] >= MOST:
            raise BadInput(_("There are a hundred groups already. Remove one first."), code="too_many")
        if rule.campaign_id is not None and not sql.one(
            STUDIO["own_campaign"], campaign=rule.campaign_id, page=team.page_id
        ):
            raise NotThere(_("There is no such campaign."), field="campaign_id")
        if not sql.execute(
            SQL["make_segment"], id=segment_id, page=team.page_id, name=words, rule=json.encode(rule).decode(),
            by=team.by, at=at,
        ):  # fmt: skip
            raise Conflict(_("There is a group of this name already."), code="segment_there", field="name")
        deeds.note(team, "segment.made", at=at, subject=segment_id, name=words)
    return segment_id


def end(team: OnTeam, *, segment_id: int, at: datetime) -> None:
    """Forget a group; its customers stay. A promotion for it is shown to nobody any more, and what was posted to it is
    seen by nobody but the page.

    Raises:
        NotThere, NotAllowed: there is no such group, or not for her role.
    """
    with transaction.atomic():
        again(team)
        found = segment(team.page_id, segment_id)
        if found.circle_id is not None:
            circle = people.own_circle(circle_id=found.circle_id, by=team.page_id)
            people_actions.delete_circle(circle=circle, by=team.page_id, at=at)
        if not sql.execute(SQL["end_segment"], page=team.page_id, segment=segment_id):
            raise no_such_group()
        deeds.note(team, "segment.ended", at=at, subject=segment_id)


def segments(team: OnTeam) -> list[Segment]:
    """The page's groups by name, for those who read lists or may promote to them.

    Raises:
        NotAllowed: her role does neither.
    """
    if not team.may(Permission.PROMOTE):
        team.require(Permission.CUSTOMERS)
    rows = sql.rows(SQL["segments"], page=team.page_id, segment=0)
    return [Segment(row[0], row[1], stored(row[2]), *row[3:]) for row in rows]


def segment(page_id: int, segment_id: int) -> Segment:
    """One group of a page; the caller holds its door.

    Raises:
        NotThere: there is none.
    """
    row = sql.one(SQL["segments"], page=page_id, segment=segment_id) if segment_id else None
    if row is None:
        raise no_such_group()
    return Segment(row[0], row[1], stored(row[2]), *row[3:])


def size(team: OnTeam, rule: Rule, *, at: datetime) -> int:
    """How many customers belong to it: the business's own, so nothing is hidden."""
    team.require(Permission.CUSTOMERS)
    return lists.count(team.page_id, rule, at=at)


def joined(page_id: int, rule: Rule, *, at: datetime) -> list[int]:
    """The members of a group who allowed the page to know them."""
    wanted, values = condition(rule)
    values |= {"page": page_id, **bounds(book(page_id), at=at)}
    return sql.column(
        "SELECT DISTINCT m.member_id FROM brands_customermember m"  # noqa: S608
        " JOIN brands_customerkey j ON j.page_id = m.page_id AND j.key = m.key"
        " JOIN brands_customer c ON c.id = j.customer_id AND c.merged_into_id IS NULL"
        " LEFT JOIN studio_standing s ON s.customer_id = c.id"
        f" WHERE m.page_id = %(page)s AND m.allowed AND {wanted}",
        **values,
    )


def no_such_group() -> NotThere:
    """Said of another page's too."""
    return NotThere(_("There is no such group."))
