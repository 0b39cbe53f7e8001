"""What an order is after all that was reported of it, in whatever order it came.

Each part of the state is the greatest of what was said of it, by a key of its own; the refunds are a union. Such
merging knows no order and no number of times: A, B, A and B, A give the same (a join semilattice).

Who vouches comes first in every key: what a browser said never outweighs what a shop's server said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from majlis.brands.customers.given import Given

RANK: Final[Mapping[str, int]] = {
    "script": 0,
    "promo_code": 1,
    "hand": 1,
    "server": 2,
    "woocommerce": 2,
    "shopify": 2,
}
"""By ``Order.ReportedBy``: a browser; a person; a server of the business's own that has a token or a secret."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One report of one order. ``as_of`` is the moment it speaks of: the newer one is right.

    ``cancelled`` is None when it says nothing of that; ``refunds`` by their own ids. ``placed``: it says that there
    is such an order (a refund or cancellation alone does not).
    """

    external_id: str
    by: str
    as_of: datetime
    ordered_at: datetime | None = None
    value: Decimal | None = None
    currency: str = ""
    cancelled: bool | None = None
    refunds: Mapping[str, Decimal] = {}
    placed: bool = True
    goal_id: int | None = None
    customer: str = ""
    click_token: str = ""
    promo_code: str = ""
    # what a signed shop tells of the customer, for pages that keep it; no part of the order
    person: Given | None = None

    @property
    def moment(self) -> datetime:
        """When it was ordered, as far as this report knows."""
        return self.ordered_at or self.as_of


class State(msgspec.Struct, frozen=True, kw_only=True):
    """An order; kept as JSON beside the columns that are made of it. Each part carries its key."""

    reporter: tuple[int, str] = (-1, "")
    # rank, as of, amount, currency
    amount: tuple[int, datetime, Decimal, str] | None = None
    # rank, as of, cancelled
    status: tuple[int, datetime, bool] | None = None
    # rank, whether a date was stated; then the earliest
    ordered: tuple[int, bool, datetime] | None = None
    refunds: dict[str, Decimal] = {}
    placed: bool = False
    goal: tuple[int, int] | None = None
    customer: tuple[int, str] | None = None
    # rank, id with its sign turned
    click: tuple[int, int] | None = None
    promo_code: tuple[int, int] | None = None

    @property
    def gross(self) -> Decimal | None:
        """What was to be paid at first."""
        return self.amount[2] if self.amount else None

    @property
    def value(self) -> Decimal | None:
        """What is left of it after refunds, never below nothing."""
        return None if self.gross is None else max(self.gross - sum(self.refunds.values()), Decimal(0))

    @property
    def currency(self) -> str:
        """Of both."""
        return self.amount[3] if self.amount else ""

    @property
    def cancelled_at(self) -> datetime | None:
        """As of when it is cancelled, if it is."""
        return self.status[1] if self.status and self.status[2] else None

    @property
    def said(self) -> tuple[object, ...]:
        """What the order is, without when it was said: the same report again leaves this as it is."""
        return (
            self.reporter, self.value, self.currency, self.cancelled_at is not None, self.ordered, self.placed,
            self.refunds, self.goal, self.customer, self.click, self.promo_code,
        )  # fmt: skip


def merged(state: State, report: Report, *, click_id: int | None, promo_code_id: int | None) -> State:
    """The state with one more report. ``click_id`` and ``promo_code_id`` are what its token and code were found
    to be, for this page and at that time; None for forged, foreign and late ones."""
    rank = RANK[report.by]
    return State(
        reporter=max(state.reporter, (rank, report.by)),
        amount=_greatest(
            state.amount,
            None if report.value is None else (rank, report.as_of, report.value, report.currency),
        ),
        status=_greatest(
            state.status, None if report.cancelled is None else (rank, report.as_of, report.cancelled)
        ),
        ordered=_ordered(state.ordered, (rank, report.ordered_at is not None, report.moment)),
        refunds=_union(state.refunds, report.refunds),
        placed=state.placed or report.placed,
        goal=_greatest(state.goal, None if report.goal_id is None else (rank, report.goal_id)),
        customer=_greatest(state.customer, (rank, report.customer) if report.customer else None),
        # of several the first: whoever comes again to the page that says thank you has clicked since
        click=_greatest(state.click, None if click_id is None else (rank, -click_id)),
        promo_code=_greatest(state.promo_code, None if promo_code_id is None else (rank, promo_code_id)),
    )


def _greatest(one: tuple | None, other: tuple | None) -> tuple | None:  # type: ignore[type-arg]
    return max((key for key in (one, other) if key is not None), default=None)


def _ordered(
    one: tuple[int, bool, datetime] | None, other: tuple[int, bool, datetime]
) -> tuple[int, bool, datetime]:
    """The earliest date among those of the highest rank, and there among those that were stated."""
    if one is None or one[:2] < other[:2]:
        return other
    return one if one[:2] > other[:2] else min(one, other)


def _union(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """All refunds; of one that is told twice differently the larger amount."""
    return {**one, **{id_: max(amount, one.get(id_, amount)) for id_, amount in other.items()}}
