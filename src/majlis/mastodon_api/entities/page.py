"""What a business says of itself, beside its Account: ``majlis_page``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from majlis.brands import hours, queries
from majlis.brands.views import OfferingView, PageView
from majlis.care.fixing import badge
from majlis.mastodon_api.described import Moment
from majlis.mastodon_api.entities.account import moment
from majlis.people.views import ProfileView


class Responsiveness(msgspec.Struct, frozen=True, kw_only=True):
    """How it answers, over the conversations that began between two moments: worked out by the server, null below ten of
    them. Shares of one; the median in seconds of its business hours, of answers by people."""

    since: Moment
    until: Moment
    conversations: int
    share_answered: float
    median_first_response: float | None
    share_confirmed: float | None


class PageEntity(msgspec.Struct, kw_only=True):
    """A field of ours that Mastodon's entity has no place for. ``open_until`` or ``opens_at`` is the moment of
    the next change; ``hours`` are times of day in ``time_zone``."""

    category: str
    address: str
    map_url: str
    time_zone: str
    hours: dict[str, Any]
    holidays: list[dict[str, Any]]
    is_open: bool | None
    open_until: str | None
    opens_at: str | None
    buttons: list[dict[str, str]]
    rating: float | None
    reviews_count: int
    verified_domain: str | None
    verified_at: str | None
    offer: dict[str, Any] | None
    responsiveness: Responsiveness | None


def page(profile: ProfileView, *, at: datetime) -> PageEntity | None:
    """The page of a business of this server; None for everybody else. Four queries."""
    if profile.kind != "business" or not profile.local or profile.withdrawn:
        return None
    found = queries.page(page_id=profile.id)
    return _entity(found, at=at) if found else None


def _entity(found: PageView, *, at: datetime) -> PageEntity:
    week, dates = hours.stored(found.hours)
    state = found.hours.state(at) if found.hours.told else None
    changes = moment(state.changes_at) if state and state.changes_at else None
    rating = queries.rating(page_id=found.id)
    pinned = next((each for each in queries.offerings(page_id=found.id, at=at) if each.pinned), None)
    return PageEntity(
        category=found.category,
        address=found.address,
        map_url=found.map_url,
        time_zone=found.hours.time_zone,
        hours=week,
        holidays=dates,
        is_open=state.open if state else None,
        open_until=changes if state and state.open else None,
        opens_at=changes if state and not state.open else None,
        buttons=[{"kind": each.kind, "value": each.value} for each in found.buttons],
        rating=round(rating.average, 2) if rating.average is not None else None,
        reviews_count=rating.count,
        verified_domain=found.domain.domain if found.domain else None,
        verified_at=moment(found.domain.verified_at) if found.domain else None,
        offer=_offer(pinned) if pinned else None,
        responsiveness=_responsiveness(found.id),
    )


def _responsiveness(page_id: int) -> Responsiveness | None:
    found = badge.shown(page_id)
    if found is None:
        return None
    return Responsiveness(
        since=moment(found.since), until=moment(found.until), conversations=found.conversations,
        share_answered=found.share_answered, median_first_response=found.median_seconds,
        share_confirmed=found.share_confirmed,
    )  # fmt: skip


def _offer(offered: OfferingView) -> dict[str, Any]:
    return {
        "name": offered.name,
        "description": offered.description,
        "price": None if offered.price is None else str(offered.price),
        "currency": offered.currency or None,
        "url": offered.url or None,
    }
