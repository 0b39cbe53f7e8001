"""``majlis import``: a progress bar, and the report in words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from majlis.core.errors import BadInput
from majlis.networks.actions import take_in_place
from majlis.networks.importing import AUDIENCES, Outcome


def take_in(
    *, profile_id: int, archive: Path, at: datetime, audience: str = "", out: Console | None = None
) -> Outcome:
    """Take an archive in and print what was taken, what was not and why.

    Raises:
        BadInput: there is no such audience. Refused: it cannot be read, or not now; nothing was taken.
    """
    if audience and audience not in AUDIENCES:
        raise BadInput(
            _("There is no audience “%(name)s”. Choose one of these: %(known)s.")
            % {"name": audience, "known": ", ".join(AUDIENCES)},
            field="audience",
            code="unknown_audience",
        )
    out = out or Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("Reading the archive"), total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, description=_("Taking posts in"))

        outcome = take_in_place(profile_id=profile_id, path=archive, at=at, audience=audience, progress=tell)
    for line in lines(outcome, audience=audience):
        out.print(line, highlight=False, markup=False, soft_wrap=True)
    return outcome


def lines(outcome: Outcome, *, audience: str = "") -> list[str]:
    """The report as lines, in the language of the moment."""
    posts = ngettext("%(count)s post was taken in.", "%(count)s posts were taken in.", outcome.posts)
    told = [posts % {"count": outcome.posts}]
    told += [f"  {line.count} × {line.sentence}" for line in outcome.report.notes.values()]
    if outcome.report.not_taken:
        told.append(_("Not taken:"))
    for line in outcome.report.reasons():
        examples = ", ".join(line.examples[:2])
        told.append(f"  {line.count} × {line.sentence} ({examples})")
    if outcome.found:
        told.append(
            _("People here who have a name from the archive: %(count)s.") % {"count": len(outcome.found)}
        )
    told.append(
        _("No post has a wider audience than you chose. Nobody was notified.")
        if audience
        else _("Posts kept the audience they had there. Nobody was notified.")
    )
    return told
