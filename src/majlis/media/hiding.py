"""Files of what is gone are gone too: of deleted posts, posts taken down, profiles withdrawn.

They are moved out of reach within a minute and come back when the deed is undone. What the files should be is
read from the tables when the move is made, so that moves may be late, doubled or out of order.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from majlis.core import jobs, sql
from majlis.media.queries import SQL
from majlis.media.store import FolderStore

SETTLE_JOB: Final = "media.settle"
GRACE: Final = timedelta(seconds=45)
"""So long a deleted post's pictures can still be fetched: an app that writes it anew shows them meanwhile."""
AT_ONCE: Final = 500


def store() -> FolderStore:
    """Where this server keeps its pictures."""
    return FolderStore(root=settings.MAJLIS.media_dir)


def hide_of_post(*, post_id: int, at: datetime) -> None:
    """The photos of a post that is gone, for now or for good."""
    settle_later(sql.column(SQL["hide_of_post"], post=post_id, at=at), at=at + GRACE)


def show_of_post(*, post_id: int) -> None:
    """The photos of a post that is back."""
    settle_later(sql.column(SQL["show_of_post"], post=post_id))


def settle_of_owner(*, owner: int) -> None:
    """All pictures of a profile that was withdrawn, or is back."""
    settle_later(sql.column(SQL["keys_of_owner"], owner=owner))


def settle_later(keys: Collection[str], *, at: datetime | None = None) -> None:
    """Have the files moved where they belong, with the caller's transaction."""
    listed = list(keys)
    for start in range(0, len(listed), AT_ONCE):
        jobs.enqueue(SETTLE_JOB, {"keys": listed[start : start + AT_ONCE]}, run_at=at)


def settle(*, keys: Collection[str]) -> None:
    """Move files out of reach or back, as the tables say now."""
    house = store()
    for key, hidden in sql.rows(SQL["out_of_reach"], keys=list(keys)):
        if hidden:
            house.hide(key=key)
        else:
            house.show(key=key)
