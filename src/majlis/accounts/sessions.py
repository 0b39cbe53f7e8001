"""Browsers that are signed in: listed by handle, never by key, and ended one by one or all others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.accounts.events import SessionEnded
from majlis.accounts.tokens import checksum
from majlis.core.errors import NotThere
from majlis.core.events import emit


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. ``id`` is a handle that opens nothing."""

    id: int
    address: str
    user_agent: str
    began_at: datetime
    seen_at: datetime
    current: bool


def listed(*, user_id: int, current_key: str | None) -> list[Session]:
    """A member's signed-in browsers, the newest first."""
    rows = UserSession.objects.filter(user_id=user_id).order_by("-last_seen_at", "-pk")
    return [
        Session(
            row.pk, row.ip, row.user_agent, row.created_at, row.last_seen_at, row.session_key == current_key
        )
        for row in rows
        if row.exists()
    ]


def end(*, session_id: int, by: int, at: datetime) -> None:
    """Sign one browser out.

    Raises:
        NotThere: she has no such session.
    """
    if not _end(UserSession.objects.filter(pk=session_id, user_id=by), at):
        raise NotThere(_("There is no such session."))


def end_all(*, user_id: int, at: datetime, keep_key: str | None = None) -> int:
    """Sign out all browsers of a login but the one with this key; how many."""
    rows = UserSession.objects.filter(user_id=user_id)
    return _end(rows.exclude(session_key=keep_key) if keep_key else rows, at)


def _end(sessions: Iterable[UserSession], at: datetime) -> int:
    ended = 0
    with transaction.atomic():
        for session in sessions:
            emit(SessionEnded(user_id=session.user_id, checksum=checksum(session.session_key), at=at))
            session.end()
            ended += 1
    return ended
