"""The followers of a page: how many, since when, in which languages, and when they are here."""

from __future__ import annotations

from typing import Final

import msgspec

from majlis.brands.access import OnTeam
from majlis.core import sql
from majlis.insights import floor
from majlis.insights.reports.growth import Growth, growth
from majlis.insights.reports.tables import SQL
from majlis.insights.windows import Window

OUTSIDE: Final = "outside"
UNMEASURED: Final = "unmeasured"
UNKNOWN: Final = "unknown"
_BLOCKS: Final = (1, 2, 3, 6)


class Slot(msgspec.Struct, frozen=True):
    """Some hours of the week (Monday is 1) from ``hour`` on: how often a feed with a post of the page was opened in it."""

    weekday: int
    hour: int
    served: int | None


class Audience(Growth, frozen=True):
    """All of it."""

    languages: tuple[tuple[str, int | None], ...]
    slot_hours: int
    slots: tuple[Slot, ...]
    busiest: Slot | None


def audience(team: OnTeam, *, window: Window) -> Audience:
    """The audience over a window, in days of the page's zone. Three queries."""
    grown = growth(team, window=window)
    hours, slots = _slots(team, window)
    busiest = max((slot for slot in slots if slot.served), key=lambda slot: slot.served or 0, default=None)
    return Audience(
        **msgspec.structs.asdict(grown),
        languages=_languages(team), slot_hours=hours, slots=slots, busiest=busiest,
    )  # fmt: skip


def _languages(team: OnTeam) -> tuple[tuple[str, int | None], ...]:
    """The largest group first, those that are not told last."""
    counted: dict[str, int] = dict(sql.rows(SQL["followers_by_language"], page=team.page_id))
    shown = floor.shown(counted)
    return tuple(sorted(shown.items(), key=lambda each: (each[1] is None, -(each[1] or 0), each[0])))


def _slots(team: OnTeam, window: Window) -> tuple[int, tuple[Slot, ...]]:
    """In the finest blocks of hours in which half of it can be told."""
    rows = sql.rows(
        SQL["served_by_hour_of_week"],
        page=team.page_id,
        zone=team.time_zone,
        since=window.since,
        until=window.until,
    )
    found: tuple[int, tuple[Slot, ...]] = (1, ())
    for hours in _BLOCKS:
        counts = dict.fromkeys(((day, hour) for day in range(1, 8) for hour in range(0, 24, hours)), 0)
        for weekday, hour, times in rows:
            counts[weekday, hour - hour % hours] += times
        shown = floor.shown(counts)
        found = hours, tuple(Slot(day, hour, count_) for (day, hour), count_ in shown.items())
        if 2 * sum(filter(None, shown.values())) >= sum(counts.values()):
            break
    return found
