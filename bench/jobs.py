"""The job queue beside its limit: the same rows inserted and deleted by plain SQL, in the same run.

    python bench/jobs.py [--jobs 3000] [--threads 4] [--database URL]

Prints JSON: jobs a second and CPU (microseconds of this process, the database's not counted) per job,
for putting jobs in (a transaction each), and for running jobs that do nothing; the latency from commit
to start (milliseconds); and our share of the limit's speed. Without ``--database`` a private server is
started, with fsync on.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from majlis.core.jobs import enqueue, enqueue_many, job, queries
from majlis.core.jobs.worker import run_worker
from majlis.core.postgres import ensure

_INSERT = "insert into jobs_job (name, arguments, lane) values ('bench.repeatable', %s::jsonb, 1)"
_started: dict[int, float] = {}


@job("bench.repeatable")
def repeatable(*, number: int) -> None: ...


@job("bench.atomic", atomic=True)
def atomic(*, number: int) -> None: ...


@job("bench.latency")
def note_start(*, number: int) -> None:
    _started[number] = time.perf_counter()


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="majlis-bench-") as folder:
        Path(folder).chmod(0o711)
        server = ensure(
            Path(folder), url=options.database, bound=True, tell=lambda line: print(line, file=sys.stderr)
        )
        try:
            _use(server.url)
            json.dump(measure(options.jobs, options.threads), sys.stdout, indent=2)
            print()
        finally:
            connection.close()
            server.stop()


def measure(jobs: int, threads: int) -> dict[str, Any]:
    """All figures, of jobs that are there only for this."""
    put_limit = _rate(jobs, lambda: _one_by_one(jobs, _insert_plainly))
    delete_limit = _rate(jobs, lambda: _delete_plainly(threads))
    put = _rate(jobs, lambda: _one_by_one(jobs, _enqueue))
    ran = {"repeatable": _rate(jobs, lambda: _drain(threads))}
    enqueue_many("bench.atomic", ({"number": number} for number in range(jobs)))
    ran["atomic"] = _rate(jobs, lambda: _drain(threads))
    return {
        "jobs": jobs,
        "threads": threads,
        "put": put | {"limit": put_limit, "share": _share(put, put_limit)},
        **{
            kind: rate | {"limit": delete_limit, "share": _share(rate, delete_limit)}
            for kind, rate in ran.items()
        },
        "commit_to_start_ms": _latency(threads),
    }


def _rate(count: int, work: Callable[[], None]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"per_second": round(count / wall), "cpu_us": round(cpu / count * 1e6)}


def _share(ours: dict[str, float], limit: dict[str, float]) -> float:
    return round(ours["per_second"] / limit["per_second"], 2)


def _one_by_one(count: int, put: Callable[[int], None]) -> None:
    for number in range(count):
        with transaction.atomic():
            put(number)


def _enqueue(number: int) -> None:
    enqueue("bench.repeatable", {"number": number})


def _insert_plainly(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [json.dumps({"number": number})])


def _delete_plainly(threads: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select id from jobs_job order by id")
        ids = deque(row[0] for row in cursor.fetchall())

    def delete() -> None:
        with connection.cursor() as cursor:
            while ids:
                try:
                    cursor.execute("delete from jobs_job where id = %s", [ids.popleft()])
                except IndexError:
                    break
        connection.close()

    _in_threads([threading.Thread(target=delete) for _ in range(threads)])


def _drain(threads: int) -> None:
    stop = threading.Event()
    worker = threading.Thread(target=run_worker, args=(stop, threads))
    worker.start()
    while (depth := queries.depth()).due + depth.held:
        time.sleep(0.02)
    stop.set()
    worker.join()


def _latency(threads: int, samples: int = 100) -> dict[str, float]:
    stop = threading.Event()
    worker = threading.Thread(target=run_worker, args=(stop, threads))
    worker.start()
    time.sleep(1.0)
    committed: list[float] = []
    for number in range(samples):
        with transaction.atomic():
            enqueue("bench.latency", {"number": number})
        committed.append(time.perf_counter())
        time.sleep(0.01)
    time.sleep(1.5)
    stop.set()
    worker.join()
    waits = sorted((_started[number] - at) * 1000 for number, at in enumerate(committed))
    return {"median": round(statistics.median(waits), 2), "p95": round(waits[int(samples * 0.95)], 2)}


def _in_threads(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The job queue beside its limit.")
    parser.add_argument("--jobs", type=int, default=3000)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--database", default="", help="an empty database to use instead of a private one")
    return parser.parse_args()


def _use(url: str) -> None:
    parts = urlsplit(url)
    options = {key: values[0] for key, values in parse_qs(parts.query).items()}
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }
    settings.configure(
        USE_TZ=True, INSTALLED_APPS=["majlis.core", "majlis.core.jobs"], DATABASES={"default": database}
    )
    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
