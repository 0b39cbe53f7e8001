"""Workers run every job, once if it is atomic, and a bad job harms nobody else's."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from prometheus_client import CollectorRegistry, generate_latest

from majlis.core.clock import now
from majlis.core.jobs import (
    Lane,
    PermanentError,
    Run,
    actions,
    claims,
    enqueue,
    enqueue_many,
    job,
    metrics,
    queries,
    ticks,
)
from majlis.core.jobs.models import DeadLetter, Job, Tick, Worker
from majlis.core.jobs.worker import run_worker

pytestmark = pytest.mark.django_db(transaction=True)

_go = threading.Event()


@pytest.fixture(autouse=True)
def effects() -> Iterator[None]:
    """A table for what jobs do to the database."""
    _go.clear()
    with connection.cursor() as cursor:
        cursor.execute("create table jobs_test_effect (number int, at timestamptz default clock_timestamp())")
    yield
    _go.set()
    with connection.cursor() as cursor:
        cursor.execute("drop table jobs_test_effect")


def write(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into jobs_test_effect (number) values (%s)", [number])


def written() -> Counter[int]:
    with connection.cursor() as cursor:
        cursor.execute("select number from jobs_test_effect")
        return Counter(row[0] for row in cursor.fetchall())


@job("tests_worker.write", atomic=True)
def write_atomically(*, number: int) -> None:
    write(number)


@job("tests_worker.write_often")
def write_at_least_once(*, number: int) -> None:
    write(number)


@job("tests_worker.fail", attempts=3, backoff=0.1, atomic=True)
def fail(*, number: int) -> None:
    write(number)
    raise ValueError("the oven \x00 is cold \ud800")


@job("tests_worker.recover", backoff=0.1, atomic=True)
def succeed_at_the_third(*, run: Run) -> None:
    write(run.attempt)
    if run.attempt < 3:
        raise ConnectionResetError


@job("tests_worker.give_up")
def fail_for_good() -> None:
    raise PermanentError("no such address")


@job("tests_worker.asked_to_wait", backoff=0.0)
def asked_to_wait() -> None:
    error = OSError("429")
    error.retry_after = 3600  # type: ignore[attr-defined]
    raise error


@job("tests_worker.exit", attempts=1)
def leave_the_thread() -> None:
    raise SystemExit(3)


@job("tests_worker.wait")
def wait_for_go(*, number: int) -> None:
    _go.wait(20)
    write(number)


@job("tests_worker.overrun", lease=0.3, backoff=0.1, atomic=True)
def overrun_at_first(*, number: int, run: Run) -> None:
    write(number)
    if run.attempt == 1:
        _go.wait(20)


@job("tests_worker.hang", lease=0.2, backoff=600.0, lane=Lane.URGENT)
def hang() -> None:
    _go.wait(20)


@job("tests_worker.tick", every=timedelta(seconds=1), atomic=True)
def tick(*, run: Run) -> None:
    write(int(run.enqueued_at.timestamp()))


@contextmanager
def working(count: int = 1, concurrency: int = 4, **options: float) -> Iterator[None]:
    """So many workers, each with its own connections, as processes have."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=run_worker, args=(stop, concurrency), kwargs=options) for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    assert not any(thread.is_alive() for thread in threads)


