"""What happens when a promoted post was seen: it is charged once, or not at all.

Invariants, whatever is reported at once from wherever: each place is charged at most once; ``spent`` never
exceeds the budget nor the charges the balance; nobody is charged for beyond the cap, whichever of her profiles she
uses. An impression that cannot be charged (nothing left, the cap reached, stopped or over meanwhile) is free, for the
member it is an impression like another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import msgspec

from majlis.core import changes, sql
from majlis.core.ids import new_id
from majlis.insights.events import PaidImpressions
from majlis.studio.promotion.account import CHANGED
from majlis.studio.promotion.audience import SQL


class _Offer(msgspec.Struct, frozen=True):
    id: int
    promotion_id: int
    page_id: int
    profile_id: int
    person: int  # her login, by which its profiles share a cap
    price: Decimal


class _Held(msgspec.Struct):
    """A promotion under lock. ``bid`` is the most it pays, ``left`` what its budget has left, ``cap`` the most
    impressions of one person."""

    left: Decimal
    bid: Decimal
    cap: int
    runs: bool


def charge(offers: Sequence[int], *, at: datetime) -> Decimal:
    """Charge the places ``offers`` (nonces) that were seen, in the caller's transaction; the sum that was charged.

    Locks accounts, then promotions, each in the order of their ids, so that two reports never wait for each
    other. What is repeated changes nothing.
    """
    found = _found(offers)
    if not found:
        return Decimal(0)
    balances: dict[int, Decimal] = dict(
        sql.rows(SQL["lock_accounts"], pages=sorted({each.page_id for each in found}))
    )
    held = _locked(found, at=at)
    fresh = set(sql.column(SQL["take_offers"], ids=[each.id for each in found], at=at))
    found = [each for each in found if each.id in fresh]
    shown = _shown(found)
    paid = [each for each in found if _pay(each, held[each.promotion_id], balances, shown)]
    if paid:
        _write(paid, at=at)
        _tell(paid, held, balances, at=at)
    return sum((each.price for each in paid), Decimal(0))


def impressions_paid(event: PaidImpressions) -> None:
    """Facts say that promoted items were seen."""
    charge(event.nonces, at=event.at)


def _found(ids: Sequence[int]) -> list[_Offer]:
    rows = sql.rows(SQL["offers_seen"], ids=list(ids)) if ids else []
    return sorted((_Offer(*row) for row in rows), key=lambda each: each.id)


def _locked(offers: Sequence[_Offer], *, at: datetime) -> dict[int, _Held]:
    rows = sql.rows(SQL["lock_promotions"], promotions=sorted({each.promotion_id for each in offers}), at=at)
    return {id_: _Held(*rest) for id_, *rest in rows}


def _shown(offers: Sequence[_Offer]) -> Counter[tuple[int, int]]:
    rows = sql.rows(
        SQL["shown"],
        promotions=[each.promotion_id for each in offers],
        profiles=[each.profile_id for each in offers],
    )
    return Counter({(promotion, person): count for promotion, person, count in rows})


def _pay(offer: _Offer, held: _Held, balances: dict[int, Decimal], shown: Counter[tuple[int, int]]) -> bool:
    """Whether it is paid; what was left is then less, and she has been shown it once more."""
    who = (offer.promotion_id, offer.person)
    enough = offer.price <= held.left and offer.price <= balances.get(offer.page_id, Decimal(0))
    if not (enough and held.runs and shown[who] < held.cap):
        return False
    held.left -= offer.price
    balances[offer.page_id] -= offer.price
    shown[who] += 1
    return True


def _write(paid: Sequence[_Offer], *, at: datetime) -> None:
    pages: defaultdict[int, Decimal] = defaultdict(Decimal)
    promotions: defaultdict[int, Decimal] = defaultdict(Decimal)
    for each in paid:
        pages[each.page_id] += each.price
        promotions[each.promotion_id] += each.price
    sql.execute(SQL["charge_accounts"], pages=list(pages), prices=list(pages.values()))
    sql.execute(SQL["charge_promotions"], promotions=list(promotions), prices=list(promotions.values()))
    sql.execute(
        SQL["charge_lines"],
        ids=[new_id() for _each in paid],
        pages=[each.page_id for each in paid],
        prices=[each.price for each in paid],
        promotions=[each.promotion_id for each in paid],
        nonces=[each.id for each in paid],
        at=at,
    )
    counts = Counter((each.promotion_id, each.profile_id) for each in paid)
    sql.execute(
        SQL["count_shows"],
        ids=[new_id() for _each in counts],
        promotions=[promotion for promotion, _profile in counts],
        profiles=[profile for _promotion, profile in counts],
        counts=list(counts.values()),
        at=at,
    )


def _tell(
    paid: Sequence[_Offer], held: dict[int, _Held], balances: dict[int, Decimal], *, at: datetime
) -> None:
    """When a promotion can no longer pay its whole bid, every process must know what it has left."""
    scarce = {
        each.page_id
        for each in paid
        if min(held[each.promotion_id].left, balances[each.page_id]) < held[each.promotion_id].bid
    }
    for page in sorted(scarce):
        changes.append(CHANGED, page, at=at)
