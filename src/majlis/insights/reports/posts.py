"""The posts of a page, each with its ledger and what came of it. Three queries, however many posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import msgspec

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.insights import ledger
from majlis.insights.figures import Figure
from majlis.insights.kinds import Kind, Source
from majlis.insights.reports import measures
from majlis.insights.reports.tables import SQL
from majlis.insights.windows import Window

MOST: Final = 100
"""So many of the newest posts of a window are looked at together."""


class Order(StrEnum):
    """How posts can be sorted."""

    NEWEST = "newest"
    REACH = "reach"
    ENGAGEMENT = "engagement"

    @classmethod
    def asked(cls, text: str) -> Order:
        """What an address asks for; the newest first when it is none of these."""
        return next((order for order in cls if order == text), cls.NEWEST)


class PostReport(msgspec.Struct, frozen=True):
    """A post of a page and what is known of it."""

    id: int
    title: str
    text: str
    appeared_at: datetime
    ledger: ledger.Ledger
    seen: Figure
    seen_rate: Figure
    organic_reach_rate: Figure
    engagement_rate: Figure


def posts(
    team: OnTeam, *, window: Window, order: Order = Order.NEWEST, limit: int = MOST
) -> list[PostReport]:
    """The newest posts of a window, sorted; those whose number cannot be told are last."""
    team.require(Permission.MEASURE)
    rows = sql.rows(
        SQL["posts_of_page"], page=team.page_id, since=window.since, until=window.until, limit=limit
    )
    ids = [row[0] for row in rows]
    states = _by_post(sql.rows(SQL["states_of_posts"], posts=ids)) if ids else {}
    facts = facts_of(ids)
    found = [_report(row, states.get(row[0], []), facts.get(row[0], {}), until=window.until) for row in rows]
    return _sorted(found, order)


def facts_of(ids: Sequence[int]) -> dict[int, dict[Kind, int]]:
    """How often members did something with posts."""
    found: defaultdict[int, dict[Kind, int]] = defaultdict(dict)
    rows = sql.rows(SQL["facts_of_posts"], posts=list(ids), outside=int(Source.OUTSIDE)) if ids else []
    for post, kind, times in rows:
        found[post][Kind(kind)] = times
    return dict(found)


def _by_post(rows: Iterable[Sequence[Any]]) -> dict[int, list[Sequence[Any]]]:
    found: defaultdict[int, list[Sequence[Any]]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row[1:])
    return found


def _report(
    row: Sequence[Any], states: Sequence[Sequence[Any]], facts: dict[Kind, int], *, until: datetime
) -> PostReport:
    post_id, page_id, appeared_at, eligible, outside, unmeasured, text, title = row
    exact = ledger.whole(post_id, (page_id, appeared_at, eligible, outside, unmeasured), states)
    told, window = ledger.floored(exact), Window(appeared_at, until)
    return PostReport(
        id=post_id, title=title, text=text, appeared_at=appeared_at, ledger=told,
        seen=measures.seen(told, window=window),
        seen_rate=measures.seen_rate(told, window=window),
        organic_reach_rate=measures.organic_reach_rate(exact, told, window=window),
        engagement_rate=measures.engagement_rate(
            measures.counted(exact, facts, followers=None), window=window
        ),
    )  # fmt: skip


def _sorted(found: list[PostReport], order: Order) -> list[PostReport]:
    def by(figure: Figure) -> tuple[bool, float]:
        return figure.value is not None, float(figure.value or 0)

    if order == Order.REACH:
        return sorted(found, key=lambda post: by(post.seen_rate), reverse=True)
    if order == Order.ENGAGEMENT:
        return sorted(found, key=lambda post: by(post.engagement_rate), reverse=True)
    return found
