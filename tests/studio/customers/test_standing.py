"""Stages, habits and fifths in SQL are those of ``insights.methods.stages``; lists hold what their rule says."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

import cast as people
from cast import MOMENT, Bakery
from clientele import order
from majlis.brands.access import OnTeam
from majlis.brands.customers import keeping, keys, records
from majlis.brands.customers.book import Book, keep_book
from majlis.brands.customers.given import checked
from majlis.brands.models import Customer, Page
from majlis.core.errors import BadInput
from majlis.core.jobs import Run
from majlis.insights.methods import stages
from majlis.insights.methods.cohorts import cohorts as worked_out
from majlis.insights.methods.enough import NotEnough
from majlis.insights.methods.orders import Purchase, histories
from majlis.studio.conversions import orders
from majlis.studio.conversions.state import Report
from majlis.studio.customers import jobs, lists, retention, standing, worth
from majlis.studio.customers.rules import Rule, read
from majlis.studio.models import Standing
from plans import ZONE, team_of

DAYS = st.lists(st.floats(0.01, 400), min_size=1, max_size=6)


def take(team: OnTeam, bought: dict[str, list[float]], value: str = "10") -> None:
    """Orders so many days before now."""
    reports = [
        Report(
            external_id=f"{who}-{n}", by="server", as_of=MOMENT, ordered_at=MOMENT - timedelta(days=days),
            value=Decimal(value), currency="EUR", customer=keys.key(who, page_id=team.page_id),
        )
        for who, given_days in bought.items() for n, days in enumerate(given_days)
    ]  # fmt: skip
    orders.take(page_id=team.page_id, reports=reports, arrived_at=MOMENT)


def pure(bought: dict[str, list[float]], value: str = "10") -> list[Purchase]:
    zone = ZoneInfo(ZONE)
    return [
        Purchase(
            customer=who,
            at=(MOMENT - timedelta(days=days)).astimezone(zone).replace(tzinfo=None),
            value=Decimal(value),
        )
        for who, given_days in bought.items()
        for days in given_days
    ]


class TestTheSameAsThePureFunctions(TestCase):
    def team(self) -> OnTeam:
        """Made within each example: what one did is undone before the next."""
        bakery = people.bakery()
        Page.objects.filter(pk=bakery.page.id).update(time_zone=ZONE)
        return team_of(bakery, "owner")

    @settings(max_examples=25, deadline=None)
    @given(st.lists(DAYS, min_size=1, max_size=8), st.sampled_from([0, 3, 10]))
    def test_stage_habit_and_fifths(self, everybody: list[list[float]], shortest: int) -> None:
        bought = {f"c{n:02d}@example.org": days for n, days in enumerate(everybody)}
        team = self.team()
        keep_book(team, Book(shortest_habit_days=shortest), at=MOMENT)
        take(team, bought)
        standing.score(team.page_id)
        found = lists.listed(team, at=MOMENT, limit=100).lines
        told = lists.counts(team, at=MOMENT)
        wall = MOMENT.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
        expected = histories(pure(bought), at=wall)
        limits = stages.Thresholds(shortest_habit_days=shortest)
        fifths = stages.rfm(expected)
        wanted = []
        for one in expected:
            habit = stages.habit(one, at=wall)
            fifth = None if isinstance(fifths, NotEnough) else fifths[one.customer]
            wanted.append((
                stages.stage(one, at=wall, thresholds=limits).value, len(one.purchases),
                habit.usual_days if habit else None,
                (fifth.recency, fifth.frequency, fifth.money) if fifth else (None, None, None),
            ))  # fmt: skip
        have = [(c.stage, c.orders, c.usual_days, (c.recency, c.frequency, c.money)) for c in found]
        assert sorted(have, key=str) == sorted(wanted, key=str)
        assert told.customers == len(expected)
        assert told.overdue == len(stages.slipping(expected, at=wall, thresholds=limits))

    @settings(max_examples=15, deadline=None)
    @given(st.lists(DAYS, min_size=1, max_size=8))
    def test_cohorts(self, everybody: list[list[float]]) -> None:
        bought = {f"c{n:02d}@example.org": days for n, days in enumerate(everybody)}
        team = self.team()
        take(team, bought)
        found = retention.cohorts(team, at=MOMENT)
        wall = MOMENT.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
        assert found == worked_out(pure(bought), at=wall)


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team_of(bakery, "owner")


@pytest.mark.django_db
class TestLists:
    @pytest.fixture
    def several(self, owner: OnTeam) -> OnTeam:
        take(owner, {
            "new@example.org": [3], "recent@example.org": [40, 60, 80], "late@example.org": [70, 80, 90],
            "gone@example.org": [300, 320], "quiet@example.org": [80],
        })  # fmt: skip
        for name in ("new", "recent", "late", "gone", "quiet"):
            given_one = checked(name=name, emails=[f"{name}@example.org"], tags=[name], at=MOMENT)
            records.make(owner, given_one, at=MOMENT)
        records.make(owner, checked(name="never", emails=["never@example.org"], at=MOMENT), at=MOMENT)
        standing.score(owner.page_id)
        return owner

    @pytest.mark.parametrize(
        ("rule", "names"),
        [
            (Rule(stages=("new",)), {"new"}),
            (Rule(stages=("old",)), {"late", "gone"}),
            (Rule(stages=("none",)), {"never"}),
            (Rule(stages=("new", "none")), {"new", "never"}),
            (Rule(tags=("quiet", "gone")), {"quiet", "gone"}),
            (Rule(last_to=10), {"new"}),
            (Rule(last_from=200), {"gone"}),
            (Rule(value_from=Decimal(30)), {"recent", "late"}),
            (Rule(frequency=4), {"recent", "late"}),
            (Rule(consent=True), set()),
        ],
    )
    def test_a_rule_holds_who_it_says(self, several: OnTeam, rule: Rule, names: set[str]) -> None:
        found = lists.listed(several, rule=rule, at=MOMENT).lines
        assert {each.name for each in found} == names
        every = {each.id for each in lists.everybody(several, rule=rule, at=MOMENT)}
        assert every == {each.id for each in found}
        assert lists.count(several.page_id, rule, at=MOMENT) == len(found)

    @pytest.mark.parametrize("sort", ["last", "first", "value", "made"])
    def test_pages_of_a_list_are_the_list(self, several: OnTeam, sort: lists.Sort) -> None:
        whole = lists.listed(several, sort=sort, at=MOMENT).lines
        found, after = [], ""
        while True:
            some = lists.listed(several, sort=sort, after=after, limit=2, at=MOMENT)
            found += some.lines
            if not (after := some.after):
                break
        assert found == list(whole)
        assert len(found) == (6 if sort == "made" else 5)

    def test_a_mark_that_was_made_up_begins_the_list_anew(self, several: OnTeam) -> None:
        for after in ("x|1", "|", "2026|x", "'; DROP TABLE|5", "1|" + "9" * 40):
            assert len(lists.listed(several, after=after, at=MOMENT).lines) == 5

    def test_what_groups_are_worth_says_what_is_missing(self, several: OnTeam) -> None:
        told = worth.work_out(several.page_id, at=MOMENT)
        assert told.lacking is not None
        assert told.lacking.more
        assert worth.known(several.page_id) == worth.Known(told, MOMENT)

    def test_groups_that_are_many_have_a_range(self, owner: OnTeam) -> None:
        from random import Random

        chance = Random(4)
        take(owner, {
            f"c{n}@example.org": [chance.uniform(1, 350) for _order in range(1 + n % 6)] for n in range(160)
        })  # fmt: skip
        told = worth.work_out(owner.page_id, at=MOMENT)
        assert told.lacking is None
        assert told.groups
        assert all(0 <= each.low <= each.each <= each.high for each in told.groups)

    def test_all_that_came_before_is_taken_over(self, several: OnTeam) -> None:
        before = list(Standing.objects.order_by("pk").values_list("pk", "orders", "value", "usual_days"))
        Standing.objects.all().delete()
        with transaction.atomic():
            keeping.lock(several.page_id)
            standing.take_over(several.page_id, at=MOMENT)
        assert (
            list(Standing.objects.order_by("pk").values_list("pk", "orders", "value", "usual_days")) == before
        )


@pytest.mark.parametrize(
    "wrong", [{"recency": "6"}, {"value_from": "x"}, {"last_from": "-1"}, {"value_to": "NaN"}]
)
def test_a_rule_that_is_none_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        read(wrong)
    with pytest.raises(BadInput):
        read({}, stages=["best"])


def test_orders_from_before_there_were_records_get_them_within_a_day(bakery: Bakery) -> None:
    team = team_of(bakery, "owner")
    order(team, 1, "dana@example.org")
    order(team, 2, "dana@example.org", "12.50")
    Customer.objects.all().delete()
    run = Run(id=1, attempt=1, last=False, enqueued_at=MOMENT, at=MOMENT)
    for _again in range(2):
        jobs.daily(run)
        (line,) = lists.listed(team, at=MOMENT).lines
        assert (line.orders, line.value) == (2, Decimal("22.50"))


def test_whoever_was_known_by_her_orders_first_is_named_once_she_has_a_name(bakery: Bakery) -> None:
    team = team_of(bakery, "owner")
    order(team, 1, "dana@example.org")
    order(team, 2, "bob@example.org")
    assert lists.listed(team, rule=Rule(named=True), at=MOMENT).lines == ()
    given_ = checked(name="Dana", emails=["dana@example.org"], at=MOMENT)
    records.make(team, given_, at=MOMENT)
    assert [each.name for each in lists.listed(team, rule=Rule(named=True), at=MOMENT).lines] == ["Dana"]


@given(st.integers(0, 3_000), st.integers(1, 400))
def test_some_of_a_group_are_taken_from_all_of_it(many: int, most: int) -> None:
    some = worth.spread(range(many), most)
    assert len(some) == min(many, most) == len(set(some))
    # whoever came first in the book is no more of it than who came last
    first = sum(each < many / 2 for each in some)
    assert abs(first - len(some) / 2) <= 1
