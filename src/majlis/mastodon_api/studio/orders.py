"""Orders, reported by a server of the business's own: one, or up to 500 at once. See docs/measuring.md."""

from __future__ import annotations

from typing import Any

from majlis.brands.access import team_door
from majlis.brands.roles import Permission
from majlis.mastodon_api.request import Answer, Call, endpoint, route
from majlis.studio.conversions.orders import Answer as Told
from majlis.studio.conversions.orders import Outcome, report_orders


@endpoint("studio:write")
def report(call: Call, page_id: int) -> Any:
    """Take orders. Each is taken or refused by itself; 422 when none could be taken."""
    team = team_door(page_id=page_id, by=call.me, needs=Permission.TRACK)
    values = call.params.values
    orders = values["orders"] if "orders" in values else [dict(values)]
    answers = report_orders(team, orders=orders, at=call.at)
    refused = all(each.outcome is Outcome.REFUSED for each in answers)
    return Answer({"orders": [_told(each) for each in answers]}, status=422 if refused else 200)


def _told(answer: Told) -> dict[str, Any]:
    body: dict[str, Any] = {"id": answer.id, "state": answer.outcome.value}
    if answer.outcome is Outcome.REFUSED:
        body |= {"error": answer.sentence, "field": answer.field}
    return body


urls = [route("api/v1/studio/<page_id>/orders", POST=report)]
