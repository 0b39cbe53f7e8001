"""Everything that cost or brought something, as atoms: one day, one kind, one post, campaign or none.

Invariant: whatever atoms are grouped by (posts, campaigns, weeks), the groups sum to the whole, to the last decimal;
and amounts of different currencies are never added: what no rate turns into the book's currency stays apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.insights.windows import Window
from majlis.studio.money import terms as books
from majlis.studio.money.costs import Cost
from majlis.studio.money.terms import SQL, Terms

_STEP: Final = Decimal("0.000001")
_HOUR: Final = Decimal(3600)


class Kind(StrEnum):
    """What an amount is."""

    HOURS = "hours"
    PROMOTION = "promotion"
    TOOLS = "tools"
    PRODUCTION = "production"
    OTHER = "other"
    RETURN = "return"  # an order that stands


class Atom(msgspec.Struct, frozen=True, kw_only=True):
    """A cost, or what orders brought, on one day of the page.

    ``amount`` is in ``currency``; None: hours whose role has no rate. ``revenue`` and ``margin`` are of orders:
    margin None means that nobody said what an order leaves. ``came``: of a tracked link or promo code; ``paid``: the
    click was on a promotion; ``reported``: only a browser's script says so; ``named``: the orders name their customer.
    """

    day: date
    kind: Kind
    currency: str
    amount: Decimal | None = Decimal(0)
    seconds: int = 0
    role: str = ""
    place: str = ""
    post_id: int | None = None
    entry_id: int | None = None
    campaign_id: int | None = None
    orders: int = 0
    revenue: Decimal = Decimal(0)
    margin: Decimal | None = Decimal(0)
    came: bool = False
    paid: bool = False
    reported: bool = False
    named: bool = False


def atoms(team: OnTeam, *, window: Window) -> tuple[Terms, list[Atom]]:
    """How the page counts, and all of a window. Six queries.

    Raises:
        NotAllowed: her role does not keep the money.
    """
    team.require(Permission.MONEY)
    if window.since is None:
        raise ValueError("a window without beginning")
    terms = books.terms(team.page_id)
    bounds = {"page": team.page_id, "since": window.since, "until": window.until, "zone": team.time_zone}
    zone = ZoneInfo(team.time_zone)
    first = window.since.astimezone(zone).date()
    last = (window.until - timedelta(microseconds=1)).astimezone(zone).date()
    found = [
        *_hours(terms, bounds),
        *_promotion(terms, bounds),
        *_costs(terms, team.page_id, first, last),
        *_returns(terms, bounds),
    ]
    return terms, found


def _hours(terms: Terms, bounds: dict[str, Any]) -> Iterator[Atom]:
    for role, day, place, post_id, entry_id, campaign_id, seconds in sql.rows(SQL["hours"], **bounds):
        rate = terms.hour(role, day)
        yield Atom(
            day=day, kind=Kind.HOURS, currency=terms.currency, seconds=int(seconds), role=role, place=place, post_id=post_id,
            entry_id=entry_id, campaign_id=campaign_id,
            amount=None if rate is None else (seconds * rate / _HOUR).quantize(_STEP),
        )  # fmt: skip


def _promotion(terms: Terms, bounds: dict[str, Any]) -> Iterator[Atom]:
    house = str(settings.MAJLIS.currency)
    for day, post_id, entry_id, campaign_id, amount in sql.rows(SQL["promotion"], **bounds):
        value, currency = _counted(terms, amount, house, day)
        yield Atom(
            day=day, kind=Kind.PROMOTION, currency=currency, amount=value, post_id=post_id, entry_id=entry_id,
            campaign_id=campaign_id,
        )  # fmt: skip


def _costs(terms: Terms, page_id: int, first: date, last: date) -> Iterator[Atom]:
    for row in sql.rows(SQL["costs"], page=page_id, first=first, last=last):
        cost = Cost(*row)
        day = max(first, cost.from_day)
        while day <= min(last, cost.to_day):
            value, currency = _counted(terms, cost.within(day, day), cost.currency, day)
            yield Atom(
                day=day, kind=Kind(cost.kind), currency=currency, amount=value, post_id=cost.post_id,
                entry_id=cost.entry_id, campaign_id=cost.campaign_id,
            )  # fmt: skip
            day += timedelta(days=1)


def _returns(terms: Terms, bounds: dict[str, Any]) -> Iterator[Atom]:
    rows = sql.rows(SQL["returns"], **bounds)
    for currency, day, post_id, entry_id, campaign_id, came, paid, reported, named, orders, value in rows:
        revenue, counted = _counted(terms, value, currency, day)
        margin = terms.margin(day)
        yield Atom(
            day=day, kind=Kind.RETURN, currency=counted, post_id=post_id, entry_id=entry_id, campaign_id=campaign_id,
            orders=orders, revenue=revenue, margin=None if margin is None else (revenue * margin).quantize(_STEP),
            came=came, paid=paid, reported=reported, named=named,
        )  # fmt: skip


def _counted(terms: Terms, amount: Decimal, currency: str, day: date) -> tuple[Decimal, str]:
    """An amount in the book's currency where a rate of that day is known, or as it is."""
    rate = terms.exchange(currency, day)
    return (amount, currency) if rate is None else ((amount * rate).quantize(_STEP), terms.currency)


def by_week(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def grouped(found: list[Atom], key: str) -> dict[Any, list[Atom]]:
    """Atoms by ``post_id``, ``campaign_id`` or ``week``; None: for none in particular."""
    groups: defaultdict[Any, list[Atom]] = defaultdict(list)
    for atom in found:
        groups[by_week(atom.day) if key == "week" else getattr(atom, key)].append(atom)
    return dict(groups)
