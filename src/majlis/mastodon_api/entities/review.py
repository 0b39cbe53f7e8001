"""Review: what a member thinks of a page, and what the page answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from majlis.brands.views import Rating as RatingView
from majlis.brands.views import ReviewView
from majlis.mastodon_api import profiles
from majlis.mastodon_api.described import AccountJson, Html, Key, Moment
from majlis.mastodon_api.entities.account import moment
from majlis.people import queries as people
from majlis.people.views import ProfileView


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What a member thinks of a page. ``replied_by`` is told to the page's team alone."""

    id: Key
    page_id: Key
    account: AccountJson
    stars: int
    recommends: bool | None
    text: str
    content: Html
    language: str | None
    created_at: Moment
    edited_at: Moment | None
    reply: Html | None
    replied_at: Moment | None
    replied_by: Key | None


class Rating(msgspec.Struct, frozen=True, kw_only=True):
    """What reviews come to. ``by_stars`` counts those with one star, two, … five."""

    count: int
    average: float | None
    recommend: int
    recommend_of: int
    by_stars: tuple[int, int, int, int, int]


def reviews(found: Sequence[ReviewView], *, of_team: bool) -> list[Review]:
    """Reviews as their readers see them. One query."""
    authors = people.profiles({each.author_id for each in found})
    return [review(each, authors, of_team=of_team) for each in found if each.author_id in authors]


def review(view: ReviewView, authors: Mapping[int, ProfileView], *, of_team: bool) -> Review:
    """One of them."""
    return Review(
        id=str(view.id),
        page_id=str(view.page_id),
        account=profiles.one(authors[view.author_id]),
        stars=view.stars,
        recommends=view.recommends,
        text=view.text,
        content=view.html,
        language=view.language or None,
        created_at=moment(view.made_at),
        edited_at=moment(view.edited_at) if view.edited_at else None,
        reply=view.reply_html or None,
        replied_at=moment(view.replied_at) if view.replied_at else None,
        replied_by=str(view.replied_by) if view.replied_by and of_team else None,
    )


def rating(view: RatingView) -> Rating:
    """What reviews come to."""
    return Rating(
        count=view.count,
        average=view.average,
        recommend=view.recommend,
        recommend_of=view.recommend_of,
        by_stars=view.by_stars,
    )
