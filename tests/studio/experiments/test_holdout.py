"""A holdout: a few followers get a post 48 hours later, by lot; everybody else and every other way to it as ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import cast as people
import trying
from cast import MOMENT, Bakery, later
from majlis.core import sql
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.core.jobs import Run
from majlis.core.jobs.models import Job
from majlis.core.paging import Page
from majlis.feeds.home import home_page, home_verdict, still_true
from majlis.feeds.lists import ProfileQuery, by_ids, list_page, profile_page, public_page
from majlis.feeds.rules import LeftOut, Why
from majlis.insights import mine
from majlis.insights.kinds import Kind, State
from majlis.insights.ledger import exact
from majlis.notifications.jobs import tell_listeners
from majlis.notifications.models import Notification
from majlis.people import access as lists
from majlis.people import actions as relations
from majlis.people.models import Follow
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.posts.withholding import Hold, lot, running, without
from majlis.studio import actions as plan
from majlis.studio.experiments import actions, again, holding, results
from majlis.studio.models import Again, Experiment, Held, PlacedAgain
from plans import content, team_of

pytestmark = pytest.mark.django_db
MANY = 60


@pytest.fixture
def house(bakery: Bakery) -> Bakery:
    """It runs a holdout of a tenth; here of half, so that few followers are enough to look at."""
    made = actions.start_holdout(team_of(bakery), share=0.1, at=MOMENT)
    Experiment.objects.filter(id=made).update(share=0.5)
    return bakery


@pytest.fixture
def fans(house: Bakery) -> list[int]:
    return trying.followers(house, MANY)


def test_lots_fall_evenly_and_the_same_again() -> None:
    """Of 4,000 lots a tenth fall below 0.1 (within four standard errors), and two draws are independent."""
    lots = [lot(b"k" * 16, 7, number) for number in range(1, 4_001)]
    assert lots == [lot(b"k" * 16, 7, number) for number in range(1, 4_001)]
    assert abs(sum(each < 0.1 for each in lots) - 400) < 4 * (4_000 * 0.09) ** 0.5
    other = [lot(b"k" * 16, 8, number) for number in range(1, 4_001)]
    both = sum(one < 0.5 and two < 0.5 for one, two in zip(lots, other, strict=True))
    assert abs(both - 1_000) < 4 * (4_000 * 0.1875) ** 0.5


def test_who_is_held_back_finds_it_later_and_the_ledger_says_so(house: Bakery, fans: list[int]) -> None:
    post = trying.publish(house)
    held = trying.held_back(post, fans)
    assert 0 < len(held) < MANY
    for who in fans:
        found = trying.opens(who, at=later(hours=1))
        assert (post in found.ids) == (who not in held)
        assert found.left_out[LeftOut.HELD_OUT] == (who in held)
    ledger = exact(post_id=post)
    assert ledger.states[State.HELD_OUT] == len(held)
    assert ledger.states[State.SERVED] == MANY - len(held)
    assert sum(ledger.states.values()) == ledger.eligible == MANY
    for who in fans:
        assert post in trying.opens(who, at=later(hours=48)).ids
    assert exact(post_id=post).states[State.HELD_OUT] == 0


def test_every_other_way_leads_to_it(house: Bakery, fans: list[int]) -> None:
    post = trying.publish(house)
    who, at = trying.held_back(post, fans)[0], later(hours=1)
    page = Page()
    profile = profile_page(query=ProfileQuery(author=house.page.id), viewer=who, page=page, at=at)
    assert post in profile.ids
    assert post in by_ids(ids=[post], viewer=who, at=at).posts
    assert post not in public_page(viewer=who, page=page, at=at).ids
    assert post in public_page(viewer=None, page=page, at=at).ids
    charlie = people.charlie()
    assert post in public_page(viewer=charlie.id, page=page, at=at).ids


def test_lists_live_streams_boosts_and_notifications_obey_it(house: Bakery, fans: list[int]) -> None:
    post = trying.publish(house)
    held = trying.held_back(post, fans)
    who, other, at = held[0], next(each for each in fans if each not in held), later(hours=1)
    for reader in (who, other):
        chosen = relations.create_list(by=reader, title="Bread", at=MOMENT)
        mine_alone = lists.own_list(list_id=chosen, by=reader)
        relations.add_to_list(list=mine_alone, by=reader, member=house.page.seen, at=MOMENT)
        shown = list_page(list_id=chosen, viewer=reader, page=Page(), at=at).ids
        assert (post in shown) == (reader == other)
    assert home_verdict(viewer=who, post_id=post, at=at)[0] is LeftOut.HELD_OUT
    assert home_verdict(viewer=other, post_id=post, at=at)[0] is Why.FOLLOWED
    friend = people.alice()
    Follow.objects.create(id=1, follower_id=who, followed_id=friend.id, made_at=MOMENT)
    boost = posts.boost(by=friend.id, post_id=post, at=at)
    assert boost is not None
    assert home_page(viewer=who, page=Page(), at=at).ids == []
    assert without(fans, post_id=post, at=at) == [each for each in fans if each not in held]


def test_however_many_are_asked_for_it_is_one_question(
    house: Bakery, fans: list[int], django_assert_num_queries: Any
) -> None:
    post = trying.publish(house)
    held = trying.held_back(post, fans)
    with django_assert_num_queries(2):  # what is withheld, and all their numbers
        assert without(fans, post_id=post, at=later(minutes=1)) == [each for each in fans if each not in held]


def test_who_asked_to_be_told_is_told_only_when_it_is_not_withheld(house: Bakery, fans: list[int]) -> None:
    Follow.objects.filter(followed_id=house.page.id).update(notify=True)
    post = trying.publish(house)
    held = trying.held_back(post, fans)
    job = Job.objects.get(name="notifications.tell_listeners")
    tell_listeners(
        **job.arguments, run=Run(id=job.id, attempt=1, at=later(minutes=1), last=False, enqueued_at=MOMENT)
    )
    told = set(Notification.objects.filter(kind="status").values_list("recipient_id", flat=True))
    assert told == set(fans) - set(held)


@pytest.mark.parametrize("audience", ["friends", "mentioned"])
def test_never_what_is_for_a_few(house: Bakery, fans: list[int], audience: str) -> None:
    trying.publish(house, audience=audience)
    assert not Held.objects.exists()


def test_never_an_answer_nor_what_leaves_no_studio(house: Bakery, fans: list[int]) -> None:
    asked = posts.publish(by=fans[0], params=PostParams(text="Open on Sunday?"), at=MOMENT).post_id
    trying.publish(house, "Yes", reply_to_id=asked)
    posts.publish(by=house.page.id, params=PostParams(text="Straight from the page"), at=MOMENT)
    assert not Held.objects.exists()


def test_never_what_the_team_marks_as_about_safety(house: Bakery, fans: list[int]) -> None:
    team = team_of(house)
    entry = plan.make(team=team, draft=plan.Draft(content=content("Do not eat today's halva.")), at=MOMENT)
    actions.about_safety(team, entry_id=entry, so=True, at=MOMENT)
    assert actions.is_about_safety(entry_id=entry)
    post = plan.publish_now(team=team, entry_id=entry, at=MOMENT)
    assert not Held.objects.exists()
    assert all(post in home_page(viewer=who, page=Page(), at=later(hours=1)).ids for who in fans[:10])
    with pytest.raises(NotAllowed):
        actions.about_safety(team_of(house, "analyst"), entry_id=entry, so=False, at=MOMENT)


def test_further_parts_and_the_first_comment_wait_with_it(house: Bakery, fans: list[int]) -> None:
    post = trying.publish(house, "one", thread=("two",), first_comment="where")
    who = trying.held_back(post, fans)[0]
    assert home_page(viewer=who, page=Page(), at=later(hours=1)).ids == []
    assert Held.objects.filter(part_of=post).count() == 2
    assert results.holdout(Experiment.objects.get().id, share=0.5, at=later(days=3)).posts == 1


def test_who_opted_out_or_is_not_measured_is_never_held_back(house: Bakery, fans: list[int]) -> None:
    post = trying.publish(house)
    one, other = trying.held_back(post, fans)[:2]
    relations.change_preferences(by=one, changes={"experiments": False}, at=MOMENT)
    mine.switch_off(by=other, at=MOMENT)
    for who in (one, other):
        assert post in home_page(viewer=who, page=Page(), at=later(hours=1)).ids


def test_the_page_itself_and_who_does_not_follow_it_see_it(house: Bakery, fans: list[int]) -> None:
    post = trying.publish(house)
    assert post in home_page(viewer=house.page.id, page=Page(), at=MOMENT).ids


def test_when_the_time_is_over_it_is_placed_once_for_those_who_waited(house: Bakery, fans: list[int]) -> None:
    post = trying.publish(house)
    held = trying.held_back(post, fans)
    for number in range(25):  # so that it stands on no first page by itself
        posts.publish(
            by=house.page.id, params=PostParams(text=f"news {number}"), at=later(hours=40, minutes=number)
        )
    at = later(hours=49)
    one, viewed, switched, unmeasured = held[:4]
    assert again.for_her(viewer=one, at=later(hours=47)) == []
    trying.views(viewed, post, page=house.page.id, at=later(hours=48, minutes=5))
    relations.change_preferences(by=switched, changes={"second_chance": False}, at=MOMENT)
    mine.switch_off(by=unmeasured, at=MOMENT)
    found = again.placed(viewer=one, feed=home_page(viewer=one, page=Page(), at=at), at=at)
    assert found is not None
    assert (found.post_id, found.reason, found.position) == (post, "later", 2)
    for who in (one, viewed, switched, unmeasured, *(each for each in fans if each not in held)):
        assert again.placed(viewer=who, feed=home_page(viewer=who, page=Page(), at=at), at=at) is None
    said = again.was_placed(viewer=one, post_id=post)
    assert said is not None
    assert (said.page_id, said.reason) == (house.page.id, "later")
    assert again.was_placed(viewer=viewed, post_id=post) is None
    assert again.takes_part(viewer=one, at=at).again == 1


def test_viewed_meanwhile_it_is_dropped(house: Bakery, fans: list[int]) -> None:
    """She views it elsewhere between the look and the writing: the statement that places it asks again."""
    post = trying.publish(house)
    who = trying.held_back(post, fans)[0]
    offer = again.read(at=later(hours=49))[0]
    trying.views(who, post, page=house.page.id, at=later(hours=49))
    number = holding.numbers([who]).get(who, 0)
    assert not sql.execute(holding.SQL["place"], post=post, viewer=number, again=offer.id, at=later(hours=49))
    assert not PlacedAgain.objects.exists()


def test_a_page_that_was_made_before_is_not_said_to_be_the_same(house: Bakery) -> None:
    hold = Hold(post_id=1, page_id=2, key=b"k", draw=1, low=0, high=1, until=later(hours=1))
    assert hold.holds(5)
    assert not hold.holds(0)
    found = home_page(viewer=people.alice().id, page=Page(), at=MOMENT)
    found.withheld_until = later(hours=1)
    assert not still_true(found, viewer=people.dana().id, page=Page(), at=later(hours=2))


def test_who_may_begin_and_how(bakery: Bakery) -> None:
    for share in (0.01, 0.5):
        with pytest.raises(BadInput):
            actions.start_holdout(team_of(bakery), share=share, at=MOMENT)
    for who in ("analyst", "support", "advertiser"):
        with pytest.raises(NotAllowed):
            actions.start_holdout(team_of(bakery, who), share=0.05, at=MOMENT)
    made = actions.start_holdout(team_of(bakery), share=0.05, at=MOMENT)
    with pytest.raises(Conflict):
        actions.start_holdout(team_of(bakery), share=0.05, at=MOMENT)
    actions.stop(team_of(bakery), experiment_id=made, at=MOMENT)
    with pytest.raises(Conflict):
        actions.stop(team_of(bakery), experiment_id=made, at=MOMENT)
    with pytest.raises(NotThere):
        actions.stop(team_of(bakery), experiment_id=1, at=MOMENT)
    actions.start_holdout(team_of(bakery), share=0.1, at=MOMENT)


def test_with_nothing_withheld_a_page_asks_one_question_more_and_a_live_one_none(bakery: Bakery) -> None:
    alice = people.alice()
    home_page(viewer=alice.id, page=Page(), at=MOMENT)
    with CaptureQueriesContext(connection) as asked:
        home_page(viewer=alice.id, page=Page(), at=MOMENT)
    assert sum("studio_held" in each["sql"] for each in asked) == 1
    assert running(MOMENT) == {}


def test_the_lift_of_what_was_planted_and_its_words(house: Bakery, fans: list[int]) -> None:
    """Half of those who got it at once did something with it, nobody else did: the lift is seen, and nothing is said
    of it before there is enough."""
    made = Experiment.objects.get()
    for number in range(6):
        at = later(hours=3 * number)
        post = trying.publish(house, f"bread {number}", at=at)
        held = trying.held_back(post, fans, at=at)
        for who in fans:
            trying.opens(who, at=at + timedelta(minutes=5))
        for place, who in enumerate(each for each in fans if each not in held):
            if place % 2:
                trying.views(who, post, page=house.page.id, at=at + timedelta(hours=1), kind=Kind.REACTION)
    found = results.holdout(made.id, share=0.5, at=later(days=4))
    assert (found.posts, found.waiting) == (6, 0)
    assert not found.ratio.alarm
    engaged = found.of("engaged").lift
    assert engaged is not None
    assert engaged.test_rate > engaged.holdout_rate or engaged.test_rate > 0
    ordered = found.of("ordered")
    assert ordered.enough is not None
    assert not ordered.enough.enough
    assert ordered.enough.more > 0
    early = results.holdout(made.id, share=0.5, at=later(hours=1))
    assert (early.posts, early.waiting) == (0, 6)
    assert early.of("engaged").lift is None
    assert Again.objects.count() == 6


def test_a_broken_ratio_is_loud(house: Bakery, fans: list[int]) -> None:
    """Were what is withheld not noted, the holdout would be missing among those whom a feed met."""
    post = trying.publish(house)
    draws = {post: results.Draw(bytes(Experiment.objects.get().key), post, 0.0, 0.5)}
    seen = [
        results.Outcome(post, number, not draws[post].held(number), False, False, False)
        for number in range(1, 200)
    ]
    assert results.compare(seen, draws, share=0.5).ratio.alarm
