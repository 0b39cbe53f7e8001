"""After something was solved its customer is asked how content she is: in her language, by a link, and not often."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from majlis.care.access import Status
from majlis.care.events import ConversationChanged
from majlis.care.fixing import fixes
from majlis.care.statements import SQL
from majlis.care.terms import terms_of
from majlis.core import jobs, sql

JOB: Final = fixes.ASK


def changed(event: ConversationChanged) -> None:
    """It was solved by the team: its customer is asked in an hour, if it still is."""
    if event.by is None or event.what not in ("answered", "solved"):
        return
    row = sql.one(SQL["status_of"], id=event.conversation_id)
    if row and row[0] == Status.SOLVED:
        arguments = {"page_id": event.page_id, "conversation_id": event.conversation_id}
        jobs.enqueue(
            JOB,
            arguments,
            run_at=event.at + fixes.AFTER,
            key=str(event.conversation_id),
            when_waiting="replace",
        )


def ask(*, page_id: int, conversation_id: int, at: datetime) -> bool:
    """Ask her, where the page wants that; whether she was."""
    if not terms_of(page_id).ask_csat:
        return False
    words = {}
    for language in ("en", "ar"):
        with translation.override(language):
            words[language] = _("Did we help you? One tap is enough, and you need not sign in:")
    return fixes.ask_how_it_was(
        page_id=page_id, conversation_id=conversation_id, text=words["en"], text_ar=words["ar"], at=at
    )
