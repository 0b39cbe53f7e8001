"""Search in a house with a million posts: words that are in most posts, in few, and that never meet."""

from __future__ import annotations

import json
from pathlib import Path

from bench.house import house
from bench.report import Figure

PRELUDE = "import sys; from pathlib import Path; facts, number = Path(sys.argv[1]), int(sys.argv[2])\n"
FILL = PRELUDE + "from bench.library import fill; fill(number, facts)"
MEASURE = PRELUDE + "from bench.searching import measure; print(measure(facts, number))"
LIMIT = "200 posts by primary key"


def measure(*, quick: bool = False) -> list[Figure]:
    """Target: 95 of 100 searches within 50 ms at a million posts, whatever the words; kind by kind.

    Loading takes two minutes. Each kind is asked with different words. CPU is the database's and the caller's: what
    the time would be if nothing else ran.
    """
    with house() as where:
        facts = str(Path(where.environment["MAJLIS_DATA_DIR"]) / "library.json")
        where.run(FILL, facts, "100000" if quick else "1000000")
        kinds: dict[str, list[float]] = json.loads(where.run(MEASURE, facts, "20" if quick else "100"))
    key_cpu = kinds[LIMIT][4]
    limit = kinds.pop(LIMIT)[1]
    worst, busiest = (_worst(kinds, place) for place in (1, 4))
    return [
        Figure("search: p95 of the slowest kind", kinds[worst][1], "ms", 50, beside=worst),
        Figure("search: p95 of CPU of the busiest kind", kinds[busiest][4], "ms", 50, beside=busiest),
        Figure(f"search, limit: {LIMIT}: p95", limit, "ms", beside=f"CPU p95 {key_cpu:.1f} ms"),
        *(_figure(name, values) for name, values in kinds.items()),
    ]


def _worst(kinds: dict[str, list[float]], place: int) -> str:
    return max(kinds, key=lambda name: kinds[name][place])


def _figure(name: str, values: list[float]) -> Figure:
    middle, late, most, cpu, late_cpu, _most_cpu = values
    beside = f"median {middle:.1f}, most {most:.1f} ms; CPU median {cpu:.1f}, p95 {late_cpu:.1f} ms"
    return Figure(f"search, {name}: p95", late, "ms", 50, beside=beside)
