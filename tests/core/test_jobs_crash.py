"""Workers are killed, paused and stopped as processes; jobs are run all the same.

The file is also the program of those workers, started with the database in MAJLIS_TESTS_DB.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django
import pytest
from django.conf import settings
from django.db import connection

from majlis.core.jobs import Run, enqueue, enqueue_many, job, queries, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def write(number: int, note: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into jobs_test_effect values (%s, %s, %s)", [number, note, os.getpid()])


def say_begun(number: int) -> None:
    """Outside the job's transaction: an advisory lock is seen at once and by all."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s, %s)", [77, number])


@job("tests_crash.atomic", atomic=True)
def write_then_take_long(*, number: int, run: Run) -> None:
    write(number, "done")
    if run.attempt == 1:
        say_begun(number)
        time.sleep(8)


@job("tests_crash.repeatable")
def take_long(*, number: int, run: Run) -> None:
    write(number, "begun")
    if run.attempt == 1:
        say_begun(number)
        time.sleep(8)
    write(number, "ended")


@job("tests_crash.quick", atomic=True, backoff=0.1)
def quick(*, number: int) -> None:
    write(number, "done")


@job("tests_crash.short")
def short(*, number: int) -> None:
    say_begun(number)
    time.sleep(1)
    write(number, "ended")


@job("tests_crash.poison", attempts=2, backoff=0.1)
def kill_the_worker() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(autouse=True)
def effects() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("create table jobs_test_effect (number int, note text, pid int)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("drop table jobs_test_effect")


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a worker process and wait until it takes jobs; all are ended after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(lease: float = 30.0) -> subprocess.Popen[bytes]:
        database = {
            key: connection.settings_dict[key]
            for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
        }
        environment = os.environ | {"MAJLIS_TESTS_DB": json.dumps(database), "MAJLIS_TESTS_LEASE": str(lease)}
        process = subprocess.Popen([sys.executable, __file__], env=environment)
        started.append(process)
        wait_until(lambda: any(seen.pid == process.pid for seen in queries.workers()), 30)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(10)


def wait_until(true: Callable[[], Any], seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"not within {seconds} s: {queries.depth()}"
        time.sleep(0.02)


def rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def notes() -> list[tuple[Any, ...]]:
    return rows("select number, note from jobs_test_effect order by note, number")


def begun(number: int) -> bool:
    return (number,) in rows("select objid from pg_locks where locktype = 'advisory' and classid = 77")


def drained() -> bool:
    depth = queries.depth()
    return depth.due + depth.held + depth.scheduled == 0


def test_kill_9_in_an_atomic_job_another_worker_runs_it_and_it_took_effect_once(start: Any) -> None:
    victim = start()
    enqueue("tests_crash.atomic", {"number": 1})
    wait_until(lambda: begun(1))
    start()
    before = time.monotonic()
    victim.kill()
    wait_until(drained, 6)
    assert time.monotonic() - before < 5
    assert notes() == [(1, "done")]


def test_kill_9_in_a_repeatable_job_it_is_run_again(start: Any) -> None:
    victim = start()
    enqueue("tests_crash.repeatable", {"number": 1})
    wait_until(lambda: begun(1))
    start()
    victim.kill()
    wait_until(drained, 6)
    assert notes() == [(1, "begun"), (1, "begun"), (1, "ended")]
    assert len(rows("select distinct pid from jobs_test_effect")) == 2


def test_kill_9_with_no_other_worker_the_next_one_takes_over_at_its_start(start: Any) -> None:
    victim = start()
    enqueue("tests_crash.atomic", {"number": 1})
    enqueue_many("tests_crash.quick", [{"number": number} for number in range(2, 50)])
    wait_until(lambda: begun(1))
    victim.kill()
    victim.wait(10)
    start()
    wait_until(drained, 6)
    assert notes() == [(number, "done") for number in range(1, 50)]


def test_kill_9_again_and_again_during_a_storm_each_job_took_effect_once(start: Any) -> None:
    enqueue_many("tests_crash.quick", [{"number": number} for number in range(3000)])
    for _ in range(4):
        victim = start()
        time.sleep(0.25)
        victim.kill()
    start()
    start()
    wait_until(drained, 60)
    assert [row[0] for row in notes()] == list(range(3000))


def test_a_job_that_kills_its_workers_becomes_a_dead_letter_and_takes_no_other_with_it(start: Any) -> None:
    start()
    enqueue_many("tests_crash.quick", [{"number": number} for number in range(20)])
    enqueue("tests_crash.poison")
    enqueue_many("tests_crash.quick", [{"number": number} for number in range(20, 40)])
    for _ in range(2):
        time.sleep(0.5)
        start()
    wait_until(drained, 20)
    [letter] = queries.dead_letters()
    assert (letter.name, letter.reason, letter.attempts) == ("tests_crash.poison", "lost", 2)
    assert [row[0] for row in notes()] == list(range(40))


def test_a_paused_worker_loses_its_jobs_and_cannot_commit_them_when_it_goes_on(start: Any) -> None:
    sleeper = start(lease=1.5)
    enqueue("tests_crash.atomic", {"number": 1})
    wait_until(lambda: begun(1))
    sleeper.send_signal(signal.SIGSTOP)
    start()
    wait_until(drained, 10)
    sleeper.send_signal(signal.SIGCONT)
    time.sleep(0.5)
    enqueue_many("tests_crash.quick", [{"number": number} for number in range(2, 20)])
    wait_until(drained, 10)
    wait_until(lambda: not begun(1), 12)  # its transaction has ended
    assert notes() == [(number, "done") for number in range(1, 20)]


def test_sigterm_ends_in_order(start: Any) -> None:
    process = start()
    enqueue("tests_crash.short", {"number": 1})
    wait_until(lambda: begun(1))
    process.terminate()
    assert process.wait(10) == 0
    assert notes() == [(1, "ended")]
    assert (drained(), queries.workers()) == (True, [])


def test_the_restarting_database_is_waited_for(start: Any) -> None:
    """As far as a worker can tell: every connection breaks, several times, while jobs run."""
    process = start()
    enqueue_many("tests_crash.quick", [{"number": number} for number in range(1000)])
    for _ in range(6):
        rows(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        time.sleep(0.1)
    wait_until(drained, 30)
    assert process.poll() is None
    assert [row[0] for row in notes()] == list(range(1000))


if __name__ == "__main__":
    logging.basicConfig(level="ERROR")
    logging.disable(logging.CRITICAL)
    database = {"ENGINE": "django.db.backends.postgresql", **json.loads(os.environ["MAJLIS_TESTS_DB"])}
    settings.configure(
        USE_TZ=True, DATABASES={"default": database}, INSTALLED_APPS=["majlis.core", "majlis.core.jobs"]
    )
    django.setup()
    raise SystemExit(worker.main(lease=float(os.environ["MAJLIS_TESTS_LEASE"])))
