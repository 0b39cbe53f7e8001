"""How long customers of real care teams waited for a first reply: by our clocks, beside a plain computation.

A part as those of :mod:`majlis.insights.evaluation`, of conversations: ``complaints/en_care_threads.jsonl`` under the
folder it is given, or a file of that form. Each thread is a conversation of the care account that speaks first in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec

from majlis.care.clocks import AROUND_THE_CLOCK, Side, Targets, Word, clocks
from majlis.care.figures import quantiles
from majlis.core import json
from majlis.insights.evaluation import Row, equal, unpublished

FILE: Final = "en_care_threads.jsonl"
PLAIN: Final = "a plain computation over the same file, without our clocks"
_SHARES: Final = (("median", 50), ("p75", 75), ("p90", 90))


class Said(msgspec.Struct, frozen=True, rename={"at": "created_at"}):
    """A line: who said something in which thread, and when. Lines come in any order."""

    thread: str
    author: str
    is_customer: bool
    at: Annotated[datetime, msgspec.Meta(tz=True)]


Threads = Mapping[str, Sequence[Said]]


def rows(data: Path) -> Iterator[Row]:
    """Median, p75 and p90 of first replies in minutes, over all threads and for each care account."""
    threads = read(data / "complaints" / FILE)
    ours, plain = by_clocks(threads), plainly(threads)
    every = [each for of_one in ours.values() for each in of_one]
    every_plainly = [each for of_one in plain.values() for each in of_one]
    yield unpublished("care: threads", len(threads), FILE)
    yield equal("care: threads with a first reply", len(every), len(every_plainly), PLAIN)
    yield from _compared("all", every, every_plainly)
    for brand in sorted(ours.keys() | plain.keys(), key=str.casefold):
        yield from _compared(brand, ours.get(brand, []), plain.get(brand, []))


def _compared(name: str, ours: Sequence[float], plain: Sequence[float]) -> Iterator[Row]:
    found = quantiles(ours)
    for share, percent in _SHARES:
        value = None if found is None else getattr(found, share) / 60
        target = _percentile(plain, percent) / 60 if plain else None
        yield equal(f"care, first reply, {share} in minutes: {name}", value, target, PLAIN)


_line: Final = json.own_reader(Said)


def read(path: Path) -> dict[str, list[Said]]:
    """The threads of a file.

    Raises:
        FileNotFoundError: there is none.
        ValueError: a line is not such.
    """
    threads: dict[str, list[Said]] = defaultdict(list)
    with path.open(encoding="utf-8") as lines:
        for line in filter(str.strip, lines):
            said = _line(line)
            threads[said.thread].append(said)
    return threads


def by_clocks(threads: Threads) -> dict[str, list[float]]:
    """Seconds until the first reply by the clocks of the inbox: care account → its answered threads."""
    found: dict[str, list[float]] = defaultdict(list)
    for said in threads.values():
        words = [Word(each.at, Side.CUSTOMER if each.is_customer else Side.TEAM) for each in said]
        latest = max(each.at for each in said)
        first = clocks(words, (), hours=AROUND_THE_CLOCK, targets=Targets(), at=latest).first
        if first is not None and first.stopped is not None:
            found[_brand(said)].append(first.seconds)
    return found


def _brand(said: Sequence[Said]) -> str:
    return min((each.at, each.author) for each in said if not each.is_customer)[1]


def plainly(threads: Threads) -> dict[str, list[float]]:
    """The same by nothing but comparing times."""
    found: dict[str, list[float]] = defaultdict(list)
    for said in threads.values():
        asked = min((each.at.timestamp() for each in said if each.is_customer), default=None)
        team = sorted((each.at.timestamp(), each.author) for each in said if not each.is_customer)
        waits = [moment - asked for moment, _author in team if asked is not None and moment >= asked]
        if waits:
            found[team[0][1]].append(waits[0])
    return found


def _percentile(values: Sequence[float], percent: int) -> float:
    """Linear between neighbours, in whole numbers of places: n − 1 steps from the least to the greatest."""
    ordered = sorted(values)
    steps, rest = divmod(percent * (len(ordered) - 1), 100)
    weighted = ordered[steps : steps + 2]
    return weighted[0] if len(weighted) == 1 else (weighted[0] * (100 - rest) + weighted[1] * rest) / 100
