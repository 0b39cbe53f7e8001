"""Reading a plan: the calendar, lists, the queue, what was said, campaigns. Each function is one query unless
it says otherwise, and takes the team that the door let in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

import msgspec

from majlis.brands.access import OnTeam
from majlis.core import json, sql
from majlis.core.paging import HIGHEST
from majlis.studio import moments
from majlis.studio.access import Reviewer, makers, review_bounds
from majlis.studio.content import Content, read
from majlis.studio.entries import Entry, of_row
from majlis.studio.statements import SQL

MOST_SHOWN: Final = 500
LAST: Final = datetime(9000, 1, 1, tzinfo=UTC)


def _entries(name: str, **parameters: Any) -> list[Entry]:
    return [of_row(row) for row in sql.rows(SQL[name], **parameters)]


def between(*, team: OnTeam, first: date, days: int) -> list[Entry]:
    """What has an hour on some days of the page's calendar, in order."""
    start = moments.moment(first, time(), zone=team.time_zone)
    end = moments.moment(first + timedelta(days=days), time(), zone=team.time_zone)
    return _entries("between", page=team.page_id, start=start, end=end, limit=MOST_SHOWN)


def upcoming(*, team: OnTeam, after: datetime, after_id: int = 0, limit: int = 40) -> list[Entry]:
    """The plan as a list, from a moment (and of that moment an id) on."""
    return _entries("upcoming", page=team.page_id, after=after, after_id=after_id, limit=limit)


def drafts(*, team: OnTeam, before: datetime = LAST, below: int = HIGHEST, limit: int = 40) -> list[Entry]:
    """What has no hour yet, what was changed last first."""
    return _entries("drafts", page=team.page_id, before=before, below=below, limit=limit)


def queue(*, team: OnTeam) -> list[Entry]:
    """The queue in its order."""
    return _entries("queued", page=team.page_id)


def slots(*, team: OnTeam) -> list[tuple[int, time]]:
    """The weekly slots: weekday (Monday 0) and time of day in the page's zone."""
    return [(row[0], row[1]) for row in sql.rows(SQL["slots"], page=team.page_id)]


def waiting(*, team: OnTeam, limit: int = 40) -> list[Entry]:
    """What waits for somebody's yes, what was asked first first."""
    return _entries("waiting", page=team.page_id, limit=limit)


def refused(*, team: OnTeam, limit: int = 40) -> list[Entry]:
    """What she asked a yes for and should change, the latest no first."""
    return _entries("refused", page=team.page_id, by=team.by, limit=limit)


def failed(*, team: OnTeam, limit: int = 40) -> list[Entry]:
    """What did not leave, newest first."""
    return _entries("failed", page=team.page_id, limit=limit)


def told_of_failure(*, entry: Entry) -> list[str]:
    """The names of those who were told by mail that an entry did not leave; of its last failure."""
    return told_of_failures(entries=[entry]).get(entry.id, [])


def told_of_failures(*, entries: Sequence[Entry]) -> dict[int, list[str]]:
    """The same for several of one page, by entry. None for no entries."""
    found: dict[int, list[str]] = {}
    if entries:
        ids = [each.id for each in entries]
        for entry_id, name in sql.rows(SQL["told_of_failure"], page=entries[0].page_id, entries=ids):
            found.setdefault(entry_id, []).append(name)
    return found


def of_campaign(*, team: OnTeam, campaign_id: int, limit: int = MOST_SHOWN) -> list[Entry]:
    """The posts of a campaign, by their hour."""
    return _entries("of_campaign", page=team.page_id, campaign=campaign_id, limit=limit)


def for_review(*, by: Reviewer) -> list[Entry]:
    """What a review link shows, by its hour."""
    return _entries("for_review", **review_bounds(by))


class Version(msgspec.Struct, frozen=True):
    """What an entry said once, and who wrote that."""

    version: int
    content: Content
    by_name: str
    made_at: datetime


def versions(*, entry: Entry, limit: int = 200) -> list[Version]:
    """Every version of an entry, newest first."""
    found = sql.rows(SQL["versions"], entry=entry.id, limit=limit)
    return [Version(row[0], read(*row[1:4]), row[4], row[5]) for row in found]


class Said(msgspec.Struct, frozen=True):
    """A comment, a yes or a no. ``kind`` is comment, approved or changes."""

    entry_id: int
    kind: str
    version: int
    text: str
    by_name: str
    by_link: bool
    made_at: datetime


def talk(*, entries: Sequence[Entry]) -> dict[int, list[Said]]:
    """What was said about entries, in order, by entry. None for no entries."""
    found: dict[int, list[Said]] = {}
    if entries:
        for row in sql.rows(SQL["talk"], entries=[each.id for each in entries]):
            found.setdefault(row[0], []).append(Said(*row))
    return found


class LinkView(msgspec.Struct, frozen=True):
    """A review link, without its secret."""

    id: int
    name: str
    email: str
    entries: tuple[int, ...]
    made_by_name: str
    made_at: datetime
    expires_at: datetime


def links(*, team: OnTeam, at: datetime) -> list[LinkView]:
    """The review links that are good, newest first."""
    found = sql.rows(SQL["links"], page=team.page_id, at=at, limit=100, **makers())
    return [
        LinkView(id_, name, email, tuple(map(int, json.decode_own(entries))), *rest)
        for id_, name, email, entries, *rest in found
    ]


class Campaign(msgspec.Struct, frozen=True):
    """A campaign, with how many posts are planned and published, and how many links it has."""

    id: int
    name: str
    goal: str
    target: Decimal | None
    audience: str
    starts_on: date
    ends_on: date
    budget: Decimal
    currency: str
    hours_planned: Decimal
    notes: str
    closed_at: datetime | None
    planned: int
    published: int
    links: int


def campaigns(*, team: OnTeam, campaign_id: int | None = None, limit: int = 100) -> list[Campaign]:
    """The campaigns of a page, those that run first; or the one."""
    found = sql.rows(SQL["campaigns"], page=team.page_id, id=campaign_id, limit=limit)
    return [Campaign(*row) for row in found]


def campaign_names(*, team: OnTeam) -> list[tuple[int, str]]:
    """Ids and names of the campaigns that are not closed."""
    return [(row[0], row[1]) for row in sql.rows(SQL["campaign_names"], page=team.page_id)]


def planned(*, team: OnTeam) -> int:
    """How many entries are in the plan."""
    row = sql.one(SQL["counts"], page=team.page_id)
    return int(row[0]) if row else 0
