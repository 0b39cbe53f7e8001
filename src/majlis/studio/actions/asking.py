"""Who hears that a yes is asked for, and of the answer: as a notification and by mail.

Invariant: only who is on the team now hears of its plan; of one asking everybody hears once.
"""

from __future__ import annotations

from datetime import datetime

from majlis.brands.access import OnTeam
from majlis.brands.roles import MAY, Permission
from majlis.core import events, sql
from majlis.studio import letters
from majlis.studio.entries import Entry
from majlis.studio.events import ApprovalAnswered, ApprovalAsked, ApprovalEnded
from majlis.studio.statements import SQL


def asked(team: OnTeam, entry: Entry, *, at: datetime) -> None:
    """A yes is asked for by ``team.by``. Told are those who may give it: not she, nor, where the page wants
    somebody else's, who wrote the version."""
    wanted = _may_answer(team, but=(team.by, entry.changed_by if team.approval_needed else None))
    events.emit(
        ApprovalAsked(
            page_id=team.page_id, handle=team.handle, entry_id=entry.id, by=team.by, tell=wanted, at=at
        )
    )
    letters.asks_for_a_yes(entry, team, wanted, at=at)


def _may_answer(team: OnTeam, *, but: tuple[int | None, ...]) -> tuple[int, ...]:
    """Profiles of the team that may say yes. (The page itself is a login of its owner, who is on the team.)"""
    roles = [role.value for role, may in MAY.items() if Permission.APPROVE in may]
    members = sql.column(SQL["team_in_roles"], page=team.page_id, roles=roles)
    return tuple(each for each in members if each not in but)


def answered(
    team: OnTeam, entry: Entry, *, approved: bool, text: str, by_name: str | None, at: datetime
) -> None:
    """Yes, or changes are wanted: to whoever asked, or wrote it where nobody had; not to who answered.

    ``by_name`` is under what name the answer came by a link; None: ``team.by`` gave it.
    """
    row = sql.one(SQL["asked_by"], id=entry.id)
    asker = (row[0] if row else None) or entry.changed_by
    concerned = sql.column(SQL["still_on_team"], page=team.page_id, members=[asker] if asker else [])
    wanted = tuple(each for each in concerned if each != team.by or by_name is not None)
    events.emit(
        ApprovalAnswered(
            page_id=team.page_id,
            handle=team.handle,
            entry_id=entry.id,
            by=team.by,
            approved=approved,
            tell=wanted,
            at=at,
        )
    )
    letters.was_answered(entry, team, wanted, approved=approved, text=text, by_name=by_name, at=at)


def ended(team: OnTeam, entry_id: int, *, at: datetime) -> None:
    """Nobody is asked any more."""
    events.emit(ApprovalEnded(page_id=team.page_id, entry_id=entry_id, at=at))
