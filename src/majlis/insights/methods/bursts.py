"""When more is said of a page than its own history explains: one count at a time, never looking ahead.

Three windows (half an hour, two hours, four hours) are compared with what is usual at this hour of the week at the present
level (medians, which bursts do not move). Their distances, in standard deviations of an over-dispersed count, are averaged,
and the mean is held against the page's own past: the maxima of half days follow Gumbel's law (Fisher & Tippett 1928; Gumbel
1958), so a threshold is a promise of how seldom it is passed. Where the parameters come from: docs/metrics.md, "Bursts".
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from statistics import median
from typing import Final

import msgspec

HOUR: Final = 3600
WEEK: Final = 168
_MEDIAN: Final = -math.log(math.log(2))
"""Gumbel's median lies so many scales above its location; its quartiles lie 1.5725 scales apart."""
_QUARTILES_APART: Final = math.log(math.log(4) / math.log(4 / 3))


class Rule(msgspec.Struct, frozen=True):
    """What is chosen, and was chosen on made-up series only.

    ``horizons`` in minutes, and beside each ``scatters``: the standard deviation of its logarithm beyond Poisson's. An
    alarm is what is passed once in ``days`` by the page's own history; until that is long, by ``blocks`` imagined ones
    whose maxima lie around ``location`` with ``scale``. ``quiet`` hours after an alarm only what is ``again`` times as far
    off rings anew.
    """

    horizons: tuple[int, int, int] = (30, 120, 240)
    scatters: tuple[float, float, float] = (0.4, 0.25, 0.2)
    days: float = 9.0
    location: float = 2.5
    scale: float = 0.8
    blocks: float = 30.0
    quiet: float = 12.0
    again: float = 1.4
    block_hours: int = 12
    remembered: int = 200
    level_hours: int = 48


RULE: Final = Rule()


class Watch(msgspec.Struct):
    """All that is remembered of one page and topic; about 15 KB. ``step``: seconds between two counts.

    ``recent``: a ring of the counts of the longest horizon. ``hours``: logarithms of the mean count of the last eight
    weeks' hours, by hour modulo eight weeks, None where nothing was told. ``residuals``: of the last two days, what they
    were off the usual.
    """

    step: int
    at: int | None = None
    recent: list[float] = []
    place: int = 0
    sums: list[float] = []
    hours: list[float | None] = []
    residuals: list[float] = []
    levels: list[float] = []
    hour_sum: float = 0.0
    hour_steps: int = 0
    usual: float | None = None
    coming: float | None = None
    block_maximum: float = -math.inf
    maxima: list[float] = []
    location: float = RULE.location
    scale: float = RULE.scale
    rung: int | None = None
    peak: float = 0.0


class Reading(msgspec.Struct, frozen=True):
    """One count, read. ``usual``: the count of a step that is expected here; ``times``: that of the shortest window by
    what is usual of it. ``distance``: the mean over windows, in standard deviations; ``once_in``: days between two such by
    the page's own history. ``rings``: an alarm begins."""

    count: float
    usual: float | None
    times: float | None
    distance: float
    threshold: float
    once_in: float
    rings: bool


def watch(*, step: timedelta, rule: Rule = RULE) -> Watch:
    """A watch that knows nothing yet.

    Raises:
        ValueError: a step that an hour or the shortest window does not divide into.
    """
    seconds = int(step.total_seconds())
    if seconds <= 0 or HOUR % seconds or (rule.horizons[0] * 60) % seconds:
        raise ValueError("a step divides the hour and the shortest window")
    longest = rule.horizons[-1] * 60 // seconds
    return Watch(
        step=seconds,
        recent=[0.0] * longest,
        sums=[0.0] * len(rule.horizons),
        hours=[None] * (8 * WEEK),
        location=rule.location,
        scale=rule.scale,
    )


def take(state: Watch, at: datetime, count: float, *, rule: Rule = RULE, stricter: float = 1.0) -> Reading:
    """The count of the step that began at ``at``; remembers it. ``stricter``: the budget of days, multiplied.

    Raises:
        ValueError: a count below nothing or that is no number, or a time before the last.
    """
    if not 0 <= count < math.inf:
        raise ValueError("a count is a number and not below nothing")
    second = int(at.timestamp())
    if state.at is not None and second < state.at:
        raise ValueError("time does not go back")
    _go_on(state, second, rule)
    _push(state, count, rule)
    state.hour_sum += count
    state.hour_steps += 1
    state.at = second
    distance, times = _distance(state, second, rule)
    reading = _read(state, second, count, distance, times, rule, stricter)
    state.block_maximum = max(state.block_maximum, distance)
    if reading.rings:
        state.rung, state.peak = second, distance
    elif reading.distance > reading.threshold:
        state.peak = max(state.peak, distance)
    return reading


def peek(state: Watch, at: datetime, so_far: float, *, rule: Rule = RULE, stricter: float = 1.0) -> Reading:
    """What the step that is not over says already; remembers nothing. What has come counts as if nothing more would, so it
    rings late at the worst and never for a part of a minute's sake."""
    return take(_copy(state), at, so_far, rule=rule, stricter=stricter)


