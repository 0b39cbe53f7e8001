"""What follows every change of a plan: the book of the team, and open calendars that are to look again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from majlis.brands import deeds, signals
from majlis.brands.access import OnTeam


def did(team: OnTeam, action: str, *, at: datetime, subject: int | None = None, **details: Any) -> None:
    """Note what was done, in the transaction of the deed, and tell those who look at the plan."""
    deeds.note(team, action, at=at, subject=subject, **details)
    told(team.page_id, at=at)


def told(page_id: int, *, at: datetime) -> None:
    """The plan of a page is another one now."""
    signals.changed(page_id, "calendar", at)
