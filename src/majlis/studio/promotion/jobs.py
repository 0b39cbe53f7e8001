"""What promotions need done by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from majlis.core import sql
from majlis.core.jobs import Run, job
from majlis.studio.promotion.audience import SQL

KEPT_FOR: Final = timedelta(days=8)
"""Longer than an impression can be reported for, and than a member may ask why she was shown something."""


@job("studio.sweep_promotion_offers", every=timedelta(hours=6))
def sweep_offers(run: Run) -> None:
    """Forget who was given which place."""
    sql.execute(SQL["sweep_offers"], before=run.at - KEPT_FOR)
