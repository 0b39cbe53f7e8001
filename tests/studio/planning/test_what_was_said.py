"""What the business says of itself changes its plan: what was tried, whom it serves, who its rivals are, which customers can
be written to; each said with its reason, and none against what the page's own posts tell."""

from __future__ import annotations

import math
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
from majlis.people import access as people_access
from majlis.people.actions import circles
from majlis.studio.models import Entry, PlanLine
from majlis.studio.planning import ground, interview, planner, plans
from majlis.studio.planning.evidence import contrast
from majlis.studio.planning.interview import About, Crowd, Tried, Went
from majlis.studio.planning.planner import Group, Knowledge, Planner, RivalPost, RivalPosts
from majlis.studio.planning.reasons import grade, sentence
from majlis.studio.rivals import naming
from plans import team_of

TODAY = date(2026, 11, 2)


def past(at: datetime, kind: str = "photo", reach: int = 100) -> Past:
    return Past(at=at, followers=500, kind=kind, reach=reach)


def history(early: int, noon: int, many: int = 24) -> tuple[Past, ...]:
    """By turns a photo at eight and words at one, each seen by about so many."""
    return tuple(
        past(datetime(2026, 9, 20, 13 if n % 2 else 8, tzinfo=UTC) + timedelta(days=n), "text" if n % 2 else "photo",
             (noon if n % 2 else early) + n % 5)
        for n in range(many)
    )  # fmt: skip


def known(**more: Any) -> Knowledge:
    given: dict[str, Any] = {
        "today": TODAY, "posts": (), "hours_week": 4.0, "hours_post": 1.0, "hours_measured": 0, "goal": "",
        "lender": "house", "lenders": 3,
    }  # fmt: skip
    return Knowledge(**{**given, **more})


def flat(_moment: datetime, _kind: str) -> tuple[int, int, int]:
    return 10, 20, 30


def early_birds(moment: datetime, _kind: str) -> tuple[int, int, int]:
    return (20, 40, 60) if moment.hour < 9 else (5, 10, 15)


def made(**more: Any) -> list[planner.Proposal]:
    return Planner(known(**more), flat).proposals()


def codes(proposal: planner.Proposal) -> list[str]:
    return [each.code for each in proposal.reasons]


