"""Entries as the lists and the calendar show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.studio.entries import Entry
from majlis.studio.planning.plans import Line
from majlis.studio.planning.sentences import ends
from majlis.studio.planning.words import KINDS
from majlis.studio.states import State
from majlis.web.faces import Shown
from majlis.web.studio.clock import clock, day_words
from majlis.web.studio.frame import path
from majlis.web.studio.words import BADGES, KIND_ICONS, PROPOSED, STATES


@dataclass(slots=True)
class Chip(Shown):
    """An entry in a list or on a day."""

    id: str
    url: str
    words: str
    state: str
    state_words: str | Promise
    badge: str
    icon: str
    campaign: str
    due_at: datetime | None
    clock: str
    day_words: str
    day: str
    hour: str
    movable: bool
    queued: bool
    failure: str
    by: str
    changed_at: datetime
    asked_at: datetime | None
    told: list[str] | None = None
    proposed: bool = False
    range: str = ""


def chip(entry: Entry, team: OnTeam) -> Chip:
    """An entry of a team's plan."""
    state = entry.state(approval_needed=team.approval_needed)
    local = timezone.localtime(entry.due_at) if entry.due_at else None
    return Chip(
        id=str(entry.id),
        url=path(team.handle, f"entries/{entry.id}"),
        words=entry.words,
        state=state.value,
        state_words=STATES[state],
        badge=BADGES[state],
        icon=KIND_ICONS[entry.kind],
        campaign=entry.campaign,
        due_at=entry.due_at,
        clock=clock(entry.due_at) if entry.due_at else "",
        day_words=day_words(local.date()) if local else "",
        day=local.date().isoformat() if local else "",
        hour=local.strftime("%H:%M") if local else "",
        movable=state is not State.PUBLISHED and entry.due_at is not None and team.may(Permission.PUBLISH),
        queued=entry.queued_at is not None,
        failure=entry.failure,
        by=entry.changed_by_name,
        changed_at=entry.changed_at,
        asked_at=entry.asked_at,
    )


def chips(entries: Iterable[Entry], team: OnTeam) -> list[Chip]:
    """Entries of a team's plan."""
    return [chip(entry, team) for entry in entries]


def suggestions(lines: Iterable[Line], team: OnTeam) -> list[Chip]:
    """What the plan proposes, as it stands on a day: it can be moved, taken and refused where it stands. What was taken
    stays there as a draft until it has an hour of its own."""
    return [_suggestion(line, team) for line in lines]


def _suggestion(line: Line, team: OnTeam) -> Chip:
    local = timezone.localtime(line.due_at)
    told, taken = line.proposal, line.entry_id
    where = f"plan/lines/{line.id}" if taken is None else f"entries/{taken}"
    state, said = ("proposed", PROPOSED) if taken is None else (State.DRAFT.value, STATES[State.DRAFT])
    return Chip(
        id=str(taken or line.id), url=path(team.handle, where), words=str(KINDS[told.kind]), state=state,
        state_words=said, badge="", icon=KIND_ICONS.get(told.kind, ""), campaign="", due_at=line.due_at,
        clock=clock(line.due_at), day_words=day_words(local.date()), day=local.date().isoformat(),
        hour=local.strftime("%H:%M"), movable=taken is None and team.may(Permission.WRITE), queued=False, failure="", by="",
        changed_at=line.due_at, asked_at=None, proposed=taken is None, range=ends(told.low, told.high),
    )  # fmt: skip
