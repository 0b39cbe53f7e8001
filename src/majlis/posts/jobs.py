"""What happens to posts by itself: polls end, scheduled posts leave, deleted ones are emptied."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from majlis.core.jobs import Run, job
from majlis.posts import actions, queries

AT_ONCE: Final = 200


@job("posts.close_polls", every=timedelta(seconds=30))
def close_polls(run: Run) -> None:
    """Tell the end of polls whose time is over."""
    for poll_id in queries.due_polls(at=run.at, limit=AT_ONCE):
        actions.close_poll(poll_id=poll_id, at=run.at)


@job("posts.publish_due", every=timedelta(seconds=15))
def publish_due(run: Run) -> None:
    """Publish what was scheduled for a moment that has come."""
    for _number in range(AT_ONCE):
        if actions.publish_due(at=run.at) is None:
            return


@job("posts.purge_deleted", every=timedelta(minutes=5))
def purge_deleted(run: Run) -> None:
    """Empty deleted posts when the time for undoing is over."""
    for post_id in queries.deleted(before=run.at - actions.UNDO_WITHIN, limit=AT_ONCE):
        actions.purge(post_id=post_id, at=run.at)


@job("posts.forget_keys", every=timedelta(hours=6))
def forget_keys(run: Run) -> None:
    """Idempotency keys are good for a day."""
    actions.forget_keys(before=run.at - actions.KEY_LASTS)
