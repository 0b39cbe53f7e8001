"""What the business says of itself changes its plan: what was tried, whom it serves, who its rivals are, which customers can
be written to; each said with its reason, and none against what the page's own posts tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cast as people
from cast import MOMENT, Bakery
from majlis.brands.access import OnTeam
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.insights.figures import Grade
from majlis.insights.methods.expectation import Past
from majlis.studio.models import Entry
from majlis.studio.planning import ground, interview, planner, plans
from majlis.studio.planning.interview import About, Crowd, Tried, Went
from majlis.studio.planning.planner import Group, Knowledge, Planner, RivalPost, RivalPosts
from majlis.studio.planning.reasons import grade, sentence
from majlis.studio.rivals import naming
from plans import team_of

TODAY = date(2026, 11, 2)


def past(at: datetime, kind: str = "photo") -> Past:
    return Past(at=at, followers=500, kind=kind, reach=100)


def known(**more: Any) -> Knowledge:
    given: dict[str, Any] = {
        "today": TODAY, "posts": (), "hours_week": 4.0, "hours_post": 1.0, "hours_measured": 0, "goal": "",
        "lender": "house", "lenders": 3,
    }  # fmt: skip
    return Knowledge(**{**given, **more})


def flat(_moment: datetime, _kind: str) -> tuple[int, int, int]:
    return 10, 20, 30


def made(**more: Any) -> list[planner.Proposal]:
    return Planner(known(**more), flat).proposals()


def codes(proposal: planner.Proposal) -> list[str]:
    return [each.code for each in proposal.reasons]


def rival(hour: int, ratio: float, name: str = "Al Furn", many: int = 12) -> RivalPosts:
    """Half of his posts at an hour, where they do so much better."""
    begin = datetime.combine(date(2026, 9, 1), time())
    posts = [
        RivalPost(begin + timedelta(days=n, hours=hour if n % 2 else 13), "photo", 0.02 * (ratio if n % 2 else 1))
        for n in range(many)
    ]  # fmt: skip
    return RivalPosts(name, tuple(posts))


# what was tried


def test_what_went_badly_is_not_proposed_again() -> None:
    tried = {
        About.PHOTO: Went.BADLY,
        About.POLL: Went.BADLY,
        About.EARLY: Went.BADLY,
        About.EVENING: Went.BADLY,
    }
    found = made(tried=tried)
    assert {each.kind for each in found} == {"text"}
    assert {planner.part_of(each.at.hour) for each in found} <= {9, 12}


def test_own_posts_outweigh_what_was_said_and_that_is_said() -> None:
    posts = tuple(past(datetime(2026, 10, 1, 8, tzinfo=UTC) + timedelta(days=n)) for n in range(12))

    def early(moment: datetime, _kind: str) -> tuple[int, int, int]:
        return (20, 40, 60) if moment.hour < 9 else (5, 10, 15)

    knows = known(posts=posts, lender="", tried={About.EARLY: Went.BADLY, About.PHOTO: Went.BADLY})
    found = [each for each in Planner(knows, early).proposals() if not each.trial]
    assert {planner.part_of(each.at.hour) for each in found} == {6}
    assert "photo" in {each.kind for each in found}
    assert all("tried_but" in codes(each) for each in found)
    assert "12" in next(sentence(r) for r in found[0].reasons if r.code == "tried_but")


def test_what_went_well_comes_first_while_nothing_else_is_known() -> None:
    found = made(tried={About.POLL: Went.WELL, About.NOON: Went.WELL})
    usual = [each for each in found if not each.trial]
    assert usual[0].kind == "poll"
    assert {planner.part_of(each.at.hour) for each in usual} == {12}
    assert "tried_well" in codes(usual[0])
    assert grade(usual[0].reasons[0]) is Grade.REPORTED


def test_more_often_went_badly() -> None:
    posts = tuple(past(datetime(2026, 8, 10, 8, tzinfo=UTC) + timedelta(days=4 * n)) for n in range(21))
    faster = planner.how_often(known(posts=posts, lender="", hours_week=20))
    same = planner.how_often(known(posts=posts, lender="", hours_week=20, tried={About.OFTEN: Went.BADLY}))
    assert faster.bound == "pace"
    assert (same.bound, same.total < faster.total) == ("tried", True)


ABOUTS = st.dictionaries(st.sampled_from([each for each in About if each]), st.sampled_from(list(Went)))


@settings(max_examples=60)
@given(
    tried=ABOUTS, crowds=st.lists(st.sampled_from(list(Crowd)), unique=True), ratio=st.floats(0.2, 5),
    many=st.integers(0, 30), hours=st.floats(0.5, 30), goal=st.sampled_from(["", "orders", "reach"]),
)  # fmt: skip
def test_whatever_was_said_hours_hold_and_each_line_has_its_reasons(
    tried: dict[About, Went], crowds: list[Crowd], ratio: float, many: int, hours: float, goal: str
) -> None:
    group = Group(7, "Regulars", 12)
    given = {
        "tried": tried,
        "crowds": tuple(crowds),
        "rivals": (rival(7, ratio, many=many),),
        "goal": goal,
        "group": group,
    }
    found = made(hours_week=hours, **given)
    assert len(found) <= 4 * hours + 1e-6
    assert found == made(hours_week=hours, **given)
    kinds = {about for about, went in tried.items() if went is Went.BADLY}
    if not {About.PHOTO, About.TEXT, About.POLL} <= kinds:
        assert not {each.kind for each in found} & kinds or {About.PHOTO, About.TEXT} <= kinds
    for each in found:
        assert each.low <= each.middle <= each.high
        assert all(sentence(reason) for reason in each.reasons)
        assert (each.audience == "circle") == (each.circle_id is not None)
        assert each.circle_id is None or each.high <= group.reaches


# rivals


def test_hours_are_borrowed_from_named_rivals_while_there_are_no_own() -> None:
    found = [each for each in made(rivals=(rival(18, 3.0),)) if not each.trial]
    assert {planner.part_of(each.at.hour) for each in found} == {15}
    why = next(each for each in found[0].reasons if each.code == "rival_part")
    assert (why.said["posts"], why.said["names"]) == (6, ["Al Furn"])
    assert "Al Furn" in sentence(why)
    assert grade(why) is Grade.ESTIMATED


def test_of_a_handful_of_rivals_posts_nothing_is_told() -> None:
    assert planner.rival_parts(known(rivals=(rival(18, 3.0, many=9),))) == {}
    assert all("rival_part" not in codes(each) for each in made(rivals=(rival(18, 3.0, many=9),)))


def test_who_has_posts_of_its_own_borrows_nothing() -> None:
    posts = tuple(past(datetime(2026, 10, 1, 8, tzinfo=UTC) + timedelta(days=n)) for n in range(12))
    found = Planner(known(posts=posts, lender="", rivals=(rival(18, 3.0),)), flat).proposals()
    assert all("rival_part" not in codes(each) for each in found)


def test_the_pace_is_that_of_the_middle_rival() -> None:
    often = planner.how_often(known(hours_week=20, rivals=(rival(8, 1, many=26), rival(8, 1, "B", many=4))))
    assert (often.total, often.bound) == (8, "rivals")
    assert "Al Furn" in sentence(
        planner.why_often(known(hours_week=20, rivals=(rival(8, 1, many=26),)), often)
    )


def test_whom_it_serves_is_an_assumption_that_says_so() -> None:
    found = [each for each in made(crowds=(Crowd.STUDENTS,)) if not each.trial]
    assert {planner.part_of(each.at.hour) for each in found} == {15}
    why = next(each for each in found[0].reasons if each.code == "crowd")
    assert "assumed" in sentence(why)
    habits = {(day, 9): 50 for day in range(1, 8)}
    found = [each for each in made(crowds=(Crowd.STUDENTS,), habits=habits) if not each.trial]
    assert {each.at.hour for each in found} == {9}


def test_customers_who_can_be_written_to_get_one_of_four_when_it_is_for_selling() -> None:
    group = Group(7, "Regulars", 12)
    found = [each for each in made(goal="orders", group=group) if each.circle_id]
    assert len(found) in (3, 4)
    assert found[0].high == 12
    assert "Regulars" in next(sentence(each) for each in found[0].reasons if each.code == "group")
    assert not [each for each in made(goal="reach", group=group) if each.circle_id]


# on a page


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team_of(bakery, "owner")


@pytest.mark.django_db
def test_rivals_named_in_the_interview_are_compared_with(owner: OnTeam, bakery: Bakery) -> None:
    from majlis.posts import actions as posts
    from majlis.posts.composing import PostParams

    furn, bob = people.member("furn", "Al Furn"), people.bob()
    for number in range(14):
        at = MOMENT - timedelta(days=5 + 2 * number)
        post = posts.publish(by=furn.id, params=PostParams(text=f"Bread {number}"), at=at).post_id
        if number % 2:
            posts.react(by=bob.id, post_id=post, kind="like", at=at)
    interview.answer(owner, given={"rivals": ("@furn", "The corner shop", "@nobody_at_all")}, at=MOMENT)
    assert sorted(each.name for each in naming.rivals(owner)) == ["Al Furn", "The corner shop"]
    (found,) = ground.rivals(owner, at=MOMENT)
    assert (found.name, len(found.posts)) == ("Al Furn", 14)
    assert {each.kind for each in found.posts} == {"text"}
    assert sum(each.per_follower > 0 for each in found.posts) == 7
    interview.answer(owner, given={"rivals": ("@furn", "The corner shop")}, at=MOMENT)
    assert len(naming.rivals(owner)) == 2


@pytest.mark.django_db
def test_what_is_kept_of_what_was_tried(owner: OnTeam) -> None:
    tried = (Tried(what="", went=Went.BADLY, about=About.POLL), Tried(what="Flyers"), Tried(what=" "))
    interview.answer(owner, given={"tried": tried, "crowds": (Crowd.STUDENTS, Crowd.STUDENTS)}, at=MOMENT)
    found = interview.interview(owner).answers
    assert [(each.what, each.about) for each in found.tried] == [
        ("Polls", About.POLL),
        ("Flyers", About.NOTHING),
    ]
    assert found.crowds == (Crowd.STUDENTS,)


@pytest.mark.django_db
def test_a_proposal_stays_where_somebody_moved_it(owner: OnTeam, bakery: Bakery) -> None:
    interview.answer(owner, given={"hours_week": Decimal(2), "goal": "orders"}, done=True, at=MOMENT)
    plans.make(owner, at=MOMENT)
    first, second, *_rest = plans.around(owner, at=MOMENT)
    day = (MOMENT + timedelta(days=3)).date()
    moved = plans.move(owner, line_id=first.id, day=day, clock=time(16, 5), at=MOMENT)
    assert moved.proposal.at == datetime.combine(day, time(16, 5))
    assert codes(moved.proposal)[0] == "moved"
    with pytest.raises(Conflict):
        plans.move(owner, line_id=second.id, day=day, clock=time(16, 5), at=MOMENT)
    with pytest.raises(BadInput):
        plans.move(owner, line_id=second.id, day=(MOMENT - timedelta(days=1)).date(), clock=None, at=MOMENT)
    plans.make(owner, at=MOMENT + timedelta(hours=1))
    after = plans.around(owner, at=MOMENT)
    assert moved.id in [each.id for each in after]
    days = [each.proposal.at.date() for each in after if each.open]
    assert len(days) == len(set(days))
    entry = plans.take(owner, line_id=moved.id, at=MOMENT)
    with pytest.raises(Conflict):
        plans.move(owner, line_id=moved.id, day=day, clock=None, at=MOMENT)
    assert Entry.objects.get(id=entry).due_at is None
    import shopping

    with pytest.raises(NotThere):
        plans.move(shopping.other_bakery(), line_id=second.id, day=day, clock=None, at=MOMENT)
    shown = plans.open_between(owner, first=MOMENT.date(), days=40, at=MOMENT)
    assert moved.id not in [each.id for each in shown]
    assert plans.open_between(team_of(bakery, "support"), first=MOMENT.date(), days=40, at=MOMENT) == []
