"""What it cost and what it earned, as METRICS defines it: money is Decimal, and full cost includes the hours.

None means that there is nothing to divide by. Amounts of different currencies are never added, unless a rate is
given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

import msgspec

LARGEST: Final = Decimal(10) ** 15
"""What is larger is no amount but a mistake."""


def amount(value: Decimal) -> Decimal:
    """The value, checked. Raises ValueError when it is not a finite number, or beyond 10¹⁵ either way."""
    if not value.is_finite() or abs(value) > LARGEST:
        raise ValueError("an amount is a finite number of at most 10^15")
    return value


class Money(msgspec.Struct, frozen=True):
    """An amount of a currency (ISO 4217)."""

    value: Decimal
    currency: str

    def __post_init__(self) -> None:
        amount(self.value)


def by_currency(amounts: Iterable[Money]) -> dict[str, Decimal]:
    """The sums, each currency apart."""
    sums: dict[str, Decimal] = {}
    for each in amounts:
        sums[each.currency] = sums.get(each.currency, Decimal(0)) + each.value
    return dict(sorted(sums.items()))


def together(amounts: Iterable[Money], *, into: str, rates: Mapping[str, Decimal]) -> Decimal | None:
    """All in one currency; None when a rate is missing. ``rates``: what one of each currency is in ``into``.
    Raises ValueError for a rate that is not above nothing."""
    total = Decimal(0)
    for currency, value in by_currency(amounts).items():
        rate = Decimal(1) if currency == into else rates.get(currency)
        if rate is None:
            return None
        if not (rate.is_finite() and rate > 0):
            raise ValueError("a rate is above nothing")
        total += value * rate
    return total


class Costs(msgspec.Struct, frozen=True, kw_only=True):
    """What was spent, in one currency. Hours are of work, ``hour_rate`` what one is priced at."""

    promotion: Decimal = Decimal(0)
    tools: Decimal = Decimal(0)
    production: Decimal = Decimal(0)
    hours: Decimal = Decimal(0)
    hour_rate: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        for value in (self.promotion, self.tools, self.production, self.hours, self.hour_rate):
            amount(value)
        if self.hours < 0 or self.hour_rate < 0:
            raise ValueError("nobody works less than no hours, or for less than nothing")

    @property
    def work(self) -> Decimal:
        """Hours × rate."""
        return self.hours * self.hour_rate

    @property
    def full(self) -> Decimal:
        """Full cost: hours × rate + promotion + tools + production (METRICS)."""
        return self.work + self.promotion + self.tools + self.production


def over(part: Decimal, whole: Decimal | int) -> Decimal | None:
    """``part`` ÷ ``whole``; None unless there is something to divide by."""
    return part / whole if whole > 0 else None


def roi(*, margin: Decimal, cost: Decimal) -> Decimal | None:
    """(gross margin − full cost) ÷ full cost; 0.71 is 71 % (METRICS). ``margin``: of attributed or incremental
    revenue, which of them is said beside it. Below nothing: it lost."""
    return over(amount(margin) - amount(cost), cost)


def roas(*, revenue: Decimal, promotion: Decimal) -> Decimal | None:
    """Attributed revenue ÷ promotion spend (METRICS). It knows neither margin nor hours: 24 can still be a loss."""
    return over(amount(revenue), amount(promotion))


def cac(*, cost: Decimal, new_customers: int) -> Decimal | None:
    """(promotion + tools + hours × rate) of acquisition ÷ new customers (METRICS)."""
    return over(amount(cost), new_customers)


def payback_months(*, cac: Decimal | None, margin_per_month: Decimal) -> Decimal | None:
    """How many months of a customer's margin pay for winning her: CAC ÷ margin per month; None: never, or unknown."""
    return None if cac is None else over(cac, amount(margin_per_month))


def ltv_simple(*, revenue: Decimal, direct_cost: Decimal, retention: Decimal) -> Decimal | None:
    """(revenue − direct cost) of a period ÷ (1 − retention): the sum of a geometric series that goes on for ever.

    Corporate Finance Institute's worked example: (50 − 30) ÷ (1 − 0.75) = 80. None when everybody stays, because
    then it has no end. Raises ValueError when retention is not between 0 and 1. Where there are orders, the fitted
    model is to be preferred: this one has no interval.
    """
    if not 0 <= retention <= 1:
        raise ValueError("retention is between 0 and 1")
    return over(amount(revenue) - amount(direct_cost), 1 - retention)


def ltv_to_cac(*, ltv: Decimal | None, cac: Decimal | None) -> Decimal | None:
    """How often a customer's worth pays for winning her."""
    return None if ltv is None or cac is None else over(ltv, cac)


def retention_rates(active: Sequence[int]) -> list[float] | None:
    """Active in period k ÷ cohort size, where the cohort is who was active in the first period (METRICS)."""
    return [each / active[0] for each in active] if active and active[0] > 0 else None
