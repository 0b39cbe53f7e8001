"""What open screens of a team are told, live: that something of their page changed, and what."""

from __future__ import annotations

from datetime import datetime

from majlis.core import changes


def changed(page_id: int, what: str, at: datetime) -> None:
    """Tell the team's open screens. ``what`` is a word such as ``team``, ``reviews``, ``calendar``; call it in
    the transaction of the deed. It carries no content: whoever hears it asks again, through the door."""
    changes.append("studio.changed", page_id, at=at, what=what)


def role_changed(page_id: int, member: int, at: datetime) -> None:
    """Somebody's role began, changed or ended: her open streams of this page are looked at again at once."""
    changes.append("team.changed", page_id, at=at, member=member)
    changed(page_id, "team", at)
