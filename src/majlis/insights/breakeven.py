"""How many followers a page needs for its posts to pay for themselves, and what a month brings.

The formula of METRICS: N* = monthly full cost ÷ (posts per month × organic reach rate × click-through rate ×
conversion rate × margin per order). The full cost includes the hours. Pure arithmetic; where there is nothing to
divide by, the answer is None, which pages say as "not enough yet".
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Final

import msgspec

WINDOW: Final = timedelta(days=28)
MONTH_DAYS: Final = 30
"""A month, when posts of a window are told as posts a month."""


class Economy(msgspec.Struct, frozen=True, kw_only=True):
    """What a month costs and what a click is worth. Rates are between 0 and 1; ``cost`` and ``margin`` in one
    currency.

    ``reach_rate``: of those who follow, how many a post reaches unpaid; ``click_rate``: of those reached, how many
    follow a link; ``conversion_rate``: of those, how many order; ``margin``: what an order leaves.
    """

    cost: float
    posts: float
    reach_rate: float
    click_rate: float
    conversion_rate: float
    margin: float

    @property
    def per_follower(self) -> float:
        """What one follower brings in a month."""
        return self.posts * self.reach_rate * self.click_rate * self.conversion_rate * self.margin

    def with_reach(self, rate: float) -> Economy:
        """The same with another reach: what if it were throttled."""
        return msgspec.structs.replace(self, reach_rate=rate)


def break_even(economy: Economy) -> int | None:
    """The least number of followers with whom a month does not lose; None when no number would do."""
    brought = economy.per_follower
    if brought <= 0:
        return None
    wanted = economy.cost / brought
    return math.ceil(round(wanted, 6)) if math.isfinite(wanted) and wanted < 1e15 else None


def monthly_result(economy: Economy, *, followers: float) -> float:
    """What a month brings (below nothing: loses) with so many followers."""
    return followers * economy.per_follower - economy.cost
