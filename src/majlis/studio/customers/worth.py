"""What each group of customers is still worth: BG/NBD and Gamma-Gamma over a year, with ranges; or what is missing.

Fitted on a sample of the page's customers in the currency that most pay in, by a job: the answer is kept and says when
it was worked out. Sums of a group are those of its part of the sample times how many times the group is larger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from majlis.brands.customers.book import book
from majlis.core import json, sql
from majlis.core.jobs import actions as jobs
from majlis.insights.methods.enough import NotEnough
from majlis.insights.methods.orders import Purchase, histories
from majlis.studio.customers.statements import SQL, bounds

JOB: Final = "studio.worth_of_customers"
STALE: Final = timedelta(days=2)
WITHIN_WEEKS: Final = 52.0
_SAMPLE: Final = 3_000
_OF_GROUP: Final = 400


class GroupWorth(msgspec.Struct, frozen=True, kw_only=True):
    """What one customer of a group brings within a year on average, before margin; and its range (95 %)."""

    stage: str
    sampled: int
    each: float
    low: float
    high: float


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: groups in ``currency``; or ``lacking``, what there is too little of."""

    currency: str = ""
    customers: int = 0
    groups: tuple[GroupWorth, ...] = ()
    lacking: NotEnough | None = None
    independent: bool = True


class Known(msgspec.Struct, frozen=True):
    """The answer and when it was worked out."""

    told: Told
    made_at: datetime


_read: Final = json.own_reader(Told)


def ask(page_id: int) -> None:
    """Have it worked out soon."""
    jobs.enqueue(JOB, {"page_id": page_id}, key=str(page_id))


def known(page_id: int) -> Known | None:
    """What was worked out last; the caller holds the team door."""
    row = sql.one(SQL["worth"], page=page_id)
    return Known(_read(row[0]), row[1]) if row else None


def work_out(page_id: int, *, at: datetime) -> Told:
    """Fit the models and keep the answer."""
    told = _worked_out(page_id, at=at)
    sql.execute(SQL["keep_worth"], page=page_id, told=json.encode(told).decode(), at=at)
    return told


def _worked_out(page_id: int, *, at: datetime) -> Told:
    from majlis.insights.methods import lifetime  # noqa: PLC0415  # NumPy and SciPy, for this job alone

    row = sql.one(SQL["main_currency"], page=page_id)
    if row is None:
        return Told(lacking=lifetime.enough([]))
    currency = row[0]
    zone = _zone(page_id)
    stages = dict(_sampled(page_id, currency, at=at))
    purchases = [
        Purchase(customer=str(customer), at=moment, value=value)
        for customer, moment, value in sql.rows(
            SQL["purchases"], page=page_id, customers=list(stages), currency=currency, at=at, zone=zone
        )
    ]  # fmt: skip
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    names = [history.customer for history in histories(purchases, at=wall)]
    people = lifetime.summarise(purchases, at=wall)
    if missing := lifetime.enough(people):
        return Told(currency=currency, customers=len(people), lacking=missing)
    often = lifetime.fit_bgnbd(people)
    spend = lifetime.fit_gamma_gamma(people)
    for fitted in (often, spend):
        if isinstance(fitted, NotEnough):
            return Told(currency=currency, customers=len(people), lacking=fitted)
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for name, person in zip(names, people, strict=True):
        groups[stages[int(name)]].append(person)
    found = []
    for stage, members in sorted(groups.items()):
        some = spread(members, _OF_GROUP)
        answer = lifetime.ltv(often, spend, some, within=WITHIN_WEEKS)  # type: ignore[arg-type]
        if isinstance(answer, NotEnough):
            return Told(currency=currency, customers=len(people), lacking=answer)
        total, count = answer.total, len(some)
        found.append(
            GroupWorth(
                stage=stage, sampled=count, each=total.value / count, low=total.low / count, high=total.high / count
            )
        )  # fmt: skip
    return Told(
        currency=currency, customers=len(people), groups=tuple(found), independent=spend.independent  # type: ignore[union-attr]
    )  # fmt: skip


def spread(members: Sequence[Any], most: int) -> Sequence[Any]:
    """Of members in the order in which they were written down so many at the most, as many of each part of it."""
    count = min(len(members), most)
    return [members[place * len(members) // count] for place in range(count)]


def _sampled(page_id: int, currency: str, *, at: datetime) -> list[Any]:
    return sql.rows(
        SQL["sample"], page=page_id, currency=currency, limit=_SAMPLE, **bounds(book(page_id), at=at)
    )


def _zone(page_id: int) -> str:
    row = sql.one("SELECT g.time_zone FROM brands_page g WHERE g.profile_id = %(page)s", page=page_id)
    return row[0] if row else "UTC"
