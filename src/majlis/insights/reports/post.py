"""One post: its ledger, its hours, where it was seen, and what promotion added."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.errors import NotThere
from majlis.insights import floor, ledger
from majlis.insights.figures import Figure, Words, count
from majlis.insights.floor import too_few
from majlis.insights.kinds import Source
from majlis.insights.reports import measures
from majlis.insights.reports.posts import facts_of
from majlis.insights.reports.tables import SQL
from majlis.insights.windows import Window

WATCHED: Final = timedelta(days=7)
"""So long after a post its hours are told, or until nobody sees it for the first time any more."""
_STEPS: Final = (1, 3, 6, 12, 24)


class Step(msgspec.Struct, frozen=True):
    """A few hours; who viewed the post for the first time in them. None: fewer than ten, or with such."""

    since: datetime
    until: datetime
    reached: int | None


class FromSource(msgspec.Struct, frozen=True):
    """Where it was seen first, and how often it was served and viewed there."""

    source: Source
    reached: int | None
    served: int | None
    viewed: int | None


class OnePost(msgspec.Struct, frozen=True):
    """A post of the page, measured."""

    id: int
    title: str
    text: str
    appeared_at: datetime
    followers: int | None  # of the page when it appeared, whether it was for them or not
    ledger: ledger.Ledger
    figures: dict[str, Figure]
    step_hours: int
    steps: tuple[Step, ...]
    sources: tuple[FromSource, ...]


def post(team: OnTeam, *, post_id: int, at: datetime) -> OnePost:
    """All of it. Six queries.

    Raises:
        NotThere: it is no measured post of this page, or not there any more.
    """
    team.require(Permission.MEASURE)
    row = sql.one(SQL["own_post"], post=post_id, page=team.page_id)
    if row is None:
        raise NotThere(_("There is no such post."), cause=f"post {post_id} of {team.page_id}")
    appeared_at, text, title, followers = row
    exact = ledger.exact(post_id=post_id)
    told = ledger.floored(exact)
    told_followers = None if too_few(followers - exact.eligible) else followers
    facts = facts_of([post_id]).get(post_id, {})
    of = measures.counted(exact, facts, followers=told_followers)
    # what sums to a reach that is not told does not tell it either
    hours, steps = series(post_id, appeared_at=appeared_at, at=at, sum_told=of.reach is not None)
    return OnePost(
        id=post_id, title=title, text=text, appeared_at=appeared_at,
        followers=told_followers, ledger=told,
        figures=_figures(exact, told, of, Window(appeared_at, at)), step_hours=hours, steps=steps,
        sources=_sources(post_id, sum_told=of.reach is not None),
    )  # fmt: skip


def _figures(
    exact: ledger.Exact, told: ledger.Ledger, of: measures.Counted, window: Window
) -> dict[str, Figure]:
    organic, paid = _ways(exact) if of.reach is not None else (None, None)
    return {
        "eligible": measures.eligible(told, window=window),
        "seen": measures.seen(told, window=window),
        "seen_rate": measures.seen_rate(told, window=window),
        "organic_reach_rate": measures.organic_reach_rate(exact, told, window=window),
        "reach": measures.reach(of, window=window),
        "reach_by_followers": measures.reach_by_followers(of, window=window),
        "frequency": measures.frequency(of, window=window),
        "engagement_rate": measures.engagement_rate(of, window=window),
        "engagement_by_impressions": measures.engagement_by_impressions(of, window=window),
        "engagement_by_followers": measures.engagement_by_followers(of, window=window),
        "organic": _way(
            organic, _("Reached unpaid"), _("Distinct members with an unpaid impression."), window
        ),
        "paid": _way(paid, _("Reached by promotion"), _("Distinct members with a paid impression."), window),
    }


def _ways(exact: ledger.Exact) -> tuple[int | None, int | None]:
    """Unpaid and paid; somebody may be both. Where only one to nine are paid, or only by promotion, neither is."""
    people = exact.followers.people + exact.strangers.people
    organic = exact.followers.organic + exact.strangers.organic
    paid = exact.followers.paid + exact.strangers.paid
    if too_few(paid) or too_few(people - organic) or (paid and too_few(people - paid)):
        return None, None
    return organic, paid


def _way(number: int | None, name: Words, formula: Words, window: Window) -> Figure:
    return count(number, name=name, window=window, population=measures.MEMBERS, formula=formula)


def series(
    post_id: int, *, appeared_at: datetime, at: datetime, sum_told: bool = True
) -> tuple[int, tuple[Step, ...]]:
    """The finest steps in which half of those who saw it stand in steps that can be told."""
    rows = sql.rows(SQL["hours_of_post"], post=post_id)
    begin = appeared_at.replace(minute=0, second=0, microsecond=0)
    last = max((hour for hour, unpaid, paid in rows if (unpaid or 0) + (paid or 0) > 0), default=begin)
    end = min(at, begin + WATCHED, max(last, begin + timedelta(hours=23)) + timedelta(hours=1))
    found: tuple[int, tuple[Step, ...]] = (_STEPS[-1], ())
    for hours in _STEPS:
        width = timedelta(hours=hours)
        counts = dict.fromkeys(range(max(0, -(-(end - begin) // width))), 0)
        for hour, unpaid, paid in rows:
            step = (hour - begin) // width
            if step in counts:
                counts[step] += (unpaid or 0) + (paid or 0)
        shown = floor.shown(counts, sum_told=sum_told)
        found = (
            hours,
            tuple(
                Step(begin + width * step, begin + width * (step + 1), count_)
                for step, count_ in shown.items()
            ),
        )
        if 2 * sum(filter(None, shown.values())) >= sum(counts.values()):
            break
    return found


def _sources(post_id: int, *, sum_told: bool) -> tuple[FromSource, ...]:
    rows = sql.rows(SQL["sources_of_post"], post=post_id)
    reached = floor.shown({row[0]: row[3] or 0 for row in rows}, sum_told=sum_told)
    served = floor.shown({row[0]: row[1] or 0 for row in rows})
    viewed = floor.shown({row[0]: row[2] or 0 for row in rows})
    return tuple(FromSource(Source(row[0]), reached[row[0]], served[row[0]], viewed[row[0]]) for row in rows)
