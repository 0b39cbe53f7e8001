"""What a business says of itself, taken along and taken in again; and the reviews somebody wrote, taken along.

The team is not in it: it is other people. Nor are reviews taken in again: they are about a page of that house.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from majlis.brands import actions, hours, queries
from majlis.brands.access import OnTeam, team_door
from majlis.brands.hours import DAYS, Date, OpeningHours, Period
from majlis.brands.money import read_price
from majlis.brands.roles import Permission
from majlis.brands.views import Button, PageView
from majlis.core.errors import Refused
from majlis.networks.archives.records import ArchiveOffering, ArchivePage, Skipped
from majlis.networks.archives.report import Report


def pages_of(profile_id: int) -> list[dict[str, Any]]:
    """The page of a business; of a profile that is none, nothing."""
    page = queries.page(page_id=profile_id)
    return [_told(page)] if page else []


def _told(page: PageView) -> dict[str, Any]:
    week, dates = hours.stored(page.hours)
    return {
        "category": page.category,
        "address": page.address,
        "map_url": page.map_url,
        "time_zone": page.hours.time_zone,
        "hours": week,
        "holidays": dates,
        "buttons": [{"kind": each.kind, "value": each.value} for each in page.buttons],
        "offerings": [
            {
                "kind": each.kind,
                "name": each.name,
                "description": each.description,
                "price": None if each.price is None else str(each.price),
                "currency": each.currency,
                "url": each.url,
                "ends_at": each.ends_at.isoformat() if each.ends_at else None,
                "pinned": each.pinned,
            }
            for each in queries.offerings(page_id=page.id)
        ],
    }


def reviews_by(profile_id: int) -> list[dict[str, Any]]:
    """What somebody wrote about pages; the answers are the pages' words and not hers."""
    return [
        {
            "page": handle,
            "stars": each.stars,
            "recommends": each.recommends,
            "text": each.text,
            "made_at": each.made_at.isoformat(),
        }
        for handle, each in queries.reviews_by(author=profile_id)
    ]


# taken in ---------------------------------------------------------------------------------------------------


def take_in(page: ArchivePage, *, by: int, report: Report, at: datetime) -> None:
    """Let the page of the profile ``by`` say what was said there. What is said here already stays as it is."""
    found = queries.page(page_id=by)
    if found is None:
        report.skip(Skipped(what=page.category or "page", code="page_no_business"))
    elif _says_something(found):
        report.skip(Skipped(what=found.handle, code="page_here"))
    else:
        report.add(page)
        _take_in(page, team_door(page_id=by, by=by, needs=Permission.DESCRIBE), report, at=at)


def _says_something(page: PageView) -> bool:
    said = page.category or page.address or page.buttons or page.hours.told
    return bool(said) or bool(queries.offerings(page_id=page.id))


def _take_in(page: ArchivePage, team: OnTeam, report: Report, *, at: datetime) -> None:
    """Part by part: what cannot be taken keeps nothing else away."""
    buttons = [Button(each.kind, each.value) for each in page.buttons]
    parts: list[tuple[str, Callable[[], object]]] = [
        ("category", partial(actions.describe, team, category=page.category, at=at)),
        ("address", partial(actions.describe, team, address=page.address, map_url=page.map_url, at=at)),
        ("buttons", partial(actions.describe, team, buttons=buttons, at=at)),
        ("hours", partial(_take_hours, page, team, at=at)),
        *((each.name, partial(_offer, each, team, at=at)) for each in page.offerings),
    ]
    for what, part in parts:
        try:
            part()
        except Refused:
            report.skip(Skipped(what=what, code="page_refused"))


def _take_hours(page: ArchivePage, team: OnTeam, *, at: datetime) -> None:
    week = tuple(_periods(page.hours.get(name, ())) for name in DAYS)
    dates = tuple(Date(each.day, _periods(each.periods), each.name) for each in page.holidays)
    actions.set_hours(team, OpeningHours(week, dates, page.time_zone), at=at)


def _periods(pairs: Iterable[tuple[str, str]]) -> tuple[Period, ...]:
    return hours.read(", ".join(f"{opens}–{closes}" for opens, closes in pairs))


def _offer(each: ArchiveOffering, team: OnTeam, *, at: datetime) -> None:
    made = actions.change_offering(
        team,
        kind=each.kind,
        name=each.name,
        description=each.description,
        price=read_price(each.price or ""),
        currency=each.currency,
        url=each.url,
        ends_at=each.ends_at,
        at=at,
    )
    if each.pinned:
        actions.pin_offering(team, offering_id=made, at=at)
