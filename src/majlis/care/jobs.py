"""What happens to conversations by itself."""

from __future__ import annotations

from datetime import timedelta

from majlis.care import acting, intake, presence
from majlis.core.jobs import Lane, Run, job


@job(intake.JOB, lane=Lane.URGENT)
def take_in(run: Run) -> None:
    """Put what was said to pages into conversations, until nothing is left."""
    while intake.take_in(at=run.at):
        pass


@job("care.sweep", every=timedelta(minutes=1))
def sweep(run: Run) -> None:
    """What a lost call left lying is taken in; sleeping conversations wake."""
    while intake.take_in(at=run.at):
        pass
    while acting.wake_snoozed(at=run.at):
        pass
    presence.forget(at=run.at)


@job("care.read")
def read(run: Run) -> None:
    """Read what customers wrote, the newest first."""
