"""An answer that knows what its writer had read: who answers at the same time is asked before the customer hears twice."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.care import access, acting
from majlis.care.access import Status
from majlis.care.statements import SQL
from majlis.core import sql
from majlis.core.errors import Conflict


class Answered(msgspec.Struct, frozen=True):
    """An answer that somebody else gave meanwhile."""

    message_id: int
    by_name: str
    at: datetime


class AnsweredMeanwhile(Conflict):
    """Somebody else of the team answered since this answer was begun; nothing was sent."""

    default_code = "answered_meanwhile"

    def __init__(self, answered: Answered) -> None:
        sentence = _("%(name)s has answered in the meantime. Nothing was sent yet.")
        super().__init__(sentence % {"name": answered.by_name or _("Somebody")}, field="text")
        self.answered = answered


def answer(
    team: OnTeam,
    *,
    conversation_id: int,
    text: str,
    seen: int,
    then: Status = Status.WAITING,
    key: str = "",
    at: datetime,
) -> int | None:
    """:func:`acting.answer`, unless somebody else answered after the message ``seen``, the last one its writer had before
    her eyes. Two who send at once are let in one after the other, so that the second is asked.

    Raises:
        AnsweredMeanwhile: somebody else did.
        BadInput, Conflict, NotAllowed, NotThere: see :func:`acting.answer`.
    """
    with transaction.atomic():
        found = access.conversation(team, conversation_id=conversation_id, lock=True)
        other = sql.one(SQL["answered_since"], conversation=found.id, seen=seen, by=team.by)
        if other is not None:
            raise AnsweredMeanwhile(Answered(*other))
        return acting.answer(team, conversation_id=found.id, text=text, then=then, key=key, at=at)
