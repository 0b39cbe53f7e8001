"""Made-up series of mentions with bursts whose times are known: what the parameters of bursts were chosen on.

A series is counts of five minutes. Its rate has a day, a week, a slow wander, growth and sometimes a lasting step; its
counts are negative binomial; single counts are outliers with a Pareto tail, and small talk comes and goes several times a
day. Level, scatter and persistence span what the first 750 values of brands on Twitter have, the part that is not scored.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

STEP: Final = timedelta(minutes=5)
A_DAY: Final = 288
_START: Final = datetime(2026, 1, 1, 21, 42, 53, tzinfo=UTC)

Counts = npt.NDArray[np.float64]


class World(msgspec.Struct, frozen=True):
    """``windows``: from and to (included) as places in the series, a tenth of the series shared by its bursts and
    centred on their starts, as the Numenta benchmark lays them (Lavin & Ahmad 2015)."""

    times: list[datetime]
    counts: list[float]
    windows: list[tuple[int, int]]


def world(seed: int, *, days: int = 55, bursts: int | None = None) -> World:
    """The same for the same seed. ``bursts`` None: two to four."""
    draw = np.random.default_rng(seed)
    length = days * A_DAY
    rate = _rate(draw, length)
    for _ in range(draw.poisson(draw.uniform(3.0, 15.0) * days)):
        _pulse(
            draw,
            rate,
            int(draw.integers(length)),
            high=math.exp(draw.exponential(0.45)) - 0.8,
            last=(0.1, 2.0),
        )
    planted = _planted(draw, length, int(draw.integers(2, 5)) if bursts is None else bursts)
    for start in planted:
        _pulse(draw, rate, start, high=math.exp(draw.uniform(1.5, 3.5)), last=(0.5, 12.0))
    scatter = draw.uniform(10.0, 40.0)
    counts = draw.poisson(rate * draw.gamma(scatter, 1 / scatter, length)).astype(float)
    lone = draw.random(length) < draw.uniform(0.2, 2.0) / A_DAY
    counts[lone] += np.ceil(
        (rate[lone] + 1) * np.minimum(draw.pareto(draw.uniform(1.2, 2.5), lone.sum()), 30)
    )
    _gaps(draw, counts)
    half = round(length * 0.1 / max(1, len(planted)) / 2)
    return World(
        [_START + each * STEP for each in range(length)],
        [float(each) for each in counts],
        [(max(0, start - half), min(length - 1, start + half)) for start in planted],
    )


def _rate(draw: np.random.Generator, length: int) -> Counts:
    at = np.arange(length)
    level = math.log(draw.choice([2.0, 4.0, 12.0, 25.0, 50.0]) * draw.uniform(0.7, 1.4))
    turn = 2 * math.pi * (at / A_DAY + draw.random())
    day = draw.uniform(0.3, 0.9) * np.cos(turn) + draw.uniform(0.0, 0.3) * np.cos(
        2 * turn + draw.uniform(0, 6)
    )
    weekend = -draw.uniform(0.0, 0.5) * ((at // A_DAY) % 7 >= 5)
    growth = draw.uniform(-0.3, 0.5) * at / length
    step = draw.normal(0, 0.4) * (at > draw.uniform(0.2, 0.9) * length) * (draw.random() < 0.3)
    logarithm = level + day + weekend + growth + step + _wander(draw, length)
    return np.asarray(np.exp(logarithm), dtype=np.float64)


def _wander(draw: np.random.Generator, length: int) -> Counts:
    """An Ornstein–Uhlenbeck process by the hour, joined by lines: 0.15–0.35 around nothing, remembered for 6–24 hours."""
    hours = length // 12 + 2
    spread, memory = draw.uniform(0.15, 0.35), draw.uniform(6, 24)
    keep = math.exp(-1 / memory)
    pushes = draw.normal(0, spread * math.sqrt(1 - keep * keep), hours)
    value, values = 0.0, []
    for push in pushes:
        value = keep * value + push
        values.append(value)
    return np.asarray(np.interp(np.arange(length) / 12, np.arange(hours), values), dtype=np.float64)


def _pulse(
    draw: np.random.Generator, rate: Counts, start: int, *, high: float, last: tuple[float, float]
) -> None:
    """Adds ``high`` times the rate of the hour, which rises within the hour and falls for ``last`` hours."""
    ahead = np.arange(len(rate) - start)
    rise, fall = draw.uniform(1, 12), draw.uniform(*last) * 12
    shape = np.minimum(1, (ahead + 1) / rise) * np.exp(-np.maximum(0, ahead - rise) / fall)
    around = float(np.exp(np.log(rate[max(0, start - A_DAY) : start + 1]).mean()))
    rate[start:] += high * around * shape


def _planted(draw: np.random.Generator, length: int, number: int) -> list[int]:
    """Starts after the part that is not scored, at least three days apart."""
    while True:
        starts = sorted(int(each) for each in draw.integers(4 * A_DAY, length - A_DAY, number))
        if all(after - before > 3 * A_DAY for before, after in pairwise(starts)):
            return starts


def _gaps(draw: np.random.Generator, counts: Counts) -> None:
    """Twice in a series the source says nothing for an hour or two."""
    for start in draw.integers(0, len(counts) - 24, 2):
        counts[start : start + draw.integers(6, 24)] = 0
