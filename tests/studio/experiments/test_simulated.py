"""Simulated followers through the real assignment and the real recording: without an effect an effect is found as often
as 5 % say, and a planted one is recovered."""

from __future__ import annotations

import math
import random
import secrets

import pytest

import trying
from cast import MOMENT, Bakery, later
from majlis.core.ids import new_id
from majlis.insights.kinds import Kind, Source
from majlis.insights.recording import NewFact, record
from majlis.posts.withholding import running
from majlis.studio.experiments import actions, holding, results
from majlis.studio.experiments.results import Draw
from majlis.studio.models import Experiment
from plans import team_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FOLLOWERS, POSTS, SHARE = 150, 20, 0.1
REPEATED = 400


def _reacts(page: int, post: int, who: int, *, hour: int) -> NewFact:
    return NewFact(
        page_id=page, post_id=post, profile_id=who, kind=Kind.REACTION, source=Source.HOME, nonce=new_id(),
        at=later(hours=hour),
    )  # fmt: skip


@pytest.fixture
def house(bakery: Bakery) -> Bakery:
    actions.start_holdout(team_of(bakery), share=SHARE, at=MOMENT)
    return bakery


def test_without_an_effect_five_percent_show_one(house: Bakery) -> None:
    """Followers who do much and who do little do what they do with other posts of the page, whatever they are shown;
    400 draws with fresh keys."""
    chance = random.Random(7)
    fans = trying.followers(house, FOLLOWERS)
    habits = {who: chance.betavariate(2, 6) for who in fans}
    other = trying.publish(house, "an older one")
    held = [trying.publish(house, f"bread {number}", at=later(hours=50 * number)) for number in range(POSTS)]
    did = 0
    for number in range(POSTS):
        facts = [
            _reacts(house.page.id, other, who, hour=50 * number + 1)
            for who in fans
            if chance.random() < habits[who]
        ]
        record(facts, arrived_at=later(hours=50 * number + 2))
        did += len(facts)
    found = results.outcomes(held)
    assert len(found) == FOLLOWERS * POSTS
    assert sum(each.engaged for each in found) == did
    wrong = 0
    for _number in range(REPEATED):
        key = secrets.token_bytes(16)
        draws = {post: Draw(key, post, 0.0, SHARE) for post in held}
        lift = results.compare(found, draws, share=SHARE).of("engaged").lift
        assert lift is not None
        wrong += lift.p < 0.05
    error = math.sqrt(0.05 * 0.95 / REPEATED)
    assert abs(wrong / REPEATED - 0.05) < 3 * error, f"{wrong} of {REPEATED}"


def test_a_planted_lift_is_recovered(house: Bakery) -> None:
    """Of those who wait 20 % do something all the same, of the others 40 %: a lift of 100 %. Lots differ each time, so it
    is asked for within three and more standard errors."""
    chance = random.Random(11)
    fans = trying.followers(house, FOLLOWERS)
    other = trying.publish(house, "an older one")
    for number in range(POSTS):
        at = later(hours=50 * number)
        post = trying.publish(house, f"bread {number}", at=at)
        hold = running(at)[post]
        numbers = holding.numbers(fans)
        facts = [
            _reacts(house.page.id, other, who, hour=50 * number + 1)
            for who in fans
            if chance.random() < (0.2 if hold.holds(numbers.get(who, 0)) else 0.4)
        ]
        record(facts, arrived_at=later(hours=50 * number + 2))
    end = later(hours=50 * POSTS)
    found = results.holdout(Experiment.objects.get().id, share=SHARE, at=end)
    engaged = found.of("engaged")
    assert engaged.lift is not None
    assert engaged.lift.lift_interval is not None
    low, high = engaged.lift.lift_interval
    assert engaged.lift.lift is not None
    assert 0.4 < engaged.lift.lift < 1.9
    assert 0 < low < engaged.lift.lift < high
    assert engaged.enough is not None
    assert engaged.enough.enough
    assert found.of("ordered").enough is not None
    assert not found.of("ordered").enough.enough  # type: ignore[union-attr]
