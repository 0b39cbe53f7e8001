"""What a team reads of its links. Everything has a window; who it counts is said in docs/measuring.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.core import sql
from majlis.core.errors import NotThere
from majlis.insights.floor import too_few
from majlis.studio.links.actions import OwnLink, from_row
from majlis.studio.links.memory import SQL


class Money(msgspec.Struct, frozen=True):
    """Orders of one currency and one grade: ``exact`` (a server or shop says so) or ``script`` (a browser)."""

    currency: str
    by_script: bool
    orders: int
    value: Decimal
    cancelled: int


class LinkNumbers(msgspec.Struct, frozen=True):
    """Clicks and orders of a link in a window. ``members`` and ``unknown`` (clicks of who is no member that lets
    herself be measured) are None while the members are one to nine; ``paid`` where it would tell of so few."""

    clicks: int = 0
    members: int | None = 0
    unknown: int | None = 0
    paid: int | None = 0
    money: tuple[Money, ...] = ()

    @property
    def orders(self) -> int:
        """Orders that stand, of all currencies and grades."""
        return sum(each.orders for each in self.money)


def links(team: OnTeam, *, before: int | None = None, limit: int = 50) -> list[OwnLink]:
    """The page's links, newest first; those older than ``before``. One query."""
    return _links(team, before=before, ids=None, limit=limit)


def link(team: OnTeam, *, link_id: int) -> OwnLink:
    """A link of the page.

    Raises:
        NotThere: it is not the page's.
    """
    found = _links(team, before=None, ids=[link_id], limit=1)
    if not found:
        raise NotThere(_("There is no such link."))
    return found[0]


def numbers(ids: Sequence[int], *, since: datetime, until: datetime) -> dict[int, LinkNumbers]:
    """Clicks and orders of links whose team was let in, in a window. Two queries."""
    money: dict[int, list[Money]] = {}
    for link_id, *each in sql.rows(SQL["orders_of_links"], ids=list(ids), since=since, until=until):
        money.setdefault(link_id, []).append(Money(*each))
    found = {
        link_id: LinkNumbers(clicks, *_floored(members, unknown, paid), tuple(money.pop(link_id, ())))
        for link_id, clicks, members, unknown, paid in sql.rows(
            SQL["clicks_of_links"], ids=list(ids), since=since, until=until
        )
    }
    # orders of the window whose click is older than it
    return found | {link_id: LinkNumbers(money=tuple(each)) for link_id, each in money.items()}


def _floored(members: int, unknown: int, paid: int) -> tuple[int | None, int | None, int | None]:
    """Beside the clicks, those of the unknown tell how many members did."""
    few = too_few(members)
    return None if few else members, None if few else unknown, None if too_few(paid) else paid


def clicks_by_day(team: OnTeam, *, link_id: int, since: datetime, until: datetime) -> list[tuple[date, int]]:
    """Days of the page's time zone that had clicks, and how many. One query."""
    rows = sql.rows(SQL["clicks_by_day"], link=link_id, zone=team.time_zone, since=since, until=until)
    return [(day, count) for day, count in rows]


def _links(team: OnTeam, *, before: int | None, ids: list[int] | None, limit: int) -> list[OwnLink]:
    rows = sql.rows(SQL["links"], page=team.page_id, before=before, ids=ids, limit=limit)
    return [from_row(row) for row in rows]
