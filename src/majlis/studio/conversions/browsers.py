"""What a business's own site tells by the script or the pixel. Anybody can send that: it is graded ``script``,
moves nothing that a server has said, and what is forged is bounded, not impossible."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput, NotAllowed
from majlis.studio.conversions import goals, orders, reports
from majlis.studio.conversions.goals import Told
from majlis.studio.conversions.state import Report


def report(given: Mapping[str, Any], *, origin: str, at: datetime) -> bool:
    """Take what a browser on ``origin`` says: ``goal`` (its key), ``id``, and for an order ``value`` and
    ``currency``; for an event ``event``, the name of a goal of the same page. Whether it was new.

    Raises:
        NotThere: there is no such goal (any more).
        NotAllowed: it is not told from this site.
        BadInput: a field cannot be taken.
    """
    named = goals.by_key(_text(given, "goal"))
    goal = goals.by_name(page_id=named.page_id, name=_text(given, "event")) if given.get("event") else named
    if not (named.takes_from(origin) and goal.takes_from(origin)):
        raise NotAllowed(_("This goal is not told from this site."), code="origin", cause=origin[:100])
    if given.get("event") and goal.kind != "event":
        raise BadInput(_("This goal is an order, not an event."), code="bad_kind", field="event")
    found = _order(given, goal, at) if goal.kind == "order" else _event(given, goal, at)
    return bool(orders.take(page_id=goal.page_id, reports=[found], arrived_at=at))


def _order(given: Mapping[str, Any], goal: Told, at: datetime) -> Report:
    value, unit = reports.money(given)
    return Report(
        external_id=reports.external_id(given.get("id")),
        by="script",
        as_of=at,
        value=value,
        currency=unit,
        goal_id=goal.id,
        click_token=reports.token(given.get("mj")),
        promo_code=reports.promo_code(given.get("promo_code")),
    )


def _event(given: Mapping[str, Any], goal: Told, at: datetime) -> Report:
    value, unit = reports.money(given)
    # with a space, which no shop's id has: an event never meets an order
    name = f"event {goal.id} {reports.external_id(given.get('id'))}"[:120]
    return Report(
        external_id=name,
        by="script",
        as_of=at,
        value=value,
        currency=unit,
        goal_id=goal.id,
        click_token=reports.token(given.get("mj")),
    )


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""
