"""What happens to plans by itself: entries leave at their hour, queues follow the clock, leftovers go."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from majlis.core import sql
from majlis.core.jobs import Lane, Run, job
from majlis.studio import actions
from majlis.studio.actions.leaving import Later
from majlis.studio.conversions import shops
from majlis.studio.owner import letters
from majlis.studio.planning import forecasts, plans
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


@job(forecasts.KEEP, atomic=True)
def keep_forecast(page_id: int, post_id: int, at: str) -> None:
    """Write down what is expected of a post that left."""
    forecasts.keep(page_id=page_id, post_id=post_id, at=datetime.fromisoformat(at))


@job("studio.score_forecasts", every=timedelta(hours=1), lane=Lane.BULK, atomic=True)
def score_forecasts(run: Run) -> None:
    """Hold what was expected against what came, where seven days are over."""
    forecasts.score(at=run.at)


@job("studio.look_at_plans", every=timedelta(days=1), offset=timedelta(hours=3), lane=Lane.BULK)
def look_at_plans(run: Run) -> None:
    """Revise plans by what happened, each once a week."""
    plans.look_at_all(at=run.at)


@job(plans.TEST, lane=Lane.BULK)
def test_plan(page_id: int, run: Run) -> None:
    """Whether following the plan would have been better than what the page chose."""
    plans.test_again(page_id=page_id, at=run.at)


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
