"""Making, pausing, resuming, stopping: who may, what is refused, and who did it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cast import MOMENT, Member, bakery, bob, charlie, follows, later
from majlis.brands.models import Deed
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.core.paging import Page
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.studio.models import Promotion
from majlis.studio.promotion import actions, queries
from majlis.studio.promotion.audience import Audience, about, audience, reach
from promoting import START, door, fill, neighbours, plan, promote, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(operator: Member) -> Any:
    made = bakery()
    neighbours(12)
    fill(made.page.id, by=operator.user_id)
    return made


def test_a_promotion_is_made_and_stands_in_the_teams_book(house: Any) -> None:
    id_ = promote(house, budget=Decimal(20))
    found = queries.promotion(page_id=house.page.id, promotion_id=id_)
    assert (found.budget, found.spent, found.left, found.made_by) == (20, 0, 20, "karim")
    assert (found.price, found.people, found.impressions) == (None, None, 0)
    deed = Deed.objects.get(subject_id=id_)
    assert (deed.action, deed.by_id) == ("promotion.made", house.advertiser.id)


def test_pausing_resuming_and_stopping_say_who_and_when(house: Any) -> None:
    id_ = promote(house)
    team = door(house)
    actions.pause(team=team, promotion_id=id_, at=later(hours=1))
    paused = queries.promotion(page_id=house.page.id, promotion_id=id_)
    assert (paused.state(at=later(hours=2)), paused.paused_by) == ("paused", "karim")
    actions.resume(team=team, promotion_id=id_, at=later(hours=2))
    actions.stop(team=team, promotion_id=id_, at=later(hours=3))
    stopped = queries.promotion(page_id=house.page.id, promotion_id=id_)
    assert (stopped.state(at=later(hours=4)), stopped.ended_by, stopped.ended_at) == (
        "stopped", "karim", later(hours=3),
    )  # fmt: skip
    for again in (actions.pause, actions.resume, actions.stop):
        with pytest.raises(Conflict):
            again(team=team, promotion_id=id_, at=later(hours=4))
    words = ["promotion.made", "promotion.paused", "promotion.resumed", "promotion.stopped"]
    assert [deed.action for deed in Deed.objects.order_by("id")] == words


def test_of_another_page_there_is_no_such_promotion(house: Any) -> None:
    id_ = promote(house)
    other = charlie()
    people.change_profile(by=other.id, kind="business", at=MOMENT)
    from majlis.brands.access import team_door
    from majlis.brands.roles import Permission

    strangers = team_door(page_id=other.id, by=other.id, needs=Permission.PROMOTE)
    for act in (actions.pause, actions.resume, actions.stop):
        with pytest.raises(NotThere):
            act(team=strangers, promotion_id=id_, at=MOMENT)
    with pytest.raises(NotThere):
        queries.promotion(page_id=other.id, promotion_id=id_)
    with pytest.raises(NotThere):
        queries.for_member(promotion_id=id_, viewer=other.id)


@pytest.mark.parametrize("role", ["editor", "support", "analyst"])
def test_other_roles_do_not_spend(house: Any, role: str) -> None:
    with pytest.raises(NotAllowed):
        door(house, getattr(house, role))


def test_only_public_posts_of_the_page_itself(house: Any, operator: Member) -> None:
    friend = bob()
    follows(house.page, friend)
    boosted = publish(friend.id, "not the page's")
    followers = publish(house.page.id, "for followers", audience="followers")
    gone = publish(house.page.id, "gone")
    posts.delete(by=house.page.id, post_id=gone, at=MOMENT)
    for post in (boosted, followers, gone, 1):
        with pytest.raises(NotThere):
            actions.make(team=door(house), plan=plan(post), at=MOMENT)
    assert not Promotion.objects.exists()


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("bid", {"bid": Decimal("0.0001")}),
        ("budget", {"budget": Decimal("0.01")}),
        ("cap", {"cap": 0}),
        ("cap", {"cap": 21}),
        ("ends_at", {"ends_at": START}),
        ("ends_at", {"ends_at": MOMENT - timedelta(minutes=1)}),
        ("ends_at", {"ends_at": MOMENT + timedelta(days=400)}),
    ],
)
def test_what_makes_no_sense_is_refused_and_says_which(house: Any, field: str, change: Any) -> None:
    with pytest.raises(BadInput) as refused:
        promote(house, **change)
    assert refused.value.field == field


def test_nothing_is_promoted_without_money_nor_to_fewer_than_ten(house: Any) -> None:
    with pytest.raises(Conflict):
        promote(house, bid=Decimal(101), budget=Decimal(200))
    with pytest.raises(BadInput) as refused:
        promote(house, audience=Audience(who="followers"))
    assert refused.value.code == "too_few"


def test_a_campaign_is_the_pages_own_or_none(house: Any) -> None:
    with pytest.raises(NotThere):
        promote(house, campaign_id=5)


def test_the_number_before_starting_counts_whom_it_can_reach(house: Any) -> None:
    page = house.page.id

    def count(**kwargs: Any) -> int:
        return reach(page_id=page, audience=Audience(**kwargs))

    assert count() == 13, "twelve neighbours and the operator; nobody of the team"
    her, him = bob(), charlie()
    follows(her, house.page)
    posts.follow_tag(by=her.id, name="bread", at=MOMENT)
    assert (count(), count(who="followers"), count(who="not_followers")) == (15, 1, 14)
    assert (count(languages=("ar",)), count(languages=("ar", "en"))) == (1, 15)
    assert (count(tags=("bread",)), count(tags=("cake",))) == (1, 0)
    people.change_preferences(by=him.id, changes={"promotions": False}, at=MOMENT)
    assert count() == 14
    people.mute(by=her.id, whom=house.page.seen, at=MOMENT)
    assert (count(), count(who="followers")) == (13, 0)


def test_numbers_are_shown_with_two_digits_and_never_below_ten() -> None:
    assert [about(n) for n in (0, 9, 10, 47, 129, 1_999, 54_321)] == [0, 0, 10, 47, 120, 1_900, 54_000]


def test_audiences_are_read_from_what_was_typed() -> None:
    made = audience(who="not_followers", languages=["ar", "en", "ar"], tags="#Bread، خبزٌ #خبز")
    assert made == Audience("not_followers", ("ar", "en"), ("bread", "خبز"))
    for wrong in ({"who": "nobody"}, {"who": "everyone", "languages": ["<b>"]}):
        with pytest.raises(BadInput):
            audience(**wrong)  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        audience(who="everyone", tags=" ".join(f"tag{n}" for n in range(11)))


def test_the_list_of_promotions_is_one_query_and_pages(house: Any, django_assert_num_queries: Any) -> None:
    made = [promote(house) for _number in range(3)]
    with django_assert_num_queries(1):
        found = queries.promotions(page_id=house.page.id, page=Page(limit=2))
    assert [each.id for each in found.items] == made[:0:-1]
    older = queries.promotions(page_id=house.page.id, page=Page(max_id=found.oldest))
    assert [each.id for each in older.items] == made[:1]
