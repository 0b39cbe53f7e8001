"""What happened to the bakery's posts, told to the books: measured posts, facts, states, clicks; week by week."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from majlis.config.demo_data.bakery.readers import Done, Told
from majlis.core import sql
from majlis.insights import measuring, recording, states
from majlis.insights.kinds import Kind
from majlis.posts.actions.bulk import WholePost
from majlis.posts.events import PostPublished
from majlis.studio.links import clicks

T = TypeVar("T")
_WEEK: Final = timedelta(days=7)
# boosts are told once per member and post, comments and quotes by their own ids: as insights hear of them
_DONE: Final = """
    SELECT r.post_id, r.profile_id, 4, 0::bigint, r.made_at FROM posts_reaction r
    JOIN posts_post p ON p.id = r.post_id AND p.author_id = %(page)s
    UNION ALL
    SELECT t.id, w.author_id, 5, w.id, w.made_at FROM posts_post w
    JOIN posts_post t ON t.id IN (w.reply_to_id, w.thread_id) AND t.id <> w.id AND t.author_id = %(page)s
    WHERE w.author_id <> %(page)s AND w.reply_to_id IS NOT NULL
    UNION ALL
    SELECT t.id, w.author_id, 6, CASE WHEN w.boost_of_id IS NULL THEN w.id ELSE 0 END, w.made_at FROM posts_post w
    JOIN posts_post t ON t.id = coalesce(w.boost_of_id, w.quote_of_id) AND t.author_id = %(page)s
    WHERE w.author_id <> %(page)s
    UNION ALL
    SELECT b.post_id, b.profile_id, 7, 0::bigint, b.made_at FROM posts_bookmark b
    JOIN posts_post p ON p.id = b.post_id AND p.author_id = %(page)s
    ORDER BY 5, 1, 2, 3
"""
_ADDED: Final = """
    SELECT m.post_id FROM insights_measuredpost m WHERE m.page_id = %(page)s AND m.eligible IS NULL
"""


def what_was_done(*, page: int) -> list[Done]:
    """Reactions, comments, boosts, quotes and bookmarks that the bakery's posts have."""
    return [
        Done(post, who, Kind(kind), nonce, at) for post, who, kind, nonce, at in sql.rows(_DONE, page=page)
    ]


def measure(posts: Sequence[WholePost]) -> None:
    """The bakery's posts, as if each had been told of when it appeared."""
    for post in posts:
        measuring.post_published(
            PostPublished(
                post_id=post.id, author_id=post.author_id, kind=post.kind, audience=post.audience,
                language=post.language, at=post.made_at,
            )
        )  # fmt: skip


def freeze(*, page: int) -> None:
    """Count for whom each was."""
    for post_id in sql.column(_ADDED, page=page):
        measuring.freeze(post_id=post_id)


def tell(told: Told, *, at: datetime) -> None:
    """Everything, in the order in which it would have come, a week at a time: what is months old when it comes
    is not taken."""
    for until, facts in _weeks(told.facts, lambda each: each.at, at):
        recording.record(facts, arrived_at=until)
    for until, some in _weeks(told.clicks, lambda each: each.at, at):
        clicks.record(some, arrived_at=until)
    states.note(told.states)
    states.opened(told.openings)


def _weeks(
    things: Sequence[T], moment: Callable[[T], datetime], at: datetime
) -> Iterator[tuple[datetime, list[T]]]:
    things = sorted(things, key=moment)
    while things:
        until = min(moment(things[0]) + _WEEK, at)
        week = [each for each in things if moment(each) <= until]
        yield until, week
        things = things[len(week) :]
