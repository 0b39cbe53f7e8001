"""The SQL of people, loaded once; paged queries in both directions."""

from __future__ import annotations

from typing import Any, Final

from majlis.core.paging import Page
from majlis.core.sql import Row, load, rows

# nobody sees the withdrawn, nor those she blocks or who block her
_SHOWN: Final = """§.withdrawn_at IS NULL
  AND NOT EXISTS (SELECT FROM people_block x WHERE x.blocker_id = %(viewer)s AND x.blocked_id = §.id)
  AND NOT EXISTS (SELECT FROM people_block x WHERE x.blocker_id = §.id AND x.blocked_id = %(viewer)s)"""
# the profile whose network is asked for lets this viewer see it
_NETWORK_OPEN: Final = """EXISTS (
      SELECT FROM people_profile o
      WHERE o.id = %(profile)s AND o.withdrawn_at IS NULL AND (
          o.id = %(viewer)s OR (
              NOT o.hide_network
              AND NOT EXISTS (
                  SELECT FROM people_block x WHERE x.blocker_id = o.id AND x.blocked_id = %(viewer)s))))"""
_SUGGESTIBLE: Final = """§.discoverable AND §.limited_at IS NULL AND §.moved_to_id IS NULL
  AND §.id <> %(viewer)s
  AND NOT EXISTS (SELECT FROM people_follow x WHERE x.follower_id = %(viewer)s AND x.followed_id = §.id)
  AND NOT EXISTS (SELECT FROM people_followrequest x
                  WHERE x.follower_id = %(viewer)s AND x.followed_id = §.id)
  AND NOT EXISTS (SELECT FROM people_mute x WHERE x.muter_id = %(viewer)s AND x.muted_id = §.id
                  AND (x.expires_at IS NULL OR x.expires_at > %(at)s))
  AND NOT EXISTS (SELECT FROM people_domainblock x WHERE x.blocker_id = %(viewer)s AND x.domain = §.domain)
  AND NOT EXISTS (SELECT FROM people_suggestiondismissal x
                  WHERE x.viewer_id = %(viewer)s AND x.profile_id = §.id)"""

NOBODY: Final = 0  # no profile has this id: the viewer who is not signed in


def _loaded(order: str) -> dict[str, str]:
    return load(
        "majlis.people",
        shown=_SHOWN,
        network_open=_NETWORK_OPEN,
        suggestible=_SUGGESTIBLE,
        order=order,
    )


_ordered: Final = {order: _loaded(order) for order in ("ASC", "DESC")}
SQL: Final = _ordered["DESC"]


def page_of(name: str, page: Page, **parameters: Any) -> list[Row]:
    """The rows of one page of a named query."""
    return rows(_ordered[page.order][name], **parameters, **page.bounds())
