"""Bursts of mentions, found one count at a time, scored as the Numenta Anomaly Benchmark scores them.

DATA/spikes has ``*.csv`` (``timestamp``, ``value``, counts of five minutes) and ``windows.json`` (by name of the file, from
and to). Lavin & Ahmad 2015; Ahmad et al. 2017. The first 15 % of a series, at most 750 points, are not scored.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from majlis.core import json
from majlis.insights.evaluation import Row, unpublished, within
from majlis.insights.methods import bursts

SOURCE: Final = "issue 5, section 4; score.py beside the data"
STEP: Final = timedelta(minutes=5)
FALSE_WEIGHTS: Final = {"standard": 0.11, "low false positives": 0.22}
_APART: Final = 12
"""Alerts within an hour of each other are one."""


class Series(msgspec.Struct, frozen=True):
    """``windows``: places of the first and last value of each."""

    times: Sequence[datetime]
    counts: Sequence[float]
    windows: Sequence[tuple[int, int]]


class Scored(msgspec.Struct, frozen=True):
    """Under each profile 0 is saying nothing and 100 perfect. ``false_alerts``: a series and week."""

    by_profile: Mapping[str, float]
    found: int
    windows: int
    false_alerts: float


class _Part(msgspec.Struct, frozen=True):
    detections: Sequence[float]
    penalty: float
    alerts: int
    weeks: float


def rang(series: Series, *, rule: bursts.Rule = bursts.RULE) -> list[int]:
    """Places at which the alarm begins, each decided from what came until then."""
    state = bursts.watch(step=STEP, rule=rule)
    return [
        place
        for place, (at, count) in enumerate(zip(series.times, series.counts, strict=True))
        if bursts.take(state, at, count, rule=rule).rings
    ]


def scored(found: Sequence[tuple[Series, Sequence[int]]]) -> Scored:
    """Of several series together.

    Raises:
        ValueError: no window that is scored.
    """
    parts = [_part(series, places) for series, places in found]
    detections = [each for part in parts for each in part.detections]
    if not detections:
        raise ValueError("there is no window to find")
    penalty, windows = sum(part.penalty for part in parts), len(detections)
    return Scored(
        {
            name: 100 * (sum(detections) + weight * penalty + windows) / (2 * windows)
            for name, weight in FALSE_WEIGHTS.items()
        },
        sum(each > -1 for each in detections),
        windows,
        sum(part.alerts for part in parts) / sum(part.weeks for part in parts),
    )


def _part(series: Series, places: Sequence[int]) -> _Part:
    """Each window counts its earliest alert, each alert outside is worse the farther it is behind the last window."""
    length = len(series.times)
    skipped = min(math.floor(0.15 * length), 750)
    best = {place: -1.0 for place, (_, end) in enumerate(series.windows) if end >= skipped}
    penalty, alerts, last = 0.0, 0, -_APART - 1
    for at in sorted(places):
        if at < skipped:
            continue
        inside = next((n for n, (start, end) in enumerate(series.windows) if start <= at <= end), None)
        if inside is not None:
            start, end = series.windows[inside]
            gain = _sigmoid(-(end - at + 1) / (end - start + 1)) / _sigmoid(-1.0)
            best[inside] = max(best[inside], gain)
            continue
        alerts += at - last > _APART
        last = at
        before = [(start, end) for start, end in series.windows if end < at]
        penalty += _sigmoid((at - before[-1][1]) / (before[-1][1] - before[-1][0])) if before else -1.0
    # a tick in twenty is missing: as the scorer beside the data has it
    weeks = (series.times[-1] - series.times[0]).days * 0.953 / 7
    return _Part(list(best.values()), penalty, alerts, weeks)


def _sigmoid(distance: float) -> float:
    return -1.0 if distance > 3 else 2 / (1 + math.exp(5 * distance)) - 1


def read(folder: Path) -> dict[str, Series]:
    """Every series that has windows.

    Raises:
        FileNotFoundError: no such folder, or no file of these names.
        ValueError: a window that does not begin and end at a value.
    """
    windows: dict[str, list[tuple[str, str]]] = json.decode((folder / "windows.json").read_bytes())
    return {name: _series(folder / f"{name}.csv", windows[name]) for name in sorted(windows)}


def _series(path: Path, windows: Sequence[tuple[str, str]]) -> Series:
    with path.open(encoding="utf-8", newline="") as lines:
        told = [(_time(row["timestamp"]), float(row["value"])) for row in csv.DictReader(lines)]
    places = {at: place for place, (at, _) in reversed(list(enumerate(told)))}
    try:
        spans = sorted((places[_time(start)], places[_time(end)]) for start, end in windows)
    except KeyError as error:
        raise ValueError(f"a window of {path.name} is not at a value: {error}") from None
    return Series([at for at, _ in told], [count for _, count in told], spans)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.partition(".")[0]).replace(tzinfo=UTC)


def rows(data: Path) -> Iterator[Row]:
    """The targets, and each series by itself, for which there is none."""
    found = [(name, series, rang(series)) for name, series in read(data / "spikes").items()]
    told = scored([(series, places) for _, series, places in found])
    for profile, least in (("standard", 78.0), ("low false positives", 70.0)):
        yield within(f"spikes: {profile}", round(told.by_profile[profile], 1), least, 100.0, SOURCE)
    yield within("spikes: windows found, share", told.found / told.windows, 12 / 14, 1.0, SOURCE)
    yield within("spikes: false alerts a brand and week", round(told.false_alerts, 2), 0.0, 0.5, SOURCE)
    for name, series, places in found:
        alone = scored([(series, places)])
        yield unpublished(f"spikes: {name}: standard", round(alone.by_profile["standard"], 1), SOURCE)
        yield unpublished(f"spikes: {name}: windows found of {alone.windows}", alone.found, SOURCE)
