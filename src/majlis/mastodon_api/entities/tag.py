"""Hashtags as apps know them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

import msgspec

from majlis.core import addresses
from majlis.posts import queries


class TagHistory(msgspec.Struct, kw_only=True):
    """Public posts with a hashtag on one day, and the people who wrote them. Numbers as text."""

    day: str
    accounts: str
    uses: str


class Tag(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/Tag/. The two last only for somebody signed in."""

    id: str
    name: str
    url: str
    history: list[TagHistory]
    following: bool | msgspec.UnsetType = msgspec.UNSET
    featuring: bool | msgspec.UnsetType = msgspec.UNSET


class FeaturedTag(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/entities/FeaturedTag/"""

    id: str
    name: str
    url: str
    statuses_count: str
    last_status_at: str | None


def history(days: Iterable[tuple[date, int, int]]) -> list[TagHistory]:
    """(day, posts, people) as apps read them."""
    return [
        TagHistory(
            day=str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())),
            accounts=str(people),
            uses=str(posts),
        )
        for day, posts, people in days
    ]


def tag(info: queries.TagInfo, *, viewer: int | None) -> Tag:
    """A hashtag as somebody sees it."""
    shown = Tag(
        id=str(info.id),
        name=info.shown,
        url=addresses.tag_url(info.name),
        history=history(info.history),
    )
    if viewer is not None:
        shown.following, shown.featuring = info.following, info.featuring
    return shown


def featured(info: queries.FeaturedTag) -> FeaturedTag:
    """A hashtag on a profile."""
    return FeaturedTag(
        id=str(info.id),
        name=info.shown,
        url=addresses.tag_url(info.name),
        statuses_count=str(info.posts),
        last_status_at=f"{info.last_at:%Y-%m-%d}" if info.last_at else None,
    )
