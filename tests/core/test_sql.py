"""Statements asked the short way, past the driver's cursor, answer as those asked the long way."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.core.exceptions import SynchronousOnlyOperation
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.core import sql

pytestmark = pytest.mark.django_db(transaction=True)
ECHO = "SELECT %(n)s::bigint, %(t)s::text, %(at)s::timestamptz, %(ids)s::bigint[], %(words)s::text[], %(yes)s::bool"
INSERT = "INSERT INTO core_change (kind, subject, data, made_at) VALUES ('t', %(n)s, '{}', now()) RETURNING subject"
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def often(query: str, **parameters: Any) -> None:
    """The driver prepares what it is asked a few times."""
    for _time in range(6):
        sql.rows(query, **parameters)


def prepared() -> int:
    raw: Any = connection.connection
    return len(raw._prepared._names)


@settings(max_examples=60, deadline=None)
@given(
    n=st.none() | st.integers(-(2**63), 2**63 - 1),
    t=st.none() | TEXT,
    at=st.none() | st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # bounds are naive by contract
    ids=st.lists(st.integers(0, 2**63 - 1), max_size=4),
    words=st.lists(TEXT, max_size=4),
    yes=st.booleans(),
)
def test_values_go_there_and_come_back(**sent: Any) -> None:
    often(ECHO, **sent)
    assert sql.one(ECHO, **sent) == tuple(sent.values())


def test_the_short_way_is_taken_and_left_when_queries_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    often("SELECT %(n)s::bigint", n=2**40)
    asked = []
    execute = psycopg.Cursor.execute
    monkeypatch.setattr(
        psycopg.Cursor, "execute", lambda *given, **named: (asked.append(given), execute(*given, **named))[1]
    )
    assert sql.one("SELECT %(n)s::bigint", n=2**41) == (2**41,)
    assert not asked, "if the driver keeps its statements elsewhere now, core/sql.py has to look there"
    with CaptureQueriesContext(connection) as counted:
        assert sql.one("SELECT %(n)s::bigint", n=2**41) == (2**41,)
    assert len(counted) == 1


def test_rows_touched_columns_and_names() -> None:
    for _time in range(6):
        assert sql.execute(INSERT, n=2**40) == 1
        assert sql.execute("SELECT 1 WHERE false") == 0
        assert sql.column("SELECT n FROM generate_series(1, %(n)s::bigint) n", n=3) == [1, 2, 3]
        assert list(sql.dicts("SELECT %(n)s::bigint AS n, 'x' AS \"with space\"", n=2**40)) == [
            {"n": 2**40, "with space": "x"}
        ]
        assert sql.one("SELECT 1 WHERE false") is None
    assert prepared() >= 4


def test_an_error_is_djangos_and_ends_the_savepoint_alone() -> None:
    twice = (
        "INSERT INTO core_change (seq, kind, subject, data, made_at) VALUES (%(seq)s, 't', 1, '{}', now())"
    )
    with transaction.atomic():
        for seq in range(2**40, 2**40 + 8):
            sql.execute(twice, seq=seq)
    with transaction.atomic():
        often("SELECT %(n)s::bigint", n=2**40)
        with pytest.raises(IntegrityError), transaction.atomic():
            sql.execute(twice, seq=2**40)
        sql.execute(twice, seq=2**41)
    assert sql.one("SELECT count(*) FROM core_change WHERE seq = %(seq)s", seq=2**41) == (1,)
    with pytest.raises(IntegrityError):
        sql.execute(twice, seq=2**41)
    assert sql.one("SELECT 1") == (1,)


def test_a_transaction_is_begun_and_undone_and_its_statements_are_known_afterwards() -> None:
    for _time in range(8):
        with transaction.atomic():
            sql.execute(INSERT, n=7)
            transaction.set_rollback(True)  # the driver forgets what it prepared
    assert sql.one("SELECT count(*) FROM core_change WHERE subject = 7 AND kind = 't'") == (0,)


def test_what_is_notified_during_a_statement_is_heard() -> None:
    often("SELECT pg_notify('test_sql', %(word)s)", word="nobody listens yet")
    sql.rows("LISTEN test_sql")
    sql.rows("SELECT pg_notify('test_sql', %(word)s)", word="heard")
    often("SELECT %(n)s::bigint", n=2**40)
    raw: Any = connection.connection
    assert [note.payload for note in raw.notifies(timeout=0)] == ["heard"]
    sql.rows("UNLISTEN test_sql")


def test_a_connection_that_the_database_ended_is_an_error_and_then_replaced() -> None:
    often("SELECT %(n)s::bigint", n=2**40)
    often("SELECT pg_terminate_backend(%(pid)s::int) FROM generate_series(1, 0)", pid=1)
    pid: Any = sql.one("SELECT pg_backend_pid()")
    wanted = ("host", "port", "user", "password", "dbname")
    to_here = {name: value for name, value in connection.get_connection_params().items() if name in wanted}
    with psycopg.connect(**to_here) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", pid)
    with pytest.raises(OperationalError):
        sql.one("SELECT %(n)s::bigint", n=2**40)
    connection.close_if_unusable_or_obsolete()
    assert sql.one("SELECT %(n)s::bigint", n=2**40) == (2**40,)


def test_no_statement_leaves_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    # a browser test that ran before left a loop running in this thread, and Django told to bear it
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)

    async def ask() -> None:
        sql.one("SELECT %(n)s::bigint", n=2**40)

    def in_a_thread() -> None:
        try:
            often("SELECT %(n)s::bigint", n=2**40)
            asyncio.run(ask())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread, pytest.raises(SynchronousOnlyOperation):
        thread.submit(in_a_thread).result()


def test_moments_are_in_utc() -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(microseconds=1)
    for _time in range(6):
        found = sql.one("SELECT %(at)s::timestamptz", at=at)
        assert found == (at,)
        assert found[0].utcoffset() == timedelta(0)