def rival(hour: int, ratio: float, name: str = "Al Furn", many: int = 12) -> RivalPosts:
    """Half of his posts at an hour, where they do so much better."""
    begin = datetime.combine(date(2026, 9, 1), time())
    posts = [
        RivalPost(
            begin + timedelta(days=n, hours=hour if n % 2 else 13), "text" if n % 2 else "photo",
            round(20 * (ratio if n % 2 else 1)) + n % 3, 1000,
        )
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


def test_own_posts_outweigh_what_was_said_only_where_they_clearly_tell() -> None:
    tried = {About.EARLY: Went.BADLY, About.PHOTO: Went.BADLY}

    def usual(posts: tuple[Past, ...]) -> list[planner.Proposal]:
        found = Planner(known(posts=posts, lender="", tried=tried), early_birds).proposals()
        return [each for each in found if not each.trial]

    better = usual(history(early=200, noon=50))
    assert {planner.part_of(each.at.hour) for each in better} == {6}
    assert "photo" in {each.kind for each in better}
    why = next(each for each in better[0].reasons if each.code == "tried_but")
    assert why.said["posts"] == 11  # of twelve one had not settled
    assert 3 < why.said["low"] < why.said["ratio"] < why.said["high"] < 5
    assert grade(why) is Grade.ESTIMATED
    assert "95 % interval" in sentence(why)
    # as many posts that do no better, or worse, are no evidence to the contrary
    for posts in (history(early=100, noon=100), history(early=50, noon=200)):
        found = usual(posts)
        assert "photo" not in {each.kind for each in found}
        assert 6 not in {planner.part_of(each.at.hour) for each in found}
        assert all("tried_avoided" in codes(each) for each in found)


def test_own_posts_outweigh_what_is_said_to_have_gone_well_too() -> None:
    knows = known(posts=history(early=50, noon=200), lender="", tried={About.PHOTO: Went.WELL})
    assert all("tried_well" not in codes(each) for each in Planner(knows, flat).proposals())
    (why,) = [each for each in planner.standing(knows) if each.code == "tried_well_but"]
    assert why.said["high"] < 1
    assert "Your posts decide." in sentence(why)


def test_promotion_that_went_well_is_said_of_one_post_of_each_week() -> None:
    found = made(tried={About.PROMOTION: Went.WELL})
    assert sum("tried_promotion" in codes(each) for each in found) == planner.WEEKS
    assert "no_promotion" in [
        each.code for each in planner.standing(known(tried={About.PROMOTION: Went.BADLY}))
    ]


def test_what_is_said_to_have_gone_well_and_badly_counts_for_neither() -> None:
    said = (
        Tried(what="a", went=Went.WELL, about=About.POLL),
        Tried(what="b", went=Went.BADLY, about=About.POLL),
        Tried(what="c", went=Went.SO_SO, about=About.TEXT),
        Tried(what="d", went=Went.BADLY, about=About.PHOTO),
    )
    assert interview.went_of(said) == {About.PHOTO: Went.BADLY}


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
    nobody_knows = planner.how_often(known(hours_week=20, tried={About.OFTEN: Went.BADLY}))
    assert (nobody_knows.total, nobody_knows.bound) == (8, "calm")


ABOUTS = st.dictionaries(st.sampled_from([each for each in About if each]), st.sampled_from(list(Went)))


@settings(max_examples=80, deadline=None)
@given(
    tried=ABOUTS, crowds=st.lists(st.sampled_from([*Crowd]), unique=True), ratio=st.floats(0.2, 5),
    many=st.integers(0, 30), hours=st.floats(0.5, 30), each_takes=st.sampled_from([0.5, 1.0, 3.0]),
    goal=st.sampled_from(["", "orders", "reach"]), own=st.sampled_from([0, 12, 40]), early=st.integers(20, 300),
    planned=st.lists(st.integers(1, 28), max_size=12), read=st.lists(st.sampled_from(["ar", "en"]), unique=True),
    dropped=st.frozensets(st.tuples(st.integers(1, 7), st.integers(7, 21)), max_size=40),
)  # fmt: skip
def test_whatever_was_said_hours_hold_and_nothing_that_went_badly_is_proposed(
    tried: dict[About, Went], crowds: list[Crowd], ratio: float, many: int, hours: float, each_takes: float,
    goal: str, own: int, early: int, planned: list[int], read: list[str], dropped: frozenset[tuple[int, int]],
) -> None:  # fmt: skip
    knows = known(
        tried=tried, crowds=tuple(crowds), rivals=(rival(7, ratio, many=many),), goal=goal, read=tuple(read),
        group=Group(7, "Regulars", 12), hours_week=hours, hours_post=each_takes, dropped=dropped,
        posts=history(early, 100, own), lender="" if own == 40 else "house",
        planned=tuple(datetime.combine(TODAY + timedelta(days=day), time(11)) for day in planned),
    )  # fmt: skip
    found = Planner(knows, flat).proposals()
    assert found == Planner(knows, flat).proposals()
    for week in range(1, planner.WEEKS + 1):
        end = TODAY + timedelta(days=7 * week)
        new = sum(each.at.date() <= end for each in found)
        # hours are saved up from week to week, never borrowed from the next; what is planned costs as well
        taken = sum(day <= 7 * week for day in planned)
        if any(end - timedelta(days=7) < each.at.date() <= end for each in found):
            assert (new + taken) * each_takes <= week * hours + 1e-6
        assert new * each_takes <= week * hours + 1e-6
    bad = {about for about, went in tried.items() if went is Went.BADLY}
    for each in found:
        for about in bad & {each.kind, f"part_{planner.part_of(each.at.hour)}"}:
            contrary = knows.own(about)
            assert contrary is not None
            assert contrary.low > 1
            assert about in [why.said.get("about") for why in each.reasons if why.code == "tried_but"]
        assert (each.at.isoweekday(), each.at.hour) not in dropped
        assert each.low <= each.middle <= each.high
        assert all(sentence(reason) and grade(reason) for reason in each.reasons)
        assert (each.audience == "circle") == (each.circle_id is not None)
        assert each.circle_id is None or each.high <= 12
    assert all(sentence(reason) and grade(reason) for reason in planner.standing(knows))


@given(
    st.lists(st.floats(-3, 0), min_size=5, max_size=30), st.lists(st.floats(-3, 0), min_size=5, max_size=30)
)
def test_a_contrast_is_in_its_interval_and_turned_round_is_its_inverse(
    one: list[float], two: list[float]
) -> None:
    found, turned = contrast(one, two), contrast(two, one)
    assert found is not None
    assert turned is not None
    assert found.low < found.ratio < found.high
    assert found.ratio * turned.ratio == pytest.approx(1)
    assert found.low * turned.high == pytest.approx(1)
    assert not (found.better and turned.better)
    assert contrast(one[:4], two) is None


def test_a_contrast_as_a_textbook_reckons_it() -> None:
    # Welch by hand: means 3 and 6, variances 2.5 and 10, five each: error 1.5811, freedom 5.8824, t 2.4588
    found = contrast([1, 2, 3, 4, 5], [2, 4, 6, 8, 10])
    assert found is not None
    assert [round(math.log(each), 3) for each in (found.ratio, found.low, found.high)] == [
        -3.0,
        -6.888,
        0.888,
    ]


# rivals


def test_hours_and_kinds_are_borrowed_from_named_rivals_while_there_are_no_own() -> None:
    found = [each for each in made(rivals=(rival(18, 3.0),)) if not each.trial]
    assert {planner.part_of(each.at.hour) for each in found} == {15}
    why = next(each for each in found[0].reasons if each.code == "rival_part")
    assert (why.said["posts"], why.said["names"]) == (6, ["Al Furn"])
    assert why.said["low"] > 1
    assert "Al Furn" in sentence(why)
    assert grade(why) is Grade.ESTIMATED
    assert found[0].kind == "text"
    assert "rival_kind" in codes(found[0])
    small = rival(18, 3.0, name="B")
    assert made(rivals=(rival(18, 3.0), small)) == made(rivals=(rival(18, 3.0), small))


def test_a_large_rival_does_not_drown_a_small_one() -> None:
    def level(times: int) -> tuple[RivalPost, ...]:
        return tuple(
            RivalPost(each.at, each.kind, each.done * times, 1000) for each in rival(18, 1.0, many=20).posts
        )

    found = planner.rival_parts(known(rivals=(RivalPosts("A", level(1)), RivalPosts("B", level(50)))))
    assert found[15].ratio == pytest.approx(1, abs=0.1)


def test_of_a_handful_of_rivals_posts_nothing_is_told_and_that_is_said() -> None:
    few = known(rivals=(rival(18, 3.0, many=7),), unread=("The corner shop",))
    assert planner.rival_parts(few) == {}
    assert all(
        not code.startswith("rival_") for each in Planner(few, flat).proposals() for code in codes(each)
    )
    said = [sentence(each) for each in planner.standing(few)]
    assert said[0].startswith("7 public posts of")
    assert said[0].endswith("about 3 more would be enough.")
    assert "The corner shop" in said[1]


def test_where_no_hour_of_theirs_stands_out_none_is_borrowed() -> None:
    alike = known(rivals=(rival(18, 1.0, many=20),))
    assert all(
        not code.startswith("rival_") for each in Planner(alike, flat).proposals() for code in codes(each)
    )
    assert "rivals_flat" in [each.code for each in planner.standing(alike)]


def test_who_has_posts_of_its_own_borrows_nothing_and_is_compared() -> None:
    knows = known(posts=history(early=200, noon=50), lender="", rivals=(rival(8, 3.0),))
    bare = known(posts=history(early=200, noon=50), lender="")
    found = Planner(knows, early_birds).proposals()
    assert [(each.at, each.kind) for each in found] == [
        (each.at, each.kind) for each in Planner(bare, early_birds).proposals()
    ]
    assert all(not {"rival_part", "rival_kind"} & {*codes(each)} for each in found)
    beside = [each for one in found for each in one.reasons if each.code == "rival_beside"]
    assert beside
    assert "your own posts decide" in sentence(beside[0])
    read = next(each for each in planner.standing(knows) if each.code == "rivals_read")
    assert "a week, you" in sentence(read)


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


def test_languages_are_those_of_followers_then_those_it_says_customers_read() -> None:
    said = made(read=("ar", "en"))
    assert {each.language for each in said} == {"ar", "en"}
    assert abs(sum(1 if each.language == "ar" else -1 for each in said)) <= 1
    assert "not known yet" in next(sentence(each) for each in said[0].reasons if each.code == "language_said")
    both = made(read=("ar", "en"), languages=(("ar", 0.9), ("en", 0.1)), hours_week=5)
    assert [each.language for each in both].count("en") == len(both) // 5
    assert {code for each in both if each.language == "en" for code in codes(each)} >= {"language_wanted"}
    assert {each.language for each in made(languages=(("ar", 1.0),))} == {"ar"}


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
    (found,) = ground.rivals(naming.rivals(owner), owner, at=MOMENT)
    assert (found.name, len(found.posts)) == ("Al Furn", 14)
    assert {each.kind for each in found.posts} == {"text"}
    assert sum(each.done > 0 for each in found.posts) == 7
    knows, _seer = ground.knowledge(owner, at=MOMENT)
    assert knows.unread == ("The corner shop", "@nobody_at_all")
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
    everything = tuple(
        Tried(what="", went=Went.BADLY, about=about)
        for about in (About.PHOTO, About.TEXT, About.POLL, About.ARTICLE)
    )
    for wrong in ({"tried": everything}, {"read": ("xx",)}):
        with pytest.raises(BadInput):
            interview.answer(owner, given=wrong, at=MOMENT)
    assert interview.interview(owner).answers == found


@pytest.mark.django_db
def test_a_proposal_stays_where_somebody_moved_it(owner: OnTeam, bakery: Bakery) -> None:
    interview.answer(owner, given={"hours_week": Decimal(2), "goal": "orders"}, done=True, at=MOMENT)
    plans.make(owner, at=MOMENT)
    first, second, *_rest = plans.around(owner, at=MOMENT)
    day = (MOMENT + timedelta(days=3)).date()
    moved, before = plans.move(owner, line_id=first.id, day=day, clock=time(16, 5), at=MOMENT)
    assert before == first.due_at
    for far in (date.min, date.max):
        with pytest.raises(BadInput):
            plans.move(owner, line_id=second.id, day=far, clock=time(0), at=MOMENT)
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
    shown = {each.id: each for each in plans.between(owner, first=MOMENT.date(), days=40, at=MOMENT)}
    assert shown[moved.id].drafted  # it stands there until it has an hour of its own
    other = next(each.id for each in shown.values() if each.open)
    plans.drop(owner, line_id=other, dropped=True, at=MOMENT)
    later = plans.between(owner, first=MOMENT.date(), days=40, at=MOMENT)
    assert other not in [each.id for each in later]
    assert plans.between(team_of(bakery, "support"), first=MOMENT.date(), days=40, at=MOMENT) == []


@pytest.mark.django_db
def test_a_group_of_customers_is_named_to_those_who_see_lists_and_once_gone_nothing_is_written_to_it(
    owner: OnTeam, bakery: Bakery
) -> None:
    circle = circles.create_circle(by=bakery.page.id, name="Regulars", at=MOMENT)
    interview.answer(owner, given={"hours_week": Decimal(2), "goal": "orders"}, done=True, at=MOMENT)
    plans.make(owner, at=MOMENT)
    line = PlanLine.objects.order_by("due_at")[0]
    line.proposal |= {
        "circle_id": circle, "audience": "circle",
        "reasons": [{"code": "group", "said": {"name": "Regulars", "reaches": 12}}],
    }  # fmt: skip
    line.save()
    for who, named in (("editor", True), ("advertiser", True), ("analyst", False)):
        (seen,) = [each for each in plans.around(team_of(bakery, who), at=MOMENT) if each.id == line.id]
        assert ("Regulars" in sentence(seen.proposal.reasons[0])) is named, who
        assert (seen.proposal.circle_id == circle) is named
    circles.delete_circle(
        circle=people_access.own_circle(circle_id=circle, by=bakery.page.id), by=bakery.page.id, at=MOMENT
    )
    with pytest.raises(Conflict):
        plans.take(owner, line_id=line.id, at=MOMENT)
    assert plans.take_all(owner, at=MOMENT) == 7
