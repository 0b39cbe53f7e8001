"""``majlis export``: a progress bar, and the name of the file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from majlis.core.errors import Conflict
from majlis.networks import disk, exporting
from majlis.people.queries import profile


def give_out(*, profile_id: int, output: Path | None, at: datetime) -> Path:
    """Write everything of a profile into a file; its path. An existing file is not overwritten.

    Raises:
        Conflict: the file is there already. NotNow: it cannot be written.
    """
    who = profile(profile_id)
    name = who.handle if who else str(profile_id)
    path = output or Path(f"majlis-{name}-{at:%Y-%m-%d}.zip")
    if path.exists():
        raise Conflict(_("The file %(name)s is there already.") % {"name": path})
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("Writing the export"), total=None)
        try:
            exporting.give(
                profile_id=profile_id,
                path=path,
                at=at,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        except OSError as error:
            raise disk.not_kept(error) from error
    return path
