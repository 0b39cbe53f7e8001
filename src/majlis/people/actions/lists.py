"""Lists: people read together. Those on them are never told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput, NotThere
from majlis.core.events import emit
from majlis.people import events
from majlis.people.access import OwnList, SeenProfile
from majlis.people.actions.pairs import check_no_block, lock, lock_two
from majlis.people.models import List, ListMember
from majlis.people.words import one_line

MOST_LISTS: Final = 100
LONGEST_TITLE: Final = 120
Replies = Literal["followed", "list", "none"]


@transaction.atomic
def create_list(
    *, by: int, title: str, at: datetime, replies: Replies = "list", exclusive: bool = False
) -> int:
    """A new, empty list; its id.

    Raises:
        BadInput: no title, too long a one, an unknown policy, or a hundred lists already.
    """
    lock(by)  # two requests at once must not pass the limit together
    if List.objects.filter(owner_id=by).count() >= MOST_LISTS:
        raise BadInput(_("You have as many lists as there can be."), code="limit")
    made = List.objects.create(
        owner_id=by, title=_title(title), replies=_policy(replies), exclusive=exclusive, made_at=at
    )
    emit(events.ListChanged(by, made.id, at))
    return int(made.id)


def _title(title: str) -> str:
    return one_line(title, field="title", longest=LONGEST_TITLE, required=True)


def _policy(replies: str) -> str:
    if replies not in List.Replies.values:
        raise BadInput(_("There is no such choice."), field="replies_policy", cause=replies[:40])
    return replies


@transaction.atomic
def change_list(
    *,
    list: OwnList,  # noqa: A002 - the one word for it
    by: int,
    at: datetime,
    title: str | None = None,
    replies: Replies | None = None,
    exclusive: bool | None = None,
) -> None:
    """Give a list another title or rule; None leaves it as it is.

    Raises:
        BadInput: no title, too long a one, or an unknown policy.
        NotThere: it is gone meanwhile.
    """
    row = _held(list, by)
    row.title = row.title if title is None else _title(title)
    row.replies = row.replies if replies is None else _policy(replies)
    row.exclusive = row.exclusive if exclusive is None else exclusive
    row.save()
    emit(events.ListChanged(by, list.id, at))


def _held(list: OwnList, by: int) -> List:  # noqa: A002
    """The row, kept from being deleted until the end of the transaction."""
    row = List.objects.select_for_update(no_key=True).filter(id=list.id, owner_id=by).first()
    if row is None:
        raise NotThere(_("There is no such list."), cause=f"list {list.id} of {by}, gone meanwhile")
    return row


@transaction.atomic
def delete_list(*, list: OwnList, by: int, at: datetime) -> None:  # noqa: A002
    """Delete a list. Those on it are followed as before."""
    if List.objects.filter(id=list.id, owner_id=by).delete()[0]:
        emit(events.ListChanged(by, list.id, at))


@transaction.atomic
def add_to_list(*, list: OwnList, by: int, member: SeenProfile, at: datetime) -> None:  # noqa: A002
    """Put somebody on a list, followed or not. Nothing happens when she is on it.

    Raises:
        BadInput: herself.
        NotAllowed: one of the two blocks the other.
        NotThere: the list or the profile is gone meanwhile.
    """
    lock_two(by, member.id)
    check_no_block(by, member.id)
    _held(list, by)
    if ListMember.objects.get_or_create(list_id=list.id, member_id=member.id)[1]:
        emit(events.ListChanged(by, list.id, at))


@transaction.atomic
def add_all_to_list(*, list: OwnList, by: int, members: Sequence[SeenProfile], at: datetime) -> None:  # noqa: A002
    """Put several people on a list, all or none; refused as :func:`add_to_list`."""
    lock(by, *(member.id for member in members))  # all at once, so that two requests never wait in a circle
    for member in members:
        add_to_list(list=list, by=by, member=member, at=at)


@transaction.atomic
def remove_from_list(*, list: OwnList, by: int, member_id: int, at: datetime) -> None:  # noqa: A002
    """Take somebody off a list. Nothing happens when she is not on it."""
    if ListMember.objects.filter(list_id=list.id, list__owner_id=by, member_id=member_id).delete()[0]:
        emit(events.ListChanged(by, list.id, at))
