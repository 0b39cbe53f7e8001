"""Experiments end at their date."""

from __future__ import annotations

from datetime import timedelta

from majlis.core.jobs import Run, job
from majlis.studio.experiments import actions, link_tests


@job("studio.end_experiments", every=timedelta(minutes=1))
def end_experiments(run: Run) -> None:
    """End what has come to its date."""
    actions.end_due(at=run.at)
    link_tests.end_due(at=run.at)
