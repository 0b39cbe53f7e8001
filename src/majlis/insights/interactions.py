"""What members do with posts of pages, as facts.

A fact says that something happened; taking it back does not make it undone, and doing it again does not make
it twice: a member reacts to, boosts and keeps a post once, however often she changes her mind. Comments and
quotes are told apart by their ids. METRICS counts interactions, the counters under a post count what stands.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from majlis.core import sql
from majlis.insights import origin
from majlis.insights.kinds import Kind
from majlis.insights.recording import NewFact, record
from majlis.insights.tables import SQL
from majlis.people import events as people
from majlis.posts import events as posts

ONCE: Final = 0
"""The nonce of what a member does to a post once."""


def reacted(event: posts.Reacted) -> None:
    """The first reaction; another kind in its place is the same reaction."""
    _tell({event.post_id: (Kind.REACTION, ONCE)}, by=event.profile_id, at=event.at)


def bookmarked(event: posts.Bookmarked) -> None:
    """She keeps it."""
    _tell({event.post_id: (Kind.SAVE, ONCE)}, by=event.profile_id, at=event.at)


def post_published(event: posts.PostPublished) -> None:
    """A comment, a boost or a quote. An answer within the conversation under a post comments on that post."""
    if event.imported:
        return
    about: dict[int, tuple[Kind, int]] = {}
    if event.reply_to_id:
        for post_id in (event.thread_id, event.reply_to_id):
            if post_id:
                about[post_id] = (Kind.COMMENT, event.post_id)
    if event.quote_of_id:
        about[event.quote_of_id] = (Kind.SHARE, event.post_id)
    if event.boost_of_id:
        about[event.boost_of_id] = (Kind.SHARE, ONCE)
    if about:
        _tell(about, by=event.author_id, at=event.at)


def followed(event: people.Followed) -> None:
    """She follows a page: a fact about the page, once."""
    if sql.one(SQL["is_page"], profile=event.followed) is None:
        return
    where = origin.current()
    fact = NewFact(
        page_id=event.followed, profile_id=event.follower, kind=Kind.FOLLOW, source=where.source,
        paid=where.paid, nonce=event.followed, at=event.at,
    )  # fmt: skip
    record([fact], arrived_at=event.at)


def _tell(about: dict[int, tuple[Kind, int]], *, by: int, at: datetime) -> None:
    """Record it for those of the posts that are measured."""
    where = origin.current()
    facts = [
        NewFact(
            page_id=page_id, post_id=post_id, profile_id=by, kind=about[post_id][0], source=where.source,
            paid=where.paid, nonce=about[post_id][1], at=at,
        )
        for post_id, page_id in sql.rows(SQL["measured_among"], posts=list(about))
    ]  # fmt: skip
    record(facts, arrived_at=at)
