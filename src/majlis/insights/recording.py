"""Taking facts: each once, and with it everything that is counted from facts.

Invariants: rollups, encounters and viewers equal what the facts say, whatever came late, twice or out of
order, because one statement writes them all and only what is new moves anything. Of members who are not
measured nothing is kept, nor of a page looking at itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.conf import settings
from django.db import transaction

from majlis.core import sql
from majlis.core.events import emit
from majlis.insights import members
from majlis.insights.events import PaidImpressions
from majlis.insights.kinds import INTERACTIONS, Kind, Source
from majlis.insights.tables import SPACE, SQL

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_ENGAGING: Final = sorted(int(kind) for kind in INTERACTIONS)


class NewFact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a post of a page (``post_id`` 0: to the page itself).

    ``profile_id`` 0 is somebody who is not signed in. ``nonce`` tells two things of a kind apart: the page
    load, the id of the reaction or order; the same one again is the same fact.
    """

    page_id: int
    post_id: int = 0
    profile_id: int = 0
    kind: Kind
    source: Source
    paid: bool = False
    nonce: int
    at: datetime
    link_id: int | None = None
    value: Decimal | None = None
    currency: str = ""


def record(facts: Sequence[NewFact], *, arrived_at: datetime) -> int:
    """Take facts, in the caller's transaction; how many were new.

    Facts from the future are of now. Those older than ``MAJLIS_FACTS_DAYS`` are not taken: their like has moved
    to files, so it cannot be told any more whether they were counted already.
    """
    oldest = arrived_at - timedelta(days=settings.MAJLIS.facts_days)
    taken = [fact for fact in facts if fact.at > oldest]
    if not taken:
        return 0
    with transaction.atomic():
        hold(fact.page_id for fact in taken)
        members.ensure(fact.profile_id for fact in taken)
        row = sql.one(
            SQL["record"], **_columns(taken, arrived_at), interactions=_ENGAGING, arrived_at=arrived_at
        )
        paid = tuple(fact.nonce for fact in taken if fact.paid and fact.kind == Kind.IMPRESSION)
        if paid:
            emit(PaidImpressions(paid, arrived_at))
    return int(row[0]) if row else 0


def hold_still() -> None:
    """Nobody erases a member's facts, and no pseudonym changes, until the transaction ends."""
    sql.rows(SQL["hold_facts"], space=SPACE)


def hold(page_ids: Iterable[int]) -> None:
    """Besides, write about these pages alone."""
    hold_still()
    sql.rows(SQL["hold_pages"], space=SPACE, pages=list(set(page_ids)))


def _columns(facts: Sequence[NewFact], arrived_at: datetime) -> dict[str, list[Any]]:
    """Facts as columns of whole numbers, which the driver writes fastest. What hardly any fact has is left
    out where none has it: ``unnest`` fills up with null."""
    last = (arrived_at - _EPOCH) // _MICROSECOND
    columns: dict[str, list[Any]] = {
        "pages": [fact.page_id for fact in facts],
        "posts": [fact.post_id for fact in facts],
        "profiles": [fact.profile_id for fact in facts],
        "kinds": [int(fact.kind) for fact in facts],
        "sources": [int(fact.source) for fact in facts],
        "paid": [int(fact.paid) for fact in facts],
        "nonces": [fact.nonce for fact in facts],
        "ats": [min((fact.at - _EPOCH) // _MICROSECOND, last) for fact in facts],
        "links": [fact.link_id or 0 for fact in facts],
        "values": [],
        "currencies": [],
    }
    if not any(columns["links"]):
        columns["links"] = []
    if any(fact.value is not None for fact in facts):
        columns["values"] = ["" if fact.value is None else str(fact.value) for fact in facts]
        columns["currencies"] = [fact.currency for fact in facts]
    return columns
