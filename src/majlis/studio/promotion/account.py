"""A page's book: what the operator topped up, what impressions cost, what is left.

Invariant: ``Account.balance`` is the sum of the page's lines and never below nothing. Whoever writes a line
holds the row of the account.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import changes, sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.ids import new_id
from majlis.core.paging import Page, Slice
from majlis.studio.promotion.audience import SQL

CHANGED = "promotions.changed"
_LONGEST_NOTE = 200


class Line(msgspec.Struct, frozen=True):
    """What the operator put in or took back; or, of a day (UTC), what a promotion cost."""

    at: datetime
    amount: Decimal
    impressions: int
    promotion_id: int | None
    note: str


class Book(msgspec.Struct, frozen=True):
    """A page and its account, for the operator."""

    page_id: int
    handle: str
    name: str
    balance: Decimal
    topped_up: Decimal
    spent: Decimal


@transaction.atomic
def top_up(*, page_id: int, amount: Decimal, note: str, by: int, at: datetime) -> Decimal:
    """Put an amount into a page's account, or (below nothing) take it back; the new balance.

    ``by`` is the operator's login; the caller writes the operators' book in the same transaction.

    Raises:
        NotThere: there is no such page.
        BadInput: nothing, or a note that is too long.
        Conflict: there is not as much to take back.
    """
    note = note.strip()
    if not amount or len(note) > _LONGEST_NOTE:
        raise BadInput(_("An amount is needed, and a note of 200 characters at most."), field="amount")
    if not sql.execute(SQL["open_account"], page=page_id):
        raise NotThere(_("There is no such page."), cause=f"page {page_id}")
    row = sql.one(SQL["move_balance"], page=page_id, amount=amount)
    if row is None:
        raise Conflict(_("There is not as much in the account."), code="balance")
    sql.execute(SQL["write_line"], id=new_id(), page=page_id, amount=amount, by=by, note=note, at=at)
    changes.append(CHANGED, page_id, at=at)
    return Decimal(row[0])


def balance(*, page_id: int) -> Decimal:
    """What a page has left."""
    row = sql.one(SQL["balance"], page=page_id)
    return Decimal(row[0]) if row else Decimal(0)


def lines(*, page_id: int, page: Page) -> Slice[Line]:
    """The account, newest first. Charges of a promotion are one line a day."""
    rows = sql.rows(SQL["lines"], page=page_id, **page.bounds())
    return page.slice_of((row[0], Line(*row[1:])) for row in rows)


def books(*, text: str = "", limit: int = 100) -> list[Book]:
    """Pages and their accounts, those with money first; found by handle or name."""
    rows = sql.rows(SQL["books"], text=_like(text.strip().lower()), page=0, limit=limit)
    return [Book(*row) for row in rows]


def book(*, page_id: int) -> Book:
    """One page and its account, for the operator.

    Raises:
        NotThere: there is no such page.
    """
    rows = sql.rows(SQL["books"], text="", page=page_id, limit=1)
    if not rows:
        raise NotThere(_("There is no such page."), cause=f"page {page_id}")
    return Book(*rows[0])


def _like(text: str) -> str:
    """A text to be found within another, as it is."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
