"""The four questions against hand counts; no verdict without numbers that bear it; nothing for who may not."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import shopping

from cast import MOMENT, Bakery
from majlis.brands.access import OnTeam
from majlis.core.errors import NotAllowed
from majlis.core.ids import new_id
from majlis.insights.methods.stages import Stage
from majlis.insights.windows import Window
from majlis.posts import actions as posting
from majlis.posts.composing import PostParams
from majlis.studio.conversions.orders import report_orders
from majlis.studio.models import TrackedLink, Work
from majlis.studio.money import costs, hours, terms
from majlis.studio.money.results import Sums
from majlis.studio.owner import earned, months, paid, questions, slipping, stopping
from majlis.studio.owner.answers import Question
from majlis.studio.owner.pieces import Form, Hours, Piece, Pieces
from plans import team_of

pytestmark = pytest.mark.django_db
AT = MOMENT  # the second of November
OCTOBER = date(2026, 10, 1)
DAY = datetime(2026, 10, 14, 9, tzinfo=UTC)
WEEKS = Window(datetime(2026, 8, 2, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team_of(bakery, "owner")


def priced(owner: OnTeam) -> None:
    terms.keep_book(owner, currency="EUR", at=AT)
    first = date(2026, 1, 1)
    terms.keep_rate(owner, kind="margin", key="", day=first, value=Decimal("0.5"), at=AT)
    terms.keep_rate(owner, kind="hour", key="owner", day=first, value=Decimal(15), at=AT)


def order(team: OnTeam, number: int, value: str, **more: Any) -> None:
    given = {"id": f"B-{number}", "value": value, "currency": "EUR", "ordered_at": DAY.isoformat(), **more}
    (answer,) = report_orders(team, orders=[given], at=AT)
    assert answer.outcome != "refused", answer.sentence


def post(team: OnTeam, text: str, *, at: datetime = DAY) -> int:
    return posting.publish(by=team.page_id, params=PostParams(text=text), at=at).post_id


def work_on(team: OnTeam, post_id: int, seconds: int) -> None:
    from majlis.studio.models import Entry

    entry = Entry.objects.create(
        id=new_id(), page_id=team.page_id, post_id=post_id, params={}, made_at=DAY, changed_at=DAY
    )
    Work.objects.create(
        page_id=team.page_id, role="owner", place="composer", entry=entry, seconds=seconds, began_at=DAY, last_at=DAY,
    )  # fmt: skip


def sold(team: OnTeam, post_id: int, number: int, value: str) -> None:
    link = shopping.link(team, label=f"l{number}")
    TrackedLink.objects.filter(id=link.id).update(post_id=post_id)
    order(team, number, value, click=shopping.click(link, team, at=DAY - timedelta(hours=1)))


# did it pay


def test_a_month_that_paid_says_yes_and_by_how_much(owner: OnTeam) -> None:
    priced(owner)
    hours.write_down(owner, hours=Decimal(4), day=date(2026, 10, 5), at=AT)
    costs.spend(owner, kind="tools", amount=Decimal(10), currency="EUR", from_day=OCTOBER, at=AT)
    token = shopping.click(shopping.link(owner), owner, at=DAY - timedelta(hours=1))
    order(owner, 1, "200", click=token)
    found = paid.paid(owner, month=OCTOBER)
    assert found.enough
    assert found.sentence == (
        "Yes: October 2026 left €30.00. 1 order of posts and links left a margin of €100.00; all together cost €70.00."
    )
    assert [each.part for each in found.todo] == ["questions/earned"]
    assert {str(row[0]): row[1] for row in found.sheet.rows}["What is left"] == 30


def test_a_refund_turns_the_answer(owner: OnTeam) -> None:
    priced(owner)
    hours.write_down(owner, hours=Decimal(4), day=date(2026, 10, 5), at=AT)
    token = shopping.click(shopping.link(owner), owner, at=DAY - timedelta(hours=1))
    order(owner, 1, "200", click=token)
    assert paid.paid(owner, month=OCTOBER).sentence.startswith("Yes: October 2026 left €40.00.")
    report_orders(owner, orders=[{"id": "B-1", "refunds": [{"id": "r", "value": "100"}]}], at=AT)
    found = paid.paid(owner, month=OCTOBER)
    assert found.sentence.startswith("No: October 2026 cost €10.00 more than it left.")
    assert found.todo[0].part == "questions/stop"


def test_what_is_missing_is_said(owner: OnTeam) -> None:
    empty = paid.paid(owner, month=OCTOBER)
    assert not empty.enough
    assert empty.sentence.startswith("Not enough yet: for October 2026")
    terms.keep_book(owner, currency="EUR", at=AT)
    hours.write_down(owner, hours=Decimal(3), day=date(2026, 10, 5), at=AT)
    order(owner, 1, "9", currency="USD")
    found = paid.paid(owner, month=OCTOBER)
    assert (
        "3 hours of work are not in it: nobody wrote down what an hour of that role costs." in found.sentence
    )
    assert "Amounts in USD are not in it" in found.sentence
    order(owner, 2, "9", click=shopping.click(shopping.link(owner), owner, at=DAY - timedelta(hours=1)))
    assert paid.paid(owner, month=OCTOBER).sentence.startswith("It cannot be said whether October 2026 paid")


# which post earned most


def test_the_post_that_earned_most_for_an_hour_and_not_in_all(owner: OnTeam) -> None:
    priced(owner)
    long, short, none = (
        post(owner, text) for text in ("The long one", "The short one", "Nobody worked on it")
    )
    work_on(owner, long, 4 * 3600)
    work_on(owner, short, 1800)
    sold(owner, long, 1, "80")
    sold(owner, short, 2, "40")
    sold(owner, none, 3, "400")
    found = earned.earned(owner, window=WEEKS)
    assert found.enough
    assert "The short one" in found.sentence
    assert "€40.00 an hour, from 30 minutes of work and 1 order." in found.sentence
    assert "The middle one of 2 posts left €25.00." in found.sentence
    assert [row[8] for row in found.sheet.rows] == [40, 10, None]
    assert found.todo[0].part == f"posts/{short}"


def test_where_most_posts_left_nothing_it_says_how_many(owner: OnTeam) -> None:
    priced(owner)
    made = [post(owner, text) for text in ("It sold", "It did not", "Nor did this")]
    for each in made:
        work_on(owner, each, 1800)
    sold(owner, made[0], 1, "80")
    assert "2 of the 3 posts left nothing." in earned.earned(owner, window=WEEKS).sentence


def test_a_post_with_a_minute_of_work_has_no_rate(owner: OnTeam) -> None:
    priced(owner)
    made = post(owner, "Quick")
    work_on(owner, made, 60)
    sold(owner, made, 1, "80")
    found = earned.earned(owner, window=WEEKS)
    assert not found.enough
    assert found.sentence.startswith("Not enough yet: of none of your posts")


# who slips away


def test_customers_at_every_stage_and_who_is_late(owner: OnTeam) -> None:
    priced(owner)
    days = {"new": [10], "regular": [70, 50, 30], "late": [80, 60, 35], "quiet": [60], "lapsed": [200, 195]}
    number = 0
    for who, ago in days.items():
        for back in ago:
            number += 1
            order(owner, number, "10", customer=who, ordered_at=(AT - timedelta(days=back)).isoformat())
    order(owner, 99, "10")
    found = slipping.customers(owner, at=AT)
    # "late" and "regular": gaps of 20 and 25 or 20 and 20 days; last seen 35 and 30 days ago
    assert (found.found, found.returning, found.late, found.nameless) == (5, 3, 2, 1)
    assert found.late_money == 60
    counts = {stage: found.groups[stage].customers for stage in Stage}
    assert counts == {Stage.NEW: 1, Stage.RECENT: 2, Stage.QUIET: 1, Stage.OLD: 1}
    said = slipping.answer(found, zone="UTC")
    assert (
        "2 of 3 customers who came more than once have been away for longer than their own habit."
        in said.sentence
    )
    assert "1 order names no customer" in said.sentence
    assert sum(int(row[1] or 0) for row in said.sheet.rows) == 5  # type: ignore[arg-type]


def test_other_currencies_are_left_out_and_said(owner: OnTeam) -> None:
    priced(owner)
    order(owner, 1, "10", customer="a", currency="USD")
    found = slipping.slipping(owner, at=AT)
    assert not found.enough
    assert "Orders in USD are not looked at" in found.sentence


# what to stop


def piece(
    number: int, *, form: Form = Form.TEXT, hour: Hours = Hours.MORNING, margin: float, reached: int = 50
) -> Piece:
    money = Decimal(str(round(margin, 6)))
    return Piece(
        id=number, words="x", appeared_at=DAY, form=form, hours=hour, campaign_id=None, campaign="",
        sums=Sums(seconds=3600, came_orders=1, came_margin=money, came_revenue=money), reached=reached,
    )  # fmt: skip


def of(posts: list[Piece]) -> Pieces:
    return Pieces(window=WEEKS, currency="EUR", posts=tuple(posts), unplaced=0)


def test_no_verdict_from_few_posts_however_bad(db: None) -> None:
    posts = [piece(n, margin=20 + n) for n in range(20)]
    for bad in range(1, 5):
        few = [piece(100 + n, form=Form.POLL, margin=-50, reached=1) for n in range(bad)]
        assert stopping.compared(of(posts + few)).below == []


def test_a_group_that_is_clearly_worse_is_named(db: None) -> None:
    posts = [piece(n, margin=20 + n % 7) for n in range(30)]
    bad = [piece(100 + n, form=Form.POLL, margin=1 + n / 10) for n in range(12)]
    found = stopping.answer(of(posts + bad), zone="UTC")
    assert found.sentence.startswith(
        "Polls: half of these 12 left €1.55 an hour of work or less; your middle post leaves €2"
    )
    assert found.figures[0].interval is not None
    assert found.figures[0].interval[1] < 20
    assert ("Polls", "Clearly below") in {row[:2] for row in found.sheet.rows}


def test_groups_are_counted_once_whatever_is_compared(db: None) -> None:
    """By what an hour left and by whom it reached: two kinds of posts stay two groups."""
    posts = [piece(n, margin=5, reached=50, form=Form.POLL if n % 2 else Form.TEXT) for n in range(40)]
    found = stopping.answer(of(posts), zone="UTC")
    assert found.sentence.startswith("Nothing stands out: of 2 groups with enough posts")
    assert {"margin an hour", "followers reached an hour"} <= {
        str(each.name).rpartition(": ")[2] for each in found.figures
    }


def test_not_enough_says_about_how_many_more(db: None) -> None:
    found = stopping.answer(of([piece(1, margin=3), piece(2, form=Form.POLL, margin=3)]), zone="UTC")
    assert not found.enough
    assert found.more == 5
    assert "about 5 more posts" in found.sentence
    assert stopping.answer(of([]), zone="UTC").more == 6


def test_pages_where_nothing_differs_are_told_so(db: None) -> None:
    """A/A: 300 pages of 60 posts that are worth the same whatever their kind and hour: a verdict in at most 5 %."""
    chance, wrong, pages = random.Random(11), 0, 300
    for _page in range(pages):
        posts = [
            piece(
                n, form=chance.choice(list(Form)), hour=chance.choice(list(Hours)), margin=chance.lognormvariate(2, 1),
                reached=round(chance.lognormvariate(4, 0.5)),
            )
            for n in range(60)
        ]  # fmt: skip
        wrong += bool(stopping.compared(of(posts)).below)
    assert wrong / pages <= 0.05


# for whom


def test_only_who_sees_the_money_is_answered(bakery: Bakery) -> None:
    for who in ("editor", "support", "advertiser"):
        for question in Question:
            with pytest.raises(NotAllowed):
                questions.answer(team_of(bakery, who), question, month=OCTOBER, at=AT)
    analyst = questions.answers(team_of(bakery, "analyst"), month=OCTOBER, at=AT)
    assert [each.question for each in analyst] == list(Question)
    assert not any(each.enough for each in analyst)


def test_the_month_of_an_address(db: None) -> None:
    assert months.chosen("2026-09", at=AT, zone="UTC") == date(2026, 9, 1)
    for strange in ("", "2026-11", "1999-01", "x"):
        assert months.chosen(strange, at=AT, zone="UTC") == OCTOBER
