"""A member and the businesses that know her as a customer: only she is told, and only she joins the two.

Invariant: nothing here is called for a business. It hears of a member when she has allowed it, and not in any other
way: what it writes into a record is never compared with an address of a member while it waits.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.accounts import queries as accounts
from majlis.brands.customers import keys
from majlis.brands.customers.events import MemberAnswered
from majlis.brands.customers.keeping import SQL, lock
from majlis.core import sql
from majlis.core.errors import NotThere
from majlis.core.events import emit
from majlis.core.ids import new_id


class Knows(msgspec.Struct, frozen=True):
    """A business that has a confirmed address of hers. ``allowed`` is None while she has not answered."""

    page_id: int
    allowed: bool | None
    answered_at: datetime | None


def businesses(*, member: int, user: int) -> list[Knows]:
    """Who knows her, by her confirmed addresses; and those whom she answered before. Four queries."""
    said = {row[0]: row for row in sql.rows(SQL["answers"], member=member)}
    known = _known(user)
    found = [
        Knows(page, said[page][2] if page in said else None, said[page][3] if page in said else None)
        for page in sorted(known | {*said})
    ]
    return sorted(found, key=lambda each: each.allowed is not None)


def _known(user: int, pages: Collection[int] | None = None) -> set[int]:
    return {page for page, _key in _found(user, pages)}


def _found(user: int, pages: Collection[int] | None = None) -> list[tuple[int, str]]:
    addresses = accounts.confirmed_addresses(user_id=user)
    asked = sql.column(SQL["pages_with_customers"], user=user)
    pairs = [
        (page, keys.key(address, page_id=page))
        for page in asked
        if pages is None or page in pages
        for address in addresses
    ]
    if not pairs:
        return []
    rows = sql.rows(SQL["known_by"], pages=[page for page, _key in pairs], keys=[key for _page, key in pairs])
    return [(row[0], row[1]) for row in rows]


def answer(*, member: int, user: int, page_id: int, allowed: bool, at: datetime) -> None:
    """She allows the business to know that she is its customer, or refuses.

    Raises:
        NotThere: this business does not know her.
    """
    with transaction.atomic():
        lock(page_id)
        found = _found(user, [page_id])
        if not found:
            raise NotThere(_("This business does not know you as a customer."))
        sql.execute(
            SQL["answer"], id=new_id(), page=page_id, member=member, key=found[0][1], allowed=allowed, at=at
        )
        emit(MemberAnswered(page_id=page_id, member_id=member, allowed=allowed, at=at))


def withdraw(*, member: int, page_id: int, at: datetime) -> None:
    """She takes her answer back, whatever it was: the two are apart at once."""
    with transaction.atomic():
        lock(page_id)
        sql.execute(SQL["take_answer_back"], page=page_id, member=member)
        emit(MemberAnswered(page_id=page_id, member_id=member, allowed=None, at=at))
