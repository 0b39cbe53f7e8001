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
    sql.execute(
        SQL["note_deed"],
        id=new_id(),
        page=team.page_id,
        by=team.by,
        role=team.role.value,
        action=action,
        subject=subject,
        details=json.encode(details).decode(),
        at=at,
    )
