"""What people met before they ordered, as journeys, and what each model of attribution makes of them, side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.insights.kinds import Source
from majlis.insights.methods import attribution
from majlis.insights.methods.attribution import Credits, Journey, Touch
from majlis.insights.windows import Window
from majlis.studio.money import terms as books
from majlis.studio.money.terms import SQL, Terms

LOOKBACK: Final = timedelta(days=90)
"""So long before an order a click may have led to it."""
PROMO_CODE: Final = "promo_code"
NO_POST: Final = "none"
"""A click on a link that belongs to no post (or campaign)."""
MOST_TOUCHES: Final = 400
"""Of one journey the last so many are looked at: more come from programs."""
_STEP: Final = Decimal("0.000001")


class By(StrEnum):
    """What is credited."""

    CHANNEL = "channel"
    POST = "post"
    CAMPAIGN = "campaign"


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Every model over the same journeys. ``apart``: orders of currencies that no rate is known for, left out."""

    by: By
    currency: str
    window: Window
    lookback: timedelta
    orders: int
    revenue: Decimal
    journeys: int
    touches: int
    models: Mapping[str, Credits]
    apart: Mapping[str, int]

    @property
    def names(self) -> list[str]:
        """Whom something is credited to, or could be: most by the last touch first."""
        last = self.models["last"].by_channel
        return sorted(last, key=lambda name: (-last[name], name))


MODELS: Final = ("first", "last", "last_non_direct", "linear", "position", "time_decay", "markov", "shapley")


def compare(
    team: OnTeam, *, window: Window, by: By = By.CHANNEL, lookback: timedelta = LOOKBACK
) -> Comparison:
    """All models over a window's orders. Four queries.

    Raises:
        NotAllowed: her role does not keep the money.
    """
    team.require(Permission.MONEY)
    terms = books.terms(team.page_id)
    found, apart = journeys(team, terms=terms, window=window, by=by, lookback=lookback)
    converted = [each for each in found if each.converted_at is not None]
    return Comparison(
        by=by,
        currency=terms.currency,
        window=window,
        lookback=lookback,
        orders=sum(each.count for each in converted),
        revenue=sum((each.value for each in converted), Decimal(0)),
        journeys=sum(each.count for each in found),
        touches=sum(len(each.touches) * each.count for each in found),
        models={name: getattr(attribution, name)(found) for name in MODELS},
        apart=apart,
    )


def journeys(
    team: OnTeam, *, terms: Terms, window: Window, by: By, lookback: timedelta = LOOKBACK
) -> tuple[list[Journey], dict[str, int]]:
    """The journeys of a window, with those that led to no order; and orders left out, by currency. Two queries."""
    bounds = {"page": team.page_id, "since": window.since, "until": window.until}
    apart: Counter[str] = Counter()
    found: list[Journey] = []
    ordered = sql.rows(SQL["journeys"], lookback=lookback, **bounds)
    for _order, rows in groupby(ordered, key=lambda row: row[0]):
        journey = _converted(list(rows), terms, by, ZoneInfo(team.time_zone))
        if isinstance(journey, str):
            apart[journey] += 1
        else:
            found.append(journey)
    found += _without(sql.rows(SQL["no_order"], **bounds), by)
    return found, dict(apart)


def _converted(rows: list[sql.Row], terms: Terms, by: By, zone: ZoneInfo) -> Journey | str:
    """The journey to one order, or the currency that cannot be counted."""
    _order, at, value, currency, code, *_click = rows[0]
    rate = terms.exchange(currency, at.astimezone(zone).date())
    if rate is None:
        return str(currency)
    touches = [_touch(row[5:], by, until=at) for row in rows if row[5] is not None]
    if code:
        touches.append(Touch(PROMO_CODE, at))
    return Journey(
        touches=tuple(touches[-MOST_TOUCHES:]), converted_at=at, value=(value * rate).quantize(_STEP), count=1
    )


def _without(rows: Iterable[sql.Row], by: By) -> list[Journey]:
    """Journeys that led to no order, those that look alike together."""
    alike: defaultdict[tuple[str, ...], list[tuple[Touch, ...]]] = defaultdict(list)
    for _who, clicks in groupby(rows, key=lambda row: row[0]):
        touches = tuple(_touch(row[1:], by) for row in clicks)[-MOST_TOUCHES:]
        alike[tuple(touch.channel for touch in touches)].append(touches)
    return [Journey(touches=each[0], count=len(each)) for each in alike.values()]


def _touch(click: Any, by: By, *, until: datetime | None = None) -> Touch:
    """A click as a touch. A shop's clock may be behind: its own click is never after the order."""
    at, source, paid, utm_source, post_id, campaign_id = click
    return Touch(
        _name(by, source, paid, utm_source, post_id, campaign_id), at if until is None else min(at, until)
    )


def _name(by: By, source: int, paid: bool, utm_source: str, post_id: int, campaign_id: int) -> str:
    """Who gets the credit: the post, the campaign; or the channel: where in this network it was seen, a promotion,
    or, from outside, what the link says of itself (utm_source)."""
    if by is By.POST:
        return str(post_id or NO_POST)
    if by is By.CAMPAIGN:
        return str(campaign_id or NO_POST)
    if paid:
        return "promotion"
    ours = utm_source.lower() == str(settings.MAJLIS.host).lower()  # what links of posts say by themselves
    if source in {Source.OUTSIDE, Source.APP} and utm_source and not ours:
        return utm_source[:60].lower()
    return Source(source).name.lower() if source else Source.OUTSIDE.name.lower()
