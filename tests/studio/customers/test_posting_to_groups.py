"""Posts for a group of customers: seen by its members who joined themselves to the page, and by nobody else, anywhere."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import shopping
from django.db import connection, transaction

import cast as people
from cast import MOMENT, Bakery, Member, later
from clientele import confirmed, join, made, order
from majlis.brands.access import OnTeam
from majlis.brands.customers import erasing, members, records
from majlis.brands.customers.given import checked
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.people import access as people_access
from majlis.people import actions as people_actions
from majlis.people import queries as profiles
from majlis.posts.visibility import viewers_among
from majlis.studio import access, actions
from majlis.studio.customers import addressing, segments
from majlis.studio.customers.rules import Rule
from plans import content, team_of
from promoting import neighbours

pytestmark = pytest.mark.django_db
REGULAR = Rule(tags=("regular",))


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    """With ten customers who joined."""
    team = team_of(bakery, "owner")
    join(team, neighbours(10))
    return team


def joins(team: OnTeam, who: Member, *, tags: tuple[str, ...] = ("regular",)) -> int:
    address = f"{who.handle}@shop.example"
    confirmed(who, address)
    customer = made(team, who.handle, emails=[address], tags=list(tags))
    members.answer(member=who.id, user=who.user_id, page_id=team.page_id, allowed=True, at=MOMENT)
    return customer


def group(team: OnTeam, rule: Rule = REGULAR, name: str = "Regulars") -> tuple[int, int]:
    """A group that posts may be addressed to, and its circle."""
    made_ = segments.make(team, name=name, rule=rule, at=MOMENT)
    addressing.address(team, segment_id=made_, at=MOMENT)
    circle = segments.segment(team.page_id, made_).circle_id
    assert circle is not None
    return made_, circle


def posted(bakery: Bakery, circle: int) -> int:
    """A draft for the circle that leaves at once; the post."""
    draft = actions.Draft(content=content("For you alone.", audience="circle", circle_id=circle))
    team = team_of(bakery, "owner")
    return actions.publish_now(
        team=team, entry_id=actions.make(team=team, draft=draft, at=MOMENT), at=later(hours=1)
    )


def inside(team: OnTeam, circle: int) -> int:
    found = profiles.circle(owner_id=team.page_id, circle_id=circle)
    return found.members if found else 0


def readers(post: int, *whom: Member) -> set[int]:
    return viewers_among(ids=[post], viewers=[each.id for each in whom])[post]


def test_a_post_reaches_those_of_the_group_who_joined(bakery: Bakery, owner: OnTeam) -> None:
    alice, bob, dana, charlie = people.alice(), people.bob(), people.dana(), people.charlie()
    joins(owner, dana)
    joins(owner, bob, tags=("rare",))
    confirmed(alice, "alice@shop.example")
    made(owner, "Alice", emails=["alice@shop.example"], tags=["regular"])  # a customer who did not join
    _segment, circle = group(owner)
    post = posted(bakery, circle)
    assert readers(post, alice, bob, dana, charlie) == {dana.id}
    # in the group when it left: who comes later reads it too, as everything a circle was told
    members.answer(member=alice.id, user=alice.user_id, page_id=owner.page_id, allowed=True, at=MOMENT)
    assert readers(post, alice, bob, dana, charlie) == {dana.id, alice.id}


def test_who_belongs_is_asked_in_the_moment_it_leaves(bakery: Bakery, owner: OnTeam) -> None:
    dana = people.dana()
    customer = joins(owner, dana, tags=("rare",))
    _segment, circle = group(owner)
    assert inside(owner, circle) == 10
    told = checked(name="Dana", emails=["dana@shop.example"], tags=["regular"], at=MOMENT)
    records.update(owner, customer_id=customer, given=told, at=MOMENT)
    assert readers(posted(bakery, circle), dana) == {dana.id}


def test_whoever_takes_her_word_back_or_is_erased_or_blocked_is_out_at_once(
    bakery: Bakery, owner: OnTeam
) -> None:
    alice, bob, dana = people.alice(), people.bob(), people.dana()
    joins(owner, alice)
    joins(owner, bob)
    erased = joins(owner, dana)
    _segment, circle = group(owner)
    post = posted(bakery, circle)
    assert readers(post, alice, bob, dana) == {alice.id, bob.id, dana.id}
    members.withdraw(member=alice.id, page_id=owner.page_id, at=MOMENT)
    assert readers(post, alice, bob, dana) == {bob.id, dana.id}
    erasing.erase(owner, customer_id=erased, at=later(days=1))
    assert readers(post, alice, bob, dana) == {bob.id}
    people_actions.block(by=bob.id, whom=bakery.page.seen, at=MOMENT)
    addressing.keep_in_step(at=later(days=2))
    assert readers(post, alice, bob, dana) == set()
    assert inside(owner, circle) == 10


def test_stages_change_with_the_clock(bakery: Bakery, owner: OnTeam) -> None:
    dana = people.dana()
    joins(owner, dana)
    order(owner, 1, "dana@shop.example")
    _segment, circle = group(owner, Rule(stages=("new",)))
    assert inside(owner, circle) == 1
    addressing.keep_in_step(at=MOMENT + timedelta(days=31))
    assert inside(owner, circle) == 0


def test_a_group_that_is_given_up_is_seen_by_nobody(bakery: Bakery, owner: OnTeam) -> None:
    dana = people.dana()
    joins(owner, dana)
    segment, circle = group(owner)
    post = posted(bakery, circle)
    with pytest.raises(Conflict):
        addressing.address(owner, segment_id=segment, at=MOMENT)
    addressing.address_no_more(owner, segment_id=segment, at=MOMENT)
    assert readers(post, dana) == set()
    with pytest.raises(NotThere):
        addressing.address_no_more(owner, segment_id=segment, at=MOMENT)
    with pytest.raises((BadInput, NotThere)):
        posted(bakery, circle)
    _again, other = group(owner, name="Again")
    post = posted(bakery, other)
    segments.end(owner, segment_id=_again, at=MOMENT)
    assert readers(post, dana) == set()


def test_another_pages_group_is_none(owner: OnTeam) -> None:
    segment, _circle = group(owner)
    other = shopping.other_bakery()
    for deed in (addressing.address, addressing.address_no_more):
        with pytest.raises(NotThere):
            deed(other, segment_id=segment, at=MOMENT)
    people_actions.create_circle(by=owner.page_id, name="Neighbours", at=MOMENT)
    taken = segments.make(owner, name="Neighbours", rule=REGULAR, at=MOMENT)
    with pytest.raises(Conflict):
        addressing.address(owner, segment_id=taken, at=MOMENT)
    assert segments.segment(owner.page_id, taken).circle_id is None
    assert addressing.reaches(other.page_id) == {}


def test_nothing_leaves_for_fewer_than_ten_and_only_whole_tens_are_told(bakery: Bakery) -> None:
    team, crowd = team_of(bakery, "owner"), neighbours(12)
    join(team, crowd[:9])
    _segment, circle = group(team)
    assert addressing.reaches(team.page_id) == {circle: 0}
    with pytest.raises(BadInput) as refused:
        posted(bakery, circle)
    assert (refused.value.code, refused.value.field) == ("too_few", "audience")
    join(team, crowd[9:])
    assert addressing.reaches(team.page_id) == {circle: 10}
    post = posted(bakery, circle)
    for member in crowd[:3]:
        members.withdraw(member=member, page_id=team.page_id, at=MOMENT)
    assert addressing.reaches(team.page_id) == {circle: 0}
    assert viewers_among(ids=[post], viewers=crowd)[post] == {*crowd[3:]}


def test_what_is_planned_for_a_group_that_became_too_small_stays_and_says_why(
    bakery: Bakery, owner: OnTeam
) -> None:
    _segment, circle = group(owner)
    draft = actions.Draft(content=content("For you alone.", audience="circle", circle_id=circle))
    entry = actions.make(team=owner, draft=draft, at=MOMENT)
    actions.schedule(team=owner, entry_id=entry, due=later(days=1), at=MOMENT)
    gone = profiles.circle_member_ids(owner_id=owner.page_id, circle_id=circle)[0]
    members.withdraw(member=gone, page_id=owner.page_id, at=later(hours=1))
    left = actions.publish_due(at=later(days=1))
    assert left is not None
    assert left.post_id is None
    found = access.entry(team=owner, entry_id=entry)
    assert "Fewer than ten" in found.failure


def test_a_circle_of_the_pages_own_is_for_whoever_it_put_there(bakery: Bakery, owner: OnTeam) -> None:
    dana = people.dana()
    own = people_actions.create_circle(by=owner.page_id, name="Neighbours", at=MOMENT)
    circle = people_access.own_circle(circle_id=own, by=owner.page_id)
    people_actions.add_to_circle(circle=circle, by=owner.page_id, member=dana.seen, at=MOMENT)
    group(owner)
    assert readers(posted(bakery, own), dana) == {dana.id}


@pytest.mark.django_db(transaction=True)
def test_whoever_takes_her_word_back_while_something_leaves_is_out(bakery: Bakery, owner: OnTeam) -> None:
    """Her answer is gone and not yet committed when the group is asked: it is asked again after it."""
    dana = people.dana()
    joins(owner, dana)
    _segment, circle = group(owner)

    def leave() -> None:
        addressing.leaving(page_id=owner.page_id, circle_id=circle, at=later(hours=1))
        connection.close()

    leaver = threading.Thread(target=leave)
    with transaction.atomic():
        members.withdraw(member=dana.id, page_id=owner.page_id, at=MOMENT)
        leaver.start()
        leaver.join(timeout=0.3)
        assert leaver.is_alive()
    leaver.join()
    assert dana.id not in profiles.circle_member_ids(owner_id=owner.page_id, circle_id=circle)
