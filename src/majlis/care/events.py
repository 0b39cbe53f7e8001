"""What happens to conversations. Told inside the transaction of the deed; reactions stand in wiring.py."""

from __future__ import annotations

from datetime import datetime

from majlis.core.events import Event


class CustomersWrote(Event, frozen=True, kw_only=True):
    """Words of customers were taken in: ``opened`` are conversations that began with them, ``reopened`` those that were
    solved, ``written`` all in which something was said, those included."""

    page_id: int
    opened: tuple[int, ...]
    reopened: tuple[int, ...]
    written: tuple[int, ...]
    at: datetime


class WordsRead(Event, frozen=True, kw_only=True):
    """Readings of what customers wrote are there: messages, and the conversations they stand in."""

    page_id: int
    message_ids: tuple[int, ...]
    conversation_ids: tuple[int, ...]
    at: datetime


class ConversationChanged(Event, frozen=True, kw_only=True):
    """Its state, assignment or anything else that its lists show is another. ``what`` as ``Step.what``; ``by`` None: it
    happened by itself, or the customer did it."""

    page_id: int
    conversation_id: int
    what: str
    by: int | None
    at: datetime


class AnswerersCalled(Event, frozen=True, kw_only=True):
    """Somebody should act. ``why``: complaint (one came), assigned, due (soon), late. ``tell`` are those who should."""

    page_id: int
    handle: str
    conversation_id: int
    why: str
    tell: tuple[int, ...]
    at: datetime


class ConversationAnswered(Event, frozen=True, kw_only=True):
    """It was answered or solved: nobody needs to be called to it."""

    conversation_id: int
    at: datetime
