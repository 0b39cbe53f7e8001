"""What is known of a customer beside a conversation: her record and orders, if she allowed this business to know them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from majlis.brands.access import OnTeam
from majlis.brands.customers import records
from majlis.brands.roles import Permission
from majlis.studio.customers import lists
from majlis.web.studio import customer_words as words
from majlis.web.studio.measured import money

_ORDERS: Final = 3


def known(team: OnTeam, member_ids: Collection[int], *, at: datetime) -> list[dict[str, Any]]:
    """Her records; nothing without her consent, or for whom of the team reads no customers."""
    if not team.may(Permission.CUSTOMER):
        return []
    return [_record(team, each, at=at) for each in records.joined_to(team, member_ids=member_ids)]


def _record(team: OnTeam, customer_id: int, *, at: datetime) -> dict[str, Any]:
    bought = lists.bought(team, customer_id=customer_id, at=at, limit=_ORDERS)
    return {
        "row": words.row(team, bought.line),
        "paid": " · ".join(money(value, currency) for currency, _count, value in bought.money if currency),
        "orders": [
            (each, money(each.value, each.currency) if each.value is not None and each.currency else "")
            for each in bought.orders
        ],
    }
