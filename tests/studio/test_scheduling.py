"""Hours: those that do not exist move forward, of two the first is meant; the queue fills its slots in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cast as people
from cast import MOMENT, later
from majlis.brands.models import Page
from majlis.core.errors import BadInput, Conflict, NotAllowed
from majlis.studio import access, actions, queries
from majlis.studio.moments import days_later, moment, occurrences, on_the_wall
from plans import team_of

ZONES = ["Asia/Beirut", "Africa/Cairo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]
BERLIN = "Europe/Berlin"

Write = Callable[..., int]


def test_a_time_that_does_not_exist_moves_forward_and_of_two_the_first_is_meant() -> None:
    # 29 March 2026, 02:00 becomes 03:00; 25 October 2026, 03:00 becomes 02:00
    assert moment(date(2026, 3, 29), time(2, 30), zone=BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert on_the_wall(moment(date(2026, 3, 29), time(2, 30), zone=BERLIN), zone=BERLIN).hour == 3
    assert moment(date(2026, 10, 25), time(2, 30), zone=BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    # Cairo's clocks go forward at midnight: the whole first hour of that Friday is missing
    assert on_the_wall(
        moment(date(2026, 4, 24), time(0, 15), zone="Africa/Cairo"), zone="Africa/Cairo"
    ).time() == time(1, 15)


@given(day=st.dates(date(2024, 1, 1), date(2034, 1, 1)), clock=st.times(), zone=st.sampled_from(ZONES))
def test_a_moment_reads_back_as_it_was_or_moved_forward_by_the_gap(day: date, clock: time, zone: str) -> None:
    found = moment(day, clock, zone=zone)
    wall = on_the_wall(found, zone=zone).replace(tzinfo=None)
    typed = datetime.combine(day, clock)
    assert typed <= wall <= typed + timedelta(hours=2)
    if wall == typed:
        other = wall.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
        assert found <= other, "of two the first"
    else:
        exists = typed.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
        assert exists.replace(tzinfo=None) != typed, "moved only what does not exist"


@given(
    slots=st.lists(st.tuples(st.integers(0, 6), st.times()), max_size=20),
    zone=st.sampled_from(ZONES),
    after=st.integers(0, 3 * 366 * 86_400).map(
        lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    ),
)
def test_slots_come_in_order_none_twice_each_on_its_day(
    slots: list[tuple[int, time]], zone: str, after: datetime
) -> None:
    found = [each for each, _n in zip(occurrences(slots, zone=zone, after=after), range(60), strict=False)]
    assert found == sorted(set(found))
    assert all(each > after for each in found)
    assert bool(found) == bool(slots)
    days = {weekday for weekday, _clock in slots}
    assert {on_the_wall(each, zone=zone).weekday() for each in found} <= days


def test_nine_in_the_morning_stays_nine_when_the_clocks_change() -> None:
    before = moment(date(2026, 3, 28), time(9), zone=BERLIN)
    assert on_the_wall(days_later(before, 7, zone=BERLIN), zone=BERLIN).time() == time(9)
    assert days_later(before, 7, zone=BERLIN) - before == timedelta(days=7) - timedelta(hours=1)


def test_two_slots_of_the_hour_that_is_missing_are_one() -> None:
    slots = [(6, time(2, 30)), (6, time(3, 30))]  # Sundays
    after = datetime(2026, 3, 28, 12, tzinfo=UTC)
    found = [each for each, _n in zip(occurrences(slots, zone=BERLIN, after=after), range(3), strict=False)]
    assert [on_the_wall(each, zone=BERLIN).strftime("%d %H:%M") for each in found] == [
        "29 03:30",
        "05 02:30",
        "05 03:30",
    ]


def _hours(bakery: people.Bakery) -> list[tuple[int, datetime | None]]:
    return [(each.id, each.due_at) for each in queries.queue(team=team_of(bakery))]


def test_the_queue_takes_the_free_slots_in_order_and_moves_up(bakery: people.Bakery, write: Write) -> None:
    team = team_of(bakery)
    one, two, three = write("1"), write("2"), write("3")
    with pytest.raises(Conflict):
        actions.enqueue(team=team, entry_id=one, at=MOMENT)
    # Monday, 2 November 2026, 11:30 in Beirut
    actions.set_slots(team=team, slots=[(0, time(12)), (0, time(11)), (2, time(9))], at=MOMENT)
    for entry in (one, two, three):
        actions.enqueue(team=team, entry_id=entry, at=MOMENT)
    noon, wednesday = (
        moment(date(2026, 11, 2), time(12), zone=team.time_zone),
        moment(date(2026, 11, 4), time(9), zone=team.time_zone),
    )
    next_week = moment(date(2026, 11, 9), time(11), zone=team.time_zone)
    assert _hours(bakery) == [(one, noon), (two, wednesday), (three, next_week)]
    actions.one_earlier(team=team, entry_id=three, at=MOMENT)
    assert _hours(bakery) == [(one, noon), (three, wednesday), (two, next_week)]
    actions.discard(team=team, entry_id=one, at=MOMENT)
    assert _hours(bakery) == [(three, noon), (two, wednesday)]
    actions.bring_back(team=team, entry_id=one, at=MOMENT)
    assert _hours(bakery)[0] == (one, noon)
    actions.move(team=team, entry_id=three, due=later(days=9), at=MOMENT)
    assert _hours(bakery) == [(one, noon), (two, wednesday)]
    actions.set_slots(team=team, slots=[], at=MOMENT)
    assert _hours(bakery) == [(one, None), (two, None)]


def test_what_is_about_to_leave_keeps_its_hour_when_the_queue_moves(
    bakery: people.Bakery, write: Write
) -> None:
    team = team_of(bakery)
    actions.set_slots(team=team, slots=[(0, time(12)), (0, time(13))], at=MOMENT)
    one, two = write("1"), write("2")
    for entry in (one, two):
        actions.enqueue(team=team, entry_id=entry, at=MOMENT)
    noon = _hours(bakery)[0][1]
    assert noon is not None
    assert actions.settle_queue(page_id=team.page_id, at=noon + timedelta(seconds=5)) == 0
    left = actions.publish_due(at=noon + timedelta(seconds=6))
    assert left is not None
    assert left.entry_id == one
    assert actions.publish_due(at=noon + timedelta(seconds=7)) is None


def test_a_slot_at_which_one_left_is_not_given_again_by_who_began_a_moment_before(
    bakery: people.Bakery, write: Write
) -> None:
    """A request that began before the hour and got the queue after the worker had published."""
    team = team_of(bakery)
    actions.set_slots(team=team, slots=[(0, time(12)), (0, time(13))], at=MOMENT)
    one, two, three = write("1"), write("2"), write("3")
    for entry in (one, two):
        actions.enqueue(team=team, entry_id=entry, at=MOMENT)
    noon = _hours(bakery)[0][1]
    assert noon is not None
    assert actions.publish_due(at=noon + timedelta(seconds=1)) is not None
    actions.enqueue(team=team, entry_id=three, at=noon - timedelta(seconds=1))
    assert [hour for _id, hour in _hours(bakery)] == [
        noon + timedelta(hours=1), noon + timedelta(days=7),
    ]  # fmt: skip
    assert actions.publish_due(at=noon + timedelta(seconds=2)) is None
    # one that was sent by hand before its hour frees it
    actions.publish_now(team=team, entry_id=two, at=noon + timedelta(minutes=5))
    assert _hours(bakery) == [(three, noon + timedelta(hours=1))]


def test_the_queue_follows_the_zone_of_the_page(bakery: people.Bakery, write: Write) -> None:
    team = team_of(bakery)
    actions.set_slots(team=team, slots=[(1, time(9))], at=MOMENT)
    actions.enqueue(team=team, entry_id=write(), at=MOMENT)
    Page.objects.filter(pk=team.page_id).update(time_zone="America/New_York")
    assert actions.settle_queue(page_id=team.page_id, at=MOMENT) == 1
    assert _hours(bakery)[0][1] == datetime(2026, 11, 3, 14, tzinfo=UTC)
    assert actions.settle_queue(page_id=team.page_id, at=MOMENT) == 0


def test_an_hour_that_passed_or_that_nobody_can_foresee_is_refused(
    bakery: people.Bakery, write: Write
) -> None:
    team, entry = team_of(bakery), write()
    for due in (MOMENT, later(hours=-1), later(days=400)):
        with pytest.raises(BadInput):
            actions.schedule(team=team, entry_id=entry, due=due, at=MOMENT)
    for every, left in ((400, 1), (-1, 2), (7, 90)):
        with pytest.raises(BadInput):
            actions.schedule(
                team=team, entry_id=entry, due=later(hours=1), at=MOMENT, again_every=every, again_left=left
            )
    with pytest.raises(BadInput):
        actions.schedule(team=team, entry_id=write(""), due=later(hours=1), at=MOMENT)
    for who in ("support", "analyst", "advertiser"):
        with pytest.raises(NotAllowed):
            actions.schedule(team=team_of(bakery, who), entry_id=entry, due=later(hours=1), at=MOMENT)
    with pytest.raises(BadInput):
        actions.set_slots(team=team, slots=[(9, time(9))], at=MOMENT)


def test_the_calendar_holds_what_falls_on_its_days_in_one_query(
    bakery: people.Bakery, write: Write, django_assert_num_queries: object
) -> None:
    team = team_of(bakery)
    for hours in (1, 13, 40):
        actions.schedule(team=team, entry_id=write(str(hours)), due=later(hours=hours), at=MOMENT)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = queries.between(team=team, first=date(2026, 11, 2), days=1)
    assert [each.content.params.text for each in found] == ["1"], "23:30 in London is tomorrow in Beirut"
    actions.unschedule(team=team, entry_id=found[0].id, at=MOMENT)
    assert access.entry(team=team, entry_id=found[0].id).due_at is None
