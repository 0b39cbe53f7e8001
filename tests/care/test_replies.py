"""Answers that are given often, and the one that is given by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talking import Say, listed, only, outside, read, take_in, team

import cast
from cast import MOMENT, Bakery, Member, later
from majlis.brands.access import OnTeam
from majlis.care import acting, intake, knowing, replies, terms
from majlis.care.terms import Automatic, PageTerms
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.posts import queries as posts

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team(bakery, bakery.owner)


def save(owner: OnTeam, **given: str) -> int:
    named = {
        "name": "Sorry",
        "text": "Dear {name}, we are sorry. {agent}",
        "text_ar": "عزيزي {name}، نعتذر. {agent}",
    }
    return replies.save(owner, **{**named, **given}, at=MOMENT)  # type: ignore[arg-type]


def test_it_speaks_the_customers_language(owner: OnTeam, salma: OnTeam, dana: Member, say: Say) -> None:
    reply = save(owner)
    bob = cast.bob()
    say(dana, "@bayt_zaytoun the bread that I bought this morning was hard")
    say(bob, "@bayt_zaytoun الخبز الذي اشتريته اليوم كان يابساً", at=later(minutes=1))
    while knowing.read_new(at=MOMENT):
        pass
    english, arabic = (row.id for row in sorted(listed(salma), key=lambda row: row.name))
    assert replies.filled(salma, reply_id=reply, conversation_id=english) == "Dear Dana, we are sorry. سلمى"
    assert replies.filled(salma, reply_id=reply, conversation_id=arabic).startswith("عزيزي بوب")
    assert [name for name, _words in replies.offered(salma, conversation_id=english)] == ["Sorry"]
    replies.was_said(salma, conversation_id=english, text="Dear Dana, we are sorry. سلمى And more.")
    replies.was_said(salma, conversation_id=english, text="Dear Dana, no.")
    assert [each.used for each in replies.saved(salma)] == [1]


@given(st.text(max_size=40), st.dictionaries(st.sampled_from(replies.VARIABLES), st.text(max_size=10)))
def test_no_hole_is_left(text: str, values: dict[str, str]) -> None:
    filled = replies.fill(text.replace("\0", "") + " {name}, {agent}!", values)
    assert "{name}" not in filled
    assert "\0" not in filled
    if not values.get("agent"):
        assert " !" not in filled


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"name": " "}, "name"), ({"text": "", "text_ar": ""}, "text"), ({"text": "Dear {nmae}"}, "text"),
     ({"text_ar": "x" * 2_001}, "text_ar")],
)  # fmt: skip
def test_what_cannot_be_kept_says_why(owner: OnTeam, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        save(owner, **wrong)
    assert refused.value.field == field
    assert replies.saved(owner) == []


def test_they_are_the_pages_own(owner: OnTeam, salma: OnTeam, dana: Member, say: Say) -> None:
    import shopping

    reply = save(owner)
    with pytest.raises(Conflict):
        save(owner)
    with pytest.raises(NotAllowed):
        save(salma, name="Mine")
    theirs = shopping.other_bakery()
    with pytest.raises(NotThere):
        replies.forget(theirs, reply_id=reply)
    say(dana, "@bayt_zaytoun hello")
    other = save(theirs)
    with pytest.raises(NotThere):
        replies.filled(salma, reply_id=other, conversation_id=only(salma).id)
    replies.forget(owner, reply_id=reply)
    assert replies.saved(owner) == []


def by_itself(owner: OnTeam, when: str = "always") -> None:
    automatic = Automatic(when=when, ar="سنرد قريباً", en="We answer soon.")
    terms.keep(owner, PageTerms(automatic=automatic), at=MOMENT)


def test_what_is_said_by_itself_stops_no_clock(owner: OnTeam, salma: OnTeam, dana: Member, say: Say) -> None:
    by_itself(owner)
    say(dana, "@bayt_zaytoun the bread that I bought this morning was hard")
    row = only(salma)
    made = replies.answer_by_itself(page_id=owner.page_id, conversation_id=row.id, at=later(minutes=1))
    assert made is not None
    assert posts.hydrate([made])[made].text == "We answer soon."
    take_in(at=later(minutes=2))
    found = read(salma, row.id, at=later(minutes=3))
    assert [each.side for each in found.said] == ["customer", "automatic"]
    assert found.clocks.first is not None
    assert found.clocks.first.stopped is None
    assert only(salma).unanswered
    acting.answer(salma, conversation_id=row.id, text="Sorry", at=later(minutes=9))
    assert read(salma, row.id).clocks.first.seconds == 9 * 60  # type: ignore[union-attr]


def test_it_is_said_once_a_day_and_not_to_machines(
    owner: OnTeam, salma: OnTeam, dana: Member, bakery: Bakery, say: Say
) -> None:
    by_itself(owner)
    for number in range(2):
        say(dana, f"@bayt_zaytoun {number}", at=later(minutes=number))
    page = cast.Member(bakery.owner.user_id, cast._profile(
        bakery.owner.user, "other_page", "Other", language="en", kind="business"), "other_page")  # fmt: skip
    say(page, "@bayt_zaytoun hello", at=later(minutes=5))
    said = [
        replies.answer_by_itself(page_id=owner.page_id, conversation_id=row.id, at=later(minutes=6))
        for row in listed(salma)
    ]
    assert sum(each is not None for each in said) == 1
    again = [
        replies.answer_by_itself(page_id=owner.page_id, conversation_id=row.id, at=later(days=2))
        for row in listed(salma)
    ]
    assert sum(each is not None for each in again) == 1


def test_only_while_it_is_closed(owner: OnTeam, salma: OnTeam, dana: Member, say: Say) -> None:
    by_itself(owner, when="closed")  # the page tells no hours: it is never closed
    say(dana, "@bayt_zaytoun hello")
    row = only(salma)
    assert replies.answer_by_itself(page_id=owner.page_id, conversation_id=row.id, at=MOMENT) is None


def test_no_name_calls_somebody_into_an_answer(bakery: Bakery, owner: OnTeam, salma: OnTeam) -> None:
    reply = save(owner, text="Dear {name}", text_ar="")
    intake.arrive(page_id=bakery.page.id, said=[outside("1", name="@charlie <b>&")])
    take_in()
    assert replies.filled(salma, reply_id=reply, conversation_id=only(salma).id) == "Dear charlie <b>&"
