"""What the queries of brands give. Never changed, safe to share."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from majlis.brands.hours import OpeningHours
from majlis.brands.roles import Role
from majlis.media.queries import Photo


class Button(msgspec.Struct, frozen=True):
    """A way to reach a business; ``value`` is a number, an address of mail or of a page, a handle."""

    kind: str
    value: str


class OfferingView(msgspec.Struct, frozen=True):
    """A product, a service, or an offer for a time. ``price`` None: not said; ``photo`` None: there is none, or it
    cannot be shown."""

    id: int
    kind: str
    name: str
    description: str
    price: Decimal | None
    currency: str
    url: str
    ends_at: datetime | None
    pinned: bool
    photo: Photo | None = None


class VerifiedDomain(msgspec.Struct, frozen=True):
    """A domain that a page has proved to be its own, since when, and when that was looked at last."""

    domain: str
    verified_at: datetime
    checked_at: datetime


class PageView(msgspec.Struct, frozen=True):
    """What a business says of itself beyond its profile."""

    id: int
    handle: str
    category: str
    address: str
    map_url: str
    hours: OpeningHours
    buttons: tuple[Button, ...]
    approval_needed: bool
    domain: VerifiedDomain | None


class Rating(msgspec.Struct, frozen=True):
    """What reviews come to. ``by_stars`` counts those with one star, two, … five."""

    count: int
    average: float | None
    recommend: int
    recommend_of: int
    by_stars: tuple[int, int, int, int, int]


class ReviewView(msgspec.Struct, frozen=True):
    """What a member thinks of a page, and what the page answered."""

    id: int
    page_id: int
    author_id: int
    stars: int
    recommends: bool | None
    text: str
    html: str
    language: str
    reply: str
    reply_html: str
    replied_by: int | None
    replied_at: datetime | None
    made_at: datetime
    edited_at: datetime | None
    withdrawn: bool


class Member(msgspec.Struct, frozen=True):
    """Somebody on a team. ``is_page``: the page itself, that is whoever signs in as it."""

    member_id: int
    role: Role
    made_at: datetime
    made_by: int | None
    is_page: bool


class InvitationView(msgspec.Struct, frozen=True):
    """A role that waits for somebody's yes; ``invited`` None: for whoever has the link."""

    id: int
    page_id: int
    page_handle: str
    page_name: str
    role: Role
    invited: int | None
    made_by: int | None
    made_at: datetime
    expires_at: datetime


class DeedView(msgspec.Struct, frozen=True):
    """A line of a team's book."""

    id: int
    by: int | None
    role: str
    action: str
    subject_id: int | None
    details: dict[str, object]
    made_at: datetime


class VerificationView(msgspec.Struct, frozen=True):
    """A domain that a page says is its own, how it proves it, and how that stands. ``failure`` is a word of
    ``verifying.FAILURES``."""

    id: int
    domain: str
    method: str
    token: str
    asked_at: datetime
    checked_at: datetime | None
    verified_at: datetime | None
    failure: str
