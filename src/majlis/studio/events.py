"""What happens to a plan that members are told of. ``tell`` are the profiles that are to hear of it."""

from __future__ import annotations

from datetime import datetime

from majlis.core.events import Event


class ApprovalAsked(Event, frozen=True, kw_only=True):
    """Somebody of a team asks for a yes to an entry. Asking again before there is an answer is no new asking."""

    page_id: int
    handle: str
    entry_id: int
    by: int
    tell: tuple[int, ...]
    at: datetime


class ApprovalAnswered(Event, frozen=True, kw_only=True):
    """Yes, or changes are wanted. ``by`` is the page itself where the answer came by a link."""

    page_id: int
    handle: str
    entry_id: int
    by: int
    approved: bool
    tell: tuple[int, ...]
    at: datetime


class ApprovalEnded(Event, frozen=True, kw_only=True):
    """Nobody is asked any more: it was taken back, or the entry was thrown away."""

    page_id: int
    entry_id: int
    at: datetime
