"""Orders, reported by a server of the business's own: one, or up to 500 at once. See docs/measuring.md."""

from __future__ import annotations

from typing import Any

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.mastodon_api.request import Answer, Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.studio.conversions.orders import Answer as Told
from majlis.studio.conversions.orders import Outcome, report_orders


@team(Permission.TRACK, writes=True)
def report(call: Call, team: OnTeam) -> Any:
    """Take orders. Each is taken or refused by itself; 422 when none could be taken."""
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
