"""The house as a whole: how many are here, who came when, who wants to be discovered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from majlis.core.sql import column, one, rows
from majlis.people.queries.sql import NOBODY, SQL


@dataclass(frozen=True, slots=True)
class Census:
    """Members of this server that are not withdrawn. Active is who posted: nobody is counted for reading."""

    members: int
    active_month: int
    active_half_year: int
    posts: int


def census(*, at: datetime) -> Census:
    """The numbers at the moment ``at``, by days. Reads every profile: remember the answer for a while."""
    today = at.date()
    row = one(SQL["census"], month=today - timedelta(days=30), half_year=today - timedelta(days=182))
    return Census(*(row or (0, 0, 0, 0)))


def joined(*, stretches: Sequence[tuple[int, int]]) -> list[int]:
    """How many came in each of some stretches, given as the lowest and the end of their ids."""
    lows, highs = [low for low, _high in stretches], [high for _low, high in stretches]
    return [int(number) for _place, number in rows(SQL["joined_per_week"], lows=lows, highs=highs)]


def directory(
    *, viewer_id: int | None, order: Literal["active", "new"], offset: int, limit: int, at: datetime
) -> list[int]:
    """Members who want to be discovered: those who posted last first, or the newest first."""
    return column(SQL[f"directory_{order}"], viewer=viewer_id or NOBODY, offset=offset, limit=limit, at=at)
