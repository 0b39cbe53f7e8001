"""Reviews: one per member, of strangers only, answered by the page, taken down by operators alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cast as people
from cast import MOMENT, Bakery, Member, later
from majlis.brands import access, actions, queries
from majlis.brands.access import team_door
from majlis.brands.models import Review, TeamMember
from majlis.brands.roles import Permission, Role
from majlis.core.errors import BadInput, NotAllowed, NotThere
from majlis.core.paging import Page
from majlis.notifications.models import Notification
from majlis.people import actions as people_actions
from majlis.safety import actions as safety
from majlis.safety import queries as safety_queries

pytestmark = pytest.mark.django_db


def write(bakery: Bakery, who: Member, stars: int = 5, text: str = "Warm bread.", **more: Any) -> int:
    given = {"recommends": True, "at": MOMENT, **more}
    return actions.write_review(page=bakery.page.seen, by=who.id, stars=stars, text=text, **given)


def shown(bakery: Bakery, viewer: int | None = None, **more: Any) -> list[int]:
    found = queries.reviews(page_id=bakery.page.id, viewer=viewer, page=Page(), **more)
    return [each.id for each in found.items]


def answer(bakery: Bakery, who: Member, review: int, text: str) -> None:
    team = team_door(page_id=bakery.page.id, by=who.id, needs=Permission.READ)
    actions.answer_review(team, review_id=review, text=text, at=later(hours=1))


def told(kind: str) -> set[int]:
    return set(Notification.objects.filter(kind=kind).values_list("recipient_id", flat=True))


def test_a_review_is_told_to_those_who_answer_and_to_nobody_else() -> None:
    bakery, dana = people.bakery(), people.dana()
    review = write(bakery, dana)
    assert shown(bakery) == [review]
    assert told("review") == {bakery.page.id, bakery.owner.id, bakery.editor.id, bakery.support.id}


def test_one_per_member_and_hers_to_change_which_is_told_once() -> None:
    bakery, dana = people.bakery(), people.dana()
    first = write(bakery, dana, 5)
    before = Notification.objects.count()
    assert write(bakery, dana, 2, "Cold bread.", recommends=None, at=later(days=1)) == first
    (found,) = Review.objects.all()
    assert (found.stars, found.text, found.recommends, found.edited_at) == (
        2,
        "Cold bread.",
        None,
        later(days=1),
    )
    assert Notification.objects.count() == before


def test_words_go_through_the_one_sanitiser() -> None:
    bakery, dana = people.bakery(), people.dana()
    write(bakery, dana, text="<script>x</script> https://example.org/ #bread")
    found = Review.objects.get()
    assert "<script" not in found.html
    assert "https://example.org/" in found.html


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_one_to_five_stars(stars: int) -> None:
    bakery, dana = people.bakery(), people.dana()
    with pytest.raises(BadInput):
        write(bakery, dana, stars)
    with pytest.raises(BadInput):
        write(bakery, dana, 5, "x" * 2001)


@pytest.mark.parametrize("role", list(Role))
def test_nobody_reviews_the_page_she_works_for(role: Role) -> None:
    bakery = people.bakery()
    with pytest.raises(NotAllowed):
        write(bakery, getattr(bakery, role.value))


def test_what_was_written_before_joining_neither_shows_nor_counts_while_on_the_team() -> None:
    """Else a team that leaves for a moment reviews its own page."""
    bakery, dana = people.bakery(), people.dana()
    hers = write(bakery, dana, 5)
    joined = TeamMember.objects.create(
        page_id=bakery.page.id, member_id=dana.id, role="analyst", made_at=MOMENT
    )
    assert shown(bakery) == []
    assert queries.rating(page_id=bakery.page.id) == queries.NO_RATING
    assert queries.unanswered(page_id=bakery.page.id) == 0
    joined.delete()
    assert shown(bakery) == [hers]
    assert queries.rating(page_id=bakery.page.id).count == 1


def test_neither_the_page_nor_another_profile_of_these_logins_reviews_it() -> None:
    bakery = people.bakery()
    with pytest.raises(NotAllowed):
        write(bakery, bakery.page)
    for who in (bakery.owner, bakery.analyst):
        other = people_actions.create_profile(user_id=who.user_id, handle=f"x_{who.handle}", at=MOMENT)
        with pytest.raises(NotAllowed):
            write(bakery, Member(who.user_id, other, "x"))


@pytest.mark.parametrize("page_blocks", [True, False])
def test_who_is_blocked_or_blocks_writes_none_but_what_stands_stays(page_blocks: bool) -> None:
    bakery, dana = people.bakery(), people.dana()
    review = write(bakery, dana, 1)
    one, other = (bakery.page, dana) if page_blocks else (dana, bakery.page)
    people_actions.block(by=one.id, whom=other.seen, at=MOMENT)
    with pytest.raises(NotAllowed):
        write(bakery, dana, 5)
    assert shown(bakery) == [review]
    assert queries.rating(page_id=bakery.page.id).count == 1


def test_a_person_is_no_page() -> None:
    alice, dana = people.alice(), people.dana()
    with pytest.raises(NotThere):
        actions.write_review(page=alice.seen, by=dana.id, stars=5, recommends=None, text="", at=MOMENT)


# what they come to ------------------------------------------------------------------------------------------


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from([True, False, None])), max_size=12))
def test_average_and_distribution_are_those_of_the_rows(given_: list[tuple[int, bool | None]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        bakery = people.bakery()
        for number, (stars, recommends) in enumerate(given_):
            write(bakery, people.member(f"m{number}"), stars, recommends=recommends)
        found = queries.rating(page_id=bakery.page.id)
        assert found.count == len(given_) == sum(found.by_stars)
        assert found.by_stars == tuple(sum(s == n for s, _r in given_) for n in range(1, 6))
        if given_:
            assert found.average == pytest.approx(sum(s for s, _r in given_) / len(given_))
        else:
            assert found.average is None
        said = [r for _s, r in given_ if r is not None]
        assert (found.recommend, found.recommend_of) == (sum(said), len(said))
        transaction.set_rollback(True)


def test_readers_do_not_see_whom_they_block_but_the_stars_count() -> None:
    bakery, dana, alice = people.bakery(), people.dana(), people.alice()
    write(bakery, dana, 1)
    people_actions.block(by=alice.id, whom=dana.seen, at=MOMENT)
    assert shown(bakery, alice.id) == []
    assert queries.rating(page_id=bakery.page.id).count == 1


def test_a_withdrawn_member_neither_shows_nor_counts() -> None:
    bakery, dana = people.bakery(), people.dana()
    review = write(bakery, dana, 1)
    people_actions.withdraw_profile(profile_id=dana.id, at=MOMENT)
    assert shown(bakery) == []
    assert queries.rating(page_id=bakery.page.id) == queries.NO_RATING
    with pytest.raises(NotThere):
        access.see_review(review_id=review, viewer=None)


# answers ----------------------------------------------------------------------------------------------------


def test_the_page_answers_and_the_author_is_told_once() -> None:
    bakery, dana = people.bakery(), people.dana()
    review = write(bakery, dana, 2)
    assert queries.unanswered(page_id=bakery.page.id) == 1
    answer(bakery, bakery.support, review, "We are sorry.")
    answer(bakery, bakery.support, review, "We are very sorry.")
    assert told("review_answer") == {dana.id}
    assert Notification.objects.get(kind="review_answer").actor_id == bakery.page.id
    found = queries.review(review_id=review)
    assert found is not None
    assert (found.reply, found.replied_by) == ("We are very sorry.", bakery.support.id)
    assert queries.unanswered(page_id=bakery.page.id) == 0
    answer(bakery, bakery.support, review, "")
    assert queries.unanswered(page_id=bakery.page.id) == 1


def test_analysts_and_other_teams_do_not_answer() -> None:
    bakery, dana = people.bakery(), people.dana()
    review = write(bakery, dana)
    with pytest.raises(NotAllowed):
        answer(bakery, bakery.analyst, review, "no")
    alice = people.alice()
    shop = people_actions.create_profile(user_id=alice.user_id, handle="shop", kind="business", at=MOMENT)
    other = team_door(page_id=shop, by=shop, needs=Permission.ANSWER)
    with pytest.raises(NotThere):
        actions.answer_review(other, review_id=review, text="ours", at=MOMENT)


# going ------------------------------------------------------------------------------------------------------


def test_its_author_takes_it_back_and_nobody_is_told_of_it_any_more() -> None:
    bakery, dana = people.bakery(), people.dana()
    write(bakery, dana)
    actions.remove_review(page_id=bakery.page.id, by=dana.id, at=MOMENT)
    assert shown(bakery) == []
    assert told("review") == set()
    with pytest.raises(NotThere):
        actions.remove_review(page_id=bakery.page.id, by=bakery.page.id, at=MOMENT)


def _report(review: int, by: Member) -> int:
    return actions.report_review(
        review_id=review, by=by.id, category="spam", rule_ids=[], comment="It is a lie.", at=MOMENT
    )


def test_an_operator_takes_a_reported_review_down_and_puts_it_back() -> None:
    bakery, dana, omar = people.bakery(), people.dana(), people.operator()
    review = write(bakery, dana, 1, "A lie.")
    report = _report(review, bakery.page)
    found = safety_queries.report(report_id=report)
    assert found is not None
    ((thing),) = found.things
    assert (thing.kind, thing.id, thing.text, found.about) == ("review", str(review), "A lie.", dana.id)
    decision = safety.decide(
        about=dana.id,
        kind="take_down",
        by=omar.user_id,
        report_id=report,
        things=[("review", review)],
        at=MOMENT,
    )
    assert shown(bakery) == []
    assert queries.rating(page_id=bakery.page.id).count == 0
    assert told("review") == set()
    assert told("moderation_warning") == {dana.id}
    with pytest.raises(NotThere):
        actions.remove_review(page_id=bakery.page.id, by=dana.id, at=MOMENT)
    write(bakery, dana, 5, "Written anew.")  # what was taken down stays down
    assert shown(bakery) == []
    safety.lift(decision_id=decision, by=omar.user_id, at=later(days=1))
    assert shown(bakery) == [review]


def test_what_was_not_reported_cannot_be_taken_down_with_a_report() -> None:
    bakery, dana, alice, omar = people.bakery(), people.dana(), people.alice(), people.operator()
    mine, other = write(bakery, dana), write(bakery, alice)
    report = _report(mine, bakery.page)
    with pytest.raises(BadInput):
        safety.decide(
            about=dana.id,
            kind="take_down",
            by=omar.user_id,
            report_id=report,
            things=[("review", other)],
            at=MOMENT,
        )
    assert len(shown(bakery)) == 2


def test_two_decisions_about_one_review_are_both_to_be_lifted() -> None:
    bakery, dana, omar = people.bakery(), people.dana(), people.operator()
    review = write(bakery, dana)
    report = _report(review, people.alice())
    decisions = [
        safety.decide(
            about=dana.id,
            kind="take_down",
            by=omar.user_id,
            report_id=report,
            things=[("review", review)],
            at=MOMENT,
        )
        for _time in range(2)
    ]
    safety.lift(decision_id=decisions[0], by=omar.user_id, at=MOMENT)
    assert shown(bakery) == []
    safety.lift(decision_id=decisions[1], by=omar.user_id, at=MOMENT)
    assert shown(bakery) == [review]


def test_a_list_of_reviews_is_one_query() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    bakery = people.bakery()
    for number in range(12):
        write(bakery, people.member(f"m{number}"), 1 + number % 5)
    with CaptureQueriesContext(connection) as asked:
        assert len(shown(bakery, bakery.owner.id)) == 12
        assert len(shown(bakery, stars=3)) == 2
        assert len(shown(bakery, which="unanswered")) == 12
        queries.rating(page_id=bakery.page.id)
    assert len(asked) == 4
