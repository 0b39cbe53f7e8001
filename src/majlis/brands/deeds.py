"""The book of a team: who did what in the page's name. The team reads it; nobody else does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from majlis.brands.access import SQL, OnTeam
from majlis.core import json, sql
from majlis.core.ids import new_id


def note(team: OnTeam, action: str, *, at: datetime, subject: int | None = None, **details: Any) -> None:
    """Write a line, in the transaction of the deed. ``action`` is a word like ``post.published``; ``subject``
    is the id of what it was done to, so that "posted by" can be asked for a post."""
    _write(team.page_id, team.by, team.role.value, action, at=at, subject=subject, details=details)


def note_of_house(page_id: int, action: str, *, at: datetime, **details: Any) -> None:
    """The same for what nobody of the team did: a domain that stopped proving, an invitation that was taken."""
    _write(page_id, None, "", action, at=at, subject=None, details=details)


def _write(
    page_id: int,
    by: int | None,
    role: str,
    action: str,
    *,
    at: datetime,
    subject: int | None,
    details: dict[str, Any],
) -> None:
    sql.execute(
        SQL["note_deed"],
        id=new_id(),
        page=page_id,
        by=by,
        role=role,
        action=action,
        subject=subject,
        details=json.encode(details).decode(),
        at=at,
    )
