"""Who wins a place, and what it pays: a sealed second-price auction, and where places are. No database.

The highest bid wins and pays the second highest, or the floor where nobody else bids: Vickrey, Counterspeculation,
auctions and competitive sealed tenders, 1961. Bidding what an impression is worth is then the best one can do, so
nobody gains by trying out bids.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

EVERY: Final = 10
"""At most one promoted item among any ten that follow each other."""
FIRST: Final = 5
"""The place of the first one on a page, counted from nothing: never at the top."""
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bid:
    """What a promotion offers for a place: at most ``most``, and never more than it has left.

    ``last_shown`` is when this reader saw it last.
    """

    promotion_id: int
    most: Decimal
    last_shown: datetime | None = None


@dataclass(frozen=True, slots=True)
class Won:
    """A place that was won, and what an impression there costs."""

    promotion_id: int
    price: Decimal


def places(organic: int, *, per_ten: int = 1) -> list[int]:
    """Where promoted items may stand in the list that is shown, for so many organic ones.

    So that any ten items in a row, of this page and the next, hold one at most; none of them is the first
    of a page or stands in place of another.
    """
    if per_ten < 1:
        return []
    return [FIRST + EVERY * place for place in range(organic // (EVERY - 1))]


def second_price(bids: Iterable[Bid], *, floor: Decimal) -> Won | None:
    """The winner of one place among bids of the floor or more; None when there is none.

    Of equal bids that wins which this reader saw least recently, then the older promotion. Whoever wins by that
    pays its whole bid, since that is the second highest.
    """
    ranked = sorted(
        (bid for bid in bids if bid.most >= floor),
        key=lambda bid: (-bid.most, bid.last_shown or _NEVER, bid.promotion_id),
    )
    if not ranked:
        return None
    return Won(ranked[0].promotion_id, ranked[1].most if len(ranked) > 1 else floor)


def auctions(bids: Sequence[Bid], *, count: int, floor: Decimal) -> list[Won]:
    """One auction after the other, for as many places; what has won is out of the next."""
    left, won = list(bids), []
    for _place in range(count):
        winner = second_price(left, floor=floor)
        if winner is None:
            break
        won.append(winner)
        left = [bid for bid in left if bid.promotion_id != winner.promotion_id]
    return won
