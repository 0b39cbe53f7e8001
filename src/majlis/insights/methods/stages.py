"""New, recent, old: where each customer of a business stands, against its thresholds and against her own habit.

The words of METRICS: *new*: first order ≤ 30 days ago; *recent*: last order ≤ 90 days ago and ≥ 2 orders; *old
(lapsed)*: last order > 2 × her own median gap ago, or > 180 days. Where two of these are true the earlier in this
order is told: new, old, recent; otherwise a habit would never be looked at within the first 90 days. Who is none of
the three (once, two months ago) is *quiet*. So everybody is exactly one.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, TypeVar

import msgspec

from majlis.insights.methods.enough import Need, NotEnough, lacking
from majlis.insights.methods.orders import History

DAY: Final = timedelta(days=1)
QUINTILES: Final = 5


class Stage(StrEnum):
    """Where a customer stands."""

    NEW = "new"
    RECENT = "recent"
    QUIET = "quiet"  # neither new nor back lately, and not yet gone
    OLD = "old"  # lapsed


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """What a business means by the words. Days and counts; raises ValueError where they make no sense.

    ``shortest_habit_days``: a habit shorter than that is taken for as long, so that who buys bread every morning
    is not lapsed after two days; METRICS has none, hence 0.
    """

    new_days: float = 30
    recent_days: float = 90
    recent_orders: int = 2
    lapsed_gaps: float = 2
    lapsed_days: float = 180
    shortest_habit_days: float = 0

    def __post_init__(self) -> None:
        positive = (self.new_days, self.recent_days, self.lapsed_gaps, self.lapsed_days, self.recent_orders)
        if not all(0 < value < 36_500 for value in positive) or not 0 <= self.shortest_habit_days < 36_500:
            raise ValueError("The thresholds of customers are numbers above nothing.")


USUAL: Final = Thresholds()


class Habit(msgspec.Struct, frozen=True, kw_only=True):
    """How long a customer usually stays away, and how long it has been now; in days. ``gaps``: told from so many."""

    usual_days: float
    since_days: float
    gaps: int

    @property
    def times(self) -> float:
        """How many of her usual gaps it has been."""
        return self.since_days / self.usual_days

    @property
    def overdue(self) -> bool:
        """Whether she has been away for longer than her own habit."""
        return self.since_days > self.usual_days


def habit(history: History, *, at: datetime, shortest_days: float = 0) -> Habit | None:
    """Her median gap; orders on one day are one visit. None of who came on one day only."""
    days = sorted({one.at.date() for one in history.purchases})
    gaps = [(after - before) / DAY for before, after in pairwise(days)]
    if not gaps:
        return None
    usual = max(statistics.median(gaps), shortest_days)
    return Habit(usual_days=usual, since_days=(at - history.last) / DAY, gaps=len(gaps))


def stage(history: History, *, at: datetime, thresholds: Thresholds = USUAL) -> Stage:
    """Where she stands at that moment."""
    since = (at - history.last) / DAY
    own = habit(history, at=at, shortest_days=thresholds.shortest_habit_days)
    if (at - history.first) / DAY <= thresholds.new_days:
        return Stage.NEW
    if since > thresholds.lapsed_days or (own is not None and own.times > thresholds.lapsed_gaps):
        return Stage.OLD
    if since <= thresholds.recent_days and len(history.purchases) >= thresholds.recent_orders:
        return Stage.RECENT
    return Stage.QUIET


def stages(
    found: Iterable[History], *, at: datetime, thresholds: Thresholds = USUAL
) -> dict[Stage, list[History]]:
    """Everybody by stage; every stage is there."""
    groups: dict[Stage, list[History]] = {one: [] for one in Stage}
    for history in found:
        groups[stage(history, at=at, thresholds=thresholds)].append(history)
    return groups


def slipping(
    found: Iterable[History], *, at: datetime, thresholds: Thresholds = USUAL
) -> list[tuple[History, Habit]]:
    """Who has been away for longer than her own habit but is not given up on (``lapsed_days``), the most spent first."""
    late = []
    for history in found:
        own = habit(history, at=at, shortest_days=thresholds.shortest_habit_days)
        if own is not None and own.overdue and own.since_days <= thresholds.lapsed_days:
            late.append((history, own))
    return sorted(late, key=lambda one: one[0].money, reverse=True)


class Rfm(msgspec.Struct, frozen=True, kw_only=True):
    """Quintiles 1 to 5, five the best: how lately, how often, how much."""

    recency: int
    frequency: int
    money: int


def rfm(found: Sequence[History]) -> dict[str, Rfm] | NotEnough:
    """By customer. Equal values get the same score (that of the middle of their ranks), so a quintile may be empty
    or large. With fewer than five customers there are no fifths."""
    if len(found) < QUINTILES:
        return lacking(Need.CUSTOMERS, have=len(found), need=QUINTILES)
    recency = quintiles([one.last for one in found])
    frequency = quintiles([len(one.purchases) for one in found])
    money = quintiles([one.money for one in found])
    return {
        one.customer: Rfm(recency=lately, frequency=often, money=much)
        for one, lately, often, much in zip(found, recency, frequency, money, strict=True)
    }


def quintiles(values: Sequence[Any]) -> list[int]:
    """The fifth in which each value lies, 1 the least: ⌊5 × (those below + half of those equal) ÷ all⌋ + 1."""
    below: dict[Any, int] = {}
    equal: dict[Any, int] = {}
    for rank, value in enumerate(sorted(values)):
        below.setdefault(value, rank)
        equal[value] = equal.get(value, 0) + 1
    return [QUINTILES * (2 * below[value] + equal[value]) // (2 * len(values)) + 1 for value in values]


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """What a group has brought, refunds taken off. None where there is nothing to divide by."""

    customers: int
    purchases: int
    money: Decimal
    per_customer: Decimal | None
    per_purchase: Decimal | None
    share: Decimal | None  # of all money


Group = TypeVar("Group", bound=Hashable)


def worth(found: Iterable[History], *, group: Callable[[History], Group]) -> dict[Group, Worth]:
    """What each group has brought; the money of the groups sums to that of all."""
    groups: dict[Group, list[History]] = {}
    for history in found:
        groups.setdefault(group(history), []).append(history)
    everything = sum((one.money for members in groups.values() for one in members), Decimal(0))
    return {name: _worth(members, everything) for name, members in groups.items()}


def _worth(members: Sequence[History], everything: Decimal) -> Worth:
    money = sum((one.money for one in members), Decimal(0))
    purchases = sum(len(one.purchases) for one in members)
    return Worth(
        customers=len(members),
        purchases=purchases,
        money=money,
        per_customer=money / len(members) if members else None,
        per_purchase=money / purchases if purchases else None,
        share=money / everything if everything else None,
    )
