"""The queue: weekly slots, each taken by what is next. Which hour that gives is worked out at once, and anew
whenever slots, the order or the page's time zone change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.errors import BadInput
from majlis.core.ids import new_id
from majlis.studio import access, moments
from majlis.studio.changing import did, told
from majlis.studio.statements import SQL

MOST_SLOTS: Final = 70  # ten a day


def set_slots(*, team: OnTeam, slots: Iterable[tuple[int, time]], at: datetime) -> None:
    """The weekly slots of a page: weekday (Monday 0) and time of day in its zone; instead of those there were.

    Raises:
        BadInput: too many, or no weekday.
    """
    wanted = sorted({(weekday, clock.replace(second=0, microsecond=0)) for weekday, clock in slots})
    if len(wanted) > MOST_SLOTS:
        raise BadInput(_("A week takes 70 slots at the most."), field="slots", code="too_many_slots")
    if any(not 0 <= weekday <= 6 for weekday, _clock in wanted):
        raise BadInput(_("This is no day of the week."), field="slots")
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        sql.execute(SQL["clear_slots"], page=team.page_id)
        if wanted:
            sql.execute(
                SQL["insert_slots"],
                page=team.page_id,
                ids=[new_id() for _slot in wanted],
                weekdays=[weekday for weekday, _clock in wanted],
                times=[clock for _weekday, clock in wanted],
            )
        settle_queue(page_id=team.page_id, at=at)
        did(team, "queue.slots", at=at, slots=len(wanted))


def hold_queue(team: OnTeam) -> None:
    """Whoever changes hours holds the queue first and entries second, so that two never wait for each other."""
    sql.one(SQL["lock_queue"], page=team.page_id)


def settle_queue(*, page_id: int, at: datetime) -> int:
    """Give each entry of the queue its hour: the first free slot to the first, and so on; how many changed.

    Those whose hour has come are about to leave and keep it; a slot at which one left is not given again, though
    ``at`` be a moment earlier (whoever waited for the queue began before). Without slots nothing in the queue
    has an hour.
    """
    with transaction.atomic():
        row = sql.one(SQL["lock_queue"], page=page_id)
        if row is None:
            return 0
        waiting = [
            (id_, due) for id_, due in sql.rows(SQL["in_queue"], page=page_id) if due is None or due > at
        ]
        slots = sql.rows(SQL["slots"], page=page_id)
        taken = sql.one(SQL["last_to_leave"], page=page_id)
        free = moments.occurrences(slots, zone=row[0], after=max(at, taken[0]) if taken else at)
        changed = {id_: hour for id_, due in waiting if (hour := next(free, None)) != due}
        if changed:
            sql.execute(SQL["set_hours"], ids=list(changed), dues=list(changed.values()))
            told(page_id, at=at)
    return len(changed)
