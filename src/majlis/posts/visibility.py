"""Who may see a post: one rule, written once, in ``visibility.sql``.

A post is visible when it is neither deleted nor taken down, its author is not withdrawn and does not
block the viewer, and its audience has her in it; whoever is mentioned belongs to every audience.
A boost is visible when both the boost and what it boosts are. ``SEES`` is the rule as an SQL
condition with ``§`` for the alias of the post's row and ``%(viewer)s`` for the viewer.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from typing import Final

from majlis.core import sql

_itself: Final = "\n".join(
    line
    for line in (files("majlis.posts") / "visibility.sql").read_text(encoding="utf-8").splitlines()
    if not line.startswith("--")
)

SEES: Final = f"""(
{_itself}
AND (
    §.boost_of_id IS NULL
    OR EXISTS (SELECT 1 FROM posts_post §_boosted WHERE §_boosted.id = §.boost_of_id AND {_itself.replace("§", "§_boosted")})
))"""

_among: Final = f"SELECT p.id FROM posts_post p WHERE p.id = ANY(%(ids)s) AND {SEES.replace('§', 'p')}"


def visible_among(*, ids: Iterable[int], viewer: int | None) -> set[int]:
    """Those of ``ids`` that ``viewer`` (a profile id; None: not signed in) may see. One query."""
    wanted = list(ids)
    return set(sql.column(_among, ids=wanted, viewer=viewer)) if wanted else set()


_viewers: Final = f"""
    SELECT p.id, w.viewer FROM unnest(%(viewers)s::bigint[]) AS w (viewer), posts_post p
    WHERE p.id = ANY(%(ids)s) AND {SEES.replace("§", "p").replace("%(viewer)s", "w.viewer")}
"""


def viewers_among(*, ids: Iterable[int], viewers: Iterable[int]) -> dict[int, set[int]]:
    """Per post those of ``viewers`` (profile ids) who may see it: the same rule asked for many. One query."""
    found: dict[int, set[int]] = {id_: set() for id_ in ids}
    for id_, viewer in sql.rows(_viewers, ids=list(found), viewers=list(viewers)):
        found[id_].add(viewer)
    return found
