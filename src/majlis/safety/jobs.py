"""Telling the operators that work waits, in one letter for all that came in."""

from __future__ import annotations

from majlis.core.jobs.registry import Lane, job
from majlis.safety import letters
from majlis.safety.actions.reporting import TELL_OPERATORS
from majlis.safety.queries import open_counts


@job(TELL_OPERATORS, lane=Lane.NORMAL, atomic=True)
def tell_operators() -> None:
    """What is open now; nothing, when somebody was quicker."""
    reports, appeals = open_counts()
    if reports or appeals:
        letters.work_waits(reports=reports, appeals=appeals)
