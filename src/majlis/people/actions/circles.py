"""Circles: audiences that a member names. Those in them are never told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.events import emit
from majlis.core.ids import new_id
from majlis.people import events
from majlis.people.access import OwnCircle, SeenProfile
from majlis.people.actions.pairs import SQL, check_no_block, lock, lock_two
from majlis.people.models import Circle, CircleMember
from majlis.people.words import one_line

MOST_CIRCLES: Final = 100
LONGEST_NAME: Final = 80


@transaction.atomic
def create_circle(*, by: int, name: str, at: datetime) -> int:
    """A new, empty circle; its id.

    Raises:
        BadInput: no name, too long a name, or a hundred circles already.
        Conflict: she has one of that name.
    """
    lock(by)  # two requests at once must not pass the limit together
    if Circle.objects.filter(owner_id=by).count() >= MOST_CIRCLES:
        raise BadInput(_("You have as many circles as there can be."), code="limit")
    circle = Circle(owner_id=by, name=_name(name), made_at=at)
    _save(circle)
    emit(events.CircleChanged(by, circle.id, None, at))
    return int(circle.id)


def _name(name: str) -> str:
    return one_line(name, field="name", longest=LONGEST_NAME, required=True)


def _save(circle: Circle) -> None:
    try:
        with transaction.atomic():
            circle.save()
    except IntegrityError as error:
        raise Conflict(_("You have a circle of that name."), field="name", cause=str(error)) from error


@transaction.atomic
def rename_circle(*, circle: OwnCircle, by: int, name: str, at: datetime) -> None:
    """Give a circle another name.

    Raises:
        BadInput: no name, or too long a one.
        Conflict: another circle of hers has it.
        NotThere: it is gone meanwhile.
    """
    row = _held(circle, by)
    row.name = _name(name)
    _save(row)
    emit(events.CircleChanged(by, circle.id, None, at))


def _held(circle: OwnCircle, by: int) -> Circle:
    """The row, kept from being deleted until the end of the transaction."""
    row = Circle.objects.select_for_update(no_key=True).filter(id=circle.id, owner_id=by).first()
    if row is None:
        raise NotThere(_("There is no such circle."), cause=f"circle {circle.id} of {by}, gone meanwhile")
    return row


@transaction.atomic
def delete_circle(*, circle: OwnCircle, by: int, at: datetime) -> None:
    """Delete a circle. What was posted to it stays, for its author alone."""
    if Circle.objects.filter(id=circle.id, owner_id=by).delete()[0]:
        emit(events.CircleChanged(by, circle.id, None, at))


@transaction.atomic
def add_to_circle(*, circle: OwnCircle, by: int, member: SeenProfile, at: datetime) -> None:
    """Put somebody into a circle, followed or not. Nothing happens when she is in it.

    Raises:
        BadInput: herself.
        NotAllowed: one of the two blocks the other.
        NotThere: the circle or the profile is gone meanwhile.
    """
    lock_two(by, member.id)
    check_no_block(by, member.id)
    _held(circle, by)
    _row, fresh = CircleMember.objects.get_or_create(
        circle_id=circle.id, member_id=member.id, defaults={"made_at": at}
    )
    if fresh:
        emit(events.CircleChanged(by, circle.id, member.id, at))


@transaction.atomic
def remove_from_circle(*, circle: OwnCircle, by: int, member_id: int, at: datetime) -> None:
    """Take somebody out of a circle. Nothing happens when she is not in it."""
    if CircleMember.objects.filter(circle_id=circle.id, circle__owner_id=by, member_id=member_id).delete()[0]:
        emit(events.CircleChanged(by, circle.id, member_id, at))


@transaction.atomic
def keep_circle(*, circle: OwnCircle, by: int, members: Collection[int], at: datetime) -> int:
    """Have exactly these in a circle, but those who block its owner or are blocked, and those who are gone; how many
    memberships came or went.

    Raises:
        NotThere: the circle is gone meanwhile.
    """
    lock(by)
    _held(circle, by)
    wanted = list(members)
    changed = sql.column(
        SQL["keep_circle"],
        circle=circle.id,
        owner=by,
        members=wanted,
        ids=[new_id() for _each in wanted],
        at=at,
    )
    for member in changed:
        emit(events.CircleChanged(by, circle.id, member, at))
    return len(changed)
