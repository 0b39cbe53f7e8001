"""What the bakery's posts cost: hours of four roles over thirteen weeks, tools, photos, and how it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from majlis.brands.access import OnTeam
from majlis.brands.roles import Role
from majlis.config.demo_data.people import Ids
from majlis.core import sql
from majlis.posts.actions.bulk import copy_rows
from majlis.studio.conversions import orders
from majlis.studio.conversions.state import Report
from majlis.studio.money import costs, hours, results, terms
from majlis.studio.money.hours import Place

_DAY: Final = timedelta(days=1)
_RATES: Final = {
    Role.OWNER: "9.00", Role.EDITOR: "6.50", Role.SUPPORT: "5.50", Role.ADVERTISER: "8.00",
}  # fmt: skip
"""What an hour costs. The analyst's has no price: the page says so."""
_MARGIN: Final = Decimal("0.62")
_COLUMNS: Final = (
    "id", "page_id", "by_id", "role", "place", "entry_id", "campaign_id", "by_hand", "note", "seconds",
    "began_at", "last_at",
)  # fmt: skip
_REFUNDED: Final = """
    SELECT o.external_id, o.value, o.currency FROM studio_order o
    WHERE o.page_id = %(page)s AND o.placed AND o.cancelled_at IS NULL AND o.click_id IS NOT NULL AND o.value > 5
      AND o.reported_by = 'server' AND o.ordered_at >= %(since)s AND o.ordered_at < %(until)s
    ORDER BY o.value DESC, o.id LIMIT 1
"""


def count(team: Mapping[Role, OnTeam], *, at: datetime, begin: datetime) -> None:
    """The currency, what an hour costs and what an order leaves; since before the first post."""
    owner, day = team[Role.OWNER], (begin - 20 * _DAY).date()
    terms.keep_book(owner, currency=settings.MAJLIS.currency, at=begin)
    for role, value in _RATES.items():
        terms.keep_rate(owner, kind="hour", key=role.value, day=day, value=Decimal(value), at=begin)
    terms.keep_rate(owner, kind="margin", key="", day=day, value=_MARGIN, at=begin)
    first = (at - 40 * _DAY).date().replace(day=1)
    # flour has become dearer
    terms.keep_rate(owner, kind="margin", key="", day=first, value=Decimal("0.6"), at=at - 40 * _DAY)


class Work:
    """Who worked when: mostly measured, some written down by hand."""

    def __init__(self, team: Mapping[Role, OnTeam], *, at: datetime, ids: Ids, chance: Random) -> None:
        self._team, self._at, self._ids, self._chance = team, at, ids, chance
        self._rows: list[tuple[object, ...]] = []

    def write(self, entries: Sequence[tuple[int, datetime]], *, begin: datetime) -> int:
        """Pieces for ``entries`` (with when each left), and for what belongs to none; how many."""
        for role, named in ((Role.EDITOR, True), (Role.OWNER, False), (Role.SUPPORT, False)):
            hours.allow(self._team[role], named=named, at=begin)
        for entry_id, left_at in entries:
            self._entry(entry_id, left_at)
        moment = begin
        while moment < self._at - _DAY:
            self._week(moment)
            moment += 7 * _DAY
        copy_rows("studio_work", _COLUMNS, sorted(self._rows, key=lambda row: str(row[0])))
        return len(self._rows)

    def _entry(self, entry_id: int, left_at: datetime) -> None:
        """Written the day before, looked at by the owner some minutes."""
        began = left_at - timedelta(hours=self._chance.uniform(8, 26))
        self._piece(Role.EDITOR, Place.COMPOSER, began, minutes=self._chance.gauss(17, 5), entry_id=entry_id)
        if self._chance.random() < 0.35:
            checked = min(began + timedelta(hours=2), left_at)
            self._piece(
                Role.OWNER, Place.APPROVALS, checked, minutes=self._chance.gauss(4, 1), entry_id=entry_id
            )

    def _week(self, monday: datetime) -> None:
        self._piece(
            Role.EDITOR, Place.CALENDAR, monday + timedelta(hours=3), minutes=self._chance.gauss(28, 8)
        )
        self._piece(
            Role.SUPPORT, Place.OTHER, monday + timedelta(days=2, hours=4), minutes=self._chance.gauss(35, 9)
        )
        self._piece(
            Role.ANALYST, Place.OTHER, monday + timedelta(days=4), minutes=20, by_hand=True,
            note="أرقام الأسبوع · The week's numbers",
        )  # fmt: skip

    def _piece(
        self, role: Role, place: Place, began: datetime, *, minutes: float, entry_id: int | None = None,
        by_hand: bool = False, note: str = "",
    ) -> None:  # fmt: skip
        seconds = max(60, round(minutes * 60))
        by = self._team[role]
        ended = began if by_hand else began + timedelta(seconds=seconds)
        self._rows.append((
            self._ids.at(began), by.page_id, by.by, role.value, place.value, entry_id, None, by_hand, note, seconds,
            began, ended,
        ))  # fmt: skip


def spend(team: Mapping[Role, OnTeam], *, campaign: int, at: datetime, begin: datetime) -> None:
    """A tool by the month, photographs once, and a print that came in another currency."""
    owner, own = team[Role.OWNER], settings.MAJLIS.currency
    first = begin.date()
    costs.spend(
        owner, kind="tools", amount=Decimal("27.30"), currency=own, from_day=first, to_day=first + timedelta(days=90),
        note="برنامج لتحرير الصور (مثال) · A program for pictures (an example)", at=begin,
    )  # fmt: skip
    costs.spend(
        owner, kind="production", amount=Decimal("24.00"), currency=own, from_day=(at - 24 * _DAY).date(),
        campaign_id=campaign, note="صور المائدة (مثال) · Photographs of the table (an example)", at=at - 24 * _DAY,
    )  # fmt: skip
    other = "LBP" if own != "LBP" else "USD"
    costs.spend(
        owner, kind="other", amount=Decimal("450000" if other == "LBP" else "5"), currency=other,
        from_day=(at - 15 * _DAY).date(), note="بطاقات (مثال) · Cards (an example)", at=at - 15 * _DAY,
    )  # fmt: skip


def close(team: Mapping[Role, OnTeam], *, at: datetime) -> None:
    """The last month that is over is closed; an order of it is refunded afterwards."""
    owner = team[Role.OWNER]
    month = last_month(at, zone=owner.time_zone)
    window = results.month_window(month, zone=owner.time_zone)
    results.close_month(owner, month=month, at=min(window.until + timedelta(hours=9), at))
    row = sql.one(_REFUNDED, page=owner.page_id, since=window.since, until=window.until)
    if row is None:
        return
    external_id, value, currency = row
    later = at - timedelta(minutes=30)
    refund = Report(
        external_id=external_id, by="server", as_of=later, currency=currency, refunds={"late": value}, placed=False
    )  # fmt: skip
    orders.take(page_id=owner.page_id, reports=[refund], arrived_at=later)


def last_month(at: datetime, *, zone: str) -> date:
    """The first day of the last month that is over there."""
    today = at.astimezone(ZoneInfo(zone)).date()
    return (today.replace(day=1) - _DAY).replace(day=1)