def wait_until(true: Callable[[], bool], seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"not within {seconds} s: {queries.depth()}"
        time.sleep(0.02)


def drained() -> bool:
    """Nothing is left but the next tick of the recurring job."""
    return not Job.objects.exclude(name="tests_worker.tick").exists()


def without_ticks() -> Counter[int]:
    return Counter({number: count for number, count in written().items() if number < 10**9})


def test_two_workers_run_each_job_once_and_leave_nothing_behind() -> None:
    enqueue_many("tests_worker.write", [{"number": number} for number in range(300)])
    with working(2):
        wait_until(drained)
    assert without_ticks() == Counter(range(300))
    assert not Worker.objects.exists()


def test_an_idle_worker_starts_a_job_without_waiting_for_its_next_round() -> None:
    with working():
        wait_until(lambda: any(worker.alive for worker in queries.workers()))
        time.sleep(0.3)
        waits = []
        for number in range(9):
            time.sleep(0.15)
            before = time.monotonic()
            with transaction.atomic():
                enqueue("tests_worker.write", {"number": number})
            wait_until(lambda number=number: number in written())  # type: ignore[misc]
            waits.append(time.monotonic() - before)
        assert sorted(waits)[4] < 0.3


def test_a_failed_job_is_undone_and_tried_again() -> None:
    enqueue("tests_worker.recover")
    with working():
        wait_until(drained)
    assert without_ticks() == {3: 1}
    assert queries.depth().dead == 0


def test_after_the_last_attempt_it_is_a_dead_letter_for_the_operator() -> None:
    id_ = enqueue("tests_worker.fail", {"number": 1}, key="k")
    with working():
        wait_until(drained)
    [letter] = queries.dead_letters()
    assert (letter.id, letter.name, letter.key, letter.arguments) == (
        id_,
        "tests_worker.fail",
        "k",
        {"number": 1},
    )
    assert (letter.attempts, letter.reason) == (3, "attempts")
    assert letter.error == "ValueError: the oven \N{REPLACEMENT CHARACTER} is cold ?"
    assert "in fail\n" in letter.traceback
    assert without_ticks() == {}
    assert queries.depth().dead == 1


def test_the_operator_sends_dead_letters_back_or_away() -> None:
    ids = enqueue_many("tests_worker.fail", [{"number": 1}, {"number": 2}, {"number": 3}])
    with working():
        wait_until(drained)
    assert sorted(letter.id for letter in queries.dead_letters(name="tests_worker.fail")) == sorted(ids)
    assert queries.dead_letters(name="tests_worker.other") == []
    assert actions.retry_dead_letters(ids=[ids[0], 12345]) == [ids[0]]
    assert actions.discard_dead_letters(ids=[ids[0], ids[1]]) == [ids[1]]
    assert (Job.objects.get(id=ids[0]).attempts, DeadLetter.objects.get().id) == (0, ids[2])


def test_dead_letters_are_read_page_by_page() -> None:
    ids = enqueue_many("tests_worker.exit", [{}] * 5)
    with working():
        wait_until(drained)
    seen: list[int] = []
    page = queries.dead_letters(limit=2)
    while page:
        seen += [letter.id for letter in page]
        page = queries.dead_letters(limit=2, older_than=page[-1])
    assert sorted(seen) == sorted(ids)


def test_a_permanent_error_is_not_tried_again() -> None:
    enqueue("tests_worker.give_up")
    with working():
        wait_until(drained)
    [letter] = queries.dead_letters()
    assert (letter.attempts, letter.reason, letter.error) == (
        1,
        "permanent",
        "PermanentError: no such address",
    )


def test_an_error_may_say_when_to_come_back() -> None:
    id_ = enqueue("tests_worker.asked_to_wait")
    with working():
        wait_until(
            lambda: Job.objects.get(id=id_).attempts == 1 and Job.objects.get(id=id_).worker_id is None
        )
    assert Job.objects.get(id=id_).run_at > now() + timedelta(minutes=55)


def test_a_job_nobody_knows_is_tried_again_then_shown() -> None:
    """A worker of the older release meets it first; the newer one may come."""
    waiting = Job.objects.create(name="tests_worker.of_tomorrow", arguments={}, lane=Lane.NORMAL, attempts=6)
    with working():
        wait_until(lambda: Job.objects.get(id=waiting.id).attempts == 7)
        wait_until(lambda: Job.objects.get(id=waiting.id).worker_id is None)
        Job.objects.filter(id=waiting.id).update(run_at=now())
        wait_until(drained)
    assert [letter.reason for letter in queries.dead_letters()] == ["unknown"]


def test_poison_does_not_hold_up_the_others() -> None:
    enqueue_many("tests_worker.fail", [{"number": -1}] * 5)
    enqueue_many("tests_worker.exit", [{}] * 5)
    enqueue_many("tests_worker.write", [{"number": number} for number in range(100)])
    with working(concurrency=2):
        wait_until(drained)
    assert without_ticks() == Counter(range(100))
    assert queries.depth().dead == 10


def test_jobs_behind_a_slow_one_go_to_another_worker() -> None:
    enqueue("tests_worker.wait", {"number": -1}, run_at=now() - timedelta(minutes=1))
    enqueue_many("tests_worker.write", [{"number": number} for number in range(50)])
    with working(2, concurrency=1):
        wait_until(lambda: len(without_ticks()) == 50, seconds=8)
        _go.set()
        wait_until(drained)
    assert without_ticks() == Counter([-1, *range(50)])


def test_a_run_that_overran_its_lease_is_undone_when_it_ends_after_all() -> None:
    enqueue("tests_worker.overrun", {"number": 7})
    with working():
        wait_until(drained)
        _go.set()
        time.sleep(0.5)
    assert without_ticks() == {7: 1}


def test_a_worker_whose_threads_all_hang_gives_up_so_that_a_new_process_starts() -> None:
    enqueue_many("tests_worker.hang", [{}, {}])
    stop = threading.Event()
    ended: list[bool] = []
    thread = threading.Thread(target=lambda: ended.append(run_worker(stop, 2)))
    thread.start()
    thread.join(15)
    assert ended == [False]
    assert [item.attempts for item in Job.objects.filter(name="tests_worker.hang")] == [1, 1]


def test_a_stopping_worker_ends_what_runs_and_gives_back_the_rest() -> None:
    enqueue("tests_worker.wait", {"number": 1}, run_at=now() - timedelta(minutes=1))
    enqueue_many("tests_worker.write", [{"number": number} for number in range(2, 20)])
    stop = threading.Event()
    thread = threading.Thread(target=run_worker, args=(stop, 1))
    thread.start()
    wait_until(lambda: Job.objects.filter(started_at__isnull=False).exists())
    stop.set()
    threading.Timer(0.5, _go.set).start()
    thread.join(20)
    assert without_ticks() == {1: 1}
    assert Job.objects.filter(name="tests_worker.write", attempts=0, worker_id=None).count() == 18


def test_what_does_not_end_within_the_grace_is_given_back_uncounted() -> None:
    id_ = enqueue("tests_worker.wait", {"number": 1})
    stop = threading.Event()
    thread = threading.Thread(target=run_worker, args=(stop, 1), kwargs={"grace": 0.2})
    thread.start()
    wait_until(lambda: Job.objects.filter(started_at__isnull=False).exists())
    stop.set()
    thread.join(20)
    assert Job.objects.values_list("attempts", "worker_id", "started_at").get(id=id_) == (0, None, None)
    _go.set()


def test_one_of_two_workers_fires_each_tick() -> None:
    with working(2):
        wait_until(lambda: len(written()) >= 3, seconds=20)
    assert set(written().values()) == {1}
    slots = sorted(written())
    assert len(slots) == len(set(slots))


def test_ticks_missed_while_nobody_worked_are_made_good_by_one_run() -> None:
    Tick.objects.create(name="tests_worker.tick", slot=datetime(2020, 1, 1, tzinfo=UTC))
    at = now()
    ticks.Ticks(at=at)
    assert Job.objects.filter(name="tests_worker.tick").count() == 1
    ticks.Ticks(at=at)
    assert Job.objects.filter(name="tests_worker.tick").count() == 1


def test_a_recurring_job_seen_for_the_first_time_waits_for_its_slot() -> None:
    ticks.Ticks(at=now())
    assert not Job.objects.exists()


def test_a_worker_silent_for_longer_than_its_lease_has_lost_its_claims() -> None:
    enqueue_many("tests_worker.write", [{"number": number} for number in range(3)])
    silent, other = claims.register_worker(), claims.register_worker()
    begun, *rest = claims.lease(silent, limit=3)
    claims.start(begun)
    Worker.objects.filter(id=silent).update(leased_until=now() - timedelta(seconds=1))
    assert claims.take_over(other) == 1
    assert not claims.heartbeat(silent)
    assert claims.lease(silent, limit=1) == [], "or its jobs would belong to nobody"
    assert [claims.start(claim) for claim in rest] == [None, None]
    with pytest.raises(claims.ClaimLostError), transaction.atomic():
        claims.finish(begun)
    assert sorted(Job.objects.values_list("attempts", "worker_id")) == [(0, None), (0, None), (1, None)]


def test_jobs_survive_broken_connections() -> None:
    enqueue_many("tests_worker.write", [{"number": number} for number in range(2000)])
    with working(2):
        for _ in range(5):
            time.sleep(0.15)
            with connection.cursor() as cursor:
                cursor.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()"
                    " and backend_type = 'client backend'"
                )
        wait_until(drained, seconds=60)
    assert without_ticks() == Counter(range(2000))


def test_ten_thousand_jobs_are_drained() -> None:
    enqueue_many("tests_worker.write_often", [{"number": number} for number in range(10_000)])
    before = time.monotonic()
    with working(2):
        wait_until(drained, seconds=100)
    assert without_ticks() == Counter(range(10_000))
    assert time.monotonic() - before < 100


def test_numbers_for_prometheus() -> None:
    enqueue("tests_worker.write", {"number": 1}, run_at=now() - timedelta(seconds=90))
    enqueue("tests_worker.write", {"number": 2}, run_at=now() + timedelta(hours=1))
    registry = CollectorRegistry()
    registry.register(metrics.QueueCollector())
    lines = generate_latest(registry).decode().splitlines()
    assert 'majlis_jobs{state="due"} 1.0' in lines
    assert 'majlis_jobs{state="scheduled"} 1.0' in lines
    [oldest] = [line for line in lines if line.startswith("majlis_jobs_oldest_due_seconds ")]
    assert 90 <= float(oldest.split()[1]) < 120
    with working():
        wait_until(lambda: 1 in written())
    count = metrics.RUN_SECONDS.labels("tests_worker.write", "done")._sum.get()
    assert count > 0
