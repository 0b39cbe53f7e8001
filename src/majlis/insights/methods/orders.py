"""What was bought, by whom and when: what cohorts, stages and lifetimes are worked out from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import msgspec


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """An order of one customer. ``value`` is what was paid, ``refunded`` what of it was given back, in one currency;
    ``at`` is on the wall of the business, so that days and months are hers."""

    customer: str
    at: datetime
    value: Decimal
    refunded: Decimal = Decimal(0)

    @property
    def net(self) -> Decimal:
        """What was kept of it."""
        return self.value - self.refunded

    @property
    def stands(self) -> bool:
        """Whether it counts as bought: an order that was wholly given back, or that is below nothing or no number,
        does not; one that cost nothing and was never refunded does not either, for nothing was spent."""
        return self.net.is_finite() and self.net > 0


class History(msgspec.Struct, frozen=True, kw_only=True):
    """The purchases of a customer that stand, oldest first; never empty."""

    customer: str
    purchases: tuple[Purchase, ...]

    @property
    def first(self) -> datetime:
        """When she bought first."""
        return self.purchases[0].at

    @property
    def last(self) -> datetime:
        """When she bought last."""
        return self.purchases[-1].at

    @property
    def money(self) -> Decimal:
        """All she spent."""
        return sum((one.net for one in self.purchases), Decimal(0))


def histories(purchases: Iterable[Purchase], *, at: datetime) -> list[History]:
    """Whoever bought anything up to ``at``, by customer. What lies after it, a clock that ran ahead, is left out."""
    found: dict[str, list[Purchase]] = defaultdict(list)
    for one in purchases:
        if one.stands and one.at <= at:
            found[one.customer].append(one)
    return [
        History(customer=who, purchases=tuple(sorted(hers, key=lambda one: one.at)))
        for who, hers in sorted(found.items())
    ]
