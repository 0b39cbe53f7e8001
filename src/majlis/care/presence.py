"""Who has a conversation open right now, so that two do not answer the same customer.

A sign is given every 20 seconds or so by the screen that shows it, and counts for :data:`inbox.PRESENT` seconds.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction

from majlis.brands import signals
from majlis.brands.access import OnTeam
from majlis.care import access, screens
from majlis.care.inbox import PRESENT
from majlis.care.statements import SQL
from majlis.core import sql

KEPT: Final = timedelta(hours=1)


class Present(msgspec.Struct, frozen=True):
    """Somebody who has it open; ``answering``: she is writing an answer."""

    member_id: int
    name: str
    answering: bool


@transaction.atomic
def beat(team: OnTeam, *, conversation_id: int, answering: bool, at: datetime) -> list[Present]:
    """She has this conversation open; who else has. Screens of the others hear of it when it is news.

    Raises:
        NotAllowed: her role does not answer.
        NotThere: there is no such conversation of the page.
    """
    found = access.conversation(team, conversation_id=conversation_id)
    news = sql.one(
        SQL["beat"], conversation=found.id, member=team.by, answering=answering, at=at, present=PRESENT
    )
    if news and news[0]:
        signals.changed(team.page_id, screens.INBOX, at=at)
    return _there(found.id, by=team.by, at=at)


@transaction.atomic
def leave(team: OnTeam, *, conversation_id: int, at: datetime) -> None:
    """She has it open no longer.

    Raises:
        NotAllowed, NotThere: see :func:`beat`.
    """
    found = access.conversation(team, conversation_id=conversation_id)
    if sql.execute(SQL["leave"], conversation=found.id, member=team.by):
        signals.changed(team.page_id, screens.INBOX, at=at)


def there(team: OnTeam, *, conversation_id: int, at: datetime) -> list[Present]:
    """Who else has it open.

    Raises:
        NotAllowed, NotThere: see :func:`beat`.
    """
    found = access.conversation(team, conversation_id=conversation_id)
    return _there(found.id, by=team.by, at=at)


def forget(*, at: datetime) -> int:
    """Drop signs that are worth nothing any more; how many."""
    return sql.execute(SQL["forget_present"], before=at - KEPT)


def _there(conversation: int, *, by: int, at: datetime) -> list[Present]:
    rows = sql.rows(SQL["present"], conversation=conversation, by=by, at=at, present=PRESENT)
    return [Present(*row) for row in rows]
