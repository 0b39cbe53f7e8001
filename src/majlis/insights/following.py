"""Who followed a page when. Told by events, in the transaction of the follow, so the history is never behind.

A follower is in it while she follows, is not withdrawn, and the page is there: that is who a post is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from majlis.core import sql
from majlis.core.ids import new_id
from majlis.insights import members
from majlis.insights.recording import hold_still
from majlis.insights.tables import SQL
from majlis.people import events as people

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def followed(event: people.Followed) -> None:
    """Somebody follows a page from now on."""
    if _is_page(event.followed):
        _begin(followers=[event.follower], page=event.followed, since=event.at)


def unfollowed(event: people.Unfollowed) -> None:
    """She does no longer, whoever ended it (a block does too)."""
    if _is_page(event.followed):
        _end(event.follower, page=event.followed, at=event.at)


def followed_in_bulk(event: people.FollowedInBulk) -> None:
    """Many follow; those of pages are found."""
    _begin(followers=event.follower_ids, page=None, since=event.at)


def gone(event: people.ProfileWithdrawn | people.ProfileDeleted) -> None:
    """Who is hidden or gone follows nobody."""
    _end(event.profile_id, page=None, at=event.at)


def back(event: people.ProfileRestored) -> None:
    """She is back, and follows from now on whom she followed."""
    _begin(followers=[event.profile_id], page=None, since=event.at)


def page_told(event: people.ProfileMade | people.ProfileChanged) -> None:
    """A profile just became a business: its followers so far are the beginning of the history."""
    row = sql.one(SQL["is_page"], profile=event.profile_id)
    if row and row[0] == event.at:
        _begin(followers=None, page=event.profile_id, since=None)


def put_right(*, at: datetime) -> int:
    """Bring the history in line with the relationships, should they differ; how many lines did."""
    begun = _begin(followers=None, page=None, since=at)
    return begun + sql.execute(SQL["followings_over"], at=at)


def _is_page(profile_id: int) -> bool:
    return sql.one(SQL["is_page"], profile=profile_id) is not None


def _begin(*, followers: Sequence[int] | None, page: int | None, since: datetime | None) -> int:
    """Write down who follows and is not in the history; ``since`` None: as long as the relationship says."""
    wanted = None if followers is None else list(followers)
    found = sql.rows(SQL["followings_missing"], followers=wanted, page=page)
    if not found:
        return 0
    hold_still()
    members.ensure(row[0] for row in found)
    return sql.execute(
        SQL["begin_followings"],
        ids=[new_id() for _row in found],
        followers=[row[0] for row in found],
        pages=[row[1] for row in found],
        outside=[int(row[2]) for row in found],
        since=[((since or row[3]) - _EPOCH) // _MICROSECOND for row in found],
    )


def _end(follower: int, *, page: int | None, at: datetime) -> None:
    hold_still()
    sql.execute(SQL["end_following"], follower=follower, page=page, at=at)
