"""What people talk about: read from the small tables that the job fills, and asked again for each viewer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from majlis.core import sql
from majlis.core.ids import lowest_id_at
from majlis.discovery.queries.statements import SQL
from majlis.posts import queries as post_queries
from majlis.posts.queries import CardView, TagInfo

History = tuple[tuple[date, int, int], ...]
"""(day, posts, people) of the last seven days, newest first."""


@dataclass(frozen=True, slots=True)
class TrendingTag:
    """A hashtag people write: ``people`` and ``posts`` within the last day."""

    tag: TagInfo
    people: int
    posts: int


@dataclass(frozen=True, slots=True)
class TrendingLink:
    """A page people link to: ``people`` and ``posts`` within the last three days."""

    card_id: int
    card: CardView
    people: int
    posts: int
    history: History


@dataclass(frozen=True, slots=True)
class Refused:
    """What the operator keeps out of the trends. ``kind``: link, host, post or author."""

    kind: str
    subject: str
    by: int | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Explore:
    """What the explore page shows."""

    tags: list[TrendingTag]
    post_ids: list[int]
    links: list[TrendingLink]


def trending_tags(*, viewer: int | None, at: datetime, limit: int = 10, offset: int = 0) -> list[TrendingTag]:
    """Hashtags that several people write just now. Two queries."""
    rows = sql.rows(SQL["trending_tags"], viewer=viewer, at=at, limit=limit, offset=offset)
    histories = post_queries.tag_histories([row[0] for row in rows], at=at) if rows else {}
    return [
        TrendingTag(replace(TagInfo(*row[:5]), history=histories[row[0]]), people=row[5], posts=row[6])
        for row in rows
    ]


def trending_posts(
    *, viewer: int | None, at: datetime, limit: int = 20, offset: int = 0, language: str = ""
) -> list[int]:
    """Ids of public posts that several people answered, boosted or reacted to; none she may not see."""
    return sql.column(
        SQL["trending_posts"], viewer=viewer, at=at, limit=limit, offset=offset, language=language
    )


def trending_links(
    *, viewer: int | None, at: datetime, limit: int = 10, offset: int = 0
) -> list[TrendingLink]:
    """Pages that several people link to just now. Two queries."""
    rows = sql.rows(SQL["trending_links"], viewer=viewer, at=at, limit=limit, offset=offset)
    histories = link_histories([row[0] for row in rows], at=at)
    return [
        TrendingLink(
            card_id=row[0],
            card=CardView(
                url=row[1],
                title=row[2],
                description=row[3],
                site=row[4],
                author_name=row[5],
                image_key=row[6],
                image_width=row[7],
                image_height=row[8],
                blurhash=row[9],
                language=row[10],
            ),
            people=row[11],
            posts=row[12],
            history=histories[row[0]],
        )
        for row in rows
    ]


def link_histories(card_ids: Iterable[int], *, at: datetime) -> dict[int, History]:
    """Per card: (day, public posts, people) of the last seven days, newest first."""
    ids = list(card_ids)
    found: dict[int, dict[date, tuple[int, int]]] = {id_: {} for id_ in ids}
    if ids:
        since = lowest_id_at(at - timedelta(days=7))
        for card_id, day, posts, people in sql.rows(SQL["link_history"], cards=ids, since=since):
            found[card_id][day] = (posts, people)
    return {id_: _week(days, at=at) for id_, days in found.items()}


def _week(days: Mapping[date, tuple[int, int]], *, at: datetime) -> History:
    week = [(at - timedelta(days=back)).date() for back in range(7)]
    return tuple((day, *days.get(day, (0, 0))) for day in week)


def explore(*, viewer: int | None, at: datetime, posts: int = 20, others: int = 10) -> Explore:
    """The explore page: hashtags, posts and links people talk about. Five queries at the most."""
    return Explore(
        tags=trending_tags(viewer=viewer, at=at, limit=others),
        post_ids=trending_posts(viewer=viewer, at=at, limit=posts),
        links=trending_links(viewer=viewer, at=at, limit=others),
    )


def refusals(*, limit: int = 200) -> list[Refused]:
    """What is kept out of the trends, last refused first. For the operator alone."""
    return [Refused(*row) for row in sql.rows(SQL["refusals"], limit=limit)]
