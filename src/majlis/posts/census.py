"""How much is posted here, told to everybody: public posts only, so that nothing private is counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from majlis.core import sql

_PER_WEEK: Final = """
    SELECT count(p.id), count(DISTINCT p.author_id)
    FROM unnest(%(lows)s::bigint[], %(highs)s::bigint[]) WITH ORDINALITY AS w (low, high, place)
    LEFT JOIN posts_post p ON p.id >= w.low AND p.id < w.high AND p.audience = 'public'
        AND p.deleted_at IS NULL AND p.withdrawn_at IS NULL AND p.imported_from = ''
    GROUP BY w.place ORDER BY w.place
"""


def posted(*, stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """(posts, their writers) in each of some stretches, given as the lowest and the end of their ids."""
    lows, highs = [low for low, _high in stretches], [high for _low, high in stretches]
    return [(posts, people) for posts, people in sql.rows(_PER_WEEK, lows=lows, highs=highs)]
