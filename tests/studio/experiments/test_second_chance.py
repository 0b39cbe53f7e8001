"""A second chance: once, at her own hour, for followers who did not see it, and for nobody who did."""

from __future__ import annotations

from datetime import timedelta

import pytest

import cast as people
import trying
from cast import MOMENT, Bakery, later
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.core.paging import Page
from majlis.feeds.home import home_page
from majlis.insights import mine
from majlis.insights.kinds import Kind
from majlis.people import actions as relations
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.studio.experiments import actions, again, results
from majlis.studio.models import PlacedAgain
from plans import team_of

pytestmark = pytest.mark.django_db
DAY = 24


@pytest.fixture
def fans(bakery: Bakery) -> list[int]:
    return trying.followers(bakery, 6)


@pytest.fixture
def post(bakery: Bakery, fans: list[int]) -> int:
    """A post of the bakery, below a page of newer ones, with a second chance from its second day on."""
    made = trying.publish(bakery)
    _news(bakery)
    actions.second_chance(team_of(bakery), post_id=made, at=later(hours=1))
    return made


def _news(bakery: Bakery) -> None:
    for number in range(25):
        params = PostParams(text=f"news {number}")
        posts.publish(by=bakery.page.id, params=params, at=later(minutes=number + 1))


def _placed(viewer: int, hours: float) -> again.Placed | None:
    at = later(hours=hours)
    return again.placed(viewer=viewer, feed=home_page(viewer=viewer, page=Page(), at=at), at=at)


def test_who_did_not_see_it_gets_it_once_from_the_second_day_on(fans: list[int], post: int) -> None:
    assert _placed(fans[0], DAY - 1) is None
    found = _placed(fans[0], DAY + 1)
    assert found is not None
    assert (found.post_id, found.reason) == (post, "second_chance")
    assert _placed(fans[0], DAY + 2) is None
    assert _placed(fans[0], DAY * 7) is None


@pytest.mark.parametrize("kind", [Kind.IMPRESSION, Kind.REACTION])
def test_nobody_who_saw_it_gets_it(bakery: Bakery, fans: list[int], post: int, kind: Kind) -> None:
    trying.views(fans[0], post, page=bakery.page.id, at=later(minutes=5), kind=kind)
    assert _placed(fans[0], DAY + 1) is None
    trying.opens(fans[1], at=later(minutes=5))  # served is not viewed
    assert _placed(fans[1], DAY + 1) is not None


def test_not_for_who_switched_it_off_is_not_measured_or_did_not_follow_then(
    bakery: Bakery, fans: list[int], post: int
) -> None:
    relations.change_preferences(by=fans[0], changes={"second_chance": False}, at=MOMENT)
    mine.switch_off(by=fans[1], at=MOMENT)
    charlie = people.charlie()
    relations.follow(by=charlie.id, whom=bakery.page.seen, at=later(hours=2))
    muted = fans[2]
    relations.mute(by=muted, whom=bakery.page.seen, at=later(hours=2))
    for who in (fans[0], fans[1], charlie.id, muted, bakery.page.id):
        assert _placed(who, DAY + 1) is None
    assert not PlacedAgain.objects.exists()


def test_it_comes_at_the_hour_at_which_she_opens_feeds(bakery: Bakery, fans: list[int], post: int) -> None:
    """Alice reads at seven in the evening; at half past ten in the morning nothing is placed for her."""
    who = fans[0]
    evening = MOMENT.replace(hour=19, minute=0)
    for day in range(1, 8):
        other = posts.publish(
            by=bakery.page.id, params=PostParams(text="older"), at=MOMENT - timedelta(hours=1)
        ).post_id
        trying.views(who, other, page=bakery.page.id, at=evening - timedelta(days=day), kind=Kind.SERVED)
    assert _placed(who, DAY + 1) is None  # 10:30
    found = _placed(who, DAY + 10)  # 19:30
    assert found is not None
    assert _placed(fans[1], DAY + 1) is not None  # of her no hour is known


def test_hours_go_round_midnight_and_do_not_matter_on_the_last_day() -> None:
    offer = again.Offer(1, 2, 3, "second_chance", None, 0, 0.0, 1.0, MOMENT, later(days=7))
    assert offer.hour_fits(23, at=MOMENT.replace(hour=0) + timedelta(days=1))
    assert not offer.hour_fits(23, at=MOMENT.replace(hour=1) + timedelta(days=1))
    assert offer.hour_fits(23, at=later(days=6, hours=1))
    assert offer.hour_fits(None, at=later(days=1))


def test_not_on_a_page_where_it_stands_already_nor_on_one_of_a_single_item(bakery: Bakery) -> None:
    who = trying.followers(bakery, 1)[0]
    made = trying.publish(bakery, "only")
    actions.second_chance(team_of(bakery), post_id=made, at=later(hours=1))
    assert _placed(who, DAY + 1) is None


def test_one_item_a_page(bakery: Bakery, fans: list[int], post: int) -> None:
    second = trying.publish(bakery, "another")
    _news(bakery)
    actions.second_chance(team_of(bakery), post_id=second, at=later(hours=1))
    assert _placed(fans[0], DAY + 1) is not None
    assert PlacedAgain.objects.count() == 1
    assert _placed(fans[0], DAY + 2) is not None
    assert PlacedAgain.objects.count() == 2


def test_who_may_ask_for_it_and_for_which_posts(bakery: Bakery, fans: list[int], post: int) -> None:
    team = team_of(bakery)
    with pytest.raises(Conflict):
        actions.second_chance(team, post_id=post, at=later(hours=1))
    of_alice = trying.posts_of(people.alice().id)
    with pytest.raises(NotThere):
        actions.second_chance(team, post_id=of_alice, at=MOMENT)
    old = trying.publish(bakery, "old", at=MOMENT)
    with pytest.raises(BadInput):
        actions.second_chance(team, post_id=old, at=later(days=8))
    with pytest.raises(NotAllowed):
        actions.second_chance(team_of(bakery, "analyst"), post_id=old, at=MOMENT)
    line = results.placed_again(team, at=later(hours=1))[0]
    actions.stop_second_chance(team, again_id=line.id, at=later(hours=2))
    assert _placed(fans[0], DAY + 1) is None
    with pytest.raises(NotThere):
        actions.stop_second_chance(team, again_id=line.id, at=later(hours=2))
