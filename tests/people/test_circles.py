"""Circles and lists are their owner's alone: those in them, and Charlie, learn nothing."""

from __future__ import annotations

from typing import Any

import pytest

from cast import MOMENT, Member, later
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.paging import Page
from majlis.people import access, actions, events, queries
from majlis.people.access import OwnCircle, OwnList


def new_circle(owner: Member, name: str, *members: Member) -> OwnCircle:
    circle = access.own_circle(
        circle_id=actions.create_circle(by=owner.id, name=name, at=MOMENT), by=owner.id
    )
    for member in members:
        actions.add_to_circle(circle=circle, by=owner.id, member=member.seen, at=MOMENT)
    return access.own_circle(circle_id=circle.id, by=owner.id)


def new_list(owner: Member, title: str, *members: Member) -> OwnList:
    made = access.own_list(list_id=actions.create_list(by=owner.id, title=title, at=MOMENT), by=owner.id)
    for member in members:
        actions.add_to_list(list=made, by=owner.id, member=member.seen, at=MOMENT)
    return access.own_list(list_id=made.id, by=owner.id)


def test_a_circle_holds_anybody_followed_or_not(alice: Member, bob: Member, dana: Member) -> None:
    family = new_circle(alice, "  Family  ", bob, dana, bob)
    assert (family.name, family.members) == ("Family", 2)
    assert queries.circle_members(owner_id=alice.id, circle_id=family.id, page=Page()).items == (
        dana.id,
        bob.id,
    )
    assert queries.circles_containing(owner_id=alice.id, member_id=bob.id) == [family.id]
    actions.remove_from_circle(circle=family, by=alice.id, member_id=bob.id, at=MOMENT)
    assert queries.circle_member_ids(owner_id=alice.id, circle_id=family.id) == [dana.id]


def test_nobody_else_sees_a_circle_not_even_who_is_in_it(alice: Member, bob: Member, charlie: Member) -> None:
    family = new_circle(alice, "Family", bob)
    for other in (bob, charlie):
        assert queries.circles(owner_id=other.id) == []
        assert queries.circle_members(owner_id=other.id, circle_id=family.id, page=Page()).items == ()
        assert queries.circle_member_ids(owner_id=other.id, circle_id=family.id) == []
        assert queries.circles_containing(owner_id=other.id, member_id=bob.id) == []
        assert family.id not in queries.audience_sizes(profile_id=other.id).circles
        with pytest.raises(NotThere) as of_others:
            access.own_circle(circle_id=family.id, by=other.id)
        with pytest.raises(NotThere) as unknown:
            access.own_circle(circle_id=1, by=other.id)
        assert str(of_others.value.sentence) == str(unknown.value.sentence)


def test_being_in_a_circle_shows_nowhere(alice: Member, bob: Member) -> None:
    def all_bob_can_ask() -> list[object]:
        return [
            queries.relationships(viewer_id=bob.id, ids=[alice.id], at=MOMENT),
            queries.reading_rules(viewer_id=bob.id, at=MOMENT),
            queries.suggestions(viewer_id=bob.id, at=MOMENT),
            alice.profile,
            bob.profile,
        ]

    before = all_bob_can_ask()
    new_circle(alice, "Family", bob)
    new_list(alice, "Reading", bob)
    actions.write_note(by=alice.id, about=bob.seen, text="owes me a book")
    assert all_bob_can_ask() == before


def test_circle_events_go_to_the_owner_and_name_the_member(
    alice: Member, bob: Member, told: list[Any]
) -> None:
    told.clear()
    family = new_circle(alice, "Family", bob)
    actions.rename_circle(circle=family, by=alice.id, name="العائلة", at=later(minutes=1))
    actions.delete_circle(circle=family, by=alice.id, at=later(minutes=2))
    assert told == [
        events.CircleChanged(alice.id, family.id, None, MOMENT),
        events.CircleChanged(alice.id, family.id, bob.id, MOMENT),
        events.CircleChanged(alice.id, family.id, None, later(minutes=1)),
        events.CircleChanged(alice.id, family.id, None, later(minutes=2)),
    ]
    assert queries.circles(owner_id=alice.id) == []


def test_circle_names_are_there_short_and_once(alice: Member, bob: Member) -> None:
    family = new_circle(alice, "Family")
    other = new_circle(alice, "Work")
    new_circle(bob, "Family")
    with pytest.raises(Conflict):
        actions.create_circle(by=alice.id, name="Family", at=MOMENT)
    with pytest.raises(Conflict):
        actions.rename_circle(circle=other, by=alice.id, name="Family", at=MOMENT)
    for name in ("", "  ", "x" * 81, "x" * 1_000_000, "\u202e"):
        with pytest.raises(BadInput):
            actions.create_circle(by=alice.id, name=name, at=MOMENT)
    assert [circle.id for circle in queries.circles(owner_id=alice.id)] == [family.id, other.id]


def test_nobody_is_in_her_own_circle_or_list(alice: Member) -> None:
    circle, shelf = new_circle(alice, "x"), new_list(alice, "x")
    with pytest.raises(BadInput):
        actions.add_to_circle(circle=circle, by=alice.id, member=alice.seen, at=MOMENT)
    with pytest.raises(BadInput):
        actions.add_to_list(list=shelf, by=alice.id, member=alice.seen, at=MOMENT)


