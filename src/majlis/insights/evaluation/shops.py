"""Simulated shops: how often the ranges of lifetime value hold what comes, where the models are right.

Customers as CDNOW's are published to be (BG/NBD and Gamma-Gamma), 27 to 39 weeks old, and the 39 weeks after. What this
cannot show is what a real shop does beyond the models: seasons, and weeks that are good or bad for all customers at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from majlis.insights.evaluation import Row, unpublished, within
from majlis.insights.methods.enough import NotEnough
from majlis.insights.methods.estimate import Estimate
from majlis.insights.methods.lifetime import LEVEL, Customer, Lifetime, fit_bgnbd, fit_gamma_gamma, ltv

if TYPE_CHECKING:
    import numpy as np

SHOPS: Final = 60
CUSTOMERS: Final = 500
WEEKS: Final = 39
SOURCE: Final = "simulation; bounds: where chance leaves 95 of 100 such simulations"
_R, _ALPHA, _A, _B = 0.243, 4.414, 0.793, 2.426
_P, _Q, _GAMMA = 6.25, 3.74, 15.44


class Shop(msgspec.Struct, frozen=True):
    """Customers as they stand, and what all of them do in the weeks that follow."""

    customers: list[Customer]
    purchases: int
    money: float


def shop(chance: np.random.Generator, *, customers: int = CUSTOMERS) -> Shop:
    """One, drawn from the models."""
    made, later, money = [], 0, 0.0
    for _ in range(customers):
        age = float(chance.uniform(27, 39))
        times = _times(chance, until=age + WEEKS)
        before = [time for time in times if time <= age]
        spread = float(chance.gamma(_Q, 1 / _GAMMA))
        mean = float(chance.gamma(_P * len(before), 1 / spread)) / len(before) if before else None
        made.append(
            Customer(frequency=len(before), recency=before[-1] if before else 0.0, age=age, money=mean)
        )
        more = len(times) - len(before)
        later += more
        money += float(chance.gamma(_P * more, 1 / spread)) if more else 0.0
    return Shop(made, later, money)


def _times(chance: np.random.Generator, *, until: float) -> list[float]:
    """Of repeat purchases, until she leaves."""
    rate, leaves = max(float(chance.gamma(_R, 1 / _ALPHA)), 1e-300), float(chance.beta(_A, _B))
    times, at = [], float(chance.exponential(1 / rate))
    while at <= until:
        times.append(at)
        if chance.random() < leaves:
            break
        at += float(chance.exponential(1 / rate))
    return times


def told_of(of: Shop) -> Lifetime | NotEnough:
    """What the product would say of it."""
    purchasing, spending = fit_bgnbd(of.customers), fit_gamma_gamma(of.customers)
    if isinstance(purchasing, NotEnough):
        return purchasing
    if isinstance(spending, NotEnough):
        return spending
    return ltv(purchasing, spending, of.customers, within=WEEKS)


def rows(data: Path) -> Iterator[Row]:
    """Coverage of purchases and of money. Needs nothing of the folder."""
    import numpy as np  # noqa: PLC0415

    chance = np.random.default_rng(20_261_201)
    shops = [shop(chance) for _ in range(SHOPS)]
    told = [(one, found) for one in shops if isinstance(found := told_of(one), Lifetime)]
    away = 1.96 * math.sqrt(LEVEL * (1 - LEVEL) / max(len(told), 1))
    bounds = LEVEL - away, min(LEVEL + away, 1.0)
    name = f"shops: 95 % ranges of {CUSTOMERS} customers that held what came"
    purchases = [_holds(found.purchases, one.purchases) for one, found in told]
    money = [_holds(found.total, one.money) for one, found in told]
    yield within(f"{name}: purchases", _share(purchases), *bounds, SOURCE)
    yield within(f"{name}: money", _share(money), *bounds, SOURCE)
    yield unpublished("shops: simulated, of which enough was known", len(told), SOURCE)


def _holds(range_: Estimate, came: float) -> bool:
    return range_.low <= came <= range_.high


def _share(held: list[bool]) -> float | None:
    return sum(held) / len(held) if held else None
