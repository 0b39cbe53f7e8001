"""The timer: what passed is counted once, nothing that did not pass, and nothing without consent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

import cast as people
from cast import MOMENT, Bakery, Member, later
from majlis.brands.access import OnTeam
from majlis.brands.roles import Role
from majlis.core.errors import BadInput, NotAllowed, NotThere
from majlis.insights.windows import Window
from majlis.studio.models import Work
from majlis.studio.money import hours
from majlis.studio.money.hours import GAP, Place
from plans import content, team_of

pytestmark = pytest.mark.django_db
ALL = Window(MOMENT - timedelta(days=700), MOMENT + timedelta(days=7))


@pytest.fixture
def editor(bakery: Bakery) -> OnTeam:
    """The editor, who lets her hours be measured."""
    team = team_of(bakery, "editor")
    hours.allow(team, at=MOMENT)
    return team


def seconds() -> int:
    return Work.objects.aggregate(all=Sum("seconds"))["all"] or 0


def test_without_consent_nothing_is_kept(bakery: Bakery) -> None:
    team = team_of(bakery, "editor")
    for second in range(0, 300, 30):
        assert not hours.beat(team, place=Place.COMPOSER, at=later(seconds=second))
    assert not Work.objects.exists()


def test_beats_add_up_to_the_time_between_them(editor: OnTeam) -> None:
    for second in range(0, 301, 30):
        assert hours.beat(editor, place=Place.COMPOSER, at=later(seconds=second))
    (piece,) = hours.own(editor, window=ALL)
    assert (piece.seconds, piece.place, piece.role) == (300, "composer", Role.EDITOR)


def test_a_pause_is_not_counted(editor: OnTeam) -> None:
    for second in (0, 30, 60, 60 + 3600, 60 + 3630):
        hours.beat(editor, place=Place.CALENDAR, at=later(seconds=second))
    assert [piece.seconds for piece in hours.own(editor, window=ALL)] == [30, 60]


def test_a_clock_that_was_put_back_adds_nothing(editor: OnTeam) -> None:
    hours.beat(editor, place=Place.CALENDAR, at=later(seconds=60))
    hours.beat(editor, place=Place.CALENDAR, at=later(seconds=0))
    assert seconds() == 0
    hours.beat(editor, place=Place.CALENDAR, at=later(seconds=30))
    assert seconds() <= 60


def test_two_windows_at_once_count_once_and_each_for_its_own(editor: OnTeam, write: object) -> None:
    for second in range(0, 301, 10):
        place = Place.COMPOSER if second // 10 % 2 else Place.INBOX
        hours.beat(editor, place=place, at=later(seconds=second))
    assert seconds() == 300
    by_place = dict(Work.objects.values_list("place").annotate(Sum("seconds")))
    assert by_place == {"composer": 150, "inbox": 150}


def test_work_on_an_entry_of_another_page_is_work_on_none(editor: OnTeam) -> None:
    from shopping import other_bakery

    from majlis.studio import actions

    other = other_bakery()
    entry = actions.make(team=other, draft=actions.Draft(content=content("Theirs")), at=MOMENT)
    hours.beat(editor, place=Place.COMPOSER, entry_id=entry, at=MOMENT)
    hours.beat(editor, place=Place.COMPOSER, entry_id=entry, at=later(seconds=30))
    assert {piece.entry_id for piece in hours.own(editor, window=ALL)} <= {None}
    assert seconds() == 30


class TestAnyBeats(TestCase):
    @settings(max_examples=25)
    @given(st.lists(st.tuples(st.integers(-90, 200), st.sampled_from(list(Place))), max_size=30))
    def test_never_more_than_what_passed(self, steps: list[tuple[int, Place]]) -> None:
        team = team_of(people.bakery(), "editor")
        hours.allow(team, at=MOMENT)
        moment, forward, counted = MOMENT, 0, 0
        for step, place in steps:
            moment += timedelta(seconds=step)
            hours.beat(team, place=place, at=moment)
            forward += max(step, 0)
            counted = seconds()
            assert 0 <= counted <= forward
        if steps and all(0 <= step <= GAP.total_seconds() for step, _place in steps):
            assert counted == sum(step for step, _place in steps[1:])


def test_by_hand_in_bounds(editor: OnTeam) -> None:
    hours.write_down(editor, hours=Decimal("2.5"), day=date(2026, 11, 2), note="  photos\n", at=MOMENT)
    (piece,) = hours.own(editor, window=ALL)
    assert (piece.seconds, piece.by_hand, piece.note) == (9000, True, "photos")
    for wrong in (Decimal(0), Decimal(-1), Decimal("24.01"), Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(BadInput):
            hours.write_down(editor, hours=wrong, day=date(2026, 11, 2), at=MOMENT)
    for day in (date(2026, 11, 4), date(2023, 1, 1)):
        with pytest.raises(BadInput):
            hours.write_down(editor, hours=Decimal(1), day=day, at=MOMENT)
    assert seconds() == 9000


def test_hours_of_a_role_are_written_by_who_keeps_the_money(bakery: Bakery, editor: OnTeam) -> None:
    with pytest.raises(NotAllowed):
        hours.write_down(editor, hours=Decimal(1), day=date(2026, 11, 2), role=Role.SUPPORT, at=MOMENT)
    owner = team_of(bakery, "owner")
    hours.write_down(owner, hours=Decimal(1), day=date(2026, 11, 2), role=Role.SUPPORT, at=MOMENT)
    row = Work.objects.get()
    assert (row.by_id, row.role) == (None, "support")


def test_nobody_reads_or_deletes_anothers_hours(bakery: Bakery, editor: OnTeam) -> None:
    hours.write_down(editor, hours=Decimal(1), day=date(2026, 11, 2), at=MOMENT)
    (piece,) = hours.own(editor, window=ALL)
    support = team_of(bakery, "support")
    assert hours.own(support, window=ALL) == []
    with pytest.raises(NotThere):
        hours.forget(support, work_id=piece.id, at=MOMENT)
    with pytest.raises(NotAllowed):
        hours.named(support, window=ALL)
    hours.forget(editor, work_id=piece.id, at=MOMENT)
    assert not Work.objects.exists()


def test_names_are_seen_only_of_those_who_said_so(bakery: Bakery, editor: OnTeam) -> None:
    analyst = team_of(bakery, "analyst")
    hours.write_down(editor, hours=Decimal(1), day=date(2026, 11, 2), at=MOMENT)
    assert hours.named(analyst, window=ALL) == []
    hours.allow(editor, named=True, at=MOMENT)
    (seen,) = hours.named(analyst, window=ALL)
    assert (seen.profile_id, seen.seconds) == (bakery.editor.id, 3600)


def test_withdrawing_ends_the_timer_and_can_forget(editor: OnTeam) -> None:
    hours.beat(editor, place=Place.COMPOSER, at=MOMENT)
    hours.beat(editor, place=Place.COMPOSER, at=later(seconds=30))
    hours.write_down(editor, hours=Decimal(1), day=date(2026, 11, 2), at=MOMENT)
    hours.withdraw(editor)
    assert not hours.beat(editor, place=Place.COMPOSER, at=later(seconds=60))
    assert seconds() == 3630
    hours.withdraw(editor, forget=True)
    assert seconds() == 3600


def test_charlie_is_nobody_here(bakery: Bakery, charlie: Member) -> None:
    from majlis.brands.access import team_door
    from majlis.brands.roles import Permission

    with pytest.raises(NotThere):
        team_door(page_id=bakery.page.id, by=charlie.id, needs=Permission.READ)
