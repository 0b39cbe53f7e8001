"""The followers of a page: how many, since when, in which languages, and when they are here."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.insights import floor
from majlis.insights.figures import Figure, Words, count
from majlis.insights.kinds import FEWEST_SHOWN
from majlis.insights.reports.tables import SQL
from majlis.insights.windows import Window, edges

OUTSIDE: Final = "outside"
UNMEASURED: Final = "unmeasured"
UNKNOWN: Final = "unknown"
_BLOCKS: Final = (1, 2, 3, 6)
_FOLLOWERS: Final = _("Followers of the page, here and on other servers")


class Step(msgspec.Struct, frozen=True):
    """A day, or a week that begins with it. ``begun`` and ``ended``: None where it would tell of one to nine."""

    day: date
    followers: int
    begun: int | None
    ended: int | None


class Slot(msgspec.Struct, frozen=True):
    """Some hours of the week (Monday is 1) from ``hour`` on: how often a feed with a post of the page was opened in it."""

    weekday: int
    hour: int
    served: int | None


class Audience(msgspec.Struct, frozen=True):
    """All of it."""

    followers: Figure
    change: Figure
    begun: Figure
    ended: Figure
    step_days: int
    steps: tuple[Step, ...]
    languages: tuple[tuple[str, int | None], ...]
    slot_hours: int
    slots: tuple[Slot, ...]
    busiest: Slot | None


def audience(team: OnTeam, *, window: Window) -> Audience:
    """The audience over a window, in days of the page's zone. Three queries.

    How many follow is on the page's profile for all to see; how many came and went within it is not, so that has
    the floor.
    """
    team.require(Permission.MEASURE)
    every, steps, (begun, ended) = _steps(team, window)
    hours, slots = _slots(team, window)
    busiest = max((slot for slot in slots if slot.served), key=lambda slot: slot.served or 0, default=None)
    now_, before = (steps[-1].followers, _before(steps, begun, ended)) if steps else (0, 0)
    return Audience(
        followers=_count(now_, _("Followers"), _("Follows that have begun and not ended."), window, of_people=False),
        change=_count(now_ - before, _("Change"), _("Followers now − followers when the window began."), window,
                      of_people=False),
        begun=_count(_told(begun, ended)[0], _("New followers"), _("Follows that began in the window."), window),
        ended=_count(_told(begun, ended)[1], _("Lost followers"), _("Follows that ended in the window."), window),
        step_days=every, steps=steps, languages=_languages(team), slot_hours=hours, slots=slots, busiest=busiest,
    )  # fmt: skip


def _count(
    number: int | None, name: Words, formula: Words, window: Window, *, of_people: bool = True
) -> Figure:
    return count(
        number, name=name, window=window, population=_FOLLOWERS, formula=formula, of_people=of_people
    )


def _before(steps: tuple[Step, ...], begun: int, ended: int) -> int:
    return steps[-1].followers - begun + ended


def _told(begun: int, ended: int) -> tuple[int | None, int | None]:
    """One is the other and the change, so both are told or neither."""
    few = floor.too_few(begun) or floor.too_few(ended)
    return (None, None) if few else (begun, ended)


def _steps(team: OnTeam, window: Window) -> tuple[int, tuple[Step, ...], tuple[int, int]]:
    every = 1 if window.since and (window.until - window.since).days < 60 else 7
    starts = edges(window, zone=team.time_zone, every=every)
    rows = sql.rows(
        SQL["follows_by_step"], page=team.page_id, until=window.until, edges=[start for _day, start in starts]
    )
    moved = {step: (begun, ended) for step, begun, ended in rows}
    so_far = _net(moved.get(0, (0, 0)))
    hidden = _hidden({step: pair for step, pair in moved.items() if step})
    steps = []
    for step, (day, _start) in enumerate(starts, 1):
        begun, ended = moved.get(step, (0, 0))
        so_far += begun - ended
        away = step in hidden
        steps.append(Step(day, so_far, None if away else begun, None if away else ended))
    whole = [sum(pair[side] for step, pair in moved.items() if step) for side in (0, 1)]
    return every, tuple(steps), (whole[0], whole[1])


def _net(pair: tuple[int, int]) -> int:
    return pair[0] - pair[1]


def _hidden(moved: dict[int, tuple[int, int]]) -> set[int]:
    """Steps whose two numbers are not told: where one is small; and, as the sums are known, so many more that
    what is hidden of either is ten or nobody."""
    away = {step for step, pair in moved.items() if any(map(floor.too_few, pair))}
    others = sorted(
        (step for step, pair in moved.items() if step not in away and any(pair)), key=lambda s: sum(moved[s])
    )
    while away and others and any(0 < sum(moved[s][side] for s in away) < FEWEST_SHOWN for side in (0, 1)):
        away.add(others.pop(0))
    return away


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
