"""Rules say who looks after what; then the work is shared; nobody gets what she may not answer."""

from __future__ import annotations

from typing import Any

import pytest
from talking import Say, listed, only, read, team

from cast import MOMENT, Bakery, Member, later
from majlis.brands import actions as brands
from majlis.brands.access import OnTeam
from majlis.care import acting, assigning, knowing, terms
from majlis.care.assigning import Then, When
from majlis.care.terms import PageTerms
from majlis.core.errors import BadInput, NotAllowed, NotThere

pytestmark = pytest.mark.django_db
ANGRY = "@bayt_zaytoun this is the worst bread I ever had, terrible service, I want my money back"


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team(bakery, bakery.owner)


def rule(owner: OnTeam, when: When, then: Then, name: str = "A rule") -> int:
    return assigning.keep_rule(owner, name=name, when=when, then=then, at=MOMENT)


def read_all() -> None:
    while knowing.read_new(at=MOMENT):
        pass


def test_the_first_rule_that_fits_decides_each_thing(
    owner: OnTeam, bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    rule(owner, When(words=("خبز",)), Then(to=bakery.editor.id), "Bread")
    rule(owner, When(), Then(to=bakery.support.id, tag="new"), "All")
    say(dana, "@bayt_zaytoun الخُبز كان بارداً")
    say(dana, "@bayt_zaytoun the cake was cold", at=later(minutes=1))
    bread, cake = listed(salma)
    assert (bread.assignee, cake.assignee) == (bakery.editor.id, bakery.support.id)
    assert bread.tags == cake.tags == ("new",)
    (step, *_more) = [each for each in read(salma, bread.id).done if each.what == "assigned"]
    assert (step.by, step.details["rule"]) == (None, "Bread")


def test_what_only_reading_tells_is_decided_after_it(
    owner: OnTeam, bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    rule(owner, When(complaint=True), Then(to=bakery.owner.id, priority=0))
    say(dana, ANGRY)
    assert only(salma).assignee is None
    read_all()
    assert (only(salma).assignee, only(salma).priority) == (bakery.owner.id, 0)


def test_outside_the_hours_there_are_others(
    owner: OnTeam, bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    from majlis.brands.hours import OpeningHours, Period

    hours = OpeningHours(week=((Period(8 * 60, 16 * 60),),) * 7)
    terms.keep(owner, PageTerms(clock="own"), own_hours=hours, at=MOMENT)
    rule(owner, When(closed=True), Then(tag="night"))
    say(dana, "@bayt_zaytoun by day", at=later())
    say(dana, "@bayt_zaytoun by night", at=later(hours=10))
    assert [row.tags for row in listed(salma, order="newest")] == [("night",), ()]


def test_work_is_shared_by_who_has_least(
    owner: OnTeam, bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    terms.keep(owner, PageTerms(assign="load"), at=MOMENT)
    for number in range(6):
        say(dana, f"@bayt_zaytoun {number}", at=later(minutes=number))
    read_all()
    counted: dict[int | None, int] = {}
    for row in listed(salma):
        counted[row.assignee] = counted.get(row.assignee, 0) + 1
    assert counted == {bakery.owner.id: 2, bakery.editor.id: 2, bakery.support.id: 2}


def test_whoever_left_is_passed_over_and_hers_is_nobodys(
    owner: OnTeam, bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    rule(owner, When(), Then(to=bakery.support.id), "Salma")
    rule(owner, When(), Then(to=bakery.editor.id), "Elias")
    say(dana, "@bayt_zaytoun one")
    brands.end_role(owner, member=bakery.support.id, at=MOMENT)
    assert assigning.free_those_of_the_gone(at=later(minutes=1)) == 1
    say(dana, "@bayt_zaytoun two", at=later(minutes=2))
    assert [row.assignee for row in listed(owner)] == [None, bakery.editor.id]


def test_whose_it_is_stays(owner: OnTeam, bakery: Bakery, salma: OnTeam, dana: Member, say: Say) -> None:
    rule(owner, When(complaint=True), Then(to=bakery.owner.id, priority=0))
    say(dana, ANGRY)
    row = only(salma)
    acting.assign(salma, conversation_id=row.id, to=salma.by, at=MOMENT)
    acting.prioritise(salma, conversation_id=row.id, priority=3, at=MOMENT)
    read_all()
    assert (only(salma).assignee, only(salma).priority) == (salma.by, 3)


@pytest.mark.parametrize(
    ("when", "then", "field"),
    [
        ({}, {}, "then"),
        ({"sources": ("moon",)}, {"tag": "x"}, "when"),
        ({}, {"priority": 7}, "priority"),
        ({}, {"load": True, "role": "analyst"}, "role"),
        ({}, {"tag": "x" * 41}, "tag"),
        ({"causes": (1,)}, {"tag": "x"}, "causes"),
    ],
)
def test_a_rule_that_cannot_be_says_why(
    owner: OnTeam, when: dict[str, Any], then: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        rule(owner, When(**when), Then(**then))
    assert refused.value.field == field
    assert assigning.rules(owner.page_id) == []


def test_rules_have_an_order_and_an_end(owner: OnTeam, bakery: Bakery, salma: OnTeam) -> None:
    ids = [rule(owner, When(), Then(tag=name), name) for name in "abc"]
    with pytest.raises(BadInput):
        rule(owner, When(), Then(to=bakery.analyst.id))
    assigning.move_rule(owner, rule_id=ids[2], up=True, at=MOMENT)
    assigning.move_rule(owner, rule_id=ids[0], up=True, at=MOMENT)
    assert [each.name for each in assigning.rules(owner.page_id)] == ["a", "c", "b"]
    assigning.end_rule(owner, rule_id=ids[0], at=MOMENT)
    assert [each.name for each in assigning.rules(owner.page_id)] == ["c", "b"]
    with pytest.raises(NotAllowed):
        rule(salma, When(), Then(tag="x"))
    import shopping

    theirs = shopping.other_bakery()
    for deed in (
        lambda: assigning.end_rule(theirs, rule_id=ids[1], at=MOMENT),
        lambda: assigning.move_rule(theirs, rule_id=ids[1], up=True, at=MOMENT),
        lambda: assigning.keep_rule(
            theirs, name="x", when=When(), then=Then(tag="x"), rule_id=ids[1], at=MOMENT
        ),
    ):
        with pytest.raises(NotThere):
            deed()
