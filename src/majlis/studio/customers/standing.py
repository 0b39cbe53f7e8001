"""Where customers stand follows their orders: made anew in the transaction that changed one of them.

Invariant: whoever writes holds the page's customers (``keeping.lock``), taken before any order was, so that two
reports at once never count each other away.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from majlis.brands.customers import keeping
from majlis.brands.customers.events import CustomerErased, CustomersChanged
from majlis.brands.customers.given import Given
from majlis.core import sql
from majlis.core.ids import new_id
from majlis.core.jobs import actions as jobs
from majlis.studio.customers.statements import SQL

SCORE_JOB: Final = "studio.score_customers"
_LATER: Final = timedelta(minutes=1)
_AT_ONCE: Final = 2_000


def orders_changed(page_id: int, keys: Collection[str], people: Sequence[Given], *, at: datetime) -> None:
    """Orders with these keys came or changed. Whoever is not known yet gets a record without a name; ``people`` are
    those of whom a shop told more, and the page wants to keep that. The caller holds the lock."""
    if people:
        keeping.keep(page_id, people, source="shop", by=None, at=at, overwrite=False, lenient=True)
    _make_nameless(page_id, keys, at=at)
    refresh(page_id, sql.column(SQL["customers_of_keys"], page=page_id, keys=list(keys)), at=at)


def _make_nameless(page_id: int, keys: Collection[str], *, at: datetime) -> None:
    unknown = sql.column(SQL["unknown_keys"], page=page_id, keys=list(keys))
    if unknown:
        ids = [new_id() for _key in unknown]
        sql.execute(keeping.SQL["make_customers"], page=page_id, ids=ids, source="order", by=None, at=at)
        sql.execute(keeping.SQL["keep_keys"], page=page_id, keys=unknown, customers=ids)


def refresh(page_id: int, customers: Sequence[int], *, at: datetime) -> None:
    """Make the standing of some customers anew; the page's fifths follow within minutes."""
    if customers:
        sql.execute(SQL["clear_standings"], customers=list(customers))
        sql.execute(SQL["stand"], page=page_id, customers=list(customers))
        jobs.enqueue(SCORE_JOB, {"page_id": page_id}, run_at=at + _LATER, key=str(page_id))


def customers_changed(event: CustomersChanged) -> None:
    """Records came, went together or apart."""
    refresh(event.page_id, event.customers, at=event.at)


def customer_erased(event: CustomerErased) -> None:
    """Her orders are nobody's."""
    sql.execute(SQL["clear_standings"], customers=list(event.customers))
    if event.keys:
        sql.execute(SQL["forget_customers"], page=event.page_id, keys=list(event.keys))
        jobs.enqueue(SCORE_JOB, {"page_id": event.page_id}, run_at=event.at + _LATER, key=str(event.page_id))


def score(page_id: int) -> None:
    """Compare all customers of a page: their fifths by how lately, how often, how much."""
    sql.execute(SQL["score"], page=page_id)


def take_over(page_id: int, *, at: datetime) -> int:
    """Records and standings for all orders of a page, also those from before there were any; how many customers.
    The caller holds the lock."""
    while keys := sql.column(SQL["keys_without_customer"], page=page_id, limit=_AT_ONCE):
        _make_nameless(page_id, keys, at=at)
    done = last = 0
    while found := sql.column(SQL["customers_with_keys"], page=page_id, after=last, limit=_AT_ONCE):
        refresh(page_id, found, at=at)
        done, last = done + len(found), found[-1]
    return done
