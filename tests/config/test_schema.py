"""A start brings the database to this version's schema, whole or not at all, and never backwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from majlis.config.commands import schema
from majlis.core.postgres import DatabaseProblem

pytestmark = pytest.mark.slow


@pytest.fixture
def url() -> Iterator[str]:
    """An empty database of its own."""
    name, main = f"test_schema_{uuid4().hex[:8]}", os.environ["DATABASE_URL"]
    with psycopg.connect(main, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield main.replace("@/majlis?", f"@/{name}?")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def one(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
        return row[0] if row else None


def change(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement.encode())


def test_an_empty_database_is_filled_once(url: str) -> None:
    assert schema.bring_up_to_date(url)
    with schema.connect(url) as connection:
        assert schema.is_current(connection)
    assert not schema.bring_up_to_date(url)


def test_one_that_is_behind_is_migrated(url: str) -> None:
    schema.bring_up_to_date(url)
    # as an older version left it: without the migrations of one module, and with its own fingerprint
    change(url, "DROP TABLE jobs_job, jobs_deadletter, jobs_tick, jobs_worker CASCADE")
    change(url, "DELETE FROM django_migrations WHERE app = 'jobs'")
    change(url, "COMMENT ON TABLE django_migrations IS 'older'")
    assert schema.bring_up_to_date(url)
    assert one(url, "SELECT count(*) FROM jobs_job") == 0
    with schema.connect(url) as connection:
        assert schema.is_current(connection)


def test_one_that_is_ahead_is_refused_and_left_as_it_is(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    schema.bring_up_to_date(url)
    change(url, "INSERT INTO django_migrations (app, name, applied) VALUES ('posts', '9999_later', now())")
    change(url, "COMMENT ON TABLE django_migrations IS 'newer'")
    with pytest.raises(DatabaseProblem):
        schema.bring_up_to_date(url)
    assert "made by a newer Majlis (it has posts.9999_later)" in capfd.readouterr().err
    assert one(url, "SELECT obj_description('django_migrations'::regclass)") == "newer"
