"""GeoLift's test set: 40 cities, 105 days, a campaign in Chicago and Portland from day 91."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from majlis.insights.evaluation import Row, equal, rounded, unpublished, within
from majlis.insights.methods.synthetic import difference_in_differences, jackknife_interval, synthetic_control

SOURCE: Final = "GeoLift Walkthrough (facebookincubator/GeoLift, website/docs/GettingStarted/Walkthrough.md)"
INTERVALS: Final = "GeoLift, website/docs/Methodology/Confidence_Interval_Explanation.md"
PUBLISHED_INTERVAL: Final = (-2450.735, 11349.93)
TREATED: Final = ("chicago", "portland")
BEFORE: Final = 90
PUBLISHED_WEIGHTS: Final = {
    "austin": 0.0465, "baton rouge": 0.1335, "cincinnati": 0.2272, "dallas": 0.0739, "honolulu": 0.0673,
    "houston": 0.0046, "miami": 0.2028, "minneapolis": 0.09, "nashville": 0.0685, "new york": 0.0046,
    "reno": 0.0306, "san antonio": 0.0054, "san diego": 0.0451,
}  # fmt: skip
_KNOWN: Final = (40, 105)


def places(path: Path) -> Mapping[str, Sequence[float]]:
    """The numbers of each place in the order of days."""
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            found[line["location"]].append((line["date"], float(line["Y"])))
    return {place: [value for _, value in sorted(days)] for place, days in sorted(found.items())}


def rows(data: Path) -> Iterator[Row]:
    """Lift, increment, weights and fit, as published; plain difference in differences beside it."""
    series = places(data / "marketing" / "geolift_test.csv")
    treated = [series[place] for place in TREATED]
    names = [place for place in series if place not in TREATED]
    donors = [series[place] for place in names]
    known = (len(series), len(treated[0])) == _KNOWN
    before = BEFORE if known else len(treated[0]) - (_KNOWN[1] - BEFORE)
    found = synthetic_control(treated, donors, before=before)
    plain = difference_in_differences(treated, donors, before=before)
    for what, value, target, digits in (
        ("lift, %", 100 * (found.lift or math.nan), 5.4, 1),
        ("incremental", found.incremental, 4667.0, 0),
        ("effect a city and day", found.per_time, 155.556, 3),
        ("L2 imbalance", found.l2, 909.489, 3),
        ("scaled L2 imbalance", found.imbalance, 0.1636, 4),
    ):
        name = f"geolift: synthetic control: {what}"
        yield (
            rounded(name, value, round(target, digits), SOURCE, digits=digits)
            if known
            else unpublished(name, value, SOURCE)
        )
    weights = dict(zip(names, found.weights, strict=True))
    if known:
        worst = max(abs(weights.get(place, 0) - PUBLISHED_WEIGHTS.get(place, 0.0)) for place in names)
        yield within("geolift: largest distance of a weight from the published", worst, 0, 0.00005, SOURCE)
        yield within("geolift: p, days drawn one by one", found.p_independent, 0.005, 0.017, SOURCE)
        ends = jackknife_interval(treated, donors, before=before)
        for end, value, target in zip(("low", "high"), ends, PUBLISHED_INTERVAL, strict=True):
            name = f"geolift: incremental, 90 % by jackknife+ as published, {end}"
            yield equal(name, value, target, INTERVALS, relative=0, absolute=0.01)
    yield equal("geolift: sum of weights", math.fsum(found.weights), 1.0, "Abadie et al. 2010")
    yield within("geolift: least weight", min(found.weights), 0.0, 1.0, "Abadie et al. 2010")
    yield unpublished("geolift: p, blocks of days", found.p, "Chernozhukov, Wüthrich & Zhu 2021")
    yield unpublished(
        "geolift: incremental, 90 % interval", found.interval, "Chernozhukov, Wüthrich & Zhu 2021"
    )
    did = 100 * (plain.lift or math.nan)
    name = "geolift: difference in differences: lift, % (wrong, and known to be)"
    yield (
        rounded(name, did, 9.2, "the same data", digits=1)
        if known
        else unpublished(name, did, "the same data")
    )
