"""Old facts move to files: one Parquet file for each day, in the data folder, and so in every backup.

Exactly once, whatever is killed: the file is written, brought to disk and named; then one transaction deletes the
facts and notes the file. A file that is not noted does not count, and the next try writes it over. Files carry
no nonce: a page load or the id of a comment would lead back to somebody, and nothing asks for it any more.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from majlis.core import sql
from majlis.core.ids import new_id
from majlis.insights.recording import hold_still
from majlis.insights.tables import SPACE, SQL

COLUMNS: Final = {
    "page_id": "BIGINT",
    "post_id": "BIGINT",
    "viewer": "BIGINT",
    "kind": "SMALLINT",
    "source": "SMALLINT",
    "paid": "BOOLEAN",
    "link_id": "BIGINT",
    "value": "DECIMAL(14,3)",
    "currency": "VARCHAR",
    "at": "TIMESTAMPTZ",
}
_COPY: Final = (
    "COPY (SELECT page_id, post_id, viewer, kind, source, paid, link_id, value, currency, at FROM insights_fact "
    "WHERE at >= %s AND at < %s ORDER BY page_id, at) TO STDOUT (FORMAT csv)"
)


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.MAJLIS.data_dir) / "facts"


def archive(*, at: datetime) -> int:
    """Move the facts of all days that are old enough; how many facts that were."""
    # a day more than what is still taken, so that nothing comes for a day that has moved
    last = at.date() - timedelta(days=settings.MAJLIS.facts_days + 1)
    return sum(archive_day(day, at=at) for day in sql.column(SQL["days_before"], before=_midnight(last)))


def archive_day(day: date, *, at: datetime) -> int:
    """Move the facts of one day; how many."""
    since, until = _midnight(day), _midnight(day + timedelta(days=1))
    with transaction.atomic():
        sql.rows(SQL["archive_alone"], space=SPACE)
        hold_still()
        earlier = sql.one(SQL["files_of_day"], day=day)
        name = f"{day}-{earlier[0] if earlier else 0}.parquet"
        written = _write(folder() / name, since, until)
        deleted = sql.execute(SQL["delete_day"], since=since, until=until)
        if deleted != written:  # cannot be: nothing is recorded for a day so old
            raise RuntimeError(f"{written} facts of {day} were written, {deleted} deleted")
        if written:
            sql.execute(SQL["note_file"], id=new_id(), name=name, day=day, facts=written, at=at)
    return written


def leave_out(pages: Sequence[int], *, name: str) -> int:
    """Write a file anew without the facts of some pages; how many those were.

    The file keeps its name and is there at every moment, with them or without. One that is empty stays, for how many
    files a day has is how the next gets its name.
    """
    path = folder() / name
    with transaction.atomic():
        sql.rows(SQL["archive_alone"], space=SPACE)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=path.parent) as work:
            fresh = Path(work, "facts.parquet")
            gone, kept = _without(pages, path, fresh)
            if gone:
                _to_disk(fresh)
                fresh.replace(path)
        _to_disk(path.parent)
        sql.execute(SQL["count_file"], name=name, facts=kept)
    return gone


def _without(pages: Sequence[int], path: Path, fresh: Path) -> tuple[int, int]:
    """How many facts of these pages are in a file, how many others; these are in the fresh one, if there are any
    of the pages. What the file says of itself tells quickly when there are none."""
    import duckdb  # noqa: PLC0415  # as below

    given = {"file": str(path), "pages": list(pages)}
    with duckdb.connect(config={"threads": 1}) as duck:
        counted = "SELECT count(*) FROM read_parquet($file) WHERE list_contains($pages::BIGINT[], page_id)"
        gone = _number(duck.execute(counted, given))
        whole = _number(duck.execute("SELECT count(*) FROM read_parquet($file)", {"file": str(path)}))
        if gone:
            rest = "SELECT * FROM read_parquet($file) WHERE NOT list_contains($pages::BIGINT[], page_id)"
            duck.sql(rest, params=given).write_parquet(str(fresh), compression="zstd")
    return gone, whole - gone


def _write(path: Path, since: datetime, until: datetime) -> int:
    """Write the facts of a stretch of time; how many. The file has its name only when it is whole, on disk."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=path.parent) as work:
        listing, fresh = Path(work, "facts.csv"), Path(work, "facts.parquet")
        connection.ensure_connection()
        raw: Any = connection.connection
        with (
            listing.open("wb") as file,
            raw.cursor() as cursor,
            cursor.copy(_COPY, (since, until)) as copy,
        ):
            for block in copy:
                file.write(block)
        count = _to_parquet(listing, fresh)
        _to_disk(fresh)
        fresh.replace(path)
    _to_disk(path.parent)
    return count


def _to_parquet(listing: Path, target: Path) -> int:
    import duckdb  # noqa: PLC0415  # 30 ms that only these jobs and questions about long ago need

    with duckdb.connect(config={"threads": 1}) as duck:
        duck.read_csv(str(listing), header=False, columns=COLUMNS).write_parquet(
            str(target), compression="zstd"
        )
        return _number(duck.execute("SELECT count(*) FROM read_parquet(?)", [str(target)]))


def _number(answer: Any) -> int:
    ((number,),) = answer.fetchall()  # to the end: a connection does one thing at a time
    return int(number)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
