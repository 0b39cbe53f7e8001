"""Page: what a business says of itself. Also what is sent to say it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec

from majlis.brands import hours
from majlis.brands.hours import DAYS, OpeningHours, Period
from majlis.brands.views import Button as ButtonView
from majlis.brands.views import OfferingView, PageView, VerificationView
from majlis.mastodon_api.described import Key, Moment
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.entities.status import media
from majlis.media.queries import Photo


class Button(msgspec.Struct, frozen=True):
    """A way to reach a business: call, mail, message, directions, website, book or order."""

    kind: str
    value: str = ""


class Day(msgspec.Struct, frozen=True):
    """Hours of a date of its own; ``hours`` empty: closed."""

    day: date
    hours: str = ""
    name: str = ""


class Hours(msgspec.Struct, frozen=True):
    """Times like ``08:00–13:00, 16:00–22:00``, by weekday, in ``time_zone``; a day that is not named is closed."""

    time_zone: str
    week: dict[str, str] = {}
    dates: list[Day] = []


class OfferingPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """The photo of something that is offered. The focal point is x, y from -1 (left, bottom) to 1."""

    url: str | None
    preview_url: str | None
    description: str
    focus: tuple[float, float]
    blurhash: str


class Offering(msgspec.Struct, frozen=True, kw_only=True):
    """A product, a service, or an offer for a time. ``price`` null: not said."""

    id: Key
    kind: str
    name: str
    description: str
    price: Decimal | None
    currency: str
    url: str
    ends_at: Moment | None
    pinned: bool
    photo: OfferingPhoto | None


class Domain(msgspec.Struct, frozen=True):
    """A domain that the page has proved to be its own."""

    domain: str
    verified_at: Moment
    checked_at: Moment


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What a business says of itself beyond its account. ``open`` null: it tells no hours."""

    id: Key
    acct: str
    category: str
    address: str
    map_url: str
    hours: Hours
    open: bool | None
    changes_at: Moment | None
    buttons: list[Button]
    offerings: list[Offering]
    domain: Domain | None


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """A domain that the page says is its own, how it proves it, and how that stands."""

    id: Key
    domain: str
    method: str
    token: str
    created_at: Moment
    checked_at: Moment | None
    verified_at: Moment | None
    failure: str


def page(view: PageView, offerings: Sequence[OfferingView], *, at: datetime) -> Page:
    """A page as everybody sees it."""
    state = view.hours.state(at) if view.hours.told else None
    return Page(
        id=str(view.id),
        acct=view.handle,
        category=view.category,
        address=view.address,
        map_url=view.map_url,
        hours=_hours(view.hours),
        open=state.open if state else None,
        changes_at=_moment(state.changes_at) if state else None,
        buttons=[Button(each.kind, each.value) for each in view.buttons],
        offerings=[offering(each) for each in offerings],
        domain=Domain(view.domain.domain, moment(view.domain.verified_at), moment(view.domain.checked_at))
        if view.domain
        else None,
    )


def offering(view: OfferingView) -> Offering:
    """Something that is offered."""
    return Offering(
        id=str(view.id), kind=view.kind, name=view.name, description=view.description, price=view.price,
        currency=view.currency, url=view.url, ends_at=_moment(view.ends_at), pinned=view.pinned,
        photo=_photo(view.photo) if view.photo else None,
    )  # fmt: skip


def _photo(photo: Photo) -> OfferingPhoto:
    shown = media(photo)
    return OfferingPhoto(
        url=shown.url, preview_url=shown.preview_url, description=photo.alt,
        focus=(photo.focus_x, photo.focus_y), blurhash=photo.blurhash,
    )  # fmt: skip


def proof(view: VerificationView) -> Proof:
    """A proof of a domain."""
    return Proof(
        id=str(view.id), domain=view.domain, method=view.method, token=view.token, created_at=moment(view.asked_at),
        checked_at=_moment(view.checked_at), verified_at=_moment(view.verified_at), failure=view.failure,
    )  # fmt: skip


def opening_of(sent: Hours) -> OpeningHours:
    """The inverse of what a page shows.

    Raises:
        BadInput: times cannot be read.
    """
    week: tuple[tuple[Period, ...], ...] = tuple(
        hours.read(sent.week.get(name, ""), field="week") for name in DAYS
    )
    dates = tuple(
        hours.Date(each.day, hours.read(each.hours, field="dates"), each.name) for each in sent.dates
    )
    return OpeningHours(week, dates, sent.time_zone)


def buttons_of(sent: Sequence[Button]) -> list[ButtonView]:
    """Ways to reach a page, as they were sent."""
    return [ButtonView(each.kind, each.value) for each in sent]


def _hours(opening: OpeningHours) -> Hours:
    return Hours(
        time_zone=opening.time_zone,
        week={name: hours.written(periods) for name, periods in zip(DAYS, opening.week, strict=True)},
        dates=[Day(each.day, hours.written(each.periods), each.name) for each in opening.dates],
    )


def _moment(at: datetime | None) -> str | None:
    return moment(at) if at else None
