"""The writer of clicks: what waits is written together, kept over an absence of the database and an orderly end."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import OperationalError, connection

import cast as people
from cast import MOMENT
from houses import until
from majlis.brands.access import team_door
from majlis.brands.roles import Permission
from majlis.fastlane import clicks as lane
from majlis.fastlane import sessions
from majlis.fastlane.clicks import ClickWriter, Visit
from majlis.studio.links import actions, codes, memory
from majlis.studio.links import clicks as domain
from majlis.studio.models import Click

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def destination() -> memory.Destination:
    bakery = people.bakery()
    team = team_door(page_id=bakery.page.id, by=bakery.owner.id, needs=Permission.TRACK)
    found = memory.find(actions.make_link(team, target="https://shop.example/", at=MOMENT).code)
    assert found is not None
    return found


class _Writer(ClickWriter):
    """Closes the connection of its thread: the database of a test is thrown away after it."""

    def _run(self) -> None:
        try:
            super()._run()
        finally:
            connection.close()


def visit(destination: memory.Destination) -> Visit:
    return Visit(destination, codes.new_token(), MOMENT, "", "")


def test_what_waits_at_an_orderly_end_is_written(destination: memory.Destination) -> None:
    writer = _Writer(sessions.profiles_of)
    visits = [visit(destination) for _number in range(250)]
    writer.start()
    for each in visits:
        writer.put(each)
    writer.stop()
    assert set(Click.objects.values_list("token", flat=True)) == {each.token for each in visits}


def test_while_the_database_is_away_clicks_wait_and_none_is_written_twice(
    destination: memory.Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    back, tried = threading.Event(), threading.Event()
    record = domain.record

    def away(*given: Any, **more: Any) -> int:
        tried.set()
        if not back.is_set():
            raise OperationalError("the database is starting up")
        return record(*given, **more)

    monkeypatch.setattr(lane.clicks, "record", away)
    writer = _Writer(sessions.profiles_of)
    writer.start()
    visits = [visit(destination) for _number in range(20)]
    for each in visits:
        writer.put(each)
    assert tried.wait(10)
    back.set()
    until(lambda: Click.objects.count() == 20)
    writer.stop()
    assert record([], arrived_at=MOMENT) == 0
    assert set(Click.objects.values_list("token", flat=True)) == {each.token for each in visits}


def test_a_click_that_cannot_be_written_takes_no_other_with_it(destination: memory.Destination) -> None:
    """A cookie may hold any byte: ``"\\000"`` in it is a zero byte to who reads it, and PostgreSQL takes none."""
    writer = _Writer(sessions.profiles_of)
    good = [visit(destination) for _number in range(30)]
    odd = Visit(destination, codes.new_token(), MOMENT, 'majlis_session="\\000x"', "")
    unwritable = Visit(destination, "\0" * 16, MOMENT, "", "")
    writer.start()
    for each in (*good[:10], odd, *good[10:20], unwritable, *good[20:]):
        writer.put(each)
    until(lambda: Click.objects.count() == 31)
    writer.stop()
    assert set(Click.objects.values_list("token", flat=True)) == {each.token for each in (*good, odd)}
