"""Clocks: business time adds up in every zone, and what a conversation's clocks say follows from what was said alone."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from majlis.brands.hours import DAY, Date, OpeningHours, Period
from majlis.care.clocks import (
    AROUND_THE_CLOCK,
    Clock,
    Clocks,
    Side,
    Status,
    Targets,
    Turn,
    Word,
    clocks,
    moment_after,
    seconds_between,
)

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOUR = 3_600
ZONES = (
    "UTC",
    "Africa/Cairo",
    "Asia/Gaza",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)
#: about both changes of clocks of these zones, the turn of a year, and a leap day
AROUND = (
    datetime(2026, 3, 8, 5, tzinfo=UTC),
    datetime(2026, 4, 23, 20, tzinfo=UTC),
    datetime(2026, 10, 30, 5, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
    datetime(2028, 2, 29, 12, tzinfo=UTC),
)
BAKERY = OpeningHours(((Period(9 * 60, 17 * 60),),) * 5 + ((), ()), (), "UTC")
ALL = Targets(first=HOUR, next=2 * HOUR, resolution=8 * HOUR)
NOTHING = Targets()


def after(**passed: float) -> datetime:
    return MONDAY + timedelta(**passed)


def asked(**passed: float) -> Word:
    return Word(after(**passed), Side.CUSTOMER)


def answered(**passed: float) -> Word:
    return Word(after(**passed), Side.TEAM, by=1)


def by_machine(**passed: float) -> Word:
    return Word(after(**passed), Side.AUTOMATIC)


def turned(status: Status, **passed: float) -> Turn:
    return Turn(after(**passed), status)


def told(
    *words: Word,
    turns: tuple[Turn, ...] = (),
    hours: OpeningHours | None = AROUND_THE_CLOCK,
    targets: Targets = ALL,
    at: datetime = MONDAY + timedelta(days=30),
) -> Clocks:
    return clocks(words, turns, hours=hours, targets=targets, at=at)


def first(*words: Word, **given: object) -> Clock:
    found = told(*words, **given).first  # type: ignore[arg-type]
    assert found is not None
    return found


# business time


@st.composite
def days(draw: st.DrawFn) -> tuple[Period, ...]:
    cuts = sorted(draw(st.sets(st.integers(0, DAY + 600), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return tuple(Period(a, b if b <= DAY else b - DAY) for a, b in pairs if a < DAY)


@st.composite
def opening_hours(draw: st.DrawFn) -> OpeningHours:
    week = tuple(draw(st.lists(days(), min_size=7, max_size=7)))
    near = st.sampled_from(AROUND).flatmap(
        lambda moment: st.integers(-9, 9).map(lambda n: (moment + timedelta(days=n)).date())
    )
    dates = draw(st.dictionaries(near, days(), max_size=4))
    return OpeningHours(
        week, tuple(Date(*each) for each in sorted(dates.items())), draw(st.sampled_from(ZONES))
    )


moments = st.builds(
    lambda around, seconds, ticks: around + timedelta(seconds=seconds, microseconds=ticks),
    st.sampled_from(AROUND),
    st.integers(-9 * 86_400, 9 * 86_400),
    st.sampled_from((0, 0, 1, 500_000, 999_999)),
)
any_hours = st.none() | opening_hours()
fewer = settings(max_examples=40)  # a calendar is worked out for each


def plainly(hours: OpeningHours | None, since: datetime, until: datetime) -> float:
    """The same by looking at each stretch."""
    if hours is None:
        return max((until - since).total_seconds(), 0.0)
    margin = timedelta(days=3)
    stretches = hours.between((since - margin).date(), (until + margin).date())
    overlaps = (min(end, until) - max(start, since) for start, end in stretches)
    return sum((each for each in overlaps if each > timedelta(0)), timedelta(0)).total_seconds()


@fewer
@given(any_hours, moments, moments)
def test_it_is_what_lies_within_the_open_stretches(
    hours: OpeningHours | None, since: datetime, until: datetime
) -> None:
    assert seconds_between(hours, since, until) == plainly(hours, since, until)


@fewer
@given(any_hours, st.lists(moments, min_size=3, max_size=3))
def test_it_adds_up_and_never_passes_the_time_on_the_wall(
    hours: OpeningHours | None, three: list[datetime]
) -> None:
    a, b, c = sorted(three)
    parts = seconds_between(hours, a, b) + seconds_between(hours, b, c)
    assert seconds_between(hours, a, c) == pytest.approx(parts, abs=1e-7)
    assert 0 <= seconds_between(hours, a, b) <= seconds_between(hours, a, c) <= (c - a).total_seconds()
    assert seconds_between(hours, c, a) == (0 if a < c else seconds_between(hours, a, c))


@fewer
@given(any_hours, moments, st.integers(0, 20 * 86_400 * 1_000_000))
def test_a_moment_after_so_many_seconds_is_the_first_at_which_they_are_over(
    hours: OpeningHours | None, since: datetime, ticks: int
) -> None:
    seconds = ticks / 1_000_000
    found = moment_after(hours, since, seconds)
    if found is None:
        assert hours is not None
        # at one minute a week at the least, ten years have 500
        assert not any(hours.week) or seconds > 400 * 60
        return
    assert found >= since
    assert seconds_between(hours, since, found) == seconds
    if seconds:
        assert seconds_between(hours, since, found - timedelta(microseconds=1)) < seconds


@fewer
@given(any_hours, moments, moments)
def test_the_seconds_between_two_moments_are_over_by_the_second(
    hours: OpeningHours | None, since: datetime, until: datetime
) -> None:
    found = moment_after(hours, since, seconds_between(hours, since, until))
    assert found is not None
    assert since <= found <= max(since, until)
    assert seconds_between(hours, found, until) == 0


def test_a_business_that_never_opens_has_no_time_and_promises_no_moment() -> None:
    never = OpeningHours(time_zone="Africa/Cairo")
    assert seconds_between(never, MONDAY, after(days=4_000)) == 0
    assert moment_after(never, MONDAY, 1) is None
    assert moment_after(never, MONDAY, 0) == MONDAY
    once = OpeningHours(dates=(Date(date(2026, 11, 5), (Period(600, 660),)),))
    assert moment_after(once, MONDAY, HOUR) == datetime(2026, 11, 5, 11, tzinfo=UTC)
    assert moment_after(once, MONDAY, HOUR + 1) is None


@pytest.mark.parametrize(
    ("day", "open_hours"),
    [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 26), 24)],
)
def test_a_day_is_as_long_as_clocks_make_it(day: date, open_hours: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    whole = OpeningHours(((Period(0, DAY),),) * 7, (), "Europe/Berlin")
    begins, ends = (
        datetime(each.year, each.month, each.day, tzinfo=zone) for each in (day, day + timedelta(days=1))
    )
    assert seconds_between(whole, begins, ends) == open_hours * HOUR
    assert moment_after(whole, begins, open_hours * HOUR) == ends


def test_a_night_that_begins_before_a_holiday_runs_on_to_its_end() -> None:
    bar = OpeningHours(((Period(20 * 60, 4 * 60),),) * 7, (Date(date(2026, 12, 25)),), "UTC")
    eve, day = datetime(2026, 12, 24, tzinfo=UTC), datetime(2026, 12, 25, tzinfo=UTC)
    assert seconds_between(bar, eve + timedelta(hours=12), day + timedelta(hours=24)) == 8 * HOUR


def test_what_was_opened_on_the_day_before_the_last_of_a_year_runs_into_the_next() -> None:
    # at midnight of UTC it is seven in the evening in New York, where it is open since the evening before
    hours = OpeningHours(((Period(20 * 60, 19 * 60 + 50),),) * 7, (), "America/New_York")
    new_year = datetime(2027, 1, 1, tzinfo=UTC)
    assert (
        seconds_between(hours, new_year - timedelta(hours=1), new_year + timedelta(hours=1)) == 2 * HOUR - 600
    )


def test_a_year_far_away_costs_and_breaks_nothing() -> None:
    for moment in (datetime(1, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo")), datetime(9999, 12, 31, 23, tzinfo=UTC)):
        assert seconds_between(BAKERY, moment, moment) == 0
        assert moment_after(BAKERY, moment, 300 * HOUR) is None or moment.year == 1
        assert moment_after(AROUND_THE_CLOCK, moment, 300 * HOUR) is None or moment.year == 1
        told(Word(moment, Side.CUSTOMER), asked(), answered(hours=1), hours=BAKERY)
        told(Word(moment, Side.TEAM), asked(), hours=BAKERY, turns=(Turn(moment, Status.WAITING),))


# the clocks of a conversation


def test_the_first_answer_of_a_person_stops_the_first_clock() -> None:
    found = told(asked(), asked(minutes=5), by_machine(minutes=6), answered(minutes=30), answered(minutes=40))
    assert found.first is not None
    assert (found.first.seconds, found.first.stopped, found.first.breached) == (
        1_800,
        after(minutes=30),
        False,
    )
    assert found.first.due == after(hours=1)
    assert found.nexts == ()


def test_what_the_page_says_before_anybody_asks_is_no_answer() -> None:
    found = told(answered(), asked(minutes=10), answered(minutes=25))
    assert found.first is not None
    assert (found.first.since, found.first.seconds) == (after(minutes=10), 15 * 60)
    assert told(answered(), by_machine()) == Clocks(None, (), None)


def test_each_question_after_an_answer_has_a_clock_and_further_words_do_not_start_it_anew() -> None:
    found = told(
        asked(),
        answered(minutes=1),
        asked(minutes=10),
        asked(minutes=20),
        answered(minutes=30),
        asked(hours=9),
    )
    assert [(each.since, each.seconds, each.stopped) for each in found.nexts] == [
        (after(minutes=10), 20 * 60, after(minutes=30)),
        (after(hours=9), (30 * 24 - 9) * HOUR, None),
    ]
    assert found.nexts[1].due == after(hours=11)
    assert found.nexts[1].breached


def test_an_answer_at_the_moment_when_it_is_due_is_in_time() -> None:
    one = timedelta(microseconds=1)
    for hours in (AROUND_THE_CLOCK, BAKERY):
        since = datetime(2026, 11, 2, 16, 30, 0, 333_333, tzinfo=UTC)
        due = moment_after(hours, since, HOUR)
        assert due is not None
        for moment, late in ((due - one, False), (due, False), (due + one, True)):
            clock = first(Word(since, Side.CUSTOMER), Word(moment, Side.TEAM), hours=hours)
            assert (clock.due, clock.breached) == (due, late)


def test_nights_and_weekends_do_not_count() -> None:
    friday = datetime(2026, 11, 6, 16, 45, tzinfo=UTC)
    clock = first(Word(friday, Side.CUSTOMER), hours=BAKERY, at=datetime(2026, 11, 9, 9, 30, tzinfo=UTC))
    assert (clock.seconds, clock.due, clock.breached) == (
        45 * 60,
        datetime(2026, 11, 9, 9, 45, tzinfo=UTC),
        False,
    )


def test_resolution_stands_still_while_the_customer_is_waited_for_and_asleep_it_goes_on() -> None:
    turns = (
        turned(Status.WAITING, hours=1),
        turned(Status.OPEN, hours=3),
        turned(Status.SNOOZED, hours=4),
        turned(Status.OPEN, hours=6),
        turned(Status.SOLVED, hours=7),
        turned(Status.CONFIRMED, hours=8),
    )
    found = told(asked(), turns=turns).resolution
    assert found is not None
    assert (found.seconds, found.stopped, found.paused, found.breached) == (
        5 * HOUR,
        after(hours=7),
        False,
        False,
    )
    paused = told(asked(), turns=turns[:1], at=after(hours=9)).resolution
    assert paused is not None
    assert (paused.seconds, paused.paused, paused.runs, paused.due) == (HOUR, True, False, None)
    going = told(asked(), turns=turns[:2], at=after(hours=9)).resolution
    assert going is not None
    assert (going.seconds, going.due) == (7 * HOUR, after(hours=10))


def test_what_is_opened_again_counts_on_top() -> None:
    turns = (turned(Status.SOLVED, hours=5), turned(Status.OPEN, hours=50))
    found = told(asked(), turns=turns, at=after(hours=52)).resolution
    assert found is not None
    assert (found.seconds, found.stopped, found.due) == (7 * HOUR, None, after(hours=53))
    late = told(asked(), turns=turns, at=after(hours=99)).resolution
    assert late is not None
    assert (late.due, late.breached) == (after(hours=53), True)


def test_the_page_waiting_for_someone_it_wrote_to_first_does_not_count() -> None:
    turns = (turned(Status.WAITING, hours=-1), turned(Status.OPEN, hours=2))
    found = told(answered(hours=-1), asked(), turns=turns, at=after(hours=20)).resolution
    assert found is not None
    assert (found.seconds, found.due) == (18 * HOUR, after(hours=10))


def test_closed_without_an_answer_the_clock_ends_and_nothing_was_answered() -> None:
    closed = (turned(Status.SOLVED, minutes=20),)
    clock = first(asked(), turns=closed)
    assert (clock.stopped, clock.ended, clock.runs, clock.seconds, clock.breached) == (
        None,
        True,
        False,
        1_200,
        False,
    )
    # another question does not make it answered, and does not count from the first
    found = told(
        asked(), asked(hours=5), answered(hours=5, minutes=3), turns=(*closed, turned(Status.OPEN, hours=5))
    )
    assert found.first == clock
    assert [(each.since, each.seconds, each.stopped) for each in found.nexts] == [
        (after(hours=5), 180, after(hours=5, minutes=3))
    ]


def test_an_answer_after_it_was_closed_is_one_and_took_as_long() -> None:
    clock = first(asked(), answered(hours=3), turns=(turned(Status.SOLVED, minutes=1),))
    assert (clock.seconds, clock.stopped, clock.ended, clock.breached) == (
        3 * HOUR,
        after(hours=3),
        False,
        True,
    )


def test_opened_again_by_the_team_it_runs_on_from_the_question() -> None:
    turns = (turned(Status.SOLVED, minutes=1), turned(Status.OPEN, minutes=2))
    clock = first(asked(), asked(minutes=30), turns=turns, at=after(minutes=40))
    assert (clock.since, clock.seconds, clock.runs) == (MONDAY, 40 * 60, True)


def test_what_is_due_first_is_told_first() -> None:
    found = told(asked(), at=MONDAY)
    assert (found.due, found.due_kind) == (after(hours=1), "first")
    found = told(asked(), answered(minutes=1), asked(hours=7), at=after(hours=7))
    assert (found.due, found.due_kind) == (after(hours=8), "resolution")
    assert (told(asked(), targets=NOTHING).due, told(asked(), targets=NOTHING).due_kind) == (None, "")


# whatever is said


words_said = st.lists(
    st.builds(
        lambda minute, side: Word(after(minutes=minute), side),
        st.integers(-600, 3_000),
        st.sampled_from(Side),
    ),
    max_size=12,
)
turns_made = st.lists(
    st.builds(
        lambda minute, status: Turn(after(minutes=minute), status),
        st.integers(-600, 3_000),
        st.sampled_from(Status),
    ),
    max_size=6,
    unique_by=lambda each: each.at,
)
looked_at = st.integers(-2_000, 20_000).map(lambda minute: after(minutes=minute))
open_at = st.sampled_from((AROUND_THE_CLOCK, BAKERY, OpeningHours()))


@given(words_said, turns_made, open_at, looked_at, st.integers())
def test_the_order_in_which_words_come_does_not_matter(
    words: list[Word], turns: list[Turn], hours: OpeningHours | None, at: datetime, seed: int
) -> None:
    dice, mixed, turned_ = random.Random(seed), words[:], turns[:]
    dice.shuffle(mixed)
    dice.shuffle(turned_)
    assert clocks(mixed, turned_, hours=hours, targets=ALL, at=at) == clocks(
        words, turns, hours=hours, targets=ALL, at=at
    )


@given(words_said, turns_made, open_at, looked_at)
def test_what_a_machine_says_changes_nothing(
    words: list[Word], turns: list[Turn], hours: OpeningHours | None, at: datetime
) -> None:
    people = [each for each in words if each.side is not Side.AUTOMATIC]
    assert clocks(words, turns, hours=hours, targets=ALL, at=at) == clocks(
        people, turns, hours=hours, targets=ALL, at=at
    )


@given(words_said, turns_made, open_at, looked_at)
def test_clocks_follow_one_another_and_say_what_is_so(
    words: list[Word], turns: list[Turn], hours: OpeningHours | None, at: datetime
) -> None:
    found = clocks(words, turns, hours=hours, targets=ALL, at=at)
    responses = [each for each in (found.first, *found.nexts) if each]
    customers = sorted(each.at for each in words if each.side is Side.CUSTOMER)
    assert bool(responses) == bool(customers)
    for here, there in pairwise(responses):
        assert not here.runs
        assert here.stopped is None or here.stopped <= there.since
    for each in responses:
        assert each.since in customers
        assert (each.stopped is None) or not each.ended
        target = ALL.first if each.kind == "first" else ALL.next
        assert target is not None
        assert each.breached == (each.seconds > target)
        if each.stopped is not None:
            assert each.seconds == seconds_between(hours, each.since, each.stopped)
            assert each.breached == (each.due is not None and each.stopped > each.due) or hours is not None
        if each.runs:
            assert each.seconds == seconds_between(hours, each.since, at)
    # each word of the customer is answered by, or waits in, one of them
    team = sorted(each.at for each in words if each.side is Side.TEAM)
    answers = {next((moment for moment in team if moment >= asked_), None) for asked_ in customers} - {None}
    assert {each.stopped for each in responses} - {None} == answers


@given(turns_made, open_at, looked_at)
def test_pauses_subtract_exactly(turns: list[Turn], hours: OpeningHours | None, at: datetime) -> None:
    found = clocks([asked()], turns, hours=hours, targets=ALL, at=at).resolution
    assert found is not None
    marks = sorted(turns, key=lambda each: each.at)
    ends = [*(each.at for each in marks[1:]), max([at, *(each.at for each in marks)])]
    off = sum(
        seconds_between(hours, max(mark.at, MONDAY), max(end, MONDAY))
        for mark, end in zip(marks, ends, strict=False)
        if mark.status in (Status.WAITING, Status.SOLVED, Status.CONFIRMED)
    )
    assert found.seconds == seconds_between(hours, MONDAY, max([at, *(each.at for each in marks)])) - off
    assert found.paused == (bool(marks) and marks[-1].status is Status.WAITING)
    assert found.breached == (found.seconds > 8 * HOUR)


@given(turns_made, open_at, looked_at)
def test_a_resolution_is_late_from_when_it_was_due(
    turns: list[Turn], hours: OpeningHours | None, at: datetime
) -> None:
    def look(moment: datetime) -> Clock:
        found = clocks([asked()], turns, hours=hours, targets=ALL, at=moment).resolution
        assert found is not None
        return found

    latest = max([at, *(each.at for each in turns)])
    due = look(latest).due
    if due is not None and due >= latest:
        assert not look(due).breached
        assert look(due).seconds == 8 * HOUR
    elif due is not None:
        assert look(latest).breached or look(latest).seconds == 8 * HOUR


@given(words_said, turns_made, open_at, st.lists(looked_at, min_size=2, max_size=2))
def test_a_clock_that_jumps_back_undoes_nothing_and_makes_nothing_negative(
    words: list[Word], turns: list[Turn], hours: OpeningHours | None, two: list[datetime]
) -> None:
    earlier, later = (clocks(words, turns, hours=hours, targets=ALL, at=at) for at in sorted(two))
    pairs = zip(
        (earlier.first, *earlier.nexts, earlier.resolution),
        (later.first, *later.nexts, later.resolution),
        strict=True,
    )
    for before, now in pairs:
        if before is None or now is None:
            assert before is now
            continue
        assert 0 <= before.seconds <= now.seconds
        assert (before.since, before.stopped, before.ended) == (now.since, now.stopped, now.ended)
