"""What happens to plans by itself: entries leave at their hour, queues follow the clock, leftovers go."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from majlis.core import sql
from majlis.core.jobs import Lane, Run, job
from majlis.studio import actions
from majlis.studio.actions.leaving import Later
from majlis.studio.conversions import shops
from majlis.studio.owner import letters
from majlis.studio.statements import SQL

AT_ONCE: Final = 200


@job("studio.publish_due", every=timedelta(seconds=15))
def publish_due(run: Run) -> None:
    """Publish what was planned for a moment that has come."""
    later: list[int] = []
    for _number in range(AT_ONCE):
        try:
            if actions.publish_due(at=run.at, skip=later) is None:
                return
        except Later as waits:
            later.append(waits.entry_id)


@job("studio.settle_queues", every=timedelta(minutes=10), lane=Lane.BULK)
def settle_queues(run: Run) -> None:
    """Hours of queues follow a change of the page's time zone, and of that zone's own rules."""
    for page_id in sql.column(SQL["pages_with_queues"]):
        actions.settle_queue(page_id=page_id, at=run.at)


@job("studio.sweep", every=timedelta(hours=6), lane=Lane.BULK)
def sweep(run: Run) -> None:
    """Leftovers of plans; deliveries that no shop sends again."""
    actions.sweep(at=run.at)
    shops.sweep(at=run.at)


@job("studio.begin_reports", every=timedelta(hours=1), lane=Lane.BULK)
def begin_reports(run: Run) -> None:
    """Monthly reports whose day has come: a letter and its job each, once."""
    letters.begin(at=run.at)


@job(letters.JOB, lane=Lane.BULK, attempts=12, backoff=60.0)
def send_report(run: Run, page_id: int, profile_id: int, month: str) -> None:
    """One report to one reader, unless it left already."""
    letters.send(
        page_id=page_id,
        profile_id=profile_id,
        month=date.fromisoformat(month),
        at=run.at,
        printed_or_not=run.last,
    )
