"""Taking facts: each once, and with it everything that is counted from facts.

Invariants: rollups, encounters and viewers equal what the facts say, whatever came late, twice or out of
order, because one statement writes them all and only what is new moves anything. Of members who are not
measured nothing is kept, nor of a page looking at itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

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
_IMPRESSION: Final = int(Kind.IMPRESSION)
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


class PlainFact(NamedTuple):
    """A new fact without link and money, as the whole numbers that the database takes: ``at`` in microseconds
    since 1970, ``paid`` 0 or 1."""

    page_id: int
    post_id: int
    profile_id: int
    kind: int
    source: int
    paid: int
    nonce: int
    at: int


def microseconds(at: datetime) -> int:
    """A moment as microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def record(facts: Sequence[NewFact], *, arrived_at: datetime) -> int:
    """Take facts, in the caller's transaction or one of its own; how many were new.

    Facts from the future are of now. Those older than ``MAJLIS_FACTS_DAYS`` are not taken: their like has moved
    to files, so it cannot be told any more whether they were counted already.
    """
    oldest = _oldest(arrived_at)
    taken = [fact for fact in facts if fact.at > oldest]
    plain = [
        PlainFact(
            fact.page_id, fact.post_id, fact.profile_id, int(fact.kind), int(fact.source), int(fact.paid),
            fact.nonce, microseconds(fact.at),
        )
        for fact in taken
    ]  # fmt: skip
    more: dict[str, list[Any]] = {"links": [fact.link_id or 0 for fact in taken]}
    if any(fact.value is not None for fact in taken):
        more["values"] = ["" if fact.value is None else str(fact.value) for fact in taken]
        more["currencies"] = [fact.currency for fact in taken]
    return _write(plain, more if any(more["links"]) or "values" in more else {}, arrived_at)


def record_plain(facts: Sequence[PlainFact], *, arrived_at: datetime) -> int:
    """As :func:`record`: the short way for those that come by the thousand."""
    oldest = microseconds(_oldest(arrived_at))
    return _write([fact for fact in facts if fact.at > oldest], {}, arrived_at)


def _oldest(arrived_at: datetime) -> datetime:
    return arrived_at - timedelta(days=settings.MAJLIS.facts_days)


def _write(facts: Sequence[PlainFact], more: dict[str, list[Any]], arrived_at: datetime) -> int:
    """``more``: the columns that hardly any fact has; what is left out ``unnest`` fills up with null."""
    if not facts:
        return 0
    # turned round by the interpreter, not fact by fact
    pages, posts, profiles, kinds, sources, paids, nonces, ats = map(list, zip(*facts, strict=True))
    last = microseconds(arrived_at)
    with transaction.atomic():
        hold(pages)
        members.ensure(profiles)
        row = sql.one(
            SQL["record"],
            pages=pages,
            posts=posts,
            profiles=profiles,
            kinds=kinds,
            sources=sources,
            paid=paids,
            nonces=nonces,
            ats=ats if max(ats) <= last else [min(at, last) for at in ats],
            links=more.get("links", []),
            values=more.get("values", []),
            currencies=more.get("currencies", []),
            interactions=_ENGAGING,
            arrived_at=arrived_at,
        )
        if any(paids):
            paid = tuple(fact.nonce for fact in facts if fact.paid and fact.kind == _IMPRESSION)
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
