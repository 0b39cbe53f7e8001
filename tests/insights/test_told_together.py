"""What one page tells in several places tells of no small group either: figures, hours, sources, the funnel."""

from __future__ import annotations

from datetime import timedelta

import pytest
import shopping
from measured_town import followers, publish, saw

from cast import bakery, later
from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.insights import measuring, windows
from majlis.insights.figures import Why
from majlis.insights.kinds import Kind
from majlis.insights.reports import overview, post
from majlis.people import actions as relations
from majlis.studio.results.funnel import results

pytestmark = pytest.mark.django_db
AT = later(days=30)


@pytest.fixture
def seen_by_few_others() -> tuple[OnTeam, int]:
    """A post that thirty followers viewed, and three who are none."""
    made = bakery()
    people = followers(made.page.id, 80, at=AT)
    others = [
        relations.create_profile(user_id=None, handle=f"other_{n}", display_name="O", kind="person", at=AT)
        for n in range(3)
    ]
    appeared = AT - timedelta(days=2)
    id_ = publish(made.page.id, "Bread", at=appeared)
    measuring.freeze(post_id=id_)
    saw(
        made.page.id, id_, people[:30], Kind.IMPRESSION, first=appeared + timedelta(minutes=1), at=AT, every=1
    )
    saw(made.page.id, id_, others, Kind.IMPRESSION, first=appeared + timedelta(minutes=3), at=AT, every=1)
    team = shopping.door(made, made.analyst, Permission.MEASURE)
    return team, id_


def test_a_reach_that_is_not_told_is_not_told_by_its_parts(seen_by_few_others: tuple[OnTeam, int]) -> None:
    team, id_ = seen_by_few_others
    found = post.post(team, post_id=id_, at=AT)
    assert found.ledger.seen == 30
    assert found.figures["reach"].why is Why.FEW
    for name in ("organic", "paid"):
        assert found.figures[name].value is None, name
    assert sum(step.reached or 0 for step in found.steps) != 33
    assert sum(each.reached or 0 for each in found.sources) != 33
    assert any(step.reached is None for step in found.steps)
    assert any(each.reached is None for each in found.sources)


def test_the_funnel_does_not_tell_a_reach_that_is_not_told(seen_by_few_others: tuple[OnTeam, int]) -> None:
    team, _id = seen_by_few_others
    window = windows.last_days(7, at=AT, zone="UTC")
    told = overview.overview(team, window=window)
    assert (told.reach.why, told.followers.value) == (Why.FEW, 30)
    assert dict(results(team, window=window).funnel)["viewed"].why is Why.FEW


def test_the_funnel_and_the_reach_tell_of_no_few_who_were_served_only() -> None:
    made = bakery()
    people = followers(made.page.id, 80, at=AT)
    id_ = publish(made.page.id, "Bread", at=AT - timedelta(days=2))
    saw(made.page.id, id_, people[:34], Kind.SERVED, first=AT - timedelta(days=1), at=AT, every=1)
    saw(made.page.id, id_, people[:30], Kind.IMPRESSION, first=AT - timedelta(days=1), at=AT, every=1)
    team = shopping.door(made, made.analyst, Permission.MEASURE)
    window = windows.last_days(7, at=AT, zone="UTC")
    funnel = dict(results(team, window=window).funnel)
    assert overview.overview(team, window=window).reach.value == 30
    assert (funnel["served"].why, funnel["viewed"].value) == (Why.FEW, 30)
