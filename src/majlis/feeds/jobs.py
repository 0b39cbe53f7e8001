"""What feeds need done by itself: the change log is kept short."""

from __future__ import annotations

from datetime import timedelta

from majlis.core import changes
from majlis.core.jobs import Run, job


@job("feeds.sweep_changes", every=timedelta(hours=1))
def sweep_changes(run: Run) -> None:
    """Remove lines of the change log that no follower needs any more."""
    changes.sweep(at=run.at)
