"""What insights do by themselves: count the followers of a post, keep the history right, move old facts, sweep."""

from __future__ import annotations

from datetime import timedelta

from majlis.core.jobs import Lane, Run, job
from majlis.insights import archive, following, measuring, sweeping


@job(measuring.FREEZE, atomic=True)
def freeze(post_id: int) -> None:
    """Count the eligible followers of a post."""
    measuring.freeze(post_id=post_id)


@job("insights.put_followings_right", atomic=True, every=timedelta(days=1), lane=Lane.BULK)
def put_followings_right(run: Run) -> None:
    """The history of follows is told by events; should one have been missed, it is put right."""
    following.put_right(at=run.at)


@job("insights.archive", every=timedelta(days=1), offset=timedelta(hours=3), lane=Lane.BULK, lease=3600)
def move_old_facts(run: Run) -> None:
    """Facts older than the operator's number of days move to files, a day at a time."""
    archive.archive(at=run.at)


@job("insights.sweep", every=timedelta(days=1), offset=timedelta(hours=4), lane=Lane.BULK, lease=3600)
def sweep(run: Run) -> None:  # every job that comes again takes one
    """Facts of pages that were deleted go."""
    sweeping.sweep()
