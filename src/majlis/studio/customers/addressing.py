"""Posts for a group of customers: a circle of the page's, kept to be the members of the group who joined themselves to it.

So who sees such a post is the one rule's to say. Who joined leaves and comes with what the business writes down of her;
whoever takes her consent back, or is erased, is out of it in the same transaction. The circle is brought in step before
anything is posted to it, when somebody answers, and every few hours, since stages change with the clock.

Invariant: only whole tens are told, and nothing leaves for fewer than ten. The page knows who joined, so that one more
or less would tell of her settings, and the figures of a post for a few who read it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.brands.customers import keeping
from majlis.brands.customers.events import CustomerErased, MemberAnswered
from majlis.brands.customers.records import again
from majlis.core import sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.insights.kinds import FEWEST_SHOWN
from majlis.people import access as people
from majlis.people import actions as people_actions
from majlis.people import queries as people_queries
from majlis.studio.customers.rules import stored
from majlis.studio.customers.segments import joined, segment
from majlis.studio.customers.statements import SQL


def address(team: OnTeam, *, segment_id: int, at: datetime) -> int:
    """From now on posts may be addressed to this group: there is a circle of its name; how many are in it, in whole
    tens.

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
    return reaches(team.page_id)[circle]


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


def reaches(page_id: int) -> dict[int, int]:
    """The circles of the page's groups, and how many members each reaches: whole tens, 0 for fewer. Two queries."""
    found = {each.id: each.members for each in people_queries.circles(owner_id=page_id)}
    circles = [row[1] for row in sql.rows(SQL["addressed"], page=page_id, circle=None)]
    return {circle: told(found.get(circle, 0)) for circle in circles}


def told(members: int) -> int:
    """How many of a group are told of."""
    return members // FEWEST_SHOWN * FEWEST_SHOWN


def leaving(*, page_id: int, circle_id: int, at: datetime) -> None:
    """Something is about to be posted to a circle: if it is a group's, those in the group now read it.

    Raises:
        BadInput: they are fewer than ten.
    """
    if not sql.rows(SQL["addressed"], page=page_id, circle=circle_id):
        return
    keep_in_step(page_id=page_id, circle_id=circle_id, at=at)
    found = people_queries.circle(owner_id=page_id, circle_id=circle_id)
    if found is None or not told(found.members):
        raise BadInput(_("Fewer than ten members of this group joined themselves to the page. What is posted to so few would"
                         " tell who reads it."), field="audience", code="too_few")  # fmt: skip


def is_for_group(post_id: int) -> bool:
    """Whether a post is for a group of its page's customers; the caller has seen to it that it may be seen."""
    return sql.one(SQL["is_for_group"], post=post_id) is not None


def keep_in_step(*, page_id: int | None = None, circle_id: int | None = None, at: datetime) -> None:
    """Bring the circles of groups in step with who is in them: of a page, one of them, or all."""
    for page in dict.fromkeys(row[0] for row in sql.rows(SQL["addressed"], page=page_id, circle=circle_id)):
        with transaction.atomic():
            keeping.lock(page)  # or somebody would be kept in who takes her consent back meanwhile
            for _page, circle, rule in sql.rows(SQL["addressed"], page=page, circle=circle_id):
                people_actions.keep_circle(
                    circle=people.own_circle(circle_id=circle, by=page), by=page,
                    members=joined(page, stored(rule), at=at), at=at,
                )  # fmt: skip


def member_answered(event: MemberAnswered) -> None:
    """She joined herself to the page, or parted from it: at once."""
    keep_in_step(page_id=event.page_id, at=event.at)


def customer_erased(event: CustomerErased) -> None:
    """Nothing of her is left to address her by."""
    keep_in_step(page_id=event.page_id, at=event.at)
