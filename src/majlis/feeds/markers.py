"""How far a member has read, per timeline: ``home`` and ``notifications``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from majlis.core import sql
from majlis.core.ids import new_id
from majlis.feeds.statements import NEWEST


@dataclass(frozen=True, slots=True)
class MarkerView:
    """She has read to ``last_read_id``; ``version`` counts how often that moved."""

    timeline: str
    last_read_id: int
    version: int
    updated_at: datetime


def markers(*, viewer: int, timelines: Sequence[str]) -> dict[str, MarkerView]:
    """The markers that are set, by timeline. One query."""
    found = sql.rows(NEWEST["markers"], viewer=viewer, timelines=list(timelines))
    return {row[0]: MarkerView(*row) for row in found}


def set_marker(*, by: int, timeline: str, last_read_id: int, at: datetime) -> MarkerView:
    """She has read to here; the marker as it stands then."""
    row = sql.one(NEWEST["set_marker"], id=new_id(), viewer=by, timeline=timeline, last=last_read_id, at=at)
    assert row is not None  # noqa: S101  # DO UPDATE always returns
    return MarkerView(*row)