def test_a_list_is_made_changed_and_deleted(alice: Member, bob: Member, told: list[Any]) -> None:
    reading = new_list(alice, "Reading", bob, bob)
    assert (reading.title, reading.replies, reading.exclusive, reading.members) == (
        "Reading",
        "list",
        False,
        1,
    )
    told.clear()
    actions.change_list(list=reading, by=alice.id, replies="none", exclusive=True, at=MOMENT)
    changed = queries.one_list(owner_id=alice.id, list_id=reading.id)
    assert changed is not None
    assert (changed.title, changed.replies, changed.exclusive) == ("Reading", "none", True)
    assert queries.lists_containing(owner_id=alice.id, member_id=bob.id) == [reading.id]
    with pytest.raises(BadInput):
        actions.change_list(list=reading, by=alice.id, replies="all", at=MOMENT)  # type: ignore[arg-type]
    actions.remove_from_list(list=reading, by=alice.id, member_id=bob.id, at=MOMENT)
    assert queries.list_member_ids(owner_id=alice.id, list_id=reading.id) == []
    actions.delete_list(list=reading, by=alice.id, at=MOMENT)
    assert queries.lists(owner_id=alice.id) == []
    assert told == [events.ListChanged(alice.id, reading.id, MOMENT)] * 3


def test_nobody_else_sees_a_list(alice: Member, bob: Member, charlie: Member) -> None:
    reading = new_list(alice, "Reading", bob)
    for other in (bob, charlie):
        assert queries.lists(owner_id=other.id) == []
        assert queries.list_members(owner_id=other.id, list_id=reading.id, page=Page()).items == ()
        assert queries.list_member_ids(owner_id=other.id, list_id=reading.id) == []
        assert queries.lists_containing(owner_id=other.id, member_id=bob.id) == []
        with pytest.raises(NotThere):
            access.own_list(list_id=reading.id, by=other.id)


def test_the_withdrawn_are_not_counted_in_circles(alice: Member, bob: Member, dana: Member) -> None:
    family = new_circle(alice, "Family", bob, dana)
    actions.withdraw_profile(profile_id=dana.id, at=MOMENT)
    assert queries.circles(owner_id=alice.id)[0].members == 1
    assert queries.audience_sizes(profile_id=alice.id).circles == {family.id: 1}
    assert queries.circle_members(owner_id=alice.id, circle_id=family.id, page=Page()).items == (bob.id,)


def test_notes_are_their_writers_alone(alice: Member, bob: Member, charlie: Member) -> None:
    actions.write_note(by=alice.id, about=bob.seen, text=" owes me a book ")

    def note(viewer: Member) -> str:
        return queries.relationships(viewer_id=viewer.id, ids=[bob.id], at=MOMENT)[bob.id].note

    assert [note(alice), note(bob), note(charlie)] == ["owes me a book", "", ""]
    with pytest.raises(BadInput):
        actions.write_note(by=alice.id, about=bob.seen, text="x" * 2_001)
    actions.write_note(by=alice.id, about=bob.seen, text="")
    assert note(alice) == ""


def test_what_is_gone_meanwhile_is_not_there(alice: Member, bob: Member, dana: Member) -> None:
    circle, shelf, gone = new_circle(alice, "x"), new_list(alice, "x"), dana.seen
    actions.delete_circle(circle=circle, by=alice.id, at=MOMENT)
    actions.delete_list(list=shelf, by=alice.id, at=MOMENT)
    actions.delete_profile(profile_id=dana.id, at=MOMENT)
    for late in (
        lambda: actions.add_to_circle(circle=circle, by=alice.id, member=bob.seen, at=MOMENT),
        lambda: actions.rename_circle(circle=circle, by=alice.id, name="y", at=MOMENT),
        lambda: actions.add_to_list(list=shelf, by=alice.id, member=bob.seen, at=MOMENT),
        lambda: actions.change_list(list=shelf, by=alice.id, title="y", at=MOMENT),
        lambda: actions.follow(by=alice.id, whom=gone, at=MOMENT),
        lambda: actions.block(by=alice.id, whom=gone, at=MOMENT),
        lambda: actions.mute(by=alice.id, whom=gone, at=MOMENT),
        lambda: actions.write_note(by=alice.id, about=gone, text="late"),
        lambda: actions.dismiss_suggestion(by=alice.id, whom=gone),
    ):
        with pytest.raises(NotThere):
            late()


def test_a_checked_circle_of_one_is_of_no_use_to_another(alice: Member, bob: Member, charlie: Member) -> None:
    circle, shelf = new_circle(alice, "x", bob), new_list(alice, "x", bob)
    for theft in (
        lambda: actions.add_to_circle(circle=circle, by=charlie.id, member=bob.seen, at=MOMENT),
        lambda: actions.rename_circle(circle=circle, by=charlie.id, name="y", at=MOMENT),
        lambda: actions.add_to_list(list=shelf, by=charlie.id, member=bob.seen, at=MOMENT),
        lambda: actions.change_list(list=shelf, by=charlie.id, title="y", at=MOMENT),
    ):
        with pytest.raises(NotThere):
            theft()
    actions.delete_circle(circle=circle, by=charlie.id, at=MOMENT)
    actions.remove_from_circle(circle=circle, by=charlie.id, member_id=bob.id, at=MOMENT)
    actions.delete_list(list=shelf, by=charlie.id, at=MOMENT)
    actions.remove_from_list(list=shelf, by=charlie.id, member_id=bob.id, at=MOMENT)
    assert queries.circles(owner_id=alice.id)[0].members == 1
    assert queries.lists(owner_id=alice.id)[0].members == 1
