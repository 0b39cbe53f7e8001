"""What the bakery says of itself, and its team: invited, joined, each with a role."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from django.conf import settings

from majlis.brands import actions as brands
from majlis.brands import hours, reactions
from majlis.brands.access import OnTeam, own_invitation, team_door
from majlis.brands.actions import OfferingPhoto
from majlis.brands.hours import Date, OpeningHours
from majlis.brands.roles import Permission, Role
from majlis.brands.views import Button
from majlis.config.demo_data import pictures
from majlis.config.demo_data.people import Person
from majlis.config.demo_data.pictures import Picture
from majlis.insights import following
from majlis.people import access as people
from majlis.people.events import ProfileMade
from majlis.studio.actions import put_on_shelf

ZONE: Final = "Asia/Beirut"
_PICTURES: Final = 4
"""Seed of what is drawn for the offers: the same in every example."""
SITE: Final = "https://bayt-zaytoun.example"
DOMAIN: Final = "bayt-zaytoun.example"
TEAM: Final = {
    "nadia": Role.OWNER,
    "elias": Role.EDITOR,
    "salma": Role.SUPPORT,
    "yara": Role.ANALYST,
    "karim": Role.ADVERTISER,
}
"""Handle, which is also the login, and role."""
_ADDRESS: Final = "شارع الزيتون ١٢ (عنوان للمثال)\n12 Olive Street (an example: there is no such bakery)"
_WEEK: Final = ("6:00–21:00",) * 4 + ("6:00–11:30, 13:30–21:00", "6:00–22:00", "7:00–14:00")
_OFFERINGS: Final = (
    ("product", "خبز القمح الكامل · Wholemeal loaf", "عجينٌ يختمر ثماني عشرة ساعة. Eighteen hours of rest.", "3.50"),
    ("product", "مناقيش بالزعتر · Thyme manakish", "ساخنة من السادسة صباحًا. Hot from six.", "2.20"),
    ("product", "كعك بالسمسم · Sesame rings", "اثنا عشر في الكيس. Twelve in a bag.", "4.80"),
    ("product", "معمول بالتمر والجوز · Date and walnut maamoul", "علبة من كيلوغرام. A box of one kilogram.", "19.00"),
    ("service", "فطور لعشرة · Breakfast for ten", "نوصله إلى مكتبكم قبل الثامنة. At your office before eight.", "68.00"),
)  # fmt: skip
_OFFER: Final = (
    "offer", "سلة نهاية الأسبوع · The weekend basket", "رغيفان وكعك ومربّى، أقل من ثمنها بالخُمس. A fifth less.", "14.90",
)  # fmt: skip
_BUTTONS: Final = (
    Button("order", f"{SITE}/order"),
    Button("call", "+961 1 000 000"),
    Button("message", ""),
    Button("directions", ""),
    Button("website", SITE),
)


def open_page(business: Person) -> None:
    """A page for a business whose profile was written in bulk: made with it, followed by who follows it."""
    told = ProfileMade(profile_id=business.id, at=business.made_at)
    reactions.profile_told(told)
    following.page_told(told)


def gather(bakery: Person, cast: Mapping[str, Person], *, at: datetime) -> dict[Role, OnTeam]:
    """The team, by role. The page's own login asks the others in."""
    for number, (handle, role) in enumerate(TEAM.items()):
        own = team_door(page_id=bakery.id, by=bakery.id, needs=Permission.READ)
        asked_at = at + timedelta(days=number)
        member = cast[handle].id
        asked = brands.invite(
            own, whom=people.see_profile(profile_id=member, viewer_id=None), role=role, at=asked_at
        )
        answered_at = asked_at + timedelta(hours=3)
        invitation = own_invitation(invitation_id=asked, by=member, at=answered_at)
        brands.accept_invitation(invitation, by=member, kind="person", at=answered_at)
    return {
        role: team_door(page_id=bakery.id, by=cast[handle].id, needs=Permission.READ)
        for handle, role in TEAM.items()
    }


def describe(team: Mapping[Role, OnTeam], *, at: datetime, today: datetime) -> None:
    """Category, address, hours with a pause on Friday and days off, what it offers, how to reach it."""
    owner, editor = team[Role.OWNER], team[Role.EDITOR]
    brands.describe(
        owner,
        at=at,
        category="bakery",
        address=_ADDRESS,
        map_url="https://www.openstreetmap.org/search?query=Olive%20Street",
        buttons=_BUTTONS,
    )
    week = tuple(hours.read(text) for text in _WEEK)
    brands.set_hours(owner, OpeningHours(week, _days_off(today.date()), ZONE), at=at)
    first, *others = pictures.about("food", Random(_PICTURES), count=3)  # noqa: S311  # drawings
    for number, (kind, name, description, price) in enumerate(_OFFERINGS):
        shown = others[number] if number < len(others) else None
        _offer(editor, kind, name, description, price, picture=shown, at=at)
    begun, ends_at = today - timedelta(days=9), today + timedelta(days=12)
    pinned = _offer(editor, *_OFFER, picture=first, at=begun, ends_at=ends_at)
    brands.pin_offering(editor, offering_id=pinned, at=today - timedelta(days=9))
    proof = brands.claim_domain(owner, domain=DOMAIN, method="dns", at=at)
    brands.record_check(verification_id=proof, proved=True, at=at + timedelta(hours=2))


def _offer(
    team: OnTeam,
    kind: str,
    name: str,
    description: str,
    price: str,
    *,
    at: datetime,
    ends_at: datetime | None = None,
    picture: Picture | None = None,
) -> int:
    photo = None
    if picture is not None:
        alt = f"{picture.alt['ar']} · {picture.alt['en']}"
        photo = OfferingPhoto(of=put_on_shelf(team=team, data=picture.data, alt=alt, at=at))
    return brands.change_offering(
        team,
        at=at,
        kind=kind,
        name=name,
        description=description,
        price=Decimal(price),
        currency=settings.MAJLIS.currency,
        url=f"{SITE}/order",
        ends_at=ends_at,
        photo=photo,
    )


def _days_off(today: date) -> tuple[Date, ...]:
    new_year = date(today.year + 1, 1, 1)
    return (
        Date(new_year, (), "رأس السنة · New Year’s Day"),
        Date(new_year - timedelta(days=1), hours.read("6:00–15:00"), "ليلة رأس السنة · New Year’s Eve"),
    )
