"""The bakery of ``majlis demo``: whatever its studio says of thirteen weeks is what the facts say.

The oracles are those of the property tests: facts added up plainly, and ledgers that sum to the followers.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.test import Client
from msgspec.structs import replace
from pytest_django import DjangoDbBlocker
from rich.console import Console

from majlis.accounts.models import User
from majlis.brands.access import team_door
from majlis.brands.models import Deed, Review, TeamMember, Verification
from majlis.brands.roles import Permission
from majlis.config import demo
from majlis.config.demo_data import people
from majlis.core import sql
from majlis.core.errors import Conflict
from majlis.core.json import own_reader
from majlis.insights.kinds import Kind, Source, State
from majlis.insights.ledger import exact, floored
from majlis.insights.models import Fact, Following, Hourly, Member
from majlis.insights.recording import NewFact
from majlis.people.models import Profile
from majlis.studio import queries as plans
from majlis.studio.models import Click, Entry, Order, Promotion

sys.path.insert(0, str(Path(__file__).parents[1] / "insights"))
import plain_facts

AT = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[demo.Filled]:
    """The example, with fewer of the strangers: the bakery has its five hundred."""
    from django.conf import settings
    from django.db import transaction

    before = settings.MAJLIS, demo.PHOTOS, demo.AVATARS, people.CROWD
    settings.MAJLIS = replace(settings.MAJLIS, data_dir=tmp_path_factory.mktemp("data"))
    demo.PHOTOS, demo.AVATARS, people.CROWD = 6, 4, 2_400  # type: ignore[misc]
    with django_db_blocker.unblock(), transaction.atomic():
        yield demo.fill(seed=1, at=AT, out=Console(file=StringIO()))
        transaction.set_rollback(True)
    settings.MAJLIS, demo.PHOTOS, demo.AVATARS, people.CROWD = before  # type: ignore[misc]


@pytest.fixture
def page(made: demo.Filled) -> int:
    return Profile.objects.get(handle="bayt_zaytoun").pk


def test_numbers(page):
    from majlis.insights.models import Encounter
    print(Counter(Fact.objects.values_list("kind","source")))
    for p in sql.column("select post_id from insights_measuredpost order by 1"):
        e=exact(post_id=p); print(e.appeared_at.date(), e.eligible, {s.name:c for s,c in e.states.items() if c}, e.strangers)
    print(Counter(Order.objects.values_list("reported_by", "click__isnull")))
    print(Click.objects.count(), Following.objects.filter(page=page).count(), Review.objects.count(), Deed.objects.count())
    for p in Promotion.objects.all(): print(p.spent, p.budget)
