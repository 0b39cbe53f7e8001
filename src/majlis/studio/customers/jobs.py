"""What is worked out of customers now and then: their fifths, what groups are worth; and what is swept away."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from majlis.brands.customers import keeping
from majlis.core import sql
from majlis.core.jobs import Lane, Run, job
from majlis.studio.customers import addressing, standing, worth
from majlis.studio.customers.statements import SQL


@job(standing.SCORE_JOB, lane=Lane.BULK)
def score_customers(page_id: int) -> None:
    """Compare the customers of a page with each other."""
    with transaction.atomic():
        keeping.lock(page_id)
        standing.score(page_id)


@job(worth.JOB, lane=Lane.BULK, lease=600)
def work_out_worth(page_id: int, run: Run) -> None:
    """What the groups of a page's customers are still worth."""
    worth.work_out(page_id, at=run.at)


@job("studio.keep_addressed", every=timedelta(hours=4), lane=Lane.BULK)
def keep_addressed(run: Run) -> None:
    """The circles of groups in step with who is in them: stages change with the clock."""
    addressing.keep_in_step(at=run.at)


@job("studio.customers_daily", every=timedelta(days=1), offset=timedelta(hours=3), lane=Lane.BULK)
def daily(run: Run) -> None:
    """What groups are worth changes with the days, too; tables that were looked at and not taken go. Orders from before
    there were records get them."""
    for page_id in sql.column(SQL["pages_with_nameless_orders"]):
        with transaction.atomic():
            keeping.lock(page_id)
            standing.take_over(page_id, at=run.at)
    for page_id in sql.column(SQL["pages_with_standings"]):
        worth.ask(page_id)
    sql.execute(keeping.SQL["sweep_imports"], before=run.at - timedelta(days=1))
