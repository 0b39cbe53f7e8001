"""Questions across a page or the whole house: who was served, viewed, clicked, converted in a window.

Asked of facts in the database and in files together, as distinct members: each step is a part of the one before
it. Somebody who is not signed in is nobody known, and not in it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from majlis.core import sql
from majlis.insights.archive import folder
from majlis.insights.kinds import Kind
from majlis.insights.tables import SQL

Numbers = NDArray[np.int64]

_SERVED: Final = 1 << Kind.SERVED | 1 << Kind.IMPRESSION
_VIEWED: Final = 1 << Kind.IMPRESSION
_CLICKED: Final = 1 << Kind.CLICK | 1 << Kind.LINK_CLICK
_CONVERTED: Final = 1 << Kind.CONVERSION
_FROM_FILES: Final = """
    SELECT viewer, bit_or(1 << kind::INTEGER)::INTEGER AS did FROM read_parquet(?)
    WHERE "at" >= ?::TIMESTAMPTZ AND "at" < ?::TIMESTAMPTZ AND viewer <> 0 AND (?::BIGINT IS NULL OR page_id = ?::BIGINT)
    GROUP BY viewer
"""


class Funnel(msgspec.Struct, frozen=True):
    """Distinct members at each step. Exact, over the window given."""

    since: datetime
    until: datetime
    page_id: int | None
    served: int
    viewed: int
    clicked: int
    converted: int


def funnel(*, since: datetime, until: datetime, page_id: int | None = None) -> Funnel:
    """The funnel of a page, or of the house, in a window (its end not included)."""
    parts = [_of_database(since, until, page_id)]
    files = _files(since.date(), (until - timedelta(microseconds=1)).date())
    if files:
        parts.append(_of_files(files, since, until, page_id))
    did = _together(parts)
    viewed = (did & _VIEWED) != 0
    clicked = viewed & ((did & _CLICKED) != 0)
    converted = clicked & ((did & _CONVERTED) != 0)
    served = int(np.count_nonzero(did & _SERVED))
    counts = [int(np.count_nonzero(step)) for step in (viewed, clicked, converted)]
    return Funnel(since, until, page_id, served, *counts)


def _of_database(since: datetime, until: datetime, page_id: int | None) -> tuple[Numbers, Numbers]:
    with transaction.atomic():
        if page_id is None:
            # a question about everything, asked seldom: it may use what the house's many small ones may not
            sql.execute("SET LOCAL max_parallel_workers_per_gather = 2")
            sql.execute("SET LOCAL work_mem = '64MB'")
        rows = sql.rows(SQL["what_viewers_did"], since=since, until=until, page=page_id)
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _files(first: date, last: date) -> list[str]:
    return [str(folder() / name) for name in sql.column(SQL["files_between"], first=first, last=last)]


def _of_files(
    files: list[str], since: datetime, until: datetime, page_id: int | None
) -> tuple[Numbers, Numbers]:
    import duckdb  # noqa: PLC0415  # only this question needs it

    with duckdb.connect(config={"threads": 2}) as duck:
        found: dict[str, Any] = duck.execute(
            _FROM_FILES, [files, since.isoformat(), until.isoformat(), page_id, page_id]
        ).fetchnumpy()
    return np.asarray(found["viewer"], np.int64), np.asarray(found["did"], np.int64)


def _together(parts: list[tuple[Numbers, Numbers]]) -> Numbers:
    """What each viewer did in any of the parts."""
    if len(parts) == 1:
        return parts[0][1]
    viewers = np.concatenate([viewer for viewer, _did in parts])
    did = np.concatenate([each for _viewer, each in parts])
    if not len(viewers):
        return did
    order = np.argsort(viewers, kind="stable")
    viewers, did = viewers[order], did[order]
    starts = np.flatnonzero(np.r_[True, viewers[1:] != viewers[:-1]])
    return np.bitwise_or.reduceat(did, starts)
