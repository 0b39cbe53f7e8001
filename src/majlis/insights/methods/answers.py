"""What customers answer when they are asked how it was: CSAT, with how many answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

SATISFIED: Final = 4
"""Answers of 4 and 5 are of somebody satisfied (METRICS)."""


class Satisfaction(msgspec.Struct, frozen=True, kw_only=True):
    """``percent`` of answers of 4–5, ``mean`` of 1–5, both None without an answer; ``rate``: answers ÷ asked."""

    percent: float | None
    mean: float | None
    answers: int
    rate: float | None


def csat(ratings: Sequence[int], *, asked: int | None = None) -> Satisfaction:
    """Answers of 4–5 ÷ all answers × 100, with n and answer rate (METRICS). ``asked``: how many were, if known.

    Raises ValueError for a rating that is not 1 to 5, or for more answers than were asked for.
    """
    if any(not 1 <= each <= 5 for each in ratings):
        raise ValueError("a rating is 1 to 5")
    n = len(ratings)
    if asked is not None and asked < n:
        raise ValueError("there are more answers than were asked for")
    return Satisfaction(
        percent=100 * sum(each >= SATISFIED for each in ratings) / n if n else None,
        mean=sum(ratings) / n if n else None,
        answers=n,
        rate=n / asked if asked else None,
    )
