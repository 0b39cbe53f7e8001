"""The figures of a page over a window: whom it reached, what they did, and what that is of each other."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.insights import older
from majlis.insights.figures import Figure, count
from majlis.insights.floor import too_few
from majlis.insights.kinds import Kind, Source
from majlis.insights.reports import measures
from majlis.insights.reports.tables import SQL
from majlis.insights.windows import Window

_HOUR: Final = timedelta(hours=1)
_FROM_FILES: Final = """
    SELECT kind, count(*) AS times FROM facts WHERE page_id = $1::BIGINT AND source <> $2 GROUP BY kind
"""


class Overview(msgspec.Struct, frozen=True):
    """What a page looks at first, and the rates that are made of it."""

    reach: Figure
    followers: Figure
    interactions: Figure
    reach_by_followers: Figure
    frequency: Figure
    engagement_rate: Figure
    engagement_by_impressions: Figure
    engagement_by_followers: Figure

    @property
    def glance(self) -> tuple[Figure, ...]:
        """Those that need no second look."""
        return self.reach, self.followers, self.interactions


def overview(team: OnTeam, *, window: Window) -> Overview:
    """Over a window of whole days of the page's zone that reaches until now. Two queries, and up to two more where
    days there do not begin with an hour of UTC."""
    team.require(Permission.MEASURE)
    if window.since is None:
        raise ValueError("a window without beginning")
    people, followers, now_ = _reached(team.page_id, window.since)
    facts = _facts(team.page_id, window.since, window.until)
    of = measures.Counted(
        reach=people if _is_told(people, followers) else None,
        impressions=facts.get(Kind.IMPRESSION, 0), interactions=measures.interactions(facts), followers=now_,
    )  # fmt: skip
    return Overview(
        reach=count(
            of.reach, name=_("People reached"), window=window, population=measures.MEMBERS,
            formula=_("Distinct members with at least one impression of any post; not the sum over posts or days."),
        ),
        followers=count(
            followers, name=_("Followers among them"), window=window, population=measures.MEMBERS,
            formula=_("Those of them who followed the page at a moment at which they were reached."),
        ),
        interactions=count(
            of.interactions, name=_("Interactions"), window=window, population=measures.MEMBERS,
            formula=_("Clicks + reactions + comments + shares + saves + link clicks of members."),
        ),
        reach_by_followers=measures.reach_by_followers(of, window=window),
        frequency=measures.frequency(of, window=window),
        engagement_rate=measures.engagement_rate(of, window=window),
        engagement_by_impressions=measures.engagement_by_impressions(of, window=window),
        engagement_by_followers=measures.engagement_by_followers(of, window=window),
    )  # fmt: skip


def reach_is_told(team: OnTeam, *, since: datetime) -> bool:
    """Whether the reach from then on may be shown, here or anywhere else. One query."""
    people, followers, _now = _reached(team.page_id, since)
    return _is_told(people, followers)


def _is_told(people: int, followers: int) -> bool:
    """Not where it would tell, beside the followers among them, of one to nine others."""
    return not (followers and too_few(people - followers))


def _reached(page_id: int, since: datetime) -> tuple[int, int, int]:
    """Members reached from then on, followers among them, and followers now."""
    row = sql.one(SQL["reached_by_page"], page=page_id, since=since)
    return (row[0], row[1], row[2]) if row else (0, 0, 0)


def _facts(page_id: int, since: datetime, until: datetime) -> Counter[Kind]:
    """How often members did something with a page and its posts. Rollups are of whole hours of UTC; what is before
    the first of them is counted one by one."""
    outside = int(Source.OUTSIDE)
    hour = since if not since.minute else since.replace(minute=0) + _HOUR
    found: Counter[Kind] = Counter()
    for kind, times in sql.rows(SQL["facts_of_page"], page=page_id, since=hour, until=until, outside=outside):
        found[Kind(kind)] += times
    if hour > since:
        early = sql.rows(SQL["facts_between"], page=page_id, since=since, until=hour, outside=outside)
        moved = older.ask(_FROM_FILES, since=since, until=hour, given=(page_id, outside))
        for kind, times in (*early, *zip(*moved, strict=True)):
            found[Kind(int(kind))] += int(times)
    return found