def _copy(state: Watch) -> Watch:
    other: Watch = msgspec.structs.replace(
        state,
        recent=state.recent.copy(),
        sums=state.sums.copy(),
        hours=state.hours.copy(),
        residuals=state.residuals.copy(),
        levels=state.levels.copy(),
        maxima=state.maxima.copy(),
    )
    return other


def _go_on(state: Watch, second: int, rule: Rule) -> None:
    """To the hour and block of this second. Steps that were not told count as usual ones."""
    if state.at is None:
        return
    missing = min((second - state.at) // state.step - 1, len(state.recent))
    if missing > 0:
        expected = math.exp(state.usual) if state.usual is not None else 0.0
        for _ in range(missing):
            _push(state, expected, rule)
    if second // HOUR != state.at // HOUR:
        _close_hour(state, state.at // HOUR, rule)
        _expect(state, second // HOUR, rule)
    block = rule.block_hours * HOUR
    if second // block != state.at // block:
        _close_block(state, rule)


def _push(state: Watch, count: float, rule: Rule) -> None:
    """O(1): each window gains the count and loses the one that leaves it."""
    size = len(state.recent)
    for which, minutes in enumerate(rule.horizons):
        leaving = state.recent[(state.place - minutes * 60 // state.step) % size]
        state.sums[which] += count - leaving
    state.recent[state.place] = count
    state.place = (state.place + 1) % size


def _close_hour(state: Watch, hour: int, rule: Rule) -> None:
    if not state.hour_steps:
        return
    value = math.log((state.hour_sum + 0.5 * state.hour_steps * state.step / HOUR) / state.hour_steps)
    usual = _season(state, hour)
    state.levels = [*state.levels, value][-rule.level_hours :]
    if usual is not None:
        state.residuals = [*state.residuals, value - usual][-rule.level_hours :]
    state.hours[hour % len(state.hours)] = value
    state.hour_sum, state.hour_steps = 0.0, 0


def _season(state: Watch, hour: int) -> float | None:
    """The logarithm that is usual at this hour: the median of the last fortnight's same hours of the day, and once there are
    three, half and half with that of the same hours of the week."""
    size = len(state.hours)
    days = [value for back in range(1, 15) if (value := state.hours[(hour - 24 * back) % size]) is not None]
    if not days:
        return None
    weeks = [value for back in range(1, 8) if (value := state.hours[(hour - WEEK * back) % size]) is not None]
    return median(days) if len(weeks) < 3 else (median(days) + median(weeks)) / 2


def _expect(state: Watch, hour: int, rule: Rule) -> None:
    """What is usual in this hour and the next, at the level of the last two days."""
    usual, coming = _season(state, hour), _season(state, hour + 1)
    if usual is not None and len(state.residuals) >= 6:
        level = median(state.residuals)
        state.usual = usual + level
        state.coming = None if coming is None else coming + level
    elif state.levels:
        state.usual, state.coming = median(state.levels), None


def _distance(state: Watch, second: int, rule: Rule) -> tuple[float, float | None]:
    """(log (count + ½) − log (usual + ½)) ÷ √(1 ÷ (usual + ½) + scatter²), the mean over windows: by the delta method the
    standard deviations of the logarithm of a negative binomial count with size 1 ÷ scatter²."""
    if state.usual is None:
        return 0.0, None
    usual = state.usual
    late = (second % HOUR) / HOUR - 0.5
    if state.coming is not None and late > 0:
        usual += (state.coming - usual) * late
    rate = math.exp(usual)
    total, shortest = 0.0, None
    for count, minutes, scatter in zip(state.sums, rule.horizons, rule.scatters, strict=True):
        expected = rate * (minutes * 60 // state.step) + 0.5
        ratio = (max(count, 0.0) + 0.5) / expected
        shortest = ratio if shortest is None else shortest
        total += math.log(ratio) / math.sqrt(1 / expected + scatter * scatter)
    return total / len(rule.horizons), shortest


def _close_block(state: Watch, rule: Rule) -> None:
    """Location and scale of Gumbel's law from the quartiles of block maxima, which a quarter of them being bursts leaves
    alone."""
    if state.block_maximum == -math.inf:
        return
    state.maxima = [*state.maxima, state.block_maximum][-rule.remembered :]
    state.block_maximum = -math.inf
    ordered = sorted(state.maxima)
    scale = (_quantile(ordered, 0.75) - _quantile(ordered, 0.25)) / _QUARTILES_APART
    location = _quantile(ordered, 0.5) - _MEDIAN * scale
    own = len(ordered) / (len(ordered) + rule.blocks)
    state.location = own * location + (1 - own) * rule.location
    state.scale = own * scale + (1 - own) * rule.scale


def _quantile(ordered: list[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _read(
    state: Watch,
    second: int,
    count: float,
    distance: float,
    times: float | None,
    rule: Rule,
    stricter: float,
) -> Reading:
    days = rule.block_hours / 24
    threshold = state.location + state.scale * math.log(rule.days * stricter / days)
    beyond = (distance - state.location) / state.scale
    chance = -math.expm1(-math.exp(-min(max(beyond, -5.0), 30.0)))
    held = (
        state.rung is not None
        and second - state.rung <= rule.quiet * HOUR
        and distance <= state.peak * rule.again
    )
    return Reading(
        count,
        None if state.usual is None else math.exp(state.usual),
        times,
        distance,
        threshold,
        days / chance,
        distance > threshold and not held,
    )
