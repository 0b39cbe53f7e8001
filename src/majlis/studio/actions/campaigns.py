"""Campaigns: posts, links and money that belong together."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.studio import access
from majlis.studio.changing import did
from majlis.studio.statements import SQL

GOALS: Final[dict[str, str | Promise]] = {
    "reach": _("To be seen by more people"),
    "engagement": _("To get people to talk"),
    "followers": _("To win followers"),
    "visits": _("To bring people to our site"),
    "orders": _("To sell"),
}
_MOST_MONEY: Final = Decimal(10) ** 11
_MOST_HOURS: Final = Decimal(10_000)
_LONGEST_TEXT: Final = 4_000


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a campaign is: its goal and how much of it, for whom, when, with how much money and work."""

    name: str
    goal: str
    starts_on: date
    ends_on: date
    target: Decimal | None = None
    audience: str = ""
    budget: Decimal = Decimal(0)
    currency: str = ""
    hours_planned: Decimal = Decimal(0)
    notes: str = ""


def make_campaign(*, team: OnTeam, terms: Terms, at: datetime) -> int:
    """A new campaign; its id.

    Raises:
        BadInput: with a sentence that says what cannot be taken.
    """
    columns = _checked(terms)
    campaign_id = new_id()
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        sql.execute(SQL["insert_campaign"], id=campaign_id, page=team.page_id, by=team.by, at=at, **columns)
        did(team, "campaign.made", at=at, subject=campaign_id)
    return campaign_id


def change_campaign(*, team: OnTeam, campaign_id: int, terms: Terms, at: datetime) -> None:
    """Change what a campaign is.

    Raises:
        BadInput: as :func:`make_campaign`. NotThere: no such campaign.
    """
    columns = _checked(terms)
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        if not sql.one(SQL["change_campaign"], id=campaign_id, page=team.page_id, **columns):
            raise not_there()
        did(team, "campaign.changed", at=at, subject=campaign_id)


def close_campaign(*, team: OnTeam, campaign_id: int, at: datetime) -> None:
    """A campaign is over; it stays to be looked at.

    Raises:
        NotThere: no such campaign.
    """
    _close(team, campaign_id, closed_at=at, at=at)


def reopen_campaign(*, team: OnTeam, campaign_id: int, at: datetime) -> None:
    """It goes on after all.

    Raises:
        NotThere: no such campaign.
    """
    _close(team, campaign_id, closed_at=None, at=at)


def _close(team: OnTeam, campaign_id: int, *, closed_at: datetime | None, at: datetime) -> None:
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        if not sql.one(SQL["close_campaign"], id=campaign_id, page=team.page_id, at=closed_at):
            raise not_there()
        did(team, "campaign.closed" if closed_at else "campaign.reopened", at=at, subject=campaign_id)


def not_there() -> NotThere:
    """The one answer for campaigns that are not there or not of this page."""
    return NotThere(_("There is no such campaign."))


def _checked(terms: Terms) -> dict[str, Any]:
    name = " ".join(clean_text(terms.name).split())[:120]
    if not name:
        raise BadInput(_("A campaign needs a name."), field="name", code="empty")
    if terms.goal not in GOALS:
        raise BadInput(_("Choose what this campaign is for."), field="goal")
    if terms.ends_on < terms.starts_on:
        raise BadInput(_("A campaign ends after it begins."), field="ends_on")
    money = [amount for amount in (terms.budget, terms.target) if amount is not None]
    if any(not amount.is_finite() or not 0 <= amount < _MOST_MONEY for amount in money):
        raise BadInput(_("This amount cannot be taken."), field="budget")
    if not terms.hours_planned.is_finite() or not 0 <= terms.hours_planned < _MOST_HOURS:
        raise BadInput(_("This number of hours cannot be taken."), field="hours_planned")
    return {
        **msgspec.structs.asdict(terms),
        "name": name,
        "audience": clean_text(terms.audience).strip()[:_LONGEST_TEXT],
        "notes": clean_text(terms.notes).strip()[:_LONGEST_TEXT],
        "currency": terms.currency.upper() if terms.currency.isascii() and len(terms.currency) == 3 else "",
    }
