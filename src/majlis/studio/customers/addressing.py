"""Posts for a group of customers: a circle of the page's, kept to be the members of the group who joined themselves to it.

So who sees such a post is the one rule's to say. Who joined leaves and comes with what the business writes down of her;
whoever takes her consent back, or is erased, is out of it in the same transaction. The circle is brought in step before
anything is posted to it, when somebody answers, and every few hours, since stages change with the clock.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.brands.customers.events import CustomerErased, MemberAnswered
from majlis.brands.customers.records import again
from majlis.core import sql
from majlis.core.errors import Conflict, NotThere
from majlis.people import access as people
from majlis.people import actions as people_actions
from majlis.people import queries as people_queries
from majlis.studio.customers.rules import stored
from majlis.studio.customers.segments import joined, segment
from majlis.studio.customers.statements import SQL


def address(team: OnTeam, *, segment_id: int, at: datetime) -> int:
    """From now on posts may be addressed to this group: there is a circle of its name; how many are in it.

    Raises:
        BadInput: the page has a hundred circles.
        Conflict: it has one of this name.
        NotThere, NotAllowed: there is no such group, or not for her role.
    """
    with transaction.atomic():
        again(team)
        found = segment(team.page_id, segment_id)
        if found.circle_id is not None:
            raise Conflict(_("Posts can be addressed to this group already."), code="addressed")
        circle = people_actions.create_circle(by=team.page_id, name=found.name, at=at)
        sql.execute(SQL["address_segment"], segment=segment_id, circle=circle)
        deeds.note(team, "segment.addressed", at=at, subject=segment_id, name=found.name)
        keep_in_step(page_id=team.page_id, circle_id=circle, at=at)
    return size(team.page_id, circle)


def address_no_more(team: OnTeam, *, segment_id: int, at: datetime) -> None:
    """The circle is gone: nothing can be posted to the group, and what was, is seen by the page alone.

    Raises:
        NotThere, NotAllowed: there is no such group, it has no circle, or not for her role.
    """
    with transaction.atomic():
        again(team)
        found = segment(team.page_id, segment_id)
        if found.circle_id is None:
            raise NotThere(_("Nothing can be posted to this group as it is."))
        sql.execute(SQL["address_segment"], segment=segment_id, circle=None)
        circle = people.own_circle(circle_id=found.circle_id, by=team.page_id)
        people_actions.delete_circle(circle=circle, by=team.page_id, at=at)
        deeds.note(team, "segment.addressed_no_more", at=at, subject=segment_id, name=found.name)


def size(page_id: int, circle_id: int) -> int:
    """How many members a circle of the page reaches."""
    found = people_queries.circle(owner_id=page_id, circle_id=circle_id)
    return found.members if found else 0


def keep_in_step(*, page_id: int | None = None, circle_id: int | None = None, at: datetime) -> None:
    """Bring the circles of groups in step with who is in them: of a page, one of them, or all."""
    for page, circle, rule in sql.rows(SQL["addressed"], page=page_id, circle=circle_id):
        with transaction.atomic():
            members = joined(page, stored(rule), at=at)
            people_actions.keep_circle(
                circle=people.own_circle(circle_id=circle, by=page), by=page, members=members, at=at
            )


def member_answered(event: MemberAnswered) -> None:
    """She joined herself to the page, or parted from it: at once."""
    keep_in_step(page_id=event.page_id, at=event.at)


def customer_erased(event: CustomerErased) -> None:
    """Nothing of her is left to address her by."""
    keep_in_step(page_id=event.page_id, at=event.at)
