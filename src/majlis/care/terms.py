"""What a page promises to those who write to it: how soon, at which hours, and who hears of it when it is late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.hours import OpeningHours, restored, stored
from majlis.brands.roles import Permission, roles_with
from majlis.care.clocks import Targets
from majlis.care.statements import SQL
from majlis.core import jobs, json, sql
from majlis.core.errors import BadInput

_HOUR: Final = 3_600
USUAL: Final = (
    Targets(first=_HOUR // 2, next=_HOUR, resolution=8 * _HOUR),
    Targets(first=_HOUR, next=2 * _HOUR, resolution=16 * _HOUR),
    Targets(first=4 * _HOUR, next=8 * _HOUR, resolution=40 * _HOUR),
    Targets(first=8 * _HOUR, next=16 * _HOUR, resolution=80 * _HOUR),
)
"""What a page promises that has said nothing, by priority from urgent to low: seconds of business time."""
ALWAYS: Final = "always"
PAGE: Final = "page"
OWN: Final = "own"
CLOCKS: Final = (PAGE, ALWAYS, OWN)
ASSIGN: Final = ("nobody", "load")
WHEN: Final = ("never", "closed", "always")
RESETTLE: Final = "care.resettle"
_LONGEST: Final = 365 * 24 * _HOUR
_targets: Final = json.own_reader(list[Targets])
_mapping: Final = json.own_reader(dict[str, Any])
_list: Final = json.own_reader(list[dict[str, Any]])


class Automatic(msgspec.Struct, frozen=True):
    """What is answered by itself: ``when`` never, closed (outside the hours) or always; in Arabic and English."""

    when: str = "never"
    ar: str = ""
    en: str = ""


class PageTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of a page. ``targets`` by priority; ``hours`` None is around the clock: so it is, too, where the page
    does not tell when it is open. ``own_hours`` are those that were given for care, whether or not they are used."""

    targets: tuple[Targets, ...] = USUAL
    clock: str = PAGE
    hours: OpeningHours | None = None
    own_hours: OpeningHours = OpeningHours()
    warn_share: float = 0.75
    escalate_to: int | None = None
    assign: str = "nobody"
    automatic: Automatic = Automatic()
    ask_csat: bool = True
    show_badge: bool = True
    said: bool = False


def terms_of(page_id: int) -> PageTerms:
    """What a page promises; the usual where it said nothing. One query."""
    row = sql.one(SQL["terms"], page=page_id)
    if row is None:
        return PageTerms()
    (
        targets,
        clock,
        own,
        own_dates,
        warn,
        escalate,
        assign,
        automatic,
        csat,
        badge,
        hours,
        dates,
        zone,
        said,
    ) = row
    open_ = restored(_mapping(hours), _list(dates), zone)
    if not said:
        return PageTerms(hours=open_ if open_.told else None)
    kept = restored(_mapping(own), _list(own_dates), zone)
    used: Mapping[str, OpeningHours | None] = {ALWAYS: None, OWN: kept, PAGE: open_}
    chosen = used[clock]
    return PageTerms(
        targets=tuple(_targets(targets)) or USUAL, clock=clock, hours=chosen if chosen and chosen.told else None,
        own_hours=kept, warn_share=warn, escalate_to=escalate, assign=assign,
        automatic=msgspec.convert(_mapping(automatic), Automatic), ask_csat=csat, show_badge=badge, said=True,
    )  # fmt: skip


def keep(team: OnTeam, given: PageTerms, *, own_hours: OpeningHours | None = None, at: datetime) -> None:
    """Promise this from now on. Clocks that run follow it, by a job.

    Raises:
        BadInput: a time is not above nothing or over a year, a share is none, or there is no such choice.
        NotAllowed: her role does not keep promises.
    """
    if len(given.targets) != len(USUAL):
        raise BadInput(_("There are four priorities."), field="targets")
    for each in given.targets:
        for value in (each.first, each.next, each.resolution):
            if value is not None and not 60 <= value <= _LONGEST:
                raise BadInput(
                    _("A promised time is between a minute and a year."), field="targets", code="time"
                )
    if given.clock not in CLOCKS or given.assign not in ASSIGN or given.automatic.when not in WHEN:
        raise BadInput(_("There is no such choice."), field="clock")
    if not 0.1 <= given.warn_share < 1:
        raise BadInput(_("Warn when between a tenth and all of the time is over."), field="warn_share")
    if given.automatic.when != "never" and not (given.automatic.ar.strip() or given.automatic.en.strip()):
        raise BadInput(_("Write what is to be answered by itself."), field="automatic", code="blank")
    hours = own_hours if own_hours is not None else given.own_hours
    if given.clock == OWN and not hours.told:
        raise BadInput(_("Say at which hours somebody answers."), field="hours", code="blank")
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.CARE, lock=True)
        if given.escalate_to is not None and not sql.one(
            SQL["answers"], page=team.page_id, member=given.escalate_to, roles=roles_with(Permission.ANSWER)
        ):
            raise BadInput(_("She does not answer for this page."), field="escalate_to", code="no_answerer")
        week, dates = stored(hours)
        sql.execute(
            SQL["keep_terms"], page=team.page_id, targets=_text(given.targets), clock=given.clock, hours=_text(week),
            holidays=_text(dates), warn_share=given.warn_share, escalate_to=given.escalate_to, assign=given.assign,
            automatic=_text(given.automatic), ask_csat=given.ask_csat, show_badge=given.show_badge, at=at,
        )  # fmt: skip
        deeds.note(team, "care.terms", at=at)
        jobs.enqueue(RESETTLE, {"page_id": team.page_id}, key=str(team.page_id))


def _text(value: object) -> str:
    return json.encode(value).decode()
