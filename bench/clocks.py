"""The clocks of a conversation: CPU of working them out anew, as every word that comes in does."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from bench.report import Figure
from majlis.brands.hours import Date, OpeningHours, Period
from majlis.care.clocks import Side, Status, Targets, Turn, Word, clocks, seconds_between

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
HOUR = 3_600


def measure(*, quick: bool = False) -> list[Figure]:
    """Target: ≤ 50 µs for 20 words and three turns, with business hours in two periods and as many holidays as there may
    be, six waits among them."""
    hours = OpeningHours(
        ((Period(540, 780), Period(960, 1320)),) * 7,
        tuple(Date(date(2026, 1, 1) + timedelta(days=6 * number)) for number in range(60)),
        "Africa/Cairo",
    )
    dice = random.Random(1)
    words = [Word(MONDAY + timedelta(minutes=17 * number), dice.choice([*Side])) for number in range(20)]
    dice.shuffle(words)
    turns = [
        Turn(MONDAY + timedelta(minutes=minute), status)
        for minute, status in ((100, Status.WAITING), (160, Status.OPEN), (300, Status.SOLVED))
    ]
    targets, at = Targets(first=HOUR, next=2 * HOUR, resolution=16 * HOUR), MONDAY + timedelta(days=2)
    rounds = 10 if quick else 40
    worked = _best(lambda: clocks(words, turns, hours=hours, targets=targets, at=at), rounds)
    always = _best(lambda: clocks(words, turns, hours=None, targets=targets, at=at), rounds)
    years = _best(lambda: seconds_between(hours, MONDAY, MONDAY + timedelta(days=3_000)), rounds)
    started = time.process_time()
    seconds_between(OpeningHours(hours.week, hours.dates[:-1], hours.time_zone), MONDAY, at)
    cold = (time.process_time() - started) * 1e3
    return [
        Figure("clocks of 20 words: CPU", worked, "µs", 50, beside=f"around the clock {always:.0f} µs"),
        Figure("business time over eight years: CPU", years, "µs", 50),
        Figure("business time, the first of a page in a year: CPU", cold, "ms", 50),
    ]


def _best(work: Callable[[], object], rounds: int) -> float:
    """The least CPU of a call, in µs: what a busy machine adds is no part of it."""
    work()
    found = []
    for _round in range(rounds):
        started = time.process_time()
        for _number in range(200):
            work()
        found.append((time.process_time() - started) / 200)
    return min(found) * 1e6
