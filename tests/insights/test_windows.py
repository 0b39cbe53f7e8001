"""Days are days of the page's own zone, however long clocks make them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import given

from majlis.insights import windows
from majlis.insights.plots import writing

ZONES = (
    "UTC",
    "Europe/Berlin",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kolkata",
    "America/St_Johns",
    "Pacific/Auckland",
)


@given(
    at=st.integers(0, 4 * 365 * 24 * 60).map(lambda step: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=step)),
    zone=st.sampled_from(ZONES), days=st.integers(1, 400), every=st.sampled_from([1, 7]),
)  # fmt: skip
def test_steps_cover_a_window_once(at: datetime, zone: str, days: int, every: int) -> None:
    window = windows.last_days(days, at=at, zone=zone)
    steps = windows.edges(window, zone=zone, every=every)
    assert len(windows.days_of(window, zone=zone)) == days
    assert steps[0][1] == window.since
    moments = [start for _day, start in steps]
    assert moments == sorted(set(moments))
    assert moments[-1] <= at
    for day, start in steps:
        assert start.astimezone(ZoneInfo(zone)).date() == day


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Africa/Cairo", date(2026, 4, 24), 23),  # midnight itself is left out
        ("Europe/Berlin", date(2026, 7, 1), 24),
    ],
)
def test_a_day_is_as_long_as_clocks_make_it(zone: str, day: date, hours: int) -> None:
    begin, end = (windows.midnight(each, zone=zone) for each in (day, day + timedelta(days=1)))
    assert end - begin == timedelta(hours=hours)
    assert begin.astimezone(ZoneInfo(zone)).date() == day


def test_the_hour_that_comes_twice_has_two_names() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    names = [writing.hour(first + timedelta(hours=step), zone="Europe/Berlin") for step in range(-2, 4)]
    assert len(set(names)) == 6


@pytest.mark.parametrize(
    ("asked", "days"),
    [("", 28), ("7", 7), ("365", 365), ("12", 28), ("٧", 28), ("-7", 28), ("1e9", 28), ("9" * 5000, 28)],
)
def test_only_what_is_offered_can_be_asked_for(asked: str, days: int) -> None:
    assert windows.chosen(asked) == days
