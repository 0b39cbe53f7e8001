"""The queries of this module, and the space of its locks."""

from __future__ import annotations

from typing import Final

from majlis.core import sql

# What the ledger reads follows the encounters that a statement wrote (§): as they are now (one: 1), less what
# they were (one: -1).
_STANDINGS: Final = """standings AS (
    INSERT INTO insights_standing AS s (post_id, follower, state, members, viewed, organic, paid, impressions)
    SELECT c.post_id, c.follower, c.state, sum(c.one), sum(c.one * (c.viewed_at IS NOT NULL)::int),
           sum(c.one * c.organic::int), sum(c.one * c.paid::int), sum(c.one * c.impressions)
    FROM § c GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (post_id, follower, state) DO UPDATE SET
        members = s.members + excluded.members, viewed = s.viewed + excluded.viewed,
        organic = s.organic + excluded.organic, paid = s.paid + excluded.paid,
        impressions = s.impressions + excluded.impressions
)"""
SQL: Final = sql.load("majlis.insights", standings=_STANDINGS)
SPACE: Final = 1_463_701
"""The first number of advisory locks about facts as a whole (the second: 0 erasing, 1 archiving); the next one is
of single pages (the second: a hash of the page)."""
