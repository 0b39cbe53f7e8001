"""What was served waits while the database is away; visits of two pages are two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

import cast as people
from cast import MOMENT, later
from majlis.core.clock import now
from majlis.insights import serving
from majlis.insights.kinds import Kind, Source
from majlis.insights.models import Fact
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    serving.Writer().flush()
    yield
    serving.Writer().flush()


def _away(*_given: Any) -> None:
    raise OperationalError("the database is starting up")


def test_what_was_served_while_the_database_is_away_is_written_when_it_is_back() -> None:
    page, alice = people.bakery().page, people.alice()
    bread = posts.publish(by=page.id, params=PostParams(text="Bread"), at=MOMENT).post_id
    serving.served(viewer=alice.id, ids=[bread], source=Source.HOME, first_page=True, at=now())
    serving.visited(viewer=alice.id, page_id=page.id, source=Source.HOME, at=now())
    writer = serving.Writer()
    with connection.execute_wrapper(_away), pytest.raises(OperationalError):
        writer.flush()
    assert writer.flush() == 1
    assert set(Fact.objects.values_list("kind", flat=True)) == {Kind.SERVED, Kind.PROFILE_VISIT}


def test_of_more_than_can_wait_the_oldest_are_forgotten() -> None:
    page, alice = people.bakery().page, people.alice()
    bread = posts.publish(by=page.id, params=PostParams(text="Bread"), at=MOMENT).post_id
    oldest, newest = now() - timedelta(hours=5), now()
    serving.served(viewer=alice.id, ids=[bread], source=Source.HOME, first_page=False, at=oldest)
    for _number in range(serving.MOST_WAITING):
        serving.served(viewer=alice.id, ids=[1], source=Source.HOME, first_page=False, at=newest)
    serving.served(viewer=alice.id, ids=[bread], source=Source.TAG, first_page=False, at=newest)
    writer = serving.Writer()
    with connection.execute_wrapper(_away), pytest.raises(OperationalError):
        writer.flush()
    writer.flush()
    assert list(Fact.objects.values_list("source", flat=True)) == [Source.TAG]


def test_visits_of_two_pages_are_two_whatever_their_ids_and_hours() -> None:
    """Pages made in one millisecond have ids that lie close together."""
    alice = people.alice()
    first = 1 << 50
    for page_id, hours in ((first, 64), (first + 64, 0)):
        serving.visited(viewer=alice.id, page_id=page_id, source=Source.HOME, at=later(hours=hours))
    serving.visited(viewer=alice.id, page_id=first, source=Source.HOME, at=later(hours=64, minutes=5))
    serving.Writer().flush()
    assert Fact.objects.filter(kind=Kind.PROFILE_VISIT).count() == 2
