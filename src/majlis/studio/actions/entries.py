"""Writing entries: drafts, their versions, copies, what is thrown away and comes back.

Invariant: nothing that somebody saved is lost. Each save is a version; a save that was written over a version
that is not the newest is refused, and says whose the newest is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.studio import access, states
from majlis.studio.actions import asking
from majlis.studio.actions.queueing import hold_queue, settle_queue
from majlis.studio.actions.shelf import kept_on_shelf
from majlis.studio.changing import did
from majlis.studio.content import Content, kept, read, tidy
from majlis.studio.entries import Entry, SeenEntry
from majlis.studio.statements import SQL

MOST_PLANNED: Final = 2_000
"""Entries of a page that are neither published nor thrown away."""
BACK_WITHIN: Final = timedelta(days=30)
LONGEST_TITLE: Final = 120


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it was typed: what goes out, and what only the team sees of it."""

    content: Content
    title: str = ""
    campaign_id: int | None = None


class ChangedMeanwhile(Conflict):
    """Somebody else saved another version since this one was read. ``present`` is how it stands now."""

    default_code = "changed_meanwhile"

    def __init__(self, present: SeenEntry) -> None:
        super().__init__(_("Somebody else changed this meanwhile."))
        self.present = present


def make(*, team: OnTeam, draft: Draft, at: datetime) -> int:
    """A new draft; its id.

    Raises:
        BadInput: the plan is full, or the draft is more than one can hold.
        NotThere: a photo or the campaign is not the page's.
    """
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        require_room(team, 1)
        entry_id = insert(team, draft, at=at)
        did(team, "entry.made", at=at, subject=entry_id)
    return entry_id


def require_room(team: OnTeam, wanted: int) -> None:
    """Refuse when so many more would be too many."""
    if (over := planned(team) + wanted - MOST_PLANNED) > 0:
        raise BadInput(
            ngettext_lazy(
                "A plan holds 2,000 entries at the most: this is %(over)d too many.",
                "A plan holds 2,000 entries at the most: these are %(over)d too many.",
                over,
            )
            % {"over": over},
            code="plan_full",
        )


def planned(team: OnTeam) -> int:
    """How many entries are in the plan."""
    row = sql.one(SQL["counts"], page=team.page_id)
    return int(row[0]) if row else 0


class Recycled(msgspec.Struct, frozen=True):
    """An entry that comes again: of which one, when, how often more, and whose yes goes with it."""

    of: Entry
    due: datetime

    @property
    def columns(self) -> dict[str, object]:
        return {
            "again_every": self.of.again_every,
            "again_left": self.of.again_left - 1,
            "again_of": self.of.again_of or self.of.id,
            "due": self.due,
            "scheduled_by": self.of.scheduled_by,
            "asked_at": self.of.asked_at,
            "asked_by": None,
        }


_FRESH: Final[Mapping[str, object]] = dict.fromkeys(
    ("again_every", "again_of", "due", "scheduled_by", "asked_at", "asked_by")
) | {"again_left": 0}


def insert(team: OnTeam, draft: Draft, *, at: datetime, recycled: Recycled | None = None) -> int:
    """The rows of a new entry; its id."""
    content = kept_on_shelf(tidy(draft.content), page_id=team.page_id, at=at)
    entry_id = new_id()
    sql.execute(
        SQL["insert_entry"],
        id=entry_id,
        page=team.page_id,
        campaign=_own_campaign(team, draft.campaign_id),
        title=_title(draft.title),
        by=team.by,
        at=at,
        version_id=new_id(),
        **(recycled.columns if recycled else _FRESH),
        **kept(content),
    )
    if recycled:
        of = recycled.of
        sql.execute(SQL["take_over_approval"], id=new_id(), entry=entry_id, of=of.id, version=of.version)
    return entry_id


def _title(title: str) -> str:
    return " ".join(clean_text(title).split())[:LONGEST_TITLE]


def _own_campaign(team: OnTeam, campaign_id: int | None) -> int | None:
    if campaign_id and not sql.one(SQL["own_campaign"], campaign=campaign_id, page=team.page_id):
        raise NotThere(_("There is no such campaign."), field="campaign")
    return campaign_id


