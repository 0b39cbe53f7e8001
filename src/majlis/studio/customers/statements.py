"""The SQL of customers by their orders. Stages are worked out where they are asked for, since they change with the clock.

The two fragments are ``insights.methods.stages.stage`` and ``Habit.overdue`` in SQL; a test holds them to be the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from majlis.brands.customers.book import Book
from majlis.core import sql

# § is a row of studio_standing; parameters as ``bounds`` gives them
_STAGE: Final = """CASE
    WHEN §.first_at >= %(new_since)s::timestamptz THEN 'new'
    WHEN §.last_at < %(lapsed_before)s::timestamptz OR (§.usual_days IS NOT NULL
         AND extract(epoch FROM %(now)s::timestamptz - §.last_at) / 86400.0
             > %(lapsed_gaps)s::float * greatest(§.usual_days, %(shortest)s::float)) THEN 'old'
    WHEN §.last_at >= %(recent_since)s::timestamptz AND §.orders >= %(recent_orders)s THEN 'recent'
    ELSE 'quiet' END"""
# later than her own habit, and not given up on
_OVERDUE: Final = """(§.usual_days IS NOT NULL AND §.last_at >= %(lapsed_before)s::timestamptz
    AND extract(epoch FROM %(now)s::timestamptz - §.last_at) / 86400.0 > greatest(§.usual_days, %(shortest)s::float))"""
SQL: Final = sql.load("majlis.studio.customers", stage=_STAGE, overdue=_OVERDUE)
STAGE: Final = _STAGE.replace("§", "s")
OVERDUE: Final = _OVERDUE.replace("§", "s")


def bounds(book: Book, *, at: datetime) -> dict[str, Any]:
    """The parameters of both, for a page's thresholds at a moment."""
    return {
        "now": at,
        "new_since": at - timedelta(days=book.new_days),
        "recent_since": at - timedelta(days=book.recent_days),
        "lapsed_before": at - timedelta(days=book.lapsed_days),
        "recent_orders": book.recent_orders,
        "lapsed_gaps": float(book.lapsed_gaps),
        "shortest": float(book.shortest_habit_days),
    }
