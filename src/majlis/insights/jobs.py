"""What insights do by themselves: count the followers of a post, keep the history of follows right."""

from __future__ import annotations

from datetime import timedelta

from majlis.core.jobs import Lane, Run, job
from majlis.insights import following, measuring


@job(measuring.FREEZE, atomic=True)
def freeze(post_id: int) -> None:
    """Count the eligible followers of a post."""
    measuring.freeze(post_id=post_id)


@job("insights.put_followings_right", atomic=True, every=timedelta(days=1), lane=Lane.BULK)
def put_followings_right(run: Run) -> None:
    """The history of follows is told by events; should one have been missed, it is put right."""
    following.put_right(at=run.at)
