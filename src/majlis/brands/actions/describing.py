"""What a page says of itself: category, address, hours, ways to reach it, what it offers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from majlis.brands import hours, signals
from majlis.brands.access import OnTeam
from majlis.brands.categories import CATEGORIES
from majlis.brands.deeds import note
from majlis.brands.hours import OpeningHours
from majlis.brands.models import Offering, Page
from majlis.brands.money import checked_currency, checked_price
from majlis.brands.roles import Permission
from majlis.brands.views import Button
from majlis.core.errors import BadInput, NotThere
from majlis.core.text.links import absolute_link
from majlis.media import actions as media
from majlis.people.words import many_lines, one_line

BUTTONS: Final = ("call", "mail", "message", "directions", "website", "book", "order")
MOST_OFFERINGS: Final = 100
LONGEST_ADDRESS: Final = 300
LONGEST_DESCRIPTION: Final = 1000
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()/.-]{4,30}")
_MAIL: Final = re.compile(r"[^@\s<>,;:?&]+@[^@\s<>,;:?&/]+\.[^@\s<>,;:?&/]+")
_HOST: Final = re.compile(
    r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|\Z)"
)  # example.org/about, typed without https
_LINKS: Final = ("website", "book", "order")


@transaction.atomic
def describe(
    team: OnTeam,
    *,
    at: datetime,
    category: str | None = None,
    address: str | None = None,
    map_url: str | None = None,
    buttons: Sequence[Button] | None = None,
    approval_needed: bool | None = None,
) -> None:
    """Change what the page says of itself; what is None stays. Whether somebody else's yes is needed is the
    owners' to say: whom the rule binds does not lift it.

    Raises:
        BadInput: no such category; a text too long; a button whose value cannot work.
        NotAllowed: her role does not describe the page, or not change that rule.
    """
    team.require(Permission.DESCRIBE)
    if approval_needed not in (None, team.approval_needed):
        team.require(Permission.TEAM)
    changes: dict[str, Any] = {}
    if category is not None:
        changes["category"] = _category(category)
    if address is not None:
        changes["address"] = many_lines(address, field="address", longest=LONGEST_ADDRESS)
    if map_url is not None:
        changes["map_url"] = link(map_url, field="map_url")
    if buttons is not None:
        checked = [_button(button) for button in buttons]
        changes["buttons"] = [{"kind": button.kind, "value": button.value} for button in checked]
    if approval_needed is not None:
        changes["approval_needed"] = approval_needed
    Page.objects.filter(pk=team.page_id).update(**changes)
    _told(team, "page.described", at, fields=sorted(changes))


def _told(team: OnTeam, action: str, at: datetime, *, subject: int | None = None, **details: Any) -> None:
    note(team, action, at=at, subject=subject, **details)
    signals.changed(team.page_id, "page", at)


def _category(category: str) -> str:
    if category and category not in CATEGORIES:
        raise BadInput(_("There is no such choice."), field="category", cause=category[:40])
    return category


def link(url: str, *, field: str) -> str:
    """An address elsewhere, or nothing.

    Raises:
        BadInput: it is none that a browser may be sent to.
    """
    url = url.strip()
    if not url:
        return ""
    found = absolute_link(f"https://{url}" if _HOST.match(url) else url)
    if found is None or len(found) > 2000:
        raise BadInput(_("Please give a whole address, such as https://example.org."), field=field)
    return found


def _button(button: Button) -> Button:
    kind, value = button.kind, one_line(button.value, field=button.kind, longest=500)
    if kind not in BUTTONS:
        raise BadInput(_("There is no such choice."), field="buttons", cause=kind[:40])
    if kind in ("message", "directions"):
        return Button(kind, "")
    if kind == "call":
        value = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in value)
        if not _PHONE.fullmatch(value):
            raise BadInput(_("Please give a telephone number, such as +963 11 123 4567."), field=kind)
    elif kind == "mail" and not _MAIL.fullmatch(value):
        raise BadInput(_("Please give an address of mail."), field=kind)
    elif kind in _LINKS:
        value = link(value, field=kind)
        if not value:
            raise BadInput(_("Please give a whole address, such as https://example.org."), field=kind)
    return Button(kind, value)


@transaction.atomic
def set_hours(team: OnTeam, opening: OpeningHours, *, at: datetime) -> None:
    """Say when the page is open.

    Raises:
        BadInput: no such time zone; too many dates, or one twice.
        NotAllowed: her role does not describe the page.
    """
    team.require(Permission.DESCRIBE)
    hours.checked_zone(opening.time_zone)
    dates = [
        hours.Date(each.day, each.periods, one_line(each.name, field="dates", longest=80))
        for each in hours.checked_dates(opening.dates)
    ]
    week, special = hours.stored(OpeningHours(opening.week, tuple(dates), opening.time_zone))
    Page.objects.filter(pk=team.page_id).update(hours=week, holidays=special, time_zone=opening.time_zone)
    _told(team, "page.hours", at)


class OfferingPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the photo of an offering. ``of``: one of the page's photos, of which a copy is shown, with the
    same description and focal point unless others are given; 0 takes it away, None leaves the one there is."""

    of: int | None = None
    alt: str | None = None
    focus: tuple[float, float] | None = None


