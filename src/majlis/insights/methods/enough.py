"""The answer where a number would be a guess: what there is too little of, and how much more it takes."""

from __future__ import annotations

import math
from enum import StrEnum

import msgspec


class Need(StrEnum):
    """What there is too little of."""

    CUSTOMERS = "customers"
    RETURNING = "returning"  # customers who bought more than once
    POSTS = "posts"
    CONVERSATIONS = "conversations"
    ANSWERS = "answers"  # of those who were asked how it was


class NotEnough(msgspec.Struct, frozen=True, kw_only=True):
    """Not enough yet: there are ``have`` of ``need``, and ``more`` is about how many of them, or of customers, are
    missing (None: it cannot be said, for nothing has happened that it could be told from)."""

    what: Need
    have: int
    need: int
    more: int | None


def lacking(what: Need, *, have: int, need: int, share: float | None = 1.0) -> NotEnough:
    """``share``: of those who come, how many are of the wanted kind; 0 or None: not known."""
    more = math.ceil((need - have) / share) if share else None
    return NotEnough(what=what, have=have, need=need, more=more)
