"""What an order is, said plainly over everything that was reported of it: the oracle of merging."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from majlis.studio.conversions.state import Report

VOUCHES = {"script": 0, "promo_code": 1, "hand": 1, "server": 2, "woocommerce": 2, "shopify": 2}


def order(told: list[Report], clicks: dict[str, tuple[int, Any]], codes: dict[str, int]) -> dict[str, Any]:
    """The order after all these reports, whatever came first. ``clicks``: token → id and moment, of this page."""
    best = max(VOUCHES[each.by] for each in told)
    amounts = [each for each in told if each.value is not None]
    statuses = [each for each in told if each.cancelled is not None]
    refunds: dict[str, Decimal] = {}
    for each in told:
        for id_, paid in each.refunds.items():
            refunds[id_] = max(paid, refunds.get(id_, Decimal(0)))
    gross = currency = None
    if amounts:
        last = sorted(amounts, key=lambda r: (VOUCHES[r.by], r.as_of, r.value, r.currency))[-1]
        gross, currency = last.value, last.currency
    over = None
    if statuses:
        last = sorted(statuses, key=lambda r: (VOUCHES[r.by], r.as_of, r.cancelled))[-1]
        over = last.as_of if last.cancelled else None
    trusted = [each for each in told if VOUCHES[each.by] == best]
    dated = [each.ordered_at for each in trusted if each.ordered_at is not None]
    credited = [
        (VOUCHES[each.by], clicks[each.click_token][0])
        for each in told
        if each.click_token in clicks and _follows(each, clicks[each.click_token][1])
    ]
    promoted = [(VOUCHES[each.by], codes[each.promo_code]) for each in told if each.promo_code in codes]
    return {
        "value": None if gross is None else max(gross - sum(refunds.values(), Decimal(0)), Decimal(0)),
        "currency": currency or "",
        "cancelled_at": over,
        "ordered_at": min(dated) if dated else min(each.as_of for each in trusted),
        "placed": any(each.placed for each in told),
        "reported_by": max(each.by for each in trusted),
        "click_id": min(id_ for rank, id_ in credited if rank == max(credited)[0]) if credited else None,
        "promo_code_id": max(promoted)[1] if promoted else None,
    }


def _follows(report: Report, clicked: Any) -> bool:
    moment = report.ordered_at or report.as_of
    return bool(clicked - timedelta(days=2) <= moment <= clicked + timedelta(days=732))
