"""The interview, the plan made of it, its lines as drafts, and what a week's look changes."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import measured_town
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cast import MOMENT, Bakery
from majlis.brands.access import OnTeam
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.core.jobs.models import Job
from majlis.insights import measuring
from majlis.insights.kinds import Kind
from majlis.insights.methods.expectation import Past
from majlis.people.models import ProfileCount
from majlis.studio import access, actions
from majlis.studio.models import Entry, PlanLine
from majlis.studio.planning import ground, interview, planner, plans, testing
from majlis.studio.planning.interview import Tried, Went
from majlis.studio.planning.planner import Knowledge, Planner
from majlis.studio.planning.reasons import Reason, grade, sentence
from plans import team_of

AT = MOMENT


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team_of(bakery, "owner")


def asked(team: OnTeam, hours: str = "5", goal: str = "orders") -> None:
    interview.answer(team, given={"hours_week": Decimal(hours), "goal": goal}, step=5, done=True, at=AT)


def some_posts(bakery: Bakery, many: int = 36) -> None:
    ProfileCount.objects.update_or_create(profile_id=bakery.page.id, defaults={"followers": 120})
    people = measured_town.followers(bakery.page.id, 120, at=AT - timedelta(days=60))
    chance = random.Random(5)
    for number in range(many):
        appeared = AT - timedelta(days=3 + 0.8 * (many - number), hours=number % 5)
        post = measured_town.publish(bakery.page.id, "Bread", at=appeared)
        for kind in (Kind.SERVED, Kind.IMPRESSION):
            measured_town.saw(
                bakery.page.id, post, chance.sample(people, 50), kind, first=appeared + timedelta(minutes=5), at=AT,
                every=2,
            )  # fmt: skip
        measuring.freeze(post_id=post)


# the interview ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_is_begun_left_and_taken_up(owner: OnTeam) -> None:
    assert interview.interview(owner).step == 0
    interview.answer(owner, given={"trade": "  Bakery ", "place": "بيروت"}, step=1, at=AT)
    interview.answer(owner, given={"serves": "Families nearby"}, step=2, at=AT)
    interview.answer(owner, given={"trade": "Bakery and café"}, step=1, at=AT)
    found = interview.interview(owner)
    assert (found.answers.trade, found.answers.place, found.answers.serves) == (
        "Bakery and café", "بيروت", "Families nearby",
    )  # fmt: skip
    assert (found.step, found.done_at) == (2, None)
    tried = (Tried(what="Flyers", went=Went.BADLY), Tried(what="  "))
    interview.answer(
        owner, given={"rivals": ("Al Furn", "Al Furn", ""), "tried": tried}, step=5, done=True, at=AT
    )
    found = interview.interview(owner)
    assert found.answers.rivals == ("Al Furn",)
    assert [each.what for each in found.answers.tried] == ["Flyers"]
    assert found.done_at == AT


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"hours_week": Decimal(-1)}, "hours_week"), ({"hours_week": Decimal(169)}, "hours_week"),
        ({"hours_week": Decimal("NaN")}, "hours_week"), ({"price": Decimal(0), "currency": "EUR"}, "price"),
        ({"price": Decimal(10) ** 12, "currency": "EUR"}, "price"), ({"price": Decimal(4)}, "currency"),
        ({"margin": Decimal("1.2")}, "margin"), ({"currency": "XXQ"}, "currency"), ({"goal": "fame"}, "goal"),
        ({"rivals": tuple(f"r{n}" for n in range(11))}, "rivals"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_changes_nothing(owner: OnTeam, given: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        interview.answer(owner, given=given, at=AT)
    assert refused.value.field == field
    assert interview.interview(owner).changed_at is None


@pytest.mark.django_db
def test_money_is_for_those_who_keep_it(bakery: Bakery, owner: OnTeam) -> None:
    interview.answer(
        owner, given={"price": Decimal("7.5"), "margin": Decimal("0.4"), "currency": "EUR"}, at=AT
    )
    editor = team_of(bakery, "editor")
    assert interview.interview(editor).answers.price is None
    assert interview.interview(team_of(bakery, "analyst")).answers.price == Decimal("7.5")
    assert interview.MONEY_STEP not in [name for name, *_rest in interview.steps(editor)]
    with pytest.raises(NotAllowed):
        interview.answer(editor, given={"price": Decimal(1)}, at=AT)
    interview.answer(editor, given={"trade": "Bakery"}, at=AT)
    assert interview.interview(owner).answers.price == Decimal("7.5")
    for who in ("support", "analyst", "advertiser"):
        with pytest.raises(NotAllowed):
            interview.answer(team_of(bakery, who), given={"trade": "x"}, at=AT)


# the plan ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_without_hours_there_is_no_plan(owner: OnTeam) -> None:
    with pytest.raises(BadInput):
        plans.make(owner, at=AT)
    assert plans.plan(owner, at=AT) is None


@pytest.mark.django_db
def test_a_page_without_history_has_a_plan_that_says_whom_it_borrows_from(owner: OnTeam) -> None:
    asked(owner, hours="3")
    plans.make(owner, at=AT)
    found = plans.plan(owner, at=AT)
    assert found is not None
    # three hours a week at an assumed hour a post: twelve in four weeks
    assert (found.ground.total, found.ground.bound, len(found.lines)) == (12, "hours", 12)
    assert found.ground.lender == "published"
    for line in found.lines:
        codes = {reason.code for reason in line.proposal.reasons}
        assert {"lent", "cost", "often", "goal"} <= codes
        assert all(sentence(reason) for reason in line.proposal.reasons)
        assert line.proposal.link
        assert AT < line.due_at < AT + timedelta(days=30)
    assert Entry.objects.count() == 0  # nothing is planned by itself
    assert [each.code for each in plans.revisions(owner)[0].changes] == ["first"]


@pytest.mark.django_db
def test_lines_become_drafts_by_one_click_each_or_all(bakery: Bakery, owner: OnTeam) -> None:
    asked(owner, hours="2")
    plans.make(owner, at=AT)
    editor = team_of(bakery, "editor")
    found = plans.plan(editor, at=AT)
    assert found is not None
    first, second, *_rest = found.lines
    entry_id = plans.take(editor, line_id=first.id, at=AT)
    entry = access.entry(team=editor, entry_id=entry_id)
    assert entry.due_at is None
    assert entry.title == plans.title(first.proposal)
    assert plans.proposed_hour(editor, entry_id=entry_id) == first.due_at
    with pytest.raises(Conflict):
        plans.take(editor, line_id=first.id, at=AT)
    plans.drop(editor, line_id=second.id, dropped=True, at=AT)
    assert plans.take_all(editor, at=AT) == len(found.lines) - 2
    assert plans.take_all(editor, at=AT) == 0
    assert Entry.objects.filter(due_at=None, queued_at=None).count() == len(found.lines) - 1
    # thrown away, the line is free again
    actions.discard(team=editor, entry_id=entry_id, at=AT)
    assert plans.take(editor, line_id=first.id, at=AT) != entry_id


@pytest.mark.django_db
def test_whose_plan_it_is(bakery: Bakery, owner: OnTeam) -> None:
    asked(owner)
    plans.make(owner, at=AT)
    line = PlanLine.objects.first()
    assert line is not None
    with pytest.raises(NotAllowed):
        plans.take(team_of(bakery, "analyst"), line_id=line.id, at=AT)
    with pytest.raises(NotAllowed):
        plans.plan(team_of(bakery, "support"), at=AT)
    with pytest.raises(NotThere):
        plans.take(owner, line_id=line.id + 1, at=AT)


@pytest.mark.django_db
def test_a_week_later_it_is_looked_at_once_and_says_what_changed(bakery: Bakery, owner: OnTeam) -> None:
    asked(owner, hours="2")
    plans.make(owner, at=AT)
    before = plans.plan(owner, at=AT)
    assert before is not None
    taken = plans.take(owner, line_id=before.lines[-1].id, at=AT)
    assert plans.look_at_all(at=AT + timedelta(days=6)) == 0
    interview.answer(owner, given={"hours_week": Decimal(4)}, at=AT + timedelta(days=6))
    later = AT + timedelta(days=7, hours=1)
    assert plans.look_at_all(at=later) == 1
    assert plans.look_at_all(at=later) == 0
    after = plans.plan(owner, at=later)
    assert after is not None
    assert after.ground.total == 16
    # what was taken stands where it stood
    assert [line.due_at for line in after.lines if line.entry_id == taken] == [before.lines[-1].due_at]
    said = " ".join(sentence(each) for each in plans.revisions(owner)[0].changes)
    assert "16 posts in four weeks instead of 8, because you have another number of hours a week" in said
    assert Job.objects.filter(name=plans.TEST).count() == 1


@pytest.mark.django_db
def test_a_page_with_history_is_told_from_its_own(bakery: Bakery, owner: OnTeam) -> None:
    some_posts(bakery)
    asked(owner, hours="40")
    plans.make(owner, at=AT)
    found = plans.plan(owner, at=AT)
    assert found is not None
    assert (found.ground.basis, found.ground.lender) == ("own", "")
    assert found.ground.bound in ("pace", "day")
    codes = {reason.code for line in found.lines for reason in line.proposal.reasons}
    assert "habit" in codes
    assert "lent" not in codes
    habits = [r.said["times"] for line in found.lines for r in line.proposal.reasons if r.code == "habit"]
    assert min(habits) >= 10
    plans.test_again(page_id=bakery.page.id, at=AT)
    test = (plans.plan(owner, at=AT) or found).test
    assert test is not None
    assert (test.ratio, test.more) == (None, 64)


@pytest.mark.django_db
def test_money_says_what_is_missing_and_then_the_number(bakery: Bakery, owner: OnTeam) -> None:
    asked(owner)
    plans.make(owner, at=AT)
    found = plans.plan(owner, at=AT)
    assert found is not None
    told = ground.money(owner, found.ground, at=AT)
    assert {"hour", "price", "clicks"} <= set(told.missing)
    assert told.followers is None
    with pytest.raises(NotAllowed):
        ground.money(team_of(bakery, "editor"), found.ground, at=AT)


# the planner, whatever is known -----------------------------------------------------------------------------------


def tell(moment: datetime, kind: str) -> tuple[int, int, int]:
    middle = 100 + 30 * (moment.hour < 9) + 20 * (kind == "photo")
    return middle // 2, middle, 2 * middle


def past(at: datetime, kind: str) -> Past:
    return Past(at=at, followers=500, kind=kind, reach=100)


@settings(deadline=None)
@given(
    hours=st.floats(0, 168), each=st.floats(0.25, 40), goal=st.sampled_from(["", "reach", "orders"]),
    many=st.integers(0, 40), planned=st.lists(st.integers(1, 28), max_size=10),
    dropped=st.frozensets(st.tuples(st.integers(1, 7), st.integers(7, 21)), max_size=12),
)  # fmt: skip
def test_a_plan_keeps_within_its_hours_one_a_day_and_says_why(
    hours: float, each: float, goal: str, many: int, planned: list[int], dropped: frozenset[tuple[int, int]]
) -> None:
    today = date(2026, 11, 2)
    posts = tuple(
        past(datetime(2026, 9, 1, 6 + n % 14, tzinfo=UTC) + timedelta(days=n), ("text", "photo")[n % 2])
        for n in range(many)
    )
    busy = tuple(datetime.combine(today + timedelta(days=day), time(11)) for day in planned)
    known = Knowledge(
        today=today, posts=posts, hours_week=hours, hours_post=each, hours_measured=0, goal=goal, planned=busy,
        dropped=dropped,
    )  # fmt: skip
    found = Planner(known, tell).proposals()
    assert len(found) * each <= 4 * hours + 1e-6
    assert len({p.at.date() for p in found}) == len(found)
    assert not {p.at.date() for p in found} & {moment.date() for moment in busy}
    assert all(today < p.at.date() <= today + timedelta(days=28) for p in found)
    assert [p.at for p in found] == sorted(p.at for p in found)
    assert all(p.reasons and all(sentence(r) and grade(r) for r in p.reasons) for p in found)
    assert found == Planner(known, tell).proposals()


def test_every_reason_has_a_sentence_in_arabic_digits_or_not_but_always() -> None:
    assert sentence(Reason("one that does not exist")) == ""
    said = {"total": 5, "bound": "hours", "hours_week": 2.5, "hours_post": 2.0}
    assert sentence(Reason("often", said)) == (
        "5 posts in four weeks: that is what 2.5 hours a week are enough for, at 2 hours a post."
    )


def test_the_better_kind_comes_twice_as_often_and_a_full_week_has_a_trial() -> None:
    posts = tuple(
        past(datetime(2026, 10, 1, 8, tzinfo=UTC) + timedelta(days=n), ("text", "photo")[n % 2])
        for n in range(30)
    )
    known = Knowledge(
        today=date(2026, 11, 2), posts=posts, hours_week=4, hours_post=1, hours_measured=0, goal=""
    )
    found = Planner(known, tell).proposals()
    usual = [p.kind for p in found if not p.trial]
    assert usual.count("photo") == 2 * usual.count("text")
    assert sum(p.trial for p in found) == planner.WEEKS
    assert {p.at.hour < 9 for p in found if not p.trial} == {True}


def test_a_test_of_few_posts_says_how_many_more() -> None:
    posts = [past(datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(days=n), "text") for n in range(30)]
    assert testing.test(posts) == testing.Test(posts=30, more=70)
