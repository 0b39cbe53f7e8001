"""Small writes that several actions share: counters and hashtags."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from majlis.core import sql
from majlis.core.ids import new_id

_COUNTERS: Final = frozenset({"replies", "boosts", "quotes", "like", "love", "laugh", "wow", "sad", "angry"})
# the names come from the list above, never from input
_ON_POST: Final = {
    name: 'UPDATE posts_postcount SET "§" = greatest("§" + %(change)s, 0) WHERE post_id = %(post)s'.replace(
        "§", name
    )
    for name in _COUNTERS
}
_FOR_AUTHOR: Final = """
    INSERT INTO people_profilecount (profile_id, followers, following, posts, last_post_on)
    VALUES (%(author)s, 0, 0, greatest(%(change)s, 0), %(day)s)
    ON CONFLICT (profile_id) DO UPDATE
    SET posts = greatest(people_profilecount.posts + %(change)s, 0),
        last_post_on = greatest(people_profilecount.last_post_on, excluded.last_post_on)
    RETURNING EXISTS (SELECT FROM people_follow f WHERE f.followed_id = %(author)s AND f.notify)
"""
_TAGS: Final = """
    WITH wanted AS (
        SELECT * FROM unnest(%(ids)s::bigint[], %(names)s::text[], %(shown)s::text[]) AS w(id, name, shown)
    ), made AS (
        INSERT INTO posts_tag (id, name, shown, usable, made_at)
        SELECT w.id, w.name, w.shown, true, %(at)s FROM wanted w
        ON CONFLICT (name) DO NOTHING
        RETURNING id, name
    ), found AS (
        SELECT m.id FROM made m
        UNION ALL
        SELECT t.id FROM posts_tag t JOIN wanted w USING (name)
    ), hung AS (
        INSERT INTO posts_posttag (id, post_id, tag_id)
        SELECT x.id, %(post)s, f.id
        FROM (SELECT f.id, row_number() OVER () AS place FROM found f) f
        JOIN unnest(%(link_ids)s::bigint[]) WITH ORDINALITY AS x (id, place) USING (place)
        ON CONFLICT DO NOTHING
    )
    SELECT f.id FROM found f
"""


def count_on_post(post_id: int, counter: str, change: int) -> None:
    """Move a counter of a post. The caller tells ``PostCounted``."""
    sql.execute(_ON_POST[counter], post=post_id, change=change)


def count_for_author(author_id: int, *, audience: str, change: int, on: datetime | None) -> bool:
    """Move the number of posts on a profile. Posts to the mentioned alone are not counted there.

    Returns whether anybody asked to be told of every post of the author (a question of its own would cost
    every post a statement more); false for posts to the mentioned alone, of which nobody else is told.
    """
    if audience == "mentioned":
        return False
    row = sql.one(_FOR_AUTHOR, author=author_id, change=change, day=on.date() if on else None)
    return bool(row and row[0])


def store_tags(post_id: int, tags: Mapping[str, str], *, at: datetime) -> tuple[int, ...]:
    """Hang hashtags (key → spelling) on a post; their ids. New ones are made.

    Names are inserted in one order by everybody, so that two posts with the same new tags cannot
    wait for each other for ever.
    """
    if not tags:
        return ()
    names = sorted(tags)
    while True:
        found = sql.column(
            _TAGS,
            post=post_id,
            ids=[new_id() for _name in names],
            link_ids=[new_id() for _name in names],
            names=names,
            shown=[tags[name] for name in names],
            at=at,
        )
        if len(found) == len(names):
            return tuple(found)
        # one was made by somebody else between our snapshot and our insert: visible to a new statement
