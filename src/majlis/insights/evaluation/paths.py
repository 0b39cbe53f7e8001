"""The data set of the package ChannelAttribution: 10,000 paths over 12 channels.

Its manual prints no results, so the published figures are what its version 2.1.7 answers on this file. First, last and
linear touch must agree to the digit; its Markov model of first order is a simulation (``nsim_start=2000000``,
``seed=1``) with some chance left in it, ours is solved.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

from majlis.insights.evaluation import Row, equal, table, unpublished, within
from majlis.insights.methods import attribution
from majlis.insights.methods.attribution import Credits, Journey, Model

SOURCE: Final = "ChannelAttribution 2.1.7 (Altomare & Loris), run on this file"
INVARIANT: Final = "METRICS: the credits add up to the conversions"
_KNOWN: Final = (10_000, 19_785, 68_602)
"""Paths, conversions, and journeys that came to nothing, of the published file."""
_CHANCE: Final = 0.005
"""What the simulated removal effects may be away: its seeds differ among themselves by as much."""

PUBLISHED: Final[Mapping[Model, Mapping[str, float]]] = {
    Model.FIRST: {
        "alpha": 6308, "beta": 2831, "delta": 1, "epsilon": 99, "eta": 3164, "gamma": 165, "iota": 4606, "kappa": 74,
        "lambda": 902, "mi": 2, "theta": 1606, "zeta": 27,
    },
    Model.LAST: {
        "alpha": 8447, "beta": 989, "delta": 5, "epsilon": 531, "eta": 4167, "gamma": 92, "iota": 3355, "kappa": 230,
        "lambda": 1207, "mi": 2, "theta": 653, "zeta": 107,
    },
    Model.LINEAR: {
        "alpha": 7574.7186, "beta": 2083.5001, "delta": 1.7250, "epsilon": 272.1704, "eta": 3539.9512,
        "gamma": 121.0416, "iota": 3857.0962, "kappa": 137.9641, "lambda": 1035.2576, "mi": 2.2222, "theta": 1022.8014,
        "zeta": 136.5515,
    },
}  # fmt: skip
REMOVAL: Final = {
    "alpha": 0.559587, "beta": 0.265978, "delta": 0.000404, "epsilon": 0.063080, "eta": 0.349882, "gamma": 0.017500,
    "iota": 0.407750, "kappa": 0.028530, "lambda": 0.133618, "mi": 0.000270, "theta": 0.208289, "zeta": 0.039942,
}  # fmt: skip


def journeys(path: Path) -> list[Journey]:
    """Each row twice: those who converted, and those who did not."""
    found = []
    for line in table(path, "path", "total_conversions", "total_conversion_value", "total_null"):
        channels = line["path"].split(" > ")
        won, lost = (int(float(line[name] or 0)) for name in ("total_conversions", "total_null"))
        value = Decimal(line["total_conversion_value"] or 0) if won else Decimal(0)
        found.append(attribution.in_order(channels, converted=True, count=won, value=value))
        found.append(attribution.in_order(channels, converted=False, count=lost))
    return found


def rows(data: Path) -> Iterator[Row]:
    """Credits beside those of the package; sums; and Shapley's value by its definition."""
    of = journeys(data / "marketing" / "attribution_paths.csv")
    conversions = sum(each.count for each in of if each.converted_at is not None)
    found = attribution.side_by_side(of)
    lost = sum(each.count for each in of) - conversions
    known = (len(of) // 2, conversions, lost) == _KNOWN
    for model, credit in found.items():
        yield equal(
            f"paths: {model}: sum of credits", math.fsum(credit.by_channel.values()), conversions, INVARIANT
        )
        for channel, value in credit.by_channel.items():
            target = PUBLISHED.get(model, {}).get(channel) if known else None
            name = f"paths: {model}: {channel}"
            if target is None:
                yield unpublished(name, value, "METRICS")
            else:
                yield equal(name, value, target, SOURCE, relative=0, absolute=0.00005 + 1e-9)
    if known:
        for channel, target in REMOVAL.items():
            value = found[Model.MARKOV].removal[channel]
            low, high = max(target - _CHANCE, 0), target + _CHANCE
            yield within(f"paths: markov: removal effect of {channel}", value, low, high, SOURCE)
    yield from _by_definition(of, found[Model.SHAPLEY])


def _by_definition(of: list[Journey], found: Credits) -> Iterator[Row]:
    """All 4,096 coalitions of twelve channels, against the closed form."""
    players = list(found.by_channel)
    values = attribution.shapley_of(players, attribution.conversions_within(of), seed=1)
    if values.exact:
        worst = max(abs(values.of[name] - found.by_channel[name]) for name in players)
        yield within(
            "paths: shapley: largest distance from the sum over all coalitions", worst, 0, 1e-6, "METRICS"
        )
