"""The doors to what a team plans. Behind each stands the team door: who is not on the team finds nothing."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission, roles_with
from majlis.core import json, sql
from majlis.core.errors import Conflict, NotThere
from majlis.studio.entries import SeenEntry, of_row
from majlis.studio.statements import SQL


def not_there() -> NotThere:
    """The one answer for entries that are not there or not of this page."""
    return NotThere(_("There is no such entry in this plan."))


def again(team: OnTeam, needs: Permission) -> OnTeam:
    """The team door once more, inside the transaction of the deed: a role cannot end before that does.

    Raises:
        NotThere, NotAllowed: as the team door.
    """
    return team_door(page_id=team.page_id, by=team.by, needs=needs, lock=True)


def entry(*, team: OnTeam, entry_id: int, lock: bool = False) -> SeenEntry:
    """An entry of the page, whatever its state.

    Raises:
        NotThere: there is none, or it is another page's.
    """
    row = sql.one(SQL["entry_locked" if lock else "entry"], id=entry_id, page=team.page_id)
    if row is None:
        raise not_there()
    seen: SeenEntry = of_row(row, SeenEntry)
    return seen


def open_entry(*, team: OnTeam, entry_id: int) -> SeenEntry:
    """An entry that can still be changed, held until the end of the transaction.

    Raises:
        NotThere: as :func:`entry`.
        Conflict: it is out already, or was thrown away.
    """
    found = entry(team=team, entry_id=entry_id, lock=True)
    if found.post_id:
        raise Conflict(_("This is published already. Edit the post instead."), code="published")
    if found.discarded_at:
        raise Conflict(_("This was thrown away. Bring it back first."), code="discarded")
    return found


class Reviewer(msgspec.Struct, frozen=True):
    """Whoever holds the secret of a review link, for as long as that is good. Made by :func:`reviewer` alone."""

    link_id: int
    page_id: int
    name: str
    entries: tuple[int, ...]
    made_by: int | None
    expires_at: datetime
    handle: str
    page_name: str
    time_zone: str
    approval_needed: bool


def makers() -> dict[str, list[str]]:
    """Which roles may have made a link that is good, for SQL; see :func:`actions.links.may_make`."""
    return {"owners": roles_with(Permission.TEAM), "approvers": roles_with(Permission.APPROVE)}


def hash_of(secret: str) -> str:
    """What is kept of a secret. It has 192 random bits, so a plain hash is enough."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def reviewer(*, secret: str, at: datetime) -> Reviewer:
    """The door of a review link.

    Raises:
        NotThere: unknown, revoked, expired, or made by somebody who could make it no longer: one answer for all.
    """
    row = sql.one(SQL["link"], hash=hash_of(secret), at=at, **makers())
    if row is None:
        raise NotThere(_("This link opens nothing, or nothing any more. Ask for a new one."))
    link_id, page_id, name, entries, *rest = row
    return Reviewer(link_id, page_id, name, tuple(map(int, json.decode_own(entries))), *rest)


def reviewed(*, by: Reviewer, entry_id: int) -> SeenEntry:
    """An entry that a link shows and that is not out yet, held until the end of the transaction.

    Raises:
        NotThere: the link does not show it.
    """
    shown = {row[0] for row in sql.rows(SQL["for_review"], **review_bounds(by))}
    row = sql.one(SQL["entry_locked"], id=entry_id, page=by.page_id) if entry_id in shown else None
    found: SeenEntry | None = of_row(row, SeenEntry) if row else None
    if found is None or not found.open:
        raise not_there()
    return found


def review_bounds(by: Reviewer) -> dict[str, object]:
    """Which entries a link shows, for SQL."""
    return {"page": by.page_id, "ids": list(by.entries), "link": by.link_id, "limit": 100}
