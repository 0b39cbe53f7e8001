"""Screens of a team that show its inbox hear that something in it is another."""

from __future__ import annotations

from typing import Final

from majlis.brands import signals
from majlis.care import events

INBOX: Final = "inbox"


def changed(event: events.CustomersWrote | events.WordsRead | events.ConversationChanged) -> None:
    """Lists and conversations are asked for anew."""
    signals.changed(event.page_id, INBOX, at=event.at)
