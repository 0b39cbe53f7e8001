"""Archives on their way in and out. Nobody waits at the screen: they go after everything else."""

from __future__ import annotations

from datetime import timedelta

from majlis.core.jobs import Lane, Run, job
from majlis.networks import actions


@job(actions.IMPORT_JOB, lane=Lane.BULK, attempts=3, lease=6 * 3600)
def import_archive(import_id: str, boosts: bool, run: Run) -> None:
    """Take in an uploaded archive; begun anew after a crash, since nothing was written before the end."""
    actions.run_import(import_id=int(import_id), boosts=boosts, at=run.at)


@job(actions.EXPORT_JOB, lane=Lane.BULK, attempts=3, lease=6 * 3600)
def export_profile(export_id: str, run: Run) -> None:
    """Write everything of a profile into a file."""
    actions.run_export(export_id=int(export_id), at=run.at)


@job("networks.sweep", every=timedelta(hours=1), lane=Lane.BULK)
def sweep(run: Run) -> None:
    """Exports after a week, and what a crash left."""
    actions.sweep(at=run.at)
