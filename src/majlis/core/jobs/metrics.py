"""Numbers about the queue, for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prometheus_client import Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from majlis.core.jobs import queries

RUN_SECONDS: Final = Histogram(
    "majlis_job_run_seconds",
    "How long runs of jobs took, by job and outcome (done, failed, dead, lost).",
    ["job", "outcome"],
    buckets=(0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 300),
)


class QueueCollector(Collector):
    """Asks the database at each scrape; register it in the one process that is scraped."""

    def describe(self) -> Iterator[Metric]:
        yield from ()

    def collect(self) -> Iterator[Metric]:
        depth = queries.depth()
        jobs = GaugeMetricFamily("majlis_jobs", "Jobs by state.", labels=["state"])
        for state in ("due", "scheduled", "held", "dead"):
            jobs.add_metric([state], getattr(depth, state))
        yield jobs
        yield GaugeMetricFamily(
            "majlis_jobs_oldest_due_seconds", "How long the oldest due job has waited.", depth.oldest_seconds
        )
