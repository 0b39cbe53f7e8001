"""When entries leave, and who has to say yes before; the weekly slots of the queue."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.mastodon_api.described import When
from majlis.mastodon_api.entities.entry import PlanEntry
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.mastodon_api.studio.entries import EntryConflict, changed_meanwhile, one
from majlis.studio import actions, queries
from majlis.studio.actions import ChangedMeanwhile


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """Every so many days it comes again, so often more; zero: not again."""

    again_every: int = 0
    again_left: int = 0


class Due(Again, frozen=True, kw_only=True):
    """An hour."""

    due_at: When


class Hour(msgspec.Struct, frozen=True, kw_only=True):
    """Another hour."""

    due_at: When


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Yes or no to the version that was read; a no says what is to change."""

    version: int
    approved: bool
    text: str = ""


class Slot(msgspec.Struct, frozen=True):
    """An hour of the week in the page's time zone; Monday is 0."""

    weekday: Annotated[int, Meta(ge=0, le=6)]
    time: Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Slots(msgspec.Struct, frozen=True):
    """All slots, instead of those there were."""

    slots: list[Slot]


@team(Permission.PUBLISH, writes=True, says=_("Give an entry its hour"), takes=Due, gives=PlanEntry)
def schedule(call: Call, team: OnTeam, sent: Due, entry_id: int) -> PlanEntry:
    actions.schedule(
        team=team, entry_id=entry_id, due=sent.due_at, at=call.at, again_every=sent.again_every or None,
        again_left=sent.again_left,
    )  # fmt: skip
    return one(team, entry_id)


@team(Permission.PUBLISH, writes=True, says=_("Put an entry into the queue"), takes=Again, gives=PlanEntry)
def enqueue(call: Call, team: OnTeam, sent: Again, entry_id: int) -> PlanEntry:
    actions.enqueue(
        team=team,
        entry_id=entry_id,
        at=call.at,
        again_every=sent.again_every or None,
        again_left=sent.again_left,
    )
    return one(team, entry_id)


@team(Permission.PUBLISH, writes=True, says=_("Move an entry to another hour"), takes=Hour, gives=PlanEntry)
def move(call: Call, team: OnTeam, sent: Hour, entry_id: int) -> PlanEntry:
    actions.move(team=team, entry_id=entry_id, due=sent.due_at, at=call.at)
    return one(team, entry_id)


@team(Permission.PUBLISH, writes=True, says=_("Take an entry's hour away: a draft again"), gives=PlanEntry)
def unschedule(call: Call, team: OnTeam, entry_id: int) -> PlanEntry:
    actions.unschedule(team=team, entry_id=entry_id, at=call.at)
    return one(team, entry_id)


@team(Permission.PUBLISH, writes=True, says=_("One place earlier in the queue"), gives=PlanEntry)
def earlier(call: Call, team: OnTeam, entry_id: int) -> PlanEntry:
    actions.one_earlier(team=team, entry_id=entry_id, at=call.at)
    return one(team, entry_id)


@team(Permission.PUBLISH, writes=True, says=_("Publish an entry at once"), gives=PlanEntry, once=True)
def publish(call: Call, team: OnTeam, entry_id: int) -> PlanEntry:
    actions.publish_now(team=team, entry_id=entry_id, at=call.at)
    return one(team, entry_id)


@team(Permission.WRITE, writes=True, says=_("Ask for somebody's yes"), gives=PlanEntry)
def ask(call: Call, team: OnTeam, entry_id: int) -> PlanEntry:
    actions.ask(team=team, entry_id=entry_id, at=call.at)
    return one(team, entry_id)


@team(Permission.WRITE, writes=True, says=_("Ask for no yes any more"), gives=PlanEntry)
def ask_no_more(call: Call, team: OnTeam, entry_id: int) -> PlanEntry:
    actions.withdraw(team=team, entry_id=entry_id, at=call.at)
    return one(team, entry_id)


@team(
    Permission.APPROVE,
    writes=True,
    says=_("Say yes to a version, or ask for changes"),
    takes=Decision,
    gives=PlanEntry,
    conflict=EntryConflict,
)
def decide(call: Call, team: OnTeam, sent: Decision, entry_id: int) -> Any:
    answer = actions.Answer(version=sent.version, approved=sent.approved, text=sent.text)
    try:
        actions.decide(team=team, entry_id=entry_id, answer=answer, at=call.at)
    except ChangedMeanwhile as error:
        return changed_meanwhile(error, team)
    return one(team, entry_id)


@team(Permission.READ, says=_("The weekly slots of the queue"), gives=list[Slot])
def slots(call: Call, team: OnTeam) -> list[Slot]:
    return [Slot(weekday, f"{clock:%H:%M}") for weekday, clock in queries.slots(team=team)]


@team(Permission.WRITE, writes=True, says=_("Other weekly slots"), takes=Slots, gives=list[Slot])
def set_slots(call: Call, team: OnTeam, sent: Slots) -> list[Slot]:
    wanted = [(each.weekday, time.fromisoformat(each.time)) for each in sent.slots]
    actions.set_slots(team=team, slots=wanted, at=call.at)
    return [Slot(weekday, f"{clock:%H:%M}") for weekday, clock in queries.slots(team=team)]


_ONE = "api/v1/studio/<page_id>/entries/<entry_id>"
urls = [
    route(f"{_ONE}/schedule", POST=schedule, DELETE=unschedule),
    route(f"{_ONE}/queue", POST=enqueue),
    route(f"{_ONE}/move", POST=move),
    route(f"{_ONE}/earlier", POST=earlier),
    route(f"{_ONE}/publish", POST=publish),
    route(f"{_ONE}/ask", POST=ask, DELETE=ask_no_more),
    route(f"{_ONE}/decision", POST=decide),
    route("api/v1/studio/<page_id>/slots", GET=slots, PUT=set_slots),
]
