"""Hours: measured by a timer that its person switched on, or written down by hand.

The page beats while somebody is at work: it is seen, it has the focus, and a key or a touch came within the idle
time. The server counts what lies between two beats of one person by its own clock, once, whatever she has open:
a forged, repeated or early beat adds nothing that did not pass, and a gap longer than two beats is a pause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission, Role
from majlis.core import sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.insights import windows
from majlis.insights.windows import Window
from majlis.studio.money.terms import SQL, USUAL_IDLE

BEAT: Final = 30
"""Seconds between two beats of a page."""
GAP: Final = timedelta(seconds=75)
"""Two beats further apart than this have a pause between them, which is not counted."""
_MOST_A_DAY: Final = Decimal(24)
_OLDEST: Final = timedelta(days=731)
_LONGEST_NOTE: Final = 200


class Place(StrEnum):
    """Where work is done."""

    COMPOSER = "composer"
    CALENDAR = "calendar"
    INBOX = "inbox"
    APPROVALS = "approvals"
    OTHER = "other"


class Consent(msgspec.Struct, frozen=True):
    """That somebody lets her hours be measured since then. ``named``: her team may see them with her name."""

    named: bool
    since: datetime


class Piece(msgspec.Struct, frozen=True):
    """A piece of one's own work."""

    id: int
    role: Role
    place: str
    entry_id: int | None
    campaign_id: int | None
    by_hand: bool
    note: str
    seconds: int
    began_at: datetime


class Named(msgspec.Struct, frozen=True):
    """Hours of somebody who lets her name be seen."""

    profile_id: int
    role: Role
    seconds: int


class Running(msgspec.Struct, frozen=True):
    """The timer of somebody who lets it run. ``seconds``: what it measured of her today, in the page's zone."""

    idle_seconds: int
    seconds: int


class TeamHours(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds worked by the team in a window: by role, by place, by the Monday of each week. Nobody's name is in it."""

    roles: Mapping[Role, int]
    places: Mapping[Place, int]
    weeks: Mapping[date, int]

    @property
    def seconds(self) -> int:
        """All of it."""
        return sum(self.roles.values())


def consent(team: OnTeam) -> Consent | None:
    """Whether the timer may run for her who asks."""
    row = sql.one(SQL["consent"], page=team.page_id, by=team.by)
    return Consent(*row) if row else None


def allow(team: OnTeam, *, named: bool = False, at: datetime) -> None:
    """Let one's own hours be measured; said again, whether with one's name."""
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.READ, lock=True)
        sql.execute(SQL["give_consent"], page=team.page_id, by=team.by, named=named, at=at)


def withdraw(team: OnTeam, *, forget: bool = False) -> None:
    """No timer any more. With ``forget``, all that it measured of her is deleted: costs of the past change with it."""
    with transaction.atomic():
        sql.execute(SQL["end_consent"], page=team.page_id, by=team.by)
        if forget:
            sql.execute(SQL["forget_measured"], page=team.page_id, by=team.by)


def beat(
    team: OnTeam, *, place: Place, entry_id: int | None = None, campaign_id: int | None = None, at: datetime
) -> bool:
    """She is at work on this now. False without her consent: then nothing is kept.

    Time since her last beat belongs to what that one was for. Four statements.
    """
    with transaction.atomic():
        if sql.one(SQL["consent_held"], page=team.page_id, by=team.by) is None:
            return False
        last = sql.one(SQL["going_on"], page=team.page_id, by=team.by)
        if last is not None:
            work_id, *what, role, last_at = last
            passed = at - last_at
            going_on = timedelta(0) <= passed <= GAP
            if going_on:
                sql.execute(SQL["go_on"], id=work_id, seconds=round(passed.total_seconds()), at=at)
            # a clock that was put back: what comes next is measured from the new time on
            if going_on and (*what, role) == (place, entry_id, campaign_id, team.role):
                return True
        _begin(
            team,
            role=team.role,
            place=place,
            entry_id=entry_id,
            campaign_id=campaign_id,
            seconds=0,
            began_at=at,
            last_at=at,
        )
    return True


def running(team: OnTeam, *, at: datetime) -> Running | None:
    """Her own timer; None: she did not allow it. One query."""
    today = windows.last_days(1, at=at, zone=team.time_zone).since
    row = sql.one(SQL["running"], page=team.page_id, by=team.by, since=today, idle=USUAL_IDLE)
    return Running(int(row[0]), int(row[1])) if row else None


