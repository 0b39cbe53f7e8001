"""Writing many whole posts at once: archives and examples. Nobody is notified and no event is told.

What :func:`publish` does one by one with every door asked, this does for posts that are known whole:
their ids, threads and counters come from the caller's own rows, in one pass of COPY. A hundred thousand
posts are written in about twenty seconds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

from majlis.core import json, sql
from majlis.core.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePoll:
    """A poll with the votes it has; ``votes`` in the order of ``options``."""

    options: Sequence[str]
    votes: Sequence[int]
    voters: int
    multiple: bool = False
    ends_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePost:
    """A post as it will stand in the tables. ``search`` are stemmed words, ``tags`` maps key to spelling.

    ``photo_ids`` are ready photos of the author that hang on nothing yet.
    """

    id: int
    author_id: int
    made_at: datetime
    text: str = ""
    html: str = ""
    search: str = ""
    kind: str = "note"
    audience: str = "public"
    circle_id: int | None = None
    title: str = ""
    warning: str = ""
    sensitive: bool = False
    language: str = ""
    reply_to_id: int | None = None
    reply_to_author_id: int | None = None
    thread_id: int | None = None
    boost_of_id: int | None = None
    quote_of_id: int | None = None
    cover_id: int | None = None
    may_reply: str = "everyone"
    may_quote: str = "everyone"
    imported_from: str = ""
    imported_id: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    mentioned: Sequence[int] = ()
    photo_ids: Sequence[int] = ()
    poll: WholePoll | None = None


_STAGE: Final = """
    CREATE TEMP TABLE posts_staged (
        id bigint, author_id bigint, made_at timestamptz, text text, html text, search text, kind text,
        audience text, circle_id bigint, title text, warning text, sensitive boolean, language text,
        reply_to_id bigint, reply_to_author_id bigint, thread_id bigint, boost_of_id bigint,
        quote_of_id bigint, cover_id bigint, may_reply text, may_quote text, imported_from text,
        imported_id text
    ) ON COMMIT DROP
"""
_STAGED: Final = (
    "id", "author_id", "made_at", "text", "html", "search", "kind", "audience", "circle_id", "title", "warning",
    "sensitive", "language", "reply_to_id", "reply_to_author_id", "thread_id", "boost_of_id", "quote_of_id",
    "cover_id", "may_reply", "may_quote", "imported_from", "imported_id",
)  # fmt: skip
_INSERT: Final = """
    INSERT INTO posts_post (
        id, author_id, kind, audience, circle_id, title, text, html, warning, sensitive, language,
        reply_to_id, reply_to_author_id, thread_id, boost_of_id, quote_of_id, quote_state, may_reply, may_quote,
        cover_id, imported_from, imported_id, made_at, search
    )
    SELECT s.id, s.author_id, s.kind, s.audience, s.circle_id, s.title, s.text, s.html, s.warning, s.sensitive,
           s.language, s.reply_to_id, s.reply_to_author_id, coalesce(s.thread_id, s.id), s.boost_of_id,
           s.quote_of_id, CASE WHEN s.quote_of_id IS NULL THEN '' ELSE 'accepted' END, s.may_reply, s.may_quote,
           s.cover_id, s.imported_from, s.imported_id, s.made_at, to_tsvector('simple', s.search)
    FROM posts_staged s
"""
# boosts have no counters of their own; the replies, boosts and quotes counted are those all may see
_COUNTS: Final = """
    INSERT INTO posts_postcount (post_id, replies, boosts, quotes, "like", love, laugh, wow, sad, angry)
    SELECT s.id, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM posts_staged s WHERE s.boost_of_id IS NULL
"""
_COUNTED: Final = """
    UPDATE posts_postcount n SET
        replies = n.replies + added.replies, boosts = n.boosts + added.boosts, quotes = n.quotes + added.quotes
    FROM (
        SELECT target, sum(reply) AS replies, sum(boost) AS boosts, sum(quote) AS quotes FROM (
            SELECT s.reply_to_id AS target, 1 AS reply, 0 AS boost, 0 AS quote FROM posts_staged s
            WHERE s.reply_to_id IS NOT NULL AND s.audience IN ('public', 'unlisted')
            UNION ALL
            SELECT s.boost_of_id, 0, 1, 0 FROM posts_staged s WHERE s.boost_of_id IS NOT NULL
            UNION ALL
            SELECT s.quote_of_id, 0, 0, 1 FROM posts_staged s
            WHERE s.quote_of_id IS NOT NULL AND s.audience IN ('public', 'unlisted')
        ) AS each GROUP BY target
    ) AS added WHERE n.post_id = added.target