@transaction.atomic
def change_offering(
    team: OnTeam,
    *,
    at: datetime,
    offering_id: int | None = None,
    kind: str,
    name: str,
    description: str = "",
    price: Decimal | None = None,
    currency: str = "",
    url: str = "",
    ends_at: datetime | None = None,
    photo: OfferingPhoto | None = None,
) -> int:
    """Offer something, or change what is offered; its id. Without ``photo`` the one there is stays as it is.

    Raises:
        BadInput: no name; no such kind or currency; no price; a text too long; a hundred stand there already.
        NotThere: the page offers nothing of that id, or has no such photo.
        NotAllowed: her role does not describe the page.
    """
    team.require(Permission.DESCRIBE)
    if kind not in Offering.Kind.values:
        raise BadInput(_("There is no such choice."), field="kind", cause=kind[:40])
    values: dict[str, Any] = {
        "kind": kind,
        "name": one_line(name, field="name", longest=120, required=True),
        "description": many_lines(description, field="description", longest=LONGEST_DESCRIPTION),
        "price": checked_price(price),
        "currency": checked_currency(currency) if price is not None else "",
        "url": link(url, field="url"),
        "ends_at": ends_at,
    }
    if offering_id is None:
        offering_id = _add_offering(team, values, at)
    elif not Offering.objects.filter(pk=offering_id, page_id=team.page_id).update(**values):
        raise _no_offering()
    if photo is not None:
        _show(team, offering_id, photo, at=at)
    _told(team, "offering.changed", at, subject=offering_id, name=values["name"])
    return offering_id


def _show(team: OnTeam, offering_id: int, photo: OfferingPhoto, *, at: datetime) -> None:
    """A copy of its own for each offering: it goes with it, and the library's stays as it was."""
    found = Offering.objects.select_for_update().get(pk=offering_id)
    before = found.photo_id
    if photo.of is not None:
        copies = (
            media.copy(photo_ids=[photo.of], owner=team.page_id, held=True, at=at) if photo.of else [None]
        )
        found.photo_id = copies[0]
        found.save(update_fields=["photo"])
        if before:
            media.discard_held(by=team.page_id, photo_id=before)
    if found.photo_id:
        described = media.Description(found.photo_id, photo.alt, photo.focus)
        media.redescribe(owner=team.page_id, descriptions=[described])


def _add_offering(team: OnTeam, values: dict[str, Any], at: datetime) -> int:
    own = Offering.objects.filter(page_id=team.page_id)
    if own.count() >= MOST_OFFERINGS:
        raise BadInput(_("A page offers a hundred things at the most."), code="limit")
    last = own.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    made = Offering.objects.create(page_id=team.page_id, position=position, made_at=at, **values)
    return int(made.pk)


def _no_offering() -> NotThere:
    return NotThere(_("There is no such offer."))


def _own_offering(team: OnTeam, offering_id: int) -> Offering:
    team.require(Permission.DESCRIBE)
    found = Offering.objects.select_for_update().filter(pk=offering_id, page_id=team.page_id).first()
    if found is None:
        raise _no_offering()
    return found


@transaction.atomic
def remove_offering(team: OnTeam, *, offering_id: int, at: datetime) -> None:
    """Offer it no longer.

    Raises:
        NotThere: the page offers nothing of that id.
        NotAllowed: her role does not describe the page.
    """
    found = _own_offering(team, offering_id)
    found.delete()
    if found.photo_id:
        media.discard_held(by=team.page_id, photo_id=found.photo_id)
    _told(team, "offering.removed", at, subject=offering_id, name=found.name)


@transaction.atomic
def pin_offering(team: OnTeam, *, offering_id: int | None, at: datetime) -> None:
    """Show one of the offerings first, or none in particular.

    Raises:
        NotThere: the page offers nothing of that id.
        NotAllowed: her role does not describe the page.
    """
    team.require(Permission.DESCRIBE)
    name = _own_offering(team, offering_id).name if offering_id is not None else ""
    Page.objects.filter(pk=team.page_id).update(pinned_offer_id=offering_id)
    _told(team, "offering.pinned", at, subject=offering_id, name=name)


@transaction.atomic
def move_offering(team: OnTeam, *, offering_id: int, up: bool, at: datetime) -> None:
    """Change places with the one before, or the one after. At an end nothing happens.

    Raises:
        NotThere: the page offers nothing of that id.
        NotAllowed: her role does not describe the page.
    """
    found = _own_offering(team, offering_id)
    order = list(Offering.objects.filter(page_id=team.page_id).order_by("position", "id"))
    place = next(index for index, each in enumerate(order) if each.pk == found.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
        for position, each in enumerate(order):
            each.position = position
        Offering.objects.bulk_update(order, ["position"])
        _told(team, "offering.moved", at, subject=offering_id, name=found.name)
