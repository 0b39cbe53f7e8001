"""Jobs enter the queue with the caller's transaction, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from majlis.config.server import conninfo
from majlis.core import changes
from majlis.core.clock import now
from majlis.core.jobs import Lane, Run, actions, claims, enqueue, enqueue_many, job, queries, registry
from majlis.core.jobs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)


@job("tests_enqueue.note")
def note(*, text: str = "", number: int = 0) -> None: ...


@job("tests_enqueue.urgent", lane=Lane.URGENT)
def urgent() -> None: ...


@job("tests_enqueue.bulk", lane=Lane.BULK)
def bulk(*, run: Run) -> None: ...


@pytest.fixture
def worker() -> Iterator[int]:
    number = claims.register_worker()
    yield number
    claims.leave(number)


def elsewhere(work: Callable[[], Any]) -> Any:
    """The result of ``work`` on another connection."""
    result: list[Any] = []

    def call() -> None:
        try:
            result.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=call)
    thread.start()
    thread.join(20)
    return result[0]


def test_a_job_of_a_rolled_back_transaction_never_was(worker: int) -> None:
    with transaction.atomic():
        enqueue("tests_enqueue.note")
        transaction.set_rollback(True)
    assert claims.lease(worker, limit=10) == []
    assert not Job.objects.exists()


def test_nobody_sees_a_job_before_its_transaction_commits(worker: int) -> None:
    with transaction.atomic():
        enqueue("tests_enqueue.note")
        assert elsewhere(lambda: queries.depth().due) == 0
    assert elsewhere(lambda: queries.depth().due) == 1


def test_without_a_transaction_it_is_there_at_once(worker: int) -> None:
    id_ = enqueue("tests_enqueue.note", {"text": "سلام 👩‍👩‍👧 \\u0000 \u2028", "number": 2**60})
    [claim] = claims.lease(worker, limit=10)
    assert (claim.id, claim.arguments) == (id_, {"text": "سلام 👩‍👩‍👧 \\u0000 \u2028", "number": 2**60})


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("tests_enqueue.nothing", {}, registry.UnknownJobError),
        ("tests_enqueue.note", {"colour": "red"}, TypeError),
        ("tests_enqueue.note", {"number": float("nan")}, ValueError),
        ("tests_enqueue.note", {"number": float("inf")}, ValueError),
        ("tests_enqueue.note", {"text": "a\x00b"}, ValueError),
        ("tests_enqueue.note", {"text": "\\\x00"}, ValueError),
        ("tests_enqueue.note", {"text": "\ud800"}, ValueError),
        ("tests_enqueue.note", {"text": datetime(2026, 1, 1, tzinfo=UTC)}, TypeError),
        ("tests_enqueue.bulk", {"text": ""}, TypeError),
    ],
)
def test_what_cannot_be_run_is_refused_and_the_transaction_goes_on(
    name: str, arguments: dict[str, Any], error: type[Exception]
) -> None:
    with transaction.atomic():
        with pytest.raises(error):
            enqueue(name, arguments)
        enqueue("tests_enqueue.note")
    assert Job.objects.count() == 1


def test_a_later_time_is_waited_for(worker: int) -> None:
    enqueue("tests_enqueue.note", run_at=now() + timedelta(hours=1))
    assert claims.lease(worker, limit=10) == []
    assert (queries.depth().due, queries.depth().scheduled) == (0, 1)


def test_urgent_lanes_and_older_jobs_go_first_and_no_more_than_asked(worker: int) -> None:
    enqueue("tests_enqueue.bulk")
    enqueue("tests_enqueue.note", {"number": 2}, run_at=now() - timedelta(minutes=1))
    enqueue("tests_enqueue.note", {"number": 1}, run_at=now() - timedelta(minutes=2))
    enqueue("tests_enqueue.urgent")
    first = claims.lease(worker, limit=3)
    assert [(claim.name, claim.arguments) for claim in first] == [
        ("tests_enqueue.urgent", {}),
        ("tests_enqueue.note", {"number": 1}),
        ("tests_enqueue.note", {"number": 2}),
    ]
    assert [claim.name for claim in claims.lease(worker, limit=3)] == ["tests_enqueue.bulk"]


def test_many_in_one_statement(worker: int) -> None:
    ids = enqueue_many("tests_enqueue.note", ({"number": number} for number in range(100)))
    found = claims.lease(worker, limit=1000)
    assert sorted(claim.id for claim in found) == sorted(ids)
    assert sorted(claim.arguments["number"] for claim in found) == list(range(100))
    assert enqueue_many("tests_enqueue.note", []) == []


def test_one_job_waits_under_a_key_and_the_first_is_kept(worker: int) -> None:
    assert enqueue("tests_enqueue.note", {"number": 1}, key="a") is not None
    assert enqueue("tests_enqueue.note", {"number": 2}, key="a") is None
    assert enqueue("tests_enqueue.note", {"number": 3}, key="b") is not None
    assert enqueue("tests_enqueue.urgent", key="a") is not None
    assert [claim.arguments.get("number") for claim in claims.lease(worker, limit=9)] == [None, 1, 3]


def test_a_key_can_be_given_a_new_time_and_new_arguments(worker: int) -> None:
    enqueue("tests_enqueue.note", {"number": 1}, key="a", run_at=now() + timedelta(days=1))
    enqueue("tests_enqueue.note", {"number": 2}, key="a", when_waiting="replace")
    assert [claim.arguments["number"] for claim in claims.lease(worker, limit=9)] == [2]


def test_a_key_asked_for_while_its_job_runs_waits_for_another_run(worker: int) -> None:
    enqueue("tests_enqueue.note", {"number": 1}, key="a")
    claims.lease(worker, limit=9)
    assert enqueue("tests_enqueue.note", {"number": 2}, key="a") is not None


def test_a_kept_job_does_not_start_before_the_transaction_that_relies_on_it_ends(worker: int) -> None:
    """Otherwise it could run without seeing what was written, and nobody would run it again."""
    enqueue("tests_enqueue.note", key="a")
    other = elsewhere(claims.register_worker)
    with transaction.atomic():
        assert enqueue("tests_enqueue.note", key="a") is None
        assert elsewhere(lambda: claims.lease(other, limit=9)) == []
    assert len(claims.lease(worker, limit=9)) == 1


def test_a_transaction_wakes_workers_once_and_only_after_its_commit() -> None:
    with transaction.atomic():
        for _ in range(3):
            enqueue("tests_enqueue.note")
        wakes = [entry for entry in connection.run_on_commit if entry[1] is actions._notify]
        assert len(wakes) == 1


def test_where_the_change_log_notifies_workers_are_called_by_the_same_commit() -> None:
    with psycopg.connect(conninfo(), autocommit=True) as other:
        other.execute("LISTEN majlis_jobs")
        with transaction.atomic():
            changes.append("test", 1, at=now())
            made = enqueue("tests_enqueue.note", key="a")
            assert made
            assert not any(entry[1] is actions._notify for entry in connection.run_on_commit)
            assert not list(other.notifies(timeout=0.05)), "not before the commit"
        assert list(other.notifies(timeout=5, stop_after=1))
        with transaction.atomic():  # one that waits is held back, and workers have to look again
            changes.append("test", 1, at=now())
            assert enqueue("tests_enqueue.note", key="a") is None
            assert enqueue("tests_enqueue.note", {"text": "b"}, key="a", when_waiting="replace") == made
        assert list(other.notifies(timeout=5, stop_after=1))
        with transaction.atomic():
            changes.append("test", 1, at=now())
            enqueue("tests_enqueue.note", run_at=now() + timedelta(hours=1))
        assert not list(other.notifies(timeout=0.05)), "nothing is due"