def write_down(
    team: OnTeam,
    *,
    hours: Decimal,
    day: date,
    role: Role | None = None,
    entry_id: int | None = None,
    campaign_id: int | None = None,
    note: str = "",
    at: datetime,
) -> None:
    """Hours by hand: one's own, or (with ``role``, by somebody who keeps the money) of a role without a name.

    Raises:
        BadInput: no number of hours of one day; a day to come or more than two years back.
        NotAllowed: a role other than her own, and she does not keep the money.
    """
    if not hours.is_finite() or not 0 < hours <= _MOST_A_DAY:
        raise BadInput(_("Hours of one day are more than 0 and at most 24."), field="hours", code="hours")
    began_at = windows.midnight(day, zone=team.time_zone)
    if not at - _OLDEST <= began_at <= at:
        raise BadInput(
            _("Hours are written down for today or a day of the last two years."), field="day", code="day"
        )
    with transaction.atomic():
        needs = Permission.READ if role is None else Permission.BUDGET
        team = team_door(page_id=team.page_id, by=team.by, needs=needs, lock=True)
        _begin(
            team, role=role or team.role, place=Place.OTHER, entry_id=entry_id, campaign_id=campaign_id,
            seconds=round(hours * 3600), began_at=began_at, last_at=began_at, by_hand=True, named=role is None,
            note=" ".join(clean_text(note).split())[:_LONGEST_NOTE],
        )  # fmt: skip
        if role is not None:  # her own are hers: the book of the team does not tell of them
            deeds.note(team, "hours.written", at=at)


def own(team: OnTeam, *, window: Window) -> list[Piece]:
    """One's own work in a window, newest first; the last 500 pieces."""
    rows = sql.rows(SQL["own_work"], page=team.page_id, by=team.by, since=window.since, until=window.until)
    return [Piece(row[0], Role(row[1]), *row[2:]) for row in rows]


def forget(team: OnTeam, *, work_id: int, at: datetime) -> None:
    """Delete a piece of one's own work; who keeps the money also what was written down by hand.

    Raises:
        NotThere: it is not there, or not hers.
    """
    with transaction.atomic():
        found = sql.one(
            SQL["forget_work"], id=work_id, page=team.page_id, by=team.by, all=team.may(Permission.BUDGET)
        )
        if found is None:
            raise NotThere(_("There is no such piece of work."))
        if found[0] != team.by:
            deeds.note(team, "hours.forgotten", at=at)


def named(team: OnTeam, *, window: Window) -> list[Named]:
    """Hours of those who let their team see their names, most first.

    Raises:
        NotAllowed: her role does not keep the money.
    """
    team.require(Permission.MONEY)
    rows = sql.rows(SQL["named_hours"], page=team.page_id, since=window.since, until=window.until)
    return [Named(profile_id, Role(role), int(seconds)) for profile_id, role, seconds in rows]


def of_team(team: OnTeam, *, window: Window) -> TeamHours:
    """Sums of all, named or not. One query.

    Raises:
        NotAllowed: her role does not keep the money.
    """
    team.require(Permission.MONEY)
    bounds = {"page": team.page_id, "since": window.since, "until": window.until, "zone": team.time_zone}
    roles: Counter[Role] = Counter()
    places: Counter[Place] = Counter()
    weeks: Counter[date] = Counter()
    for role, day, place, _post, _entry, _campaign, seconds in sql.rows(SQL["hours"], **bounds):
        roles[Role(role)] += int(seconds)
        places[Place(place)] += int(seconds)
        weeks[day - timedelta(days=day.weekday())] += int(seconds)
    return TeamHours(
        roles={role: roles[role] for role in Role if role in roles},
        places={place: places[place] for place in Place if place in places},
        weeks=dict(sorted(weeks.items())),
    )


def _begin(
    team: OnTeam,
    *,
    role: Role,
    place: Place,
    entry_id: int | None,
    campaign_id: int | None,
    seconds: int,
    began_at: datetime,
    last_at: datetime,
    by_hand: bool = False,
    named: bool = True,
    note: str = "",
) -> None:
    sql.execute(
        SQL["begin"], id=new_id(), page=team.page_id, by=team.by if named else None, role=role, place=place,
        entry=entry_id, campaign=campaign_id, by_hand=by_hand, note=note, seconds=seconds, began_at=began_at,
        last_at=last_at,
    )  # fmt: skip
