"""GeoLift's test set: 40 cities, 105 days, a campaign in Chicago and Portland from day 91.

A file of other places says with a column ``treated`` where and when there was a campaign: 1 on its lines, else 0.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from majlis.insights.evaluation import Row, equal, rounded, table, unpublished, within
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
_KNOWN: Final = (40, 105, 18_443_050)
"""Cities, days, and the sum of all numbers of the published file."""
_CAMPAIGN: Final = 15
"""Days of the campaign where a file of other days of these cities does not say."""


def places(path: Path) -> Mapping[str, Sequence[float]]:
    """The numbers of each place in the order of days. Raises ValueError where they are not of the same days."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for line in table(path, "location", "Y", "date"):
        found[line["location"]][line["date"]] = float(line["Y"])
    days = next(iter(found.values())).keys()
    for place, numbers in found.items():
        if numbers.keys() != days:
            raise ValueError(f"{path.name}: {place} has other days than the first place")
    return {
        place: [value for _, value in sorted(numbers.items())] for place, numbers in sorted(found.items())
    }


def campaign(path: Path, series: Mapping[str, Sequence[float]]) -> tuple[list[str], int]:
    """The treated places, and how many days came before. Raises ValueError where neither is known."""
    lines = table(path, "location", "date")
    marked = [line for line in lines if line.get("treated", "").strip() not in ("", "0")]
    days = sorted({line["date"] for line in lines})
    if marked:
        return sorted({line["location"] for line in marked}), days.index(min(line["date"] for line in marked))
    if not set(TREATED) <= series.keys():
        raise ValueError(
            f"{path.name} has neither {' and '.join(TREATED)} nor a column treated that says where"
        )
    known = _known(series)
    return list(TREATED), BEFORE if known else len(days) - _CAMPAIGN


def _known(series: Mapping[str, Sequence[float]]) -> bool:
    numbers = list(series.values())
    return (len(numbers), len(numbers[0]), sum(map(sum, numbers))) == _KNOWN


def rows(data: Path) -> Iterator[Row]:
    """Lift, increment, weights and fit, as published; plain difference in differences beside it."""
    path = data / "marketing" / "geolift_test.csv"
    series = places(path)
    where, before = campaign(path, series)
    treated = [series[place] for place in where]
    names = [place for place in series if place not in where]
    donors = [series[place] for place in names]
    known = _known(series)
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
