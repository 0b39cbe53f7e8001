"""What was counted about a page that is gone goes too: facts, what was made of them, and its lines in files.

A page is gone when its profile was deleted; nothing can be asked about it any more. Done a part at a time, so that
nobody who writes facts waits for long. Killed anywhere, the next run goes on: by rollups a page is found, and they
go last. A report that comes later still is swept by the run after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction

from majlis.core import sql
from majlis.insights import archive
from majlis.insights.recording import hold
from majlis.insights.tables import SPACE, SQL

AT_ONCE: Final = 5_000
"""Rows in one transaction."""


def sweep() -> int:
    """Remove what is left of pages that are gone; how many rows of the database that were."""
    pages = sql.column(SQL["pages_gone"])
    for name in sql.column(SQL["all_files"]) if pages else ():
        archive.leave_out(pages, name=name)
    gone = sum(_in_parts(query, pages=pages) for query in ("sweep_facts", "sweep_viewers")) if pages else 0
    posts = sql.column(SQL["posts_gone"])
    if posts:
        gone += _in_parts("sweep_encounters", posts=posts)
        gone += _alone("sweep_standings", posts=posts)
    return gone + sum(_last(page) for page in pages)


def _in_parts(query: str, **given: Sequence[int]) -> int:
    gone = 0
    while part := sql.execute(SQL[query], limit=AT_ONCE, **given):
        gone += part
    return gone


def _alone(query: str, **given: Any) -> int:
    """With nobody writing meanwhile: what is made of rows goes when none of the rows is there."""
    with transaction.atomic():
        sql.rows(SQL["hold_alone"], space=SPACE)
        return sql.execute(SQL[query], **given)


def _last(page_id: int) -> int:
    """What tells that there was a page, unless something came in between."""
    with transaction.atomic():
        hold([page_id])
        if sql.one(SQL["page_told"], page=page_id):
            return 0
        return sql.execute(SQL["sweep_last_seen"], page=page_id) + sql.execute(
            SQL["sweep_hours"], page=page_id
        )
