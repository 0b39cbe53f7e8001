"""How a page keeps its customers: whether names come from its shops, and what new, recent and old mean to it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.brands.customers.keeping import SQL
from majlis.brands.customers.records import again
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.errors import BadInput


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """Days and counts as METRICS has them where the page chose nothing else."""

    keep_names: bool = False
    new_days: int = 30
    recent_days: int = 90
    recent_orders: int = 2
    lapsed_gaps: float = 2.0
    lapsed_days: int = 180
    shortest_habit_days: int = 0


def book(page_id: int) -> Book:
    """How a page keeps them. One query."""
    row = sql.one(SQL["book"], page=page_id)
    return Book(**dict(zip(Book.__struct_fields__, row, strict=True))) if row else Book()


def keep_book(team: OnTeam, kept: Book, *, at: datetime) -> None:
    """Keep them so from now on. Letting shops bring names needs whoever connects shops.

    Raises:
        BadInput: a number out of bounds.
        NotThere, NotAllowed: not for her role.
    """
    days = (kept.new_days, kept.recent_days, kept.lapsed_days)
    if not all(1 <= each <= 3650 for each in days) or not 0 <= kept.shortest_habit_days <= 3650:
        raise BadInput(_("Give a number of days between 1 and 3,650."), code="bad_days", field="days")
    if not 1 <= kept.recent_orders <= 100 or not 1 <= kept.lapsed_gaps <= 100:
        raise BadInput(_("Give a number between 1 and 100."), code="bad_number", field="recent_orders")
    with transaction.atomic():
        again(team)
        if kept.keep_names != book(team.page_id).keep_names:
            team.require(Permission.CONNECT)
        sql.execute(SQL["keep_book"], page=team.page_id, **msgspec.structs.asdict(kept))
        deeds.note(team, "customers.book", at=at, names=kept.keep_names)
