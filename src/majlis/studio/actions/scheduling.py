"""When an entry leaves: at an hour, or in the queue; moving it, and taking it out of the plan again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.errors import BadInput, Conflict
from majlis.studio import access
from majlis.studio.actions.queueing import hold_queue, settle_queue
from majlis.studio.changing import did
from majlis.studio.content import check
from majlis.studio.entries import SeenEntry
from majlis.studio.statements import SQL

FARTHEST: Final = timedelta(days=366)
MOST_TIMES: Final = 52
LONGEST_ROUND: Final = 366  # days


def schedule(
    *,
    team: OnTeam,
    entry_id: int,
    due: datetime,
    at: datetime,
    again_every: int | None = None,
    again_left: int = 0,
) -> None:
    """An hour for an entry. ``again_every`` days it comes again, ``again_left`` times more.

    Raises:
        BadInput: the hour has passed or is more than a year away, the entry could not be published as it
            stands, or the repetition makes no sense.
        NotThere, Conflict: see ``access.open_entry``.
    """
    require_ahead(due, at=at)
    every, left = repetition(again_every, again_left)
    with transaction.atomic():
        found = _checked(team, entry_id)
        sql.execute(SQL["schedule"], id=entry_id, due=due, by=team.by, again_every=every, again_left=left)
        _settled(team, found, at=at)
        did(team, "entry.scheduled", at=at, subject=entry_id, due=due.isoformat())


def enqueue(
    *, team: OnTeam, entry_id: int, at: datetime, again_every: int | None = None, again_left: int = 0
) -> None:
    """To the end of the queue; the next free slot is its hour.

    Raises:
        Conflict: the page has no slots. Others: as :func:`schedule`.
    """
    every, left = repetition(again_every, again_left)
    with transaction.atomic():
        found = _checked(team, entry_id)
        if not sql.rows(SQL["slots"], page=team.page_id):
            raise Conflict(_("The queue has no slots yet. Say first at which hours of the week it sends."))
        sql.execute(
            SQL["queue"],
            id=entry_id,
            place=found.queued_at or _end_of_queue(team, at=at),
            by=team.by,
            again_every=every,
            again_left=left,
        )
        settle_queue(page_id=team.page_id, at=at)
        did(team, "entry.queued", at=at, subject=entry_id)


def move(*, team: OnTeam, entry_id: int, due: datetime, at: datetime) -> datetime | None:
    """Another hour for what is planned; the hour it had. What was queued has an hour of its own from then on.

    Raises:
        BadInput: the hour has passed or is more than a year away. NotThere, Conflict: see ``access.open_entry``.
    """
    require_ahead(due, at=at)
    with transaction.atomic():
        found = _checked(team, entry_id)
        sql.execute(SQL["move"], id=entry_id, due=due, by=team.by)
        _settled(team, found, at=at)
        did(team, "entry.moved", at=at, subject=entry_id, due=due.isoformat())
    return found.due_at


def unschedule(*, team: OnTeam, entry_id: int, at: datetime) -> None:
    """A draft again, without an hour.

    Raises:
        NotThere, Conflict: see ``access.open_entry``.
    """
    with transaction.atomic():
        access.again(team, Permission.PUBLISH)
        hold_queue(team)
        found = access.open_entry(team=team, entry_id=entry_id)
        sql.execute(SQL["unschedule"], id=entry_id)
        _settled(team, found, at=at)
        did(team, "entry.unscheduled", at=at, subject=entry_id)


def one_earlier(*, team: OnTeam, entry_id: int, at: datetime) -> None:
    """One place earlier in the queue; nothing when it is the first.

    Raises:
        NotThere, Conflict: see ``access.open_entry``.
    """
    with transaction.atomic():
        access.again(team, Permission.PUBLISH)
        hold_queue(team)
        found = access.open_entry(team=team, entry_id=entry_id)
        order = [row[0] for row in sql.rows(SQL["in_queue"], page=team.page_id)]
        place = order.index(entry_id) if entry_id in order else 0
        if place == 0:
            return
        before = access.open_entry(team=team, entry_id=order[place - 1])
        earlier = before.queued_at
        assert earlier is not None  # noqa: S101  # it is in the queue
        sql.execute(SQL["place"], id=before.id, place=found.queued_at)
        sql.execute(
            SQL["place"], id=found.id, place=min(earlier, (found.queued_at or at) - timedelta(microseconds=1))
        )
        settle_queue(page_id=team.page_id, at=at)
        did(team, "entry.earlier", at=at, subject=entry_id)


def _end_of_queue(team: OnTeam, *, at: datetime) -> datetime:
    """A place behind all others; two in one moment do not share it."""
    row = sql.one(SQL["end_of_queue"], page=team.page_id)
    last: datetime | None = row[0] if row else None
    return max(at, last + timedelta(microseconds=1)) if last else at


def require_ahead(due: datetime, *, at: datetime) -> None:
    """Refuse an hour that has passed, and one that nobody can foresee."""
    if due <= at:
        raise BadInput(_("This hour has passed. Choose one that is still to come."), field="due", code="past")
    if due > at + FARTHEST:
        raise BadInput(_("Plan a year ahead at the most."), field="due", code="too_far")


def repetition(every: int | None, left: int) -> tuple[int | None, int]:
    """Every so many days, so often more; nothing of it when either is missing.

    Raises:
        BadInput: out of bounds.
    """
    if not every or not left:
        return None, 0
    if not 1 <= every <= LONGEST_ROUND:
        raise BadInput(_("It can come again every 1 to 366 days."), field="again_every", code="again")
    if not 1 <= left <= MOST_TIMES:
        raise BadInput(_("It can come again 52 times at the most."), field="again_left", code="again")
    return every, left


def _checked(team: OnTeam, entry_id: int) -> SeenEntry:
    access.again(team, Permission.PUBLISH)
    hold_queue(team)
    found = access.open_entry(team=team, entry_id=entry_id)
    check(found.content, by=team.page_id)
    return found


def _settled(team: OnTeam, found: SeenEntry, *, at: datetime) -> None:
    if found.queued_at:  # those behind it move up
        settle_queue(page_id=team.page_id, at=at)