"""
# imported posts are counted, but do not make a member look active today
_AUTHORS: Final = """
    INSERT INTO people_profilecount (profile_id, followers, following, posts, last_post_on)
    SELECT s.author_id, 0, 0, count(*), max(s.made_at::date) FILTER (WHERE s.imported_from = '')
    FROM posts_staged s WHERE s.audience <> 'mentioned' GROUP BY s.author_id
    ON CONFLICT (profile_id) DO UPDATE SET posts = people_profilecount.posts + excluded.posts,
        last_post_on = greatest(people_profilecount.last_post_on, excluded.last_post_on)
"""
_TAGS: Final = """
    INSERT INTO posts_tag (id, name, shown, usable, made_at)
    SELECT w.id, w.name, w.shown, true, %(at)s
    FROM unnest(%(ids)s::bigint[], %(names)s::text[], %(shown)s::text[]) AS w(id, name, shown) ORDER BY w.name
    ON CONFLICT (name) DO NOTHING
"""
_TAG_IDS: Final = "SELECT t.name, t.id FROM posts_tag t WHERE t.name = ANY(%(names)s)"
_PHOTOS: Final = """
    UPDATE media_photo m SET post_id = w.post, position = w.place
    FROM unnest(%(photos)s::bigint[], %(posts)s::bigint[], %(places)s::int[]) AS w(photo, post, place)
    JOIN posts_post p ON p.id = w.post
    WHERE m.id = w.photo AND m.owner_id = p.author_id AND (m.post_id IS NULL OR m.post_id = 0)
"""


def write_posts(posts: Collection[WholePost], *, at: datetime, count_authors: bool = True) -> None:
    """Write them all or none, with counters, hashtags, mentions, photos and polls.

    Who writes in several goes within one transaction counts the authors' posts herself, at its end:
    the counters of a profile stay locked until the commit.

    Raises:
        IntegrityError: an id is taken, or one was imported before.
    """
    with transaction.atomic():
        sql.execute(_STAGE)
        copy_rows("posts_staged", _STAGED, ([getattr(p, name) for name in _STAGED] for p in posts))
        for statement in (_INSERT, _COUNTS, _COUNTED):
            sql.execute(statement)
        _hang_tags(posts, at=at)
        _hang_mentions(posts)
        _hang_photos(posts)
        _hang_polls(posts)
        if count_authors:
            sql.execute(_AUTHORS)
        sql.execute("DROP TABLE posts_staged")


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table; the names are the caller's own, never from outside."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def make_tags(shown: Mapping[str, str], *, at: datetime) -> None:
    """Have these hashtags (key → spelling) there before a long transaction uses them: nobody waits for it."""
    names = sorted(shown)
    sql.execute(_TAGS, ids=[new_id() for _name in names], names=names, shown=[shown[n] for n in names], at=at)


def _hang_tags(posts: Collection[WholePost], *, at: datetime) -> None:
    shown: dict[str, str] = {}
    for post in posts:
        for key, spelling in post.tags.items():
            shown.setdefault(key, spelling)
    if not shown:
        return
    make_tags(shown, at=at)
    ids: dict[str, int] = {name: id_ for name, id_ in sql.rows(_TAG_IDS, names=list(shown))}  # noqa: C416  # rows are tuples of Any
    copy_rows(
        "posts_posttag",
        ("id", "post_id", "tag_id"),
        ((new_id(), post.id, ids[key]) for post in posts for key in post.tags),
    )


def _hang_mentions(posts: Collection[WholePost]) -> None:
    copy_rows(
        "posts_mention",
        ("id", "post_id", "profile_id"),
        ((new_id(), post.id, who) for post in posts for who in dict.fromkeys(post.mentioned)),
    )


def _hang_photos(posts: Collection[WholePost]) -> None:
    hung = [
        (photo, post.id, place)
        for post in posts
        for place, photo in enumerate([*post.photo_ids, *([post.cover_id] if post.cover_id else [])], 1)
    ]
    if hung:
        photos, ids, places = zip(*hung, strict=True)
        sql.execute(_PHOTOS, photos=list(photos), posts=list(ids), places=list(places))


def _hang_polls(posts: Collection[WholePost]) -> None:
    columns = (
        "id",
        "post_id",
        "options",
        "votes",
        "voters",
        "multiple",
        "hide_totals",
        "ends_at",
        "closed_at",
    )
    copy_rows("posts_poll", columns, (_poll(post.id, post.poll) for post in posts if post.poll))


def _poll(post_id: int, poll: WholePoll) -> tuple[Any, ...]:
    options, votes = json.encode(list(poll.options)).decode(), json.encode(list(poll.votes)).decode()
    return (
        new_id(), post_id, options, votes, poll.voters, poll.multiple, False, poll.ends_at, poll.closed_at
    )  # fmt: skip
