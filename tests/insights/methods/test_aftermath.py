"""Ranges hold what comes, like bursts come first, and nobody can make a watch deaf by dismissing."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.insights.evaluation._worlds import world
from majlis.insights.evaluation.spikes import Series, rang
from majlis.insights.methods import aftermath
from majlis.insights.methods.aftermath import Dismissal, Past, Reason

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_ranges_of_a_page_with_its_own_bursts_hold_nine_of_ten() -> None:
    """Pages whose bursts differ by their own mean and spread, which are not those believed at first."""
    draw, held, width = random.Random(5), 0, 0.0
    for _ in range(400):
        mean, spread = draw.gauss(1.3, 0.3), draw.uniform(0.4, 0.7)
        bursts = [Past(NOW, 100, 100 * math.exp(draw.gauss(mean, spread))) for _ in range(7)]
        told = aftermath.expected(100, bursts[1:])
        held += told.low <= bursts[0].after <= told.high
        width += math.log(told.high / told.low)
    assert 0.86 <= held / 400 <= 0.97
    assert width / 400 < math.log(15), "a range that has everything says nothing"


def test_ranges_without_own_bursts_hold_what_came_in_made_up_series() -> None:
    held = total = 0
    for seed in range(700, 710):
        made = world(seed, days=30, bursts=3)
        for at in rang(Series(made.times, made.counts, made.windows)):
            if 6 <= at < len(made.counts) - 37:
                told = aftermath.expected(sum(made.counts[at - 5 : at + 1]), [])
                held += told.low <= sum(made.counts[at + 1 : at + 37]) <= told.high
                total += 1
    assert total >= 20
    assert held / total >= 0.75


@given(st.floats(0, 1e6), st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)), max_size=8))
def test_a_range_is_in_order_and_grows_with_what_has_come(
    half_hour: float, before: list[tuple[float, float]]
) -> None:
    past = [Past(NOW, *each) for each in before]
    told, more = aftermath.expected(half_hour, past), aftermath.expected(half_hour * 2 + 1, past)
    assert 0 < told.low < told.middle < told.high
    assert (told.low, told.middle, told.high) < (more.low, more.middle, more.high)


def test_a_count_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="count"):
        aftermath.expected(math.nan, [])


def test_the_burst_of_like_size_and_shape_comes_first() -> None:
    steep, flat = Past(NOW, 1, 1, (1, 10, 100)), Past(NOW, 1, 1, (37, 37, 37))
    huge, unknown = Past(NOW, 1, 1, (100, 1_000, 10_000)), Past(NOW, 1, 1)
    assert aftermath.alike([2, 9, 99], [huge, unknown, flat, steep]) == [steep, flat, huge]
    assert aftermath.alike([36, 38, 37], [huge, flat, steep], most=1) == [flat]
    assert aftermath.alike([], [flat]) == []
    assert aftermath.alike([0, 0], [Past(NOW, 1, 1, (0, 0, 5))]) != []


dismissals = st.builds(
    Dismissal,
    at=st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    reason=st.sampled_from(Reason),
    words=st.lists(st.text(min_size=1, max_size=4), max_size=9).map(tuple),
    until=st.none() | st.datetimes(datetime(2025, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)


@settings(deadline=None)
@given(st.lists(dismissals, max_size=40))
def test_no_list_of_dismissals_makes_a_watch_deaf(those: list[Dismissal]) -> None:
    taught = aftermath.lessons(those, usual_words={}, usual_texts=100, now=NOW)
    assert 1 <= taught.stricter <= 8
    assert len(taught.words) <= aftermath.MOST_WORDS
    assert aftermath.heard(aftermath.LOUDEST, taught)
    later = NOW + timedelta(days=3650)
    forgotten = aftermath.lessons(
        [each for each in those if each.at <= NOW], usual_words={}, usual_texts=1, now=later
    )
    assert (round(forgotten.stricter, 6), forgotten.words, forgotten.expected) == (1, frozenset(), False)


def test_each_reason_teaches_its_own() -> None:
    def taught(*those: Dismissal, after: timedelta = timedelta(0)) -> aftermath.Lessons:
        return aftermath.lessons(
            those, usual_words={"bread": 50, "paris": 1}, usual_texts=100, now=NOW + after
        )

    small = Dismissal(NOW, Reason.TOO_SMALL)
    assert taught(small).stricter == 2
    assert taught(small, after=timedelta(days=14)).stricter == pytest.approx(math.sqrt(2))
    assert taught(Dismissal(NOW, Reason.NOT_ABOUT_US, words=("paris", "bread"))).words == {"paris"}
    match = Dismissal(NOW, Reason.EXPECTED, until=NOW + timedelta(days=400))
    assert taught(match).expected
    assert not aftermath.heard(30, taught(match))
    assert not taught(match, after=timedelta(days=14)).expected
    assert taught(Dismissal(NOW + timedelta(1), Reason.TOO_SMALL)).stricter == 1, (
        "what is not yet teaches nothing"
    )
