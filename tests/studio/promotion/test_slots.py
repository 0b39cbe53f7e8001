"""Promoted items in a home page: for whom, where, and what never changes about the rest."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cast import MOMENT, Member, bakery, follows, friends, later, member
from majlis.brands.models import TeamMember
from majlis.feeds import actions as feeds
from majlis.feeds.actions import Word
from majlis.insights.kinds import Kind, Source
from majlis.insights.recording import NewFact, record
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.studio.models import PromotionOffer
from majlis.studio.promotion import actions, slots
from majlis.studio.promotion.audience import Audience
from promoting import (
    door,
    fill,
    friend_with_posts,
    home,
    neighbours,
    promote,
    publish,
    seen,
    shown,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(operator: Member) -> Any:
    made = bakery()
    neighbours(12)
    fill(made.page.id, by=operator.user_id)
    return made


@pytest.fixture
def reader(alice: Member) -> Member:
    """Alice, with twenty posts in her feed."""
    follows(alice, friend_with_posts(20))
    return alice


def test_a_promotion_stands_between_and_names_who_pays(house: Any, reader: Member) -> None:
    id_ = promote(house)
    found = shown(reader)
    (placed,) = found.placed
    assert (placed.position, placed.promotion_id, placed.page_id) == (5, id_, house.page.id)
    assert found.batch is not None
    assert found.batch.posts[placed.post_id].author_id == house.page.id


def test_two_places_two_promotions_each_pays_the_next_bid(house: Any, reader: Member) -> None:
    for bid in ("0.05", "0.08", "0.03"):
        promote(house, publish(house.page.id, bid), bid=Decimal(bid))
    found = shown(reader)
    assert [each.position for each in found.placed] == [5, 15]
    prices = PromotionOffer.objects.order_by("id").values_list("price", flat=True)
    assert list(prices) == [Decimal("0.05"), Decimal("0.03")]


def test_below_many_that_she_does_not_want_the_next_ones_win(house: Any, reader: Member) -> None:
    """The highest bids are asked first, a few at a time; whoever is far down is found all the same."""
    feeds.create_filter(
        by=reader.id, at=MOMENT, title="Cake", contexts=["home"], action="hide", words=[Word("cake", True)],
        lifetime=None,
    )  # fmt: skip
    for number in range(20):
        words = "cake" if number >= 8 else "bread"
        promote(house, publish(house.page.id, f"{words} {number}"), bid=Decimal(number + 1) / 100)
    first = promote(house, publish(house.page.id, "bread again"), bid=Decimal("0.08"))
    found = shown(reader)
    offers = PromotionOffer.objects.order_by("id").values_list("promotion__bid", "price")
    assert list(offers) == [(Decimal("0.08"), Decimal("0.08")), (Decimal("0.08"), Decimal("0.07"))]
    assert first in [each.promotion_id for each in found.placed]


def test_of_two_promotions_of_one_post_the_better_one_stands_for_it(house: Any, reader: Member) -> None:
    post, other = publish(house.page.id), publish(house.page.id, "other")
    promote(house, post, bid=Decimal("0.01"))
    better = promote(house, post, bid=Decimal("0.09"))
    second = promote(house, other, bid=Decimal("0.05"))
    assert [each.promotion_id for each in shown(reader).placed] == [better, second]


def test_where_the_better_one_may_not_be_shown_the_other_of_the_same_post_is(
    house: Any, reader: Member
) -> None:
    post = publish(house.page.id)
    better = promote(house, post, bid=Decimal("0.09"), cap=1)
    other = promote(house, post, bid=Decimal("0.05"))
    first = shown(reader).placed
    assert [each.promotion_id for each in first] == [better]
    seen(reader, first)
    assert [each.promotion_id for each in shown(reader, at=later(hours=1)).placed] == [other]


def test_a_lonely_bid_pays_the_floor(house: Any, reader: Member) -> None:
    promote(house)
    shown(reader)
    assert PromotionOffer.objects.get().price == Decimal("0.001")


def test_the_feed_itself_is_the_same_with_and_without_money(house: Any, reader: Member) -> None:
    before = home(reader).ids
    promote(house)
    feed = home(reader)
    slots.promoted(viewer=reader.viewer, feed=feed, at=MOMENT)
    assert feed.ids == before


def test_a_short_feed_has_no_place_for_it(house: Any, alice: Member) -> None:
    follows(alice, friend_with_posts(8))
    promote(house)
    assert shown(alice).placed == ()


def test_where_the_operator_wants_none_there_is_none(house: Any, reader: Member, settings: Any) -> None:
    from msgspec.structs import replace

    settings.MAJLIS = replace(settings.MAJLIS, promoted_per_ten=0)
    promote(house)
    assert shown(reader).placed == ()


def test_who_switched_promotions_off_is_shown_none(house: Any, reader: Member) -> None:
    promote(house)
    people.change_preferences(by=reader.id, changes={"promotions": False}, at=MOMENT)
    assert shown(reader).placed == ()


def test_who_is_not_measured_is_shown_none(house: Any, reader: Member) -> None:
    from majlis.insights.models import Member as Measured

    promote(house)
    Measured.objects.create(profile_id=reader.id, pseudonym=7, measured=False, measured_since=MOMENT)
    assert shown(reader).placed == ()


def test_never_by_somebody_she_blocked_or_muted_or_who_blocked_her(house: Any, reader: Member) -> None:
    promote(house)
    assert shown(reader).placed
    people.mute(by=reader.id, whom=house.page.seen, at=MOMENT)
    assert not shown(reader).placed
    people.unmute(by=reader.id, profile_id=house.page.id, at=MOMENT)
    people.block(by=reader.id, whom=house.page.seen, at=MOMENT)
    assert not shown(reader).placed
    people.unblock(by=reader.id, profile_id=house.page.id, at=MOMENT)
    assert shown(reader).placed
    people.block(by=house.page.id, whom=reader.seen, at=MOMENT)
    assert not shown(reader).placed


@pytest.mark.parametrize("action", ["warn", "hide"])
def test_never_against_a_filter_even_one_that_only_warns(house: Any, reader: Member, action: str) -> None:
    promote(house, publish(house.page.id, "Fresh baklava today"))
    feeds.create_filter(
        by=reader.id, at=MOMENT, title="Sweets", contexts=["home"], action=action, words=[Word("baklava", True)],
        lifetime=None,
    )  # fmt: skip
    assert not shown(reader).placed


def test_never_by_a_page_that_the_operator_limited_or_one_that_is_gone(house: Any, reader: Member) -> None:
    promote(house)
    people.limit_profile(profile_id=house.page.id, at=MOMENT)
    assert not shown(reader).placed
    people.unlimit_profile(profile_id=house.page.id, at=MOMENT)
    assert shown(reader).placed
    people.withdraw_profile(profile_id=house.page.id, at=MOMENT)
    assert not shown(reader).placed


def test_never_a_post_that_is_gone_or_public_no_longer(house: Any, reader: Member) -> None:
    post = publish(house.page.id)
    promote(house, post)
    posts.delete(by=house.page.id, post_id=post, at=MOMENT)
    assert not shown(reader).placed


def test_never_a_post_that_is_on_the_page_or_was_boosted_onto_it(house: Any, reader: Member) -> None:
    post = publish(house.page.id, at=later(minutes=1))
    promote(house, post)
    friend = member("samir")
    follows(reader, friend)
    posts.boost(by=friend.id, post_id=post, at=later(minutes=2))
    assert not shown(reader).placed
    follows(reader, house.page)
    assert not shown(reader).placed


def test_never_a_post_that_she_saw_by_itself_lately(house: Any, reader: Member) -> None:
    post = publish(house.page.id)
    promote(house, post)
    viewed = NewFact(
        page_id=house.page.id, post_id=post, profile_id=reader.id, kind=Kind.IMPRESSION,
        source=Source.PROFILE, nonce=1, at=MOMENT,
    )  # fmt: skip
    record([viewed], arrived_at=MOMENT)
    assert not shown(reader, at=later(days=1)).placed
    assert not shown(reader, at=later(days=6)).placed


def test_never_to_the_pages_own_team_whichever_profile_they_use(house: Any, operator: Member) -> None:
    promote(house)
    writer = friend_with_posts(20)
    for who in (house.page, house.owner, house.editor, house.analyst):
        follows(who, writer)
        assert not shown(who).placed
    second = people.create_profile(
        user_id=house.analyst.user_id, handle="yara_at_home", kind="person", at=MOMENT
    )
    other = Member(house.analyst.user_id, second, "yara_at_home")
    follows(other, writer)
    assert not shown(other).placed
    TeamMember.objects.filter(member_id=house.analyst.id).delete()
    assert shown(other).placed


def test_only_between_its_dates_and_while_it_is_not_paused(house: Any, reader: Member) -> None:
    id_ = promote(house, starts_at=later(days=1), ends_at=later(days=2))
    assert not shown(reader).placed
    assert shown(reader, at=later(days=1)).placed
    assert not shown(reader, at=later(days=2)).placed
    actions.pause(team=door(house), promotion_id=id_, at=MOMENT)
    assert not shown(reader, at=later(days=1)).placed
    actions.resume(team=door(house), promotion_id=id_, at=MOMENT)
    assert shown(reader, at=later(days=1)).placed
    actions.stop(team=door(house), promotion_id=id_, at=MOMENT)
    assert not shown(reader, at=later(days=1)).placed


def test_only_to_its_audience(house: Any, reader: Member) -> None:
    for follower in range(10):
        friends(member(f"follower_{follower}"), house.page)
    promote(house, audience=Audience(who="followers"))
    assert not shown(reader).placed
    follows(reader, house.page)
    assert not shown(reader).placed, "she follows, so it stands on her page already"
    writer = friend_with_posts(30, "hani")
    follows(reader, writer)
    for number in range(30):
        publish(writer.id, f"Later {number}", at=later(minutes=number + 1))
    assert shown(reader).placed, "it is further down than her first page"


def test_languages_and_hashtags_narrow_it(house: Any, reader: Member) -> None:
    neighbours_of_bread = [member(f"baker_{number}") for number in range(10)]
    for who in neighbours_of_bread:
        posts.follow_tag(by=who.id, name="Bread", at=MOMENT)
    promote(house, audience=Audience(languages=("en",), tags=("bread",)))
    assert not shown(reader).placed
    posts.follow_tag(by=reader.id, name="bread", at=MOMENT)
    assert shown(reader).placed


def test_what_was_given_counts_against_the_cap_until_it_is_known(house: Any, reader: Member) -> None:
    promote(house, cap=2)
    first, second = shown(reader), shown(reader)
    assert first.placed
    assert second.placed
    assert not shown(reader).placed, "two were given, and may be on her screen"
    assert shown(reader, at=later(minutes=11)).placed, "she has not seen them"
    seen(reader, [*first.placed, *second.placed], at=later(minutes=12))
    assert not shown(reader, at=later(hours=5)).placed


def test_it_costs_nothing_where_nothing_runs_and_three_queries_where_something_does(
    house: Any, reader: Member, django_assert_num_queries: Any, monkeypatch: Any
) -> None:
    from majlis.feeds.memory import MEMORY
    from majlis.studio.promotion import active

    active.forget()
    feed, viewer = home(reader), reader.viewer
    monkeypatch.setattr(MEMORY, "live", True)
    monkeypatch.setattr(slots, "reader_of", lambda **_: None)
    with django_assert_num_queries(1):
        slots.promoted(viewer=viewer, feed=feed, at=MOMENT)
    with django_assert_num_queries(0):
        slots.promoted(viewer=viewer, feed=feed, at=MOMENT + timedelta(hours=3))
    active.forget()
