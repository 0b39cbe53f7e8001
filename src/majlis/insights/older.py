"""Facts that moved to files (:mod:`archive`), asked beside those in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from majlis.core import sql
from majlis.insights.archive import folder
from majlis.insights.tables import SQL

Numbers = NDArray[np.int64]


def ask(question: str, *, since: datetime, until: datetime, given: Sequence[Any]) -> list[Numbers]:
    """The columns that a question to DuckDB gives, all of whole numbers: of facts from ``since`` up to ``until``.

    The question begins ``FROM facts`` and says ``$1``, ``$2``, … for what is given. No files: no columns.
    """
    first, last = since.date(), (until - timedelta(microseconds=1)).date()
    files = [str(folder() / name) for name in sql.column(SQL["files_between"], first=first, last=last)]
    if not files:
        return []
    import duckdb  # noqa: PLC0415  # only questions about long ago need it

    facts = """WITH facts AS (
        SELECT * FROM read_parquet($files) WHERE "at" >= $since::TIMESTAMPTZ AND "at" < $until::TIMESTAMPTZ
    ) """
    names = {f"given{number}": value for number, value in enumerate(given, 1)}
    with duckdb.connect(config={"threads": 2}) as duck:
        found: dict[str, Any] = duck.execute(
            facts + question.replace("$", "$given"),
            {"files": files, "since": since.isoformat(), "until": until.isoformat()} | names,
        ).fetchnumpy()
    return [np.asarray(column, np.int64) for column in found.values()]
