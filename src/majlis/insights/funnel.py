"""Who was served, viewed, followed a link and ordered, of a page or of the whole house, from a moment until now.

Distinct members: each step is a part of the one before it. Somebody who is not signed in is nobody known, and not in
it. No fact is looked at: who did something since a moment is who did it last after that moment, and when a viewer
last did what is kept beside the facts (:class:`models.PageViewer`). So it does not matter which facts moved to files.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec
from django.db import transaction

from majlis.core import sql
from majlis.insights.tables import SQL


class Funnel(msgspec.Struct, frozen=True):
    """Distinct members at each step. Exact."""

    served: int
    viewed: int
    clicked: int
    ordered: int


def funnel(*, since: datetime, ordered: Collection[int], page_id: int | None = None) -> Funnel:
    """The funnel of a page, or of the house, from a moment until now.

    ``ordered``: viewers with an order that counts, whatever else they did; who may still take one back knows.

    Raises:
        ValueError: the moment is within a quarter of an hour, of which it cannot be told which part was before.
    """
    if since.minute % 15 or since.second or since.microsecond:
        raise ValueError(f"{since} is not on a quarter of an hour")
    asked = {"since": since, "ordered": list(ordered)}
    if page_id is not None:
        row = sql.one(SQL["funnel_of_page"], page=page_id, **asked)
    else:
        with transaction.atomic():
            sql.rows(SQL["with_all_hands"])
            row = sql.one(SQL["funnel_of_all"], **asked)
    return Funnel(*row) if row else Funnel(0, 0, 0, 0)
