"""What a page says of itself: description, hours, offerings, domains."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands import actions, queries
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.errors import NotThere
from majlis.mastodon_api.described import NOTHING, Id, When
from majlis.mastodon_api.entities.business import (
    Button,
    Hours,
    Offering,
    Page,
    Proof,
    buttons_of,
    offering,
    opening_of,
    page,
    proof,
)
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.mastodon_api.studio.team import Made


class Words(msgspec.Struct, frozen=True):
    """What changes; what is not sent stays. ``approval_needed`` is the owners' to change."""

    category: str | None = None
    address: str | None = None
    map_url: str | None = None
    buttons: list[Button] | None = None
    approval_needed: bool | None = None


class Offered(msgspec.Struct, frozen=True):
    """Something to offer: kind product, service or offer. ``photo_id`` is of a photo of the library, which is shown
    as it is described there; in a change, what is not sent of the photo stays, and the id 0 takes it away."""

    kind: str
    name: str
    description: str = ""
    price: Decimal | None = None
    currency: str = ""
    url: str = ""
    ends_at: When | None = None
    photo_id: Id | None = None
    photo_description: str | None = None


class Way(msgspec.Struct, frozen=True):
    """Whether one place up, or down."""

    up: bool = True


class Claim(msgspec.Struct, frozen=True):
    """A domain, and how it is proved: by a DNS record, or by a link from its first page."""

    domain: str
    method: Literal["dns", "link"] = "dns"


def _page(call: Call, team: OnTeam) -> Page:
    found = queries.page(page_id=team.page_id)
    if found is None:
        raise NotThere(_("There is no such page."))
    return page(found, queries.offerings(page_id=team.page_id), at=call.at)


@team(Permission.READ, says=_("What the page says of itself, ended offers too"), gives=Page)
def show(call: Call, team: OnTeam) -> Page:
    return _page(call, team)


@team(
    Permission.DESCRIBE, writes=True, says=_("Change what the page says of itself"), takes=Words, gives=Page
)
def describe(call: Call, team: OnTeam, sent: Words) -> Page:
    actions.describe(
        team, at=call.at, category=sent.category, address=sent.address, map_url=sent.map_url,
        buttons=None if sent.buttons is None else buttons_of(sent.buttons), approval_needed=sent.approval_needed,
    )  # fmt: skip
    return _page(call, team)


@team(Permission.DESCRIBE, writes=True, says=_("Say when the page is open"), takes=Hours, gives=Page)
def set_hours(call: Call, team: OnTeam, sent: Hours) -> Page:
    actions.set_hours(team, opening_of(sent), at=call.at)
    return _page(call, team)


@team(Permission.READ, says=_("What the page offers"), gives=list[Offering])
def offerings(call: Call, team: OnTeam) -> list[Offering]:
    return [offering(each) for each in queries.offerings(page_id=team.page_id)]


def _offer(call: Call, team: OnTeam, sent: Offered, offering_id: int | None) -> Made:
    made = actions.change_offering(
        team, at=call.at, offering_id=offering_id, kind=sent.kind, name=sent.name, description=sent.description,
        price=sent.price, currency=sent.currency, url=sent.url, ends_at=sent.ends_at,
        photo=actions.OfferingPhoto(
            of=None if sent.photo_id is None else int(sent.photo_id), alt=sent.photo_description,
        ),
    )  # fmt: skip
    return Made(str(made))


@team(Permission.DESCRIBE, writes=True, says=_("Offer something"), takes=Offered, gives=Made, once=True)
def offer(call: Call, team: OnTeam, sent: Offered) -> Made:
    return _offer(call, team, sent, None)


@team(Permission.DESCRIBE, writes=True, says=_("Change what is offered"), takes=Offered, gives=Made)
def change_offering(call: Call, team: OnTeam, sent: Offered, offering_id: int) -> Made:
    return _offer(call, team, sent, offering_id)


@team(Permission.DESCRIBE, writes=True, says=_("Offer it no longer"))
def remove_offering(call: Call, team: OnTeam, offering_id: int) -> object:
    actions.remove_offering(team, offering_id=offering_id, at=call.at)
    return NOTHING


@team(Permission.DESCRIBE, writes=True, says=_("Show one offering first"))
def pin(call: Call, team: OnTeam, offering_id: int) -> object:
    actions.pin_offering(team, offering_id=offering_id, at=call.at)
    return NOTHING


@team(Permission.DESCRIBE, writes=True, says=_("Show no offering first in particular"))
def unpin(call: Call, team: OnTeam) -> object:
    actions.pin_offering(team, offering_id=None, at=call.at)
    return NOTHING


@team(Permission.DESCRIBE, writes=True, says=_("Move an offering one place"), takes=Way)
def move(call: Call, team: OnTeam, sent: Way, offering_id: int) -> object:
    actions.move_offering(team, offering_id=offering_id, up=sent.up, at=call.at)
    return NOTHING


@team(Permission.CONNECT, says=_("Domains that the page says are its own"), gives=list[Proof])
def domains(call: Call, team: OnTeam) -> list[Proof]:
    return [proof(each) for each in queries.verifications(team)]


@team(
    Permission.CONNECT,
    writes=True,
    says=_("Say that a domain is the page's"),
    takes=Claim,
    gives=Made,
    once=True,
)
def claim(call: Call, team: OnTeam, sent: Claim) -> Made:
    return Made(str(actions.claim_domain(team, domain=sent.domain, method=sent.method, at=call.at)))


@team(Permission.CONNECT, writes=True, says=_("Look for the proof of a domain now"))
def check(call: Call, team: OnTeam, verification_id: int) -> object:
    actions.ask_for_check(team, verification_id=verification_id, at=call.at)
    return NOTHING


@team(Permission.CONNECT, writes=True, says=_("Claim a domain no longer"))
def forget(call: Call, team: OnTeam, verification_id: int) -> object:
    actions.forget_domain(team, verification_id=verification_id, at=call.at)
    return NOTHING


urls = [
    route("api/v1/studio/<page_id>/page", GET=show, PUT=describe),
    route("api/v1/studio/<page_id>/page/hours", PUT=set_hours),
    route("api/v1/studio/<page_id>/offerings", GET=offerings, POST=offer),
    route("api/v1/studio/<page_id>/offerings/unpin", POST=unpin),
    route("api/v1/studio/<page_id>/offerings/<offering_id>", PUT=change_offering, DELETE=remove_offering),
    route("api/v1/studio/<page_id>/offerings/<offering_id>/pin", POST=pin),
    route("api/v1/studio/<page_id>/offerings/<offering_id>/move", POST=move),
    route("api/v1/studio/<page_id>/domains", GET=domains, POST=claim),
    route("api/v1/studio/<page_id>/domains/<verification_id>", DELETE=forget),
    route("api/v1/studio/<page_id>/domains/<verification_id>/check", POST=check),
]
