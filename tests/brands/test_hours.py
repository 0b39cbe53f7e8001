"""Opening hours: what is typed, what is said now, across midnight, holidays and both changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.brands import hours
from majlis.brands.hours import DAY, Date, OpeningHours, Period
from majlis.core.errors import BadInput

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Africa/Cairo",
    "Asia/Gaza",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)
#: Berlin's clock jumps from 2 to 3 on the one and from 3 back to 2 on the other.
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def berlin(day: date, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    wall = datetime(day.year, day.month, day.day, hour, minute, fold=fold, tzinfo=ZoneInfo("Europe/Berlin"))
    return wall.astimezone(UTC)


def every_day(*periods: Period, zone: str = "Europe/Berlin", dates: tuple[Date, ...] = ()) -> OpeningHours:
    return OpeningHours((periods,) * 7, dates, zone)


# typed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "periods"),
    [
        ("", ()),
        ("8:00–13:00, 16:00–22:00", (Period(480, 780), Period(960, 1320))),
        ("16-22; 8.30-13", (Period(510, 780), Period(960, 1320))),
        ("٨:٠٠–١٣:٠٠، ١٦:٠٠–٢٢:٠٠", (Period(480, 780), Period(960, 1320))),
        ("٨ إلى ١٣ و ١٦ إلى ٢٢", (Period(480, 780), Period(960, 1320))),
        ("8 to 12 and 14 to 18", (Period(480, 720), Period(840, 1080))),
        ("18:00-02:00", (Period(1080, 120),)),
        ("18–24", (Period(1080, 1440),)),
        ("24 hours", (Period(0, DAY),)),
        ("24/24", (Period(0, DAY),)),
        ("٢٤ ساعة", (Period(0, DAY),)),
    ],
)
def test_what_people_type(typed: str, periods: tuple[Period, ...]) -> None:
    assert hours.read(typed) == periods


@pytest.mark.parametrize(
    "typed",
    [
        "25–26",
        "8:60–9",
        "morning",
        "8–8",
        "8:00",
        "8–12, 11–13",
        "1-2,3-4,5-6,7-8,9-10",
        "-1–4",
        "18–3, 20–21",
    ],
)
def test_what_cannot_be_hours_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        hours.read(typed, field="mon")
    assert refused.value.field == "mon"
    assert str(refused.value.sentence)


def minutes(least: int = 0, most: int = DAY - 1) -> st.SearchStrategy[int]:
    return st.integers(least, most)


@st.composite
def days(draw: st.DrawFn) -> tuple[Period, ...]:
    """Periods of a day that do not overlap; the last may pass midnight."""
    edges = sorted(draw(st.sets(minutes(), min_size=0, max_size=6)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    periods = [Period(opens, closes) for opens, closes in pairs]
    if pairs and draw(st.booleans()):
        last = periods.pop()
        periods.append(Period(last.opens, draw(minutes(0, last.opens - 1)) if last.opens else DAY))
    return tuple(periods)


@st.composite
def opening_hours(draw: st.DrawFn, zones: tuple[str, ...] = ZONES) -> OpeningHours:
    week = tuple(draw(days()) for _day in range(7))
    near = st.dates(date(2026, 3, 20), date(2026, 4, 5)) | st.dates(date(2026, 10, 20), date(2026, 11, 5))
    special = draw(st.dictionaries(near, days(), max_size=4))
    dates = tuple(sorted(Date(day, periods, "x") for day, periods in special.items()))
    return OpeningHours(week, dates, draw(st.sampled_from(zones)))


@given(days())
def test_written_and_read_are_inverses(periods: tuple[Period, ...]) -> None:
    assert hours.read(hours.written(periods)) == periods


@given(opening_hours())
def test_stored_and_restored_are_inverses(opening: OpeningHours) -> None:
    week, dates = hours.stored(opening)
    assert hours.restored(week, dates, opening.time_zone) == opening


# open now ---------------------------------------------------------------------------------------------------


def _open_by_the_wall(opening: OpeningHours, at: datetime) -> bool:
    """The plain rule, for a clock that neither skips nor repeats about this time."""
    wall = at.astimezone(ZoneInfo(opening.time_zone)).replace(tzinfo=None)
    day, minute = wall.date(), wall.hour * 60 + wall.minute + wall.second / 60
    today = any(each.opens <= minute < each.end for each in opening.on(day))
    night = any(minute < each.end - DAY for each in opening.on(day - timedelta(days=1)))
    return today or night


MOMENTS = st.timedeltas(timedelta(0), timedelta(days=235)).map(
    lambda since: datetime(2026, 3, 18, tzinfo=UTC) + since
)


def _steady(at: datetime, zone: str) -> bool:
    """Whether the clock keeps its offset for two days around."""
    offsets = {(at + timedelta(hours=h)).astimezone(ZoneInfo(zone)).utcoffset() for h in range(-48, 49, 4)}
    return len(offsets) == 1


@given(opening_hours(), MOMENTS)
def test_open_is_what_the_clock_on_the_wall_says(opening: OpeningHours, at: datetime) -> None:
    if _steady(at, opening.time_zone):
        assert opening.state(at).open == _open_by_the_wall(opening, at)


@given(opening_hours(), MOMENTS)
def test_the_next_change_is_one_and_the_first(opening: OpeningHours, at: datetime) -> None:
    state = opening.state(at)
    assert state.open == any(
        start <= at < end
        for start, end in opening.between(at.date() - timedelta(days=3), at.date() + timedelta(days=3))
    )
    if state.changes_at is None:
        return
    assert state.changes_at > at
    assert opening.state(state.changes_at).open != state.open
    halfway = at + (state.changes_at - at) / 2
    assert opening.state(halfway) == state


@given(opening_hours(), st.dates(date(2026, 3, 20), date(2026, 11, 1)))
def test_stretches_are_in_order_and_never_touch(opening: OpeningHours, first: date) -> None:
    found = opening.between(first, first + timedelta(days=10))
    assert all(start < end for start, end in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))


@given(
    st.sampled_from(ZONES),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.lists(minutes(0, 2 * DAY), min_size=2),
)
def test_times_in_order_are_moments_in_order(zone: str, day: date, wall: list[int]) -> None:
    moments = [hours.moment(day, minute, ZoneInfo(zone)) for minute in sorted(wall)]
    assert moments == sorted(moments)


def test_a_time_that_the_clock_skips_is_the_moment_it_jumps() -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert hours.moment(SPRING, 150, zone) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert hours.moment(SPRING, 120, zone) == hours.moment(SPRING, 180, zone)


def test_a_night_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    bar = every_day(Period(22 * 60, 4 * 60))
    for eve, length in ((SPRING, 5), (AUTUMN, 7), (date(2026, 6, 1), 6)):
        ((start, end),) = bar.between(eve - timedelta(days=1), eve - timedelta(days=1))
        assert end - start == timedelta(hours=length)


def test_open_until_one_holds_on_the_morning_after_the_change() -> None:
    shop = every_day(Period(480, 780), Period(960, 1320))
    for day in (SPRING, AUTUMN):
        assert shop.state(berlin(day, 8)).open
        assert shop.state(berlin(day, 12, 59)).changes_at == berlin(day, 13)
        assert not shop.state(berlin(day, 7, 59)).open
        assert shop.state(berlin(day, 13)).changes_at == berlin(day, 16)


def test_an_hour_that_comes_twice_is_open_through_when_the_period_passes_it() -> None:
    bar = every_day(Period(22 * 60, 4 * 60))
    until_two = every_day(Period(22 * 60, 2 * 60 + 30))
    for fold in (0, 1):
        assert bar.state(berlin(AUTUMN, 2, 45, fold=fold)).open
    assert until_two.state(berlin(AUTUMN, 2, 15)).open
    assert not until_two.state(berlin(AUTUMN, 2, 15, fold=1)).open


# midnight, holidays -----------------------------------------------------------------------------------------


def test_a_night_runs_into_a_holiday_and_no_further() -> None:
    day = date(2026, 6, 3)
    bar = every_day(Period(18 * 60, 2 * 60), dates=(Date(day, (), "Feast"),))
    assert bar.state(berlin(day, 1)).changes_at == berlin(day, 2)
    assert bar.state(berlin(day, 3)).changes_at == berlin(day + timedelta(days=1), 18)


def test_a_holiday_may_have_hours_of_its_own() -> None:
    day = date(2026, 6, 3)
    shop = every_day(Period(480, 1080), dates=(Date(day, (Period(600, 720),), "Feast"),))
    assert shop.state(berlin(day, 9)).changes_at == berlin(day, 10)
    assert shop.state(berlin(day, 12)).changes_at == berlin(day + timedelta(days=1), 8)


def test_around_the_clock_has_no_end_and_closed_no_beginning() -> None:
    at = berlin(date(2026, 6, 3), 9)
    assert every_day(Period(0, DAY)).state(at) == hours.State(True, None)
    assert OpeningHours().state(at) == hours.State(False, None)
    assert not OpeningHours().told


def test_dates_stand_once_and_in_order() -> None:
    one, other = Date(date(2026, 5, 2)), Date(date(2026, 5, 1))
    assert hours.checked_dates([one, other]) == (other, one)
    with pytest.raises(BadInput):
        hours.checked_dates([one, Date(one.day, (Period(1, 2),))])
    with pytest.raises(BadInput):
        hours.checked_dates([Date(date(2026, 1, 1) + timedelta(days=n)) for n in range(61)])
    with pytest.raises(BadInput):
        hours.checked_zone("Mars/Olympus")
