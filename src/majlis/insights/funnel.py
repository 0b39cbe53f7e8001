"""Who was served, viewed, followed a link and ordered, of a page or of the whole house, in a window.

Asked of facts in the database and in files together, as distinct members: each step is a part of the one before
it. Somebody who is not signed in is nobody known, and not in it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

import msgspec
import numpy as np
from django.db import transaction

from majlis.core import sql
from majlis.insights import older
from majlis.insights.kinds import Kind
from majlis.insights.older import Numbers
from majlis.insights.tables import SQL

_SERVED: Final = 1 << Kind.SERVED | 1 << Kind.IMPRESSION
_VIEWED: Final = 1 << Kind.IMPRESSION
_CLICKED: Final = 1 << Kind.LINK_CLICK
_STEPS: Final = [int(kind) for kind in (Kind.SERVED, Kind.IMPRESSION, Kind.LINK_CLICK)]
_FROM_FILES: Final = """
    SELECT viewer, bit_or(1 << kind::INTEGER)::INTEGER AS did FROM facts
    WHERE viewer <> 0 AND ($1::BIGINT IS NULL OR page_id = $1::BIGINT) AND kind IN $2
    GROUP BY viewer
"""


class Funnel(msgspec.Struct, frozen=True):
    """Distinct members at each step. Exact."""

    served: int
    viewed: int
    clicked: int
    ordered: int


def funnel(
    *, since: datetime, until: datetime, ordered: Collection[int], page_id: int | None = None
) -> Funnel:
    """The funnel of a page, or of the house, in a window (its end not included).

    ``ordered``: viewers with an order that counts, whatever else they did; who may still take one back knows.
    """
    viewers, did = _together(_of_database(since, until, page_id), _of_files(since, until, page_id))
    viewed = (did & _VIEWED) != 0
    clicked = viewed & ((did & _CLICKED) != 0)
    bought = clicked & np.isin(viewers, np.array(sorted(ordered), dtype=np.int64))
    return Funnel(*(int(np.count_nonzero(step)) for step in (did & _SERVED, viewed, clicked, bought)))


def _of_database(since: datetime, until: datetime, page_id: int | None) -> tuple[Numbers, Numbers]:
    window = {"since": since, "until": until, "kinds": _STEPS}
    if page_id is not None:
        rows = sql.rows(SQL["what_viewers_did"], page=page_id, **window)
    else:
        with transaction.atomic():
            sql.rows(SQL["with_all_hands"])
            rows = sql.rows(SQL["what_all_viewers_did"], **window)
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _of_files(since: datetime, until: datetime, page_id: int | None) -> tuple[Numbers, Numbers] | None:
    columns = older.ask(_FROM_FILES, since=since, until=until, given=(page_id, _STEPS))
    return (columns[0], columns[1]) if columns else None


def _together(
    here: tuple[Numbers, Numbers], there: tuple[Numbers, Numbers] | None
) -> tuple[Numbers, Numbers]:
    """Each viewer once, and what she did in either."""
    if there is None:
        return here
    viewers, did = (np.concatenate(pair) for pair in zip(here, there, strict=True))
    if not len(viewers):
        return viewers, did
    order = np.argsort(viewers, kind="stable")
    viewers, did = viewers[order], did[order]
    starts = np.flatnonzero(np.r_[True, viewers[1:] != viewers[:-1]])
    return viewers[starts], np.bitwise_or.reduceat(did, starts)
