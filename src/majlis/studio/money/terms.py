"""How a page counts: its currency, and what an hour costs, an order leaves, another currency is worth, from when."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission, Role
from majlis.core import sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.ids import new_id
from majlis.studio.conversions import currencies
from majlis.studio.models import Rate

SQL: Final = sql.load("majlis.studio.money")
USUAL_IDLE: Final = 180
IDLE: Final = (60, 900)
"""Seconds without a key or a touch after which the timer may be set to stop: at least, at most."""
_EARLIEST: Final = date(1990, 1, 1)
_MOST_AN_HOUR: Final = Decimal(1_000_000_000)
_MOST_EXCHANGE: Final = Decimal(10) ** 9
_STEP: Final = Decimal("0.000000001")

Kind = Rate.Kind


class Terms(msgspec.Struct, frozen=True):
    """A page's currency and all its rates. What no rate is given for is None: it is said, never guessed."""

    currency: str
    idle_seconds: int
    chosen: bool
    rates: Mapping[tuple[str, str], tuple[tuple[date, Decimal], ...]]

    def at(self, kind: str, key: str, day: date) -> Decimal | None:
        """The rate that holds on a day."""
        given = self.rates.get((kind, key), ())
        place = bisect_right(given, day, key=lambda each: each[0])
        return given[place - 1][1] if place else None

    def hour(self, role: str, day: date) -> Decimal | None:
        """What an hour of a role costs on a day."""
        return self.at(Kind.HOUR, role, day)

    def margin(self, day: date) -> Decimal | None:
        """The share of an order's value that is left after the goods."""
        return self.at(Kind.MARGIN, "", day)

    def exchange(self, currency: str, day: date) -> Decimal | None:
        """What one unit of a currency is in the book's."""
        return Decimal(1) if currency == self.currency else self.at(Kind.EXCHANGE, currency, day)


def terms(page_id: int) -> Terms:
    """How a page counts. Until it chose a currency, in the house's. Two queries; whoever asks holds the team door."""
    row = sql.one(SQL["book"], page=page_id)
    rates: defaultdict[tuple[str, str], list[tuple[date, Decimal]]] = defaultdict(list)
    for kind, key, day, value in sql.rows(SQL["rates"], page=page_id):
        rates[kind, key].append((day, value))
    currency, idle = row or (str(settings.MAJLIS.currency), USUAL_IDLE)
    return Terms(currency, idle, row is not None, {name: tuple(each) for name, each in rates.items()})


def keep_book(team: OnTeam, *, currency: str, idle_seconds: int = USUAL_IDLE, at: datetime) -> None:
    """Count in this currency from now on. Rates for hours and other currencies were in the old one, so a book that
    has some keeps its currency.

    Raises:
        BadInput: no such currency; an idle time out of bounds; a change of currency under existing rates.
    """
    currency = currencies.currency(currency)
    if not IDLE[0] <= idle_seconds <= IDLE[1]:
        raise BadInput(_("Choose between one and fifteen minutes."), field="idle")
    with transaction.atomic():
        _again(team)
        now = terms(team.page_id)
        if now.currency != currency and any(kind != Kind.MARGIN for kind, _key in now.rates):
            raise BadInput(
                _("The rates are in %(currency)s. Remove them before you count in another currency.")
                % {"currency": now.currency},
                field="currency", code="rates_given",
            )  # fmt: skip
        sql.execute(SQL["keep_book"], page=team.page_id, currency=currency, idle=idle_seconds)
        deeds.note(team, "money.book", at=at)


def keep_rate(team: OnTeam, *, kind: str, key: str, day: date, value: Decimal, at: datetime) -> None:
    """A rate from a day on; given for the same day again, it takes the other's place.

    Raises:
        BadInput: no such kind, role or currency; a number out of bounds; a day before 1990 or years ahead.
    """
    key, value = _checked(kind, key, value)
    if not _EARLIEST <= day <= date(at.year + 2, 1, 1):
        raise BadInput(_("This day is too far away."), field="day")
    with transaction.atomic():
        _again(team)
        if kind == Kind.EXCHANGE and key == terms(team.page_id).currency:
            raise BadInput(_("This is the currency you count in."), field="key", code="own_currency")
        sql.execute(
            SQL["keep_rate"],
            id=new_id(),
            page=team.page_id,
            kind=kind,
            key=key,
            day=day,
            value=value,
            by=team.by,
            at=at,
        )
        deeds.note(team, "money.rate", at=at, kind=kind, key=key)


def forget_rate(team: OnTeam, *, kind: str, key: str, day: date, at: datetime) -> None:
    """A rate does not hold after all.

    Raises:
        NotThere: there is none like it.
    """
    with transaction.atomic():
        _again(team)
        if not sql.execute(SQL["forget_rate"], page=team.page_id, kind=kind, key=key, day=day):
            raise NotThere(_("There is no such rate."))
        deeds.note(team, "money.rate", at=at, kind=kind, key=key)


def _again(team: OnTeam) -> None:
    team_door(page_id=team.page_id, by=team.by, needs=Permission.BUDGET, lock=True)


def _checked(kind: str, key: str, value: Decimal) -> tuple[str, Decimal]:
    if kind not in Kind.values:
        raise BadInput(_("There is no such rate."), field="kind")
    if not value.is_finite() or value < 0:
        raise BadInput(_("Please write a number that is not negative."), field="value", code="negative")
    value = value.quantize(_STEP) if value < _MOST_AN_HOUR else value
    if kind == Kind.MARGIN:
        if value > 1:
            raise BadInput(_("A margin is between 0 and 100 %."), field="value", code="margin")
        return "", value
    if kind == Kind.HOUR:
        if key not in set(Role):
            raise BadInput(_("There is no such role."), field="key")
        if value >= _MOST_AN_HOUR:
            raise BadInput(_("This amount cannot be taken."), field="value", code="too_much")
        return key, value
    key = currencies.currency(key)
    if not 0 < value < _MOST_EXCHANGE:
        raise BadInput(_("An exchange rate is a number above zero."), field="value", code="exchange")
    return key, value
