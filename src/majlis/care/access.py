"""The door to a conversation. Whoever holds an :class:`OwnConversation` is on the team of its page, in a role that answers.

Invariant: nothing of a conversation is read or changed without one. Somebody of another page, or of none, gets the answer
for a conversation that is not there.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.care.models import Conversation
from majlis.care.statements import SQL
from majlis.core import sql
from majlis.core.errors import NotThere

Status = Conversation.Status
Priority = Conversation.Priority


class OwnConversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation of the team's page, as it is worked on."""

    id: int
    page_id: int
    person_id: int
    source: str
    status: Status
    priority: Priority
    assignee: int | None
    cause: int | None
    language: str
    opened_at: datetime
    last_in_at: datetime | None
    version: int


def conversation(team: OnTeam, *, conversation_id: int, lock: bool = False) -> OwnConversation:
    """One of the page's conversations; a merged one is that into which it went. ``lock`` holds it, and her role, until
    the transaction ends.

    Raises:
        NotAllowed: her role does not answer.
        NotThere: there is none, or it is another page's.
    """
    team.require(Permission.ANSWER)
    if lock:
        team_door(page_id=team.page_id, by=team.by, needs=Permission.ANSWER, lock=True)
    return as_own(team.page_id, conversation_id, lock=lock)


def as_own(page_id: int, conversation_id: int, *, lock: bool = False) -> OwnConversation:
    """A conversation of a page, for who holds another door to it: a job of the house, or the customer herself.

    Raises:
        NotThere: there is none, or it is another page's.
    """
    row = sql.one(SQL["conversation_locked" if lock else "conversation"], page=page_id, id=conversation_id)
    if row is None:
        raise no_conversation(cause=f"conversation {conversation_id} of page {page_id}")
    id_, page, person, source, status, priority, *rest = row
    assignee, cause, language, opened, last_in, version = rest
    return OwnConversation(
        id=id_, page_id=page, person_id=person, source=source, status=Status(status), priority=Priority(priority),
        assignee=assignee, cause=cause, language=language, opened_at=opened, last_in_at=last_in, version=version,
    )  # fmt: skip


def no_conversation(*, cause: str | None = None) -> NotThere:
    """The answer for what is not there, or not hers."""
    return NotThere(_("There is no such conversation."), cause=cause)
