"""The few figures of a page that stand on the page of today."""

from __future__ import annotations

from datetime import UTC

from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.insights.figures import Figure, count
from majlis.insights.kinds import Kind, Source
from majlis.insights.reports import measures
from majlis.insights.reports.tables import SQL
from majlis.insights.windows import Window


def overview(team: OnTeam, *, window: Window) -> tuple[Figure, ...]:
    """People reached, followers among them, interactions. Two queries. Days of reach are days of UTC."""
    team.require(Permission.MEASURE)
    if window.since is None:
        raise ValueError("a window without beginning")
    row = sql.one(
        SQL["reached_by_page"],
        page=team.page_id,
        first=window.since.astimezone(UTC).date(),
        last=window.until.astimezone(UTC).date(),
    )
    people, followers = row or (0, 0)
    facts = {
        Kind(kind): times
        for kind, times in sql.rows(
            SQL["facts_of_page"],
            page=team.page_id,
            since=window.since,
            until=window.until,
            outside=int(Source.OUTSIDE),
        )
    }
    return (
        count(
            None if 0 < people - followers < 10 and followers else people,
            name=_("People reached"), window=window, population=measures.MEMBERS,
            formula=_("Distinct members with at least one impression of any post; not the sum over posts or days."),
        ),
        count(
            followers, name=_("Followers among them"), window=window, population=measures.MEMBERS,
            formula=_("Those of them who followed the page on a day on which they were reached."),
        ),
        count(
            measures.interactions(facts), name=_("Interactions"), window=window, population=measures.MEMBERS,
            formula=_("Clicks + reactions + comments + shares + saves + link clicks of members."),
        ),
    )  # fmt: skip
