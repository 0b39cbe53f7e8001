"""Orders, reported by a server of the business's own: one, or up to 500 at once. See docs/measuring.md."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.mastodon_api.request import Answer, Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.studio.conversions.orders import Answer as Told
from majlis.studio.conversions.orders import Outcome, report_orders


class Orders(msgspec.Struct, frozen=True):
    """Up to 500 orders; or, without ``orders``, the fields of one. What an order has is told in docs/measuring.md."""

    orders: list[dict[str, Any]] | None = None


class TakenOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an order: taken, unchanged, or refused with a sentence."""

    id: str
    state: Outcome
    error: str | None = None
    field: str | None = None


class TakenOrders(msgspec.Struct, frozen=True):
    """In the order in which they came."""

    orders: list[TakenOrder]


@team(
    Permission.TRACK,
    writes=True,
    says=_("Take orders, each by itself; 422 when none could be taken"),
    sends=Orders,
    gives=TakenOrders,
)
def report(call: Call, team: OnTeam) -> Answer:
    values = call.params.values
    orders = values["orders"] if "orders" in values else [dict(values)]
    answers = report_orders(team, orders=orders, at=call.at)
    refused = all(each.outcome is Outcome.REFUSED for each in answers)
    return Answer(TakenOrders([_told(each) for each in answers]), status=422 if refused else 200)


def _told(answer: Told) -> TakenOrder:
    if answer.outcome is not Outcome.REFUSED:
        return TakenOrder(id=answer.id, state=answer.outcome)
    return TakenOrder(id=answer.id, state=answer.outcome, error=str(answer.sentence), field=answer.field)


urls = [route("api/v1/studio/<page_id>/orders", POST=report)]
