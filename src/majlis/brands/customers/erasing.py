"""A customer asks to be forgotten: her record goes, with keys and joins; her orders stay as numbers of nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.brands.customers import keys
from majlis.brands.customers.events import CustomerErased
from majlis.brands.customers.keeping import SQL
from majlis.brands.customers.records import again, no_such_customer
from majlis.core import sql
from majlis.core.events import emit


def erase(team: OnTeam, *, customer_id: int, at: datetime) -> None:
    """Forget her, with every record that was merged into hers.

    What is kept is a trace of each address that leads to nothing, so that a shop that sends an order from before
    again does not bring her back.

    Raises:
        NotThere, NotAllowed: there is no such record (any more), or not for her role.
    """
    with transaction.atomic():
        again(team)
        page = team.page_id
        if sql.one(SQL["record"], page=page, customer=customer_id) is None:
            raise no_such_customer()
        ids = sql.column(SQL["whole"], page=page, customer=customer_id)
        own = sql.column(SQL["keys_of"], page=page, ids=ids)
        sql.execute(SQL["unjoin"], page=page, keys=own)
        sql.execute(
            SQL["remember_erased"], page=page, traces=[keys.trace(each, page_id=page) for each in own], at=at
        )
        # first, while the keys still say whose the orders are
        emit(CustomerErased(page_id=page, customers=tuple(ids), keys=tuple(own), at=at))
        for name in ("erase", "erase_contacts", "erase_keys", "erase_merges"):
            sql.execute(SQL[name], ids=ids)
        sql.execute(SQL["erase_records"], page=page, ids=ids)
        deeds.note(team, "customer.erased", at=at)  # without a subject: it would be a trace of her


def erased(page_id: int, given: Collection[str]) -> dict[str, datetime]:
    """Which of these keys were erased, and when. Nothing of an order from before then may lead to anybody."""
    if not given:
        return {}
    traces = {keys.trace(each, page_id=page_id): each for each in given}
    rows = sql.rows(SQL["erased"], page=page_id, traces=list(traces))
    return {traces[found]: at for found, at in rows}
