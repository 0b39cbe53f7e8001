"""How a page's followers came and went. It is asked for on the page of today, so it is apart from the audience."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.insights import floor
from majlis.insights.figures import Figure, Part, Words, count, share
from majlis.insights.kinds import FEWEST_SHOWN
from majlis.insights.reports.tables import SQL
from majlis.insights.windows import Window, edges

FOLLOWERS: Final = _("Followers of the page, here and on other servers")


class Step(msgspec.Struct, frozen=True):
    """A day, or a week that begins with it. ``begun`` and ``ended``: None where it would tell of one to nine."""

    day: date
    followers: int
    begun: int | None
    ended: int | None


class Growth(msgspec.Struct, frozen=True):
    """Followers now, and what became of them over a window."""

    followers: Figure
    change: Figure
    rate: Figure
    begun: Figure
    ended: Figure
    step_days: int
    steps: tuple[Step, ...]


def growth(team: OnTeam, *, window: Window) -> Growth:
    """How the followers came and went over a window, in days of the page's zone. One query.

    How many follow is on the page's profile for all to see; how many came and went within it is not, so that has
    the floor.
    """
    team.require(Permission.MEASURE)
    every, steps, (begun, ended) = _steps(team, window)
    now_, before = (steps[-1].followers, _before(steps, begun, ended)) if steps else (0, 0)
    return Growth(
        followers=_count(now_, _("Followers"), _("Follows that have begun and not ended."), window, of_people=False),
        change=_count(now_ - before, _("Change"), _("Followers now − followers when the window began."), window,
                      of_people=False),
        rate=share(
            Part(_("Change"), now_ - before), Part(_("Followers when the window began"), before),
            name=_("Follower growth"), window=window, population=FOLLOWERS, known_part=True,
            formula=_("(Followers now − followers when the window began) ÷ followers when the window began."),
        ),
        begun=_count(_told(begun, ended)[0], _("New followers"), _("Follows that began in the window."), window),
        ended=_count(_told(begun, ended)[1], _("Lost followers"), _("Follows that ended in the window."), window),
        step_days=every, steps=steps,
    )  # fmt: skip


def _count(
    number: int | None, name: Words, formula: Words, window: Window, *, of_people: bool = True
) -> Figure:
    return count(number, name=name, window=window, population=FOLLOWERS, formula=formula, of_people=of_people)


def _before(steps: tuple[Step, ...], begun: int, ended: int) -> int:
    return steps[-1].followers - begun + ended


def _told(begun: int, ended: int) -> tuple[int | None, int | None]:
    """One is the other and the change, so both are told or neither."""
    few = floor.too_few(begun) or floor.too_few(ended)
    return (None, None) if few else (begun, ended)


def _steps(team: OnTeam, window: Window) -> tuple[int, tuple[Step, ...], tuple[int, int]]:
    every = 1 if window.since and (window.until - window.since).days < 60 else 7
    starts = edges(window, zone=team.time_zone, every=every)
    begins = [start for _day, start in starts]
    rows = sql.rows(SQL["follows_by_step"], page=team.page_id, first=begins[0], edges=[*begins, window.until])
    moved = {step: (begun, ended) for step, begun, ended in rows}
    so_far = moved.pop(0)[0] - sum(map(_net, moved.values()))
    moved.pop(len(starts) + 1, None)
    hidden = _hidden(moved)
    steps = []
    for step, (day, _start) in enumerate(starts, 1):
        begun, ended = moved.get(step, (0, 0))
        so_far += begun - ended
        away = step in hidden
        steps.append(Step(day, so_far, None if away else begun, None if away else ended))
    whole = [sum(pair[side] for pair in moved.values()) for side in (0, 1)]
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
