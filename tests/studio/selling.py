"""A bakery whose link is followed and ordered from."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import shopping
from measured_town import Town

from majlis.insights.kinds import Source
from majlis.insights.models import Encounter, Member
from majlis.studio.conversions.orders import report_orders
from majlis.studio.models import TrackedLink


def sell(town: Town, *, at: datetime, clicks: int, orders: int, strangers: int = 0) -> None:
    """Members who saw the last post follow its link, and so do some who are not signed in; the first of them order."""
    team, post = shopping.door(town.bakery), town.posts[-1]
    link = msgspec.structs.replace(shopping.link(team, label="The bread of the day"), post_id=post)
    TrackedLink.objects.filter(id=link.id).update(post_id=post)
    then = at - timedelta(hours=1)
    tokens = [shopping.click(link, team, who=who, at=then) for who in _viewers(post)[:clicks]]
    tokens += [shopping.click(link, team, at=then, source=Source.OUTSIDE) for _stranger in range(strangers)]
    given = [
        {"id": f"B-{number}", "value": "12.50", "currency": "EUR", "click": token}
        for number, token in enumerate(tokens[:orders])
    ]
    if given:
        report_orders(team, orders=given, at=at - timedelta(minutes=30))


def _viewers(post: int) -> list[int]:
    saw = list(
        Encounter.objects.filter(post_id=post, viewed_at__isnull=False).values_list("viewer", flat=True)
    )
    found = Member.objects.filter(pseudonym__in=saw).order_by("profile_id")
    return list(found.values_list("profile_id", flat=True))
