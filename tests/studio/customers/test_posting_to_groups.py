"""Posts for a group of customers: seen by its members who joined themselves to the page, and by nobody else, anywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

import cast as people
from cast import MOMENT, Bakery, Member, later
from clientele import confirmed, made
from majlis.brands.access import OnTeam
from majlis.brands.customers import erasing, members, records
from majlis.brands.customers.given import checked
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.people import actions as people_actions
from majlis.posts.visibility import viewers_among
from majlis.studio import actions
from majlis.studio.customers import addressing, segments
from majlis.studio.customers.rules import Rule
from plans import content, team_of

pytestmark = pytest.mark.django_db
REGULAR = Rule(tags=("regular",))


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team_of(bakery, "owner")


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
    assert addressing.size(owner.page_id, circle) == 0
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
    members.withdraw(member=alice.id, page_id=owner.page_id)
    assert readers(post, alice, bob, dana) == {bob.id, dana.id}
    erasing.erase(owner, customer_id=erased, at=later(days=1))
    assert readers(post, alice, bob, dana) == {bob.id}
    people_actions.block(by=bob.id, whom=bakery.page.seen, at=MOMENT)
    addressing.keep_in_step(at=later(days=2))
    assert readers(post, alice, bob, dana) == set()
    assert addressing.size(owner.page_id, circle) == 0


def test_stages_change_with_the_clock(bakery: Bakery, owner: OnTeam) -> None:
    from clientele import order

    dana = people.dana()
    joins(owner, dana)
    order(owner, 1, "dana@shop.example")
    _segment, circle = group(owner, Rule(stages=("new",)))
    assert addressing.size(owner.page_id, circle) == 1
    addressing.keep_in_step(at=MOMENT + timedelta(days=31))
    assert addressing.size(owner.page_id, circle) == 0


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
    import shopping

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
