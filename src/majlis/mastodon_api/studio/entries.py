"""The plan: entries by window and in lists, written, copied, thrown away, talked about."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.errors import BadInput
from majlis.mastodon_api.described import NOTHING, conflict
from majlis.mastodon_api.entities.entry import (
    EntryComment,
    EntryFields,
    EntryVersion,
    PlanContent,
    PlanEntry,
    comment,
    content,
    draft_of,
    entries,
    entry,
    version,
)
from majlis.mastodon_api.request import Answer, Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.studio import access, actions, moments, queries
from majlis.studio.actions import ChangedMeanwhile


class Window(msgspec.Struct, frozen=True):
    """Days of the page's calendar, from ``first`` (today) on; or a list: drafts, queue, waiting, failed."""

    first: date | None = None
    days: Annotated[int, Meta(ge=1, le=62)] = 28
    list: Literal["calendar", "drafts", "queue", "waiting", "failed"] = "calendar"


class EntryConflict(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody else saved another version: what stands there, and what was sent."""

    error: str
    code: str
    present: PlanEntry
    sent: PlanContent | None


class OfVersion(msgspec.Struct, frozen=True):
    """A version by its number."""

    version: int


class Words(msgspec.Struct, frozen=True):
    """What to say."""

    text: str


@team(
    Permission.READ,
    says=_("The plan: a window of the calendar, or a list"),
    takes=Window,
    gives=list[PlanEntry],
)
def index(call: Call, team: OnTeam, sent: Window) -> list[PlanEntry]:
    if sent.list == "calendar":
        first = sent.first or moments.on_the_wall(call.at, zone=team.time_zone).date()
        return entries(queries.between(team=team, first=first, days=sent.days), team)
    lists: dict[str, Any] = {
        "drafts": queries.drafts, "queue": queries.queue, "waiting": queries.waiting, "failed": queries.failed,
    }  # fmt: skip
    return entries(lists[sent.list](team=team), team)


@team(Permission.READ, says=_("An entry of the plan"), gives=PlanEntry)
def show(call: Call, team: OnTeam, entry_id: int) -> PlanEntry:
    return one(team, entry_id)


def one(team: OnTeam, entry_id: int) -> PlanEntry:
    """An entry as it stands now."""
    return entry(access.entry(team=team, entry_id=entry_id), team)


@team(Permission.WRITE, writes=True, says=_("A new draft"), takes=EntryFields, gives=PlanEntry, once=True)
def create(call: Call, team: OnTeam, sent: EntryFields) -> PlanEntry:
    return one(team, actions.make(team=team, draft=draft_of(sent), at=call.at))


@team(
    Permission.WRITE,
    writes=True,
    says=_("Change an entry over the version that was read"),
    takes=EntryFields,
    gives=PlanEntry,
    conflict=EntryConflict,
)
def change(call: Call, team: OnTeam, sent: EntryFields, entry_id: int) -> Any:
    before = access.entry(team=team, entry_id=entry_id)
    draft = draft_of(sent, before=before)
    try:
        actions.change(team=team, entry_id=entry_id, read_version=sent.version, draft=draft, at=call.at)
    except ChangedMeanwhile as error:
        return changed_meanwhile(error, team, content(draft.content))
    return one(team, entry_id)


def changed_meanwhile(error: ChangedMeanwhile, team: OnTeam, sent: PlanContent | None = None) -> Answer:
    """Both texts, for whoever brings them together."""
    body = EntryConflict(
        error=str(error.sentence), code=error.code, present=entry(error.present, team), sent=sent
    )
    return conflict(error, body)


@team(Permission.WRITE, writes=True, says=_("Throw an entry away; it can come back for thirty days"))
def discard(call: Call, team: OnTeam, entry_id: int) -> object:
    actions.discard(team=team, entry_id=entry_id, at=call.at)
    return NOTHING


@team(Permission.WRITE, writes=True, says=_("Bring back what was thrown away"), gives=PlanEntry)
def bring_back(call: Call, team: OnTeam, entry_id: int) -> PlanEntry:
    actions.bring_back(team=team, entry_id=entry_id, at=call.at)
    return one(team, entry_id)


@team(Permission.WRITE, writes=True, says=_("Another draft that says the same"), gives=PlanEntry, once=True)
def copy(call: Call, team: OnTeam, entry_id: int) -> PlanEntry:
    return one(team, actions.copy(team=team, entry_id=entry_id, at=call.at))


@team(Permission.READ, says=_("Every version of an entry"), gives=list[EntryVersion])
def versions(call: Call, team: OnTeam, entry_id: int) -> list[EntryVersion]:
    found = access.entry(team=team, entry_id=entry_id)
    return [version(each) for each in queries.versions(entry=found)]


@team(
    Permission.WRITE,
    writes=True,
    says=_("Say again what an earlier version said"),
    takes=OfVersion,
    gives=PlanEntry,
)
def restore(call: Call, team: OnTeam, sent: OfVersion, entry_id: int) -> PlanEntry:
    if not 0 < sent.version < 2**31:
        raise BadInput(_("There is no such version."), field="version")
    actions.restore(team=team, entry_id=entry_id, version=sent.version, at=call.at)
    return one(team, entry_id)


@team(Permission.READ, says=_("What was said about an entry"), gives=list[EntryComment])
def comments(call: Call, team: OnTeam, entry_id: int) -> list[EntryComment]:
    found = access.entry(team=team, entry_id=entry_id)
    return [comment(each) for each in queries.talk(entries=[found]).get(found.id, [])]


@team(Permission.READ, writes=True, says=_("Say something about an entry"), takes=Words, once=True)
def say(call: Call, team: OnTeam, sent: Words, entry_id: int) -> object:
    actions.comment(team=team, entry_id=entry_id, text=sent.text, at=call.at)
    return NOTHING


_ONE = "api/v1/studio/<page_id>/entries/<entry_id>"
urls = [
    route("api/v1/studio/<page_id>/entries", GET=index, POST=create),
    route(_ONE, GET=show, PUT=change, DELETE=discard),
    route(f"{_ONE}/bring_back", POST=bring_back),
    route(f"{_ONE}/copy", POST=copy),
    route(f"{_ONE}/versions", GET=versions),
    route(f"{_ONE}/restore", POST=restore),
    route(f"{_ONE}/comments", GET=comments, POST=say),
]
