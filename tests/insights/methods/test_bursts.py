"""Bursts of mentions: found at once, by what came until then alone, and quiet otherwise; the state survives being stored."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.insights.evaluation._worlds import world
from majlis.insights.evaluation.spikes import Series, rang, scored
from majlis.insights.methods import bursts

START = datetime(2026, 3, 2, tzinfo=UTC)
FIVE = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)


def quiet(hours: int, *, step: timedelta = FIVE, mean: float = 12.0, seed: int = 1) -> bursts.Watch:
    """A watch that has seen a page with a day and nothing out of the ordinary."""
    draw = np.random.default_rng(seed)
    state = bursts.watch(step=step)
    for place in range(hours * (3600 // int(step.total_seconds()))):
        at = START + place * step
        rate = mean * math.exp(0.5 * math.sin(2 * math.pi * (at.hour + at.minute / 60) / 24))
        assert not bursts.take(state, at, float(draw.poisson(rate))).rings
    return state


def test_a_burst_rings_once_and_again_only_when_it_is_much_larger() -> None:
    state, at = quiet(24 * 4), START + timedelta(days=4)
    burst = [bursts.take(state, at + place * FIVE, 400) for place in range(6)]
    first = next(place for place, each in enumerate(burst) if each.rings)
    assert first < 3, "within a quarter of an hour"
    assert burst[first].usual is not None
    assert 6 < burst[first].usual < 25
    assert burst[first].once_in > bursts.RULE.days
    assert sum(each.rings for each in burst) == 1
    assert any(bursts.take(state, at + place * FIVE, 20_000).rings for place in range(6, 9))


def test_a_thousand_a_second_rings_within_the_first_minute() -> None:
    state, at = quiet(24 * 3, step=MINUTE, mean=1.0), START + timedelta(days=3)
    before = msgspec.json.encode(state)
    assert not bursts.peek(state, at, 2).rings
    assert bursts.peek(state, at, 1_000).rings
    assert msgspec.json.encode(state) == before, "looking at a part of a minute remembers nothing"
    assert bursts.take(state, at, 60_000).rings


def test_a_stricter_watch_rings_for_less() -> None:
    state, at = quiet(24 * 4), START + timedelta(days=4)
    counts = [n for n in range(20, 2_000, 10) if bursts.peek(state, at, n).rings]
    stricter = [n for n in range(20, 2_000, 10) if bursts.peek(state, at, n, stricter=8).rings]
    assert set(stricter) < set(counts)


def test_a_level_that_stays_becomes_the_usual() -> None:
    state, at = quiet(24 * 4), START + timedelta(days=4)
    readings = [bursts.take(state, at + place * FIVE, 40) for place in range(288 * 3)]
    assert not any(each.rings for each in readings[288:])
    assert abs(readings[-1].distance) < 1


def test_hours_of_silence_of_the_source_are_not_the_usual() -> None:
    state, at = quiet(24 * 4), START + timedelta(days=4, hours=7)
    assert not bursts.take(state, at, 12).rings
    assert bursts.take(state, at + FIVE, 2_000).rings


@pytest.mark.parametrize("count", [-1.0, math.nan, math.inf])
def test_what_is_no_count_is_refused_and_changes_nothing(count: float) -> None:
    state = quiet(3)
    before = msgspec.json.encode(state)
    with pytest.raises(ValueError, match="count"):
        bursts.take(state, START + timedelta(hours=3), count)
    with pytest.raises(ValueError, match="back"):
        bursts.take(state, START, 1)
    assert msgspec.json.encode(state) == before


def test_a_step_has_to_fit() -> None:
    for seconds in (0, 7, 7200):
        with pytest.raises(ValueError, match="step"):
            bursts.watch(step=timedelta(seconds=seconds))


@settings(max_examples=15, deadline=None)
@given(
    counts=st.lists(st.integers(0, 5_000), min_size=30, max_size=400),
    cut=st.integers(1, 29),
    gap=st.integers(0, 90),
)
def test_it_looks_at_the_past_alone_and_a_stored_state_goes_on(counts: list[int], cut: int, gap: int) -> None:
    """Cut anywhere, stored, read and continued: the same readings; and what comes later changes none before."""
    times = [START + (place + (gap if place >= cut else 0)) * FIVE for place in range(len(counts))]
    whole = bursts.watch(step=FIVE)
    readings = [bursts.take(whole, at, n) for at, n in zip(times, counts, strict=True)]
    part = bursts.watch(step=FIVE)
    early = [bursts.take(part, at, n) for at, n in zip(times[:cut], counts[:cut], strict=True)]
    stored = msgspec.msgpack.decode(msgspec.msgpack.encode(part), type=bursts.Watch)
    later = [bursts.take(stored, at, n) for at, n in zip(times[cut:], counts[cut:], strict=True)]
    assert readings == early + later
    assert all(math.isfinite(each.distance) and each.once_in > 0 for each in readings)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 200), max_size=40), st.integers(0, 5_000), st.integers(0, 5_000))
def test_more_is_never_less_out_of_the_ordinary(counts: list[int], one: int, two: int) -> None:
    state = bursts.watch(step=FIVE)
    for place, count in enumerate(counts):
        bursts.take(state, START + place * FIVE, count)
    at = START + len(counts) * FIVE
    less, more = bursts.peek(state, at, min(one, two)), bursts.peek(state, at, max(one, two))
    assert less.distance <= more.distance
    assert less.rings <= more.rings


def test_planted_bursts_are_found_and_little_else() -> None:
    """Made-up series that no parameter was chosen on."""
    worlds = [world(seed, days=28, bursts=2) for seed in range(900, 906)]
    series = [Series(each.times, each.counts, each.windows) for each in worlds]
    found = scored([(each, rang(each)) for each in series])
    assert found.found >= 8
    assert found.false_alerts <= 1.0