def change(*, team: OnTeam, entry_id: int, read_version: int, draft: Draft, at: datetime) -> int:
    """Save what was typed over ``read_version``; the number of the version that stands now.

    Saying the same as before makes no new version. An approval counts for the version it was given to, so
    this takes it back; who was asked, and had not said no, is asked again.

    Raises:
        ChangedMeanwhile: ``read_version`` is not the newest. NotThere, Conflict: see ``access.open_entry``.
        BadInput, NotThere: as :func:`make`.
    """
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        present = access.open_entry(team=team, entry_id=entry_id)
        if present.version != read_version:
            raise ChangedMeanwhile(present)
        _label(team, present, draft, at=at)
        content = kept_on_shelf(tidy(draft.content), page_id=team.page_id, at=at)
        return write_version(team, present, content, at=at)


def _label(team: OnTeam, present: SeenEntry, draft: Draft, *, at: datetime) -> None:
    """What only the team sees is no version: the last word stands."""
    title, campaign = _title(draft.title), _own_campaign(team, draft.campaign_id)
    if (title, campaign) != (present.title, present.campaign_id):
        sql.execute(SQL["label_entry"], id=present.id, title=title, campaign=campaign)
        did(team, "entry.labelled", at=at, subject=present.id)


def write_version(team: OnTeam, present: SeenEntry, content: Content, *, at: datetime) -> int:
    """The next version of an entry that is held, unless it says the same."""
    if content == present.content:
        return present.version
    again = present.asked_at is not None and (states.waits(present) or states.approved(present))
    sql.execute(
        SQL["change_entry"],
        id=present.id,
        version=present.version + 1,
        version_id=new_id(),
        by=team.by,
        at=at,
        ask_again=again,
        **kept(content),
    )
    did(team, "entry.changed", at=at, subject=present.id, version=present.version + 1)
    if again and not states.waits(present):  # a yes was taken back: that is a new asking
        asking.asked(team, msgspec.structs.replace(present, content=content, changed_by=team.by), at=at)
    return present.version + 1


def restore(*, team: OnTeam, entry_id: int, version: int, at: datetime) -> int:
    """Say again what an earlier version said, as a new version; its number.

    Raises:
        NotThere: there is no such version. Others: as :func:`change`.
    """
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        present = access.open_entry(team=team, entry_id=entry_id)
        row = sql.one(SQL["version"], entry=entry_id, version=version)
        if row is None:
            raise NotThere(_("There is no such version."))
        content = kept_on_shelf(read(*row[1:4]), page_id=team.page_id, at=at)
        return write_version(team, present, content, at=at)


def copy(*, team: OnTeam, entry_id: int, at: datetime) -> int:
    """Another draft that says the same, published or not; its id.

    Raises:
        NotThere: no such entry. BadInput: the plan is full.
    """
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        require_room(team, 1)
        found = access.entry(team=team, entry_id=entry_id)
        draft = Draft(content=found.content, title=found.title, campaign_id=found.campaign_id)
        made = insert(team, draft, at=at)
        did(team, "entry.copied", at=at, subject=made, of=str(entry_id))
    return made


def discard(*, team: OnTeam, entry_id: int, at: datetime) -> None:
    """Throw an entry away. It can come back for thirty days, and does not leave meanwhile.

    Raises:
        NotThere, Conflict: see ``access.open_entry``.
    """
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        hold_queue(team)
        found = access.open_entry(team=team, entry_id=entry_id)
        sql.execute(SQL["discard"], id=entry_id, at=at)
        if found.queued_at:
            settle_queue(page_id=team.page_id, at=at)
        did(team, "entry.discarded", at=at, subject=entry_id)
        if found.waits:
            asking.ended(team, entry_id, at=at)


def bring_back(*, team: OnTeam, entry_id: int, at: datetime) -> None:
    """Undo :func:`discard`: with its hour, if that has not passed.

    Raises:
        NotThere: no such entry.
    """
    with transaction.atomic():
        access.again(team, Permission.WRITE)
        hold_queue(team)
        found = access.entry(team=team, entry_id=entry_id, lock=True)
        if found.discarded_at is None:
            return
        require_room(team, 1)
        sql.execute(SQL["bring_back"], id=entry_id, at=at)
        if found.queued_at:
            settle_queue(page_id=team.page_id, at=at)
        did(team, "entry.brought_back", at=at, subject=entry_id)
