"""What customers write is read as it comes, and a person's word stands above what was read."""

from __future__ import annotations

import pytest
from talking import Say, listed, only, outside, read, take_in, team

from cast import MOMENT, Bakery, Member, later
from majlis.brands.access import OnTeam
from majlis.care import acting, intake, knowing
from majlis.care.models import Cause
from majlis.core.errors import BadInput, NotThere
from majlis.core.paging import Page
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db
ANGRY = "@bayt_zaytoun this is the worst bread I ever had, terrible service, I want my money back"
GLAD = "@bayt_zaytoun thank you, the best bread in town, we love it"


def read_all() -> None:
    while knowing.read_new(at=MOMENT):
        pass


def test_a_complaint_is_known_and_goes_before(salma: OnTeam, dana: Member, say: Say) -> None:
    say(dana, GLAD)
    say(dana, ANGRY, at=later(minutes=1))
    read_all()
    angry, glad = listed(salma)
    assert "worst" in angry.text
    assert (angry.complaint or 0) > 0.5 > (glad.complaint or 0)
    assert angry.priority < glad.priority
    assert angry.language == "en"
    assert [row.id for row in listed(salma, view="complaints")] == [angry.id]


def test_a_person_is_right_and_can_take_it_back(
    salma: OnTeam, bakery: Bakery, dana: Member, say: Say
) -> None:
    say(dana, ANGRY)
    read_all()
    row = only(salma)
    (said,) = read(salma, row.id).said
    first = knowing.correct(salma, message_id=said.id, about="complaint", said="no", at=later(minutes=1))
    found = only(salma)
    assert (found.complaint, found.priority) == (0.0, 2)
    assert read(salma, row.id).said[0].corrected == {"complaint": "no"}
    second = knowing.correct(salma, message_id=said.id, about="complaint", said="yes", at=later(minutes=2))
    assert only(salma).complaint == 1.0
    knowing.take_back(salma, correction_id=second, at=later(minutes=3))
    assert only(salma).complaint == row.complaint
    with pytest.raises(NotThere):
        knowing.take_back(salma, correction_id=first, at=later(minutes=4))
    kept = knowing.corrections(salma, page=Page())
    assert [(each.said, each.read, each.undone_at is None) for each in kept] == [
        ("yes", "yes", False),
        ("no", "yes", False),
    ]
    assert kept[0].by_name == "سلمى"
    for about, choice in (("complaint", "maybe"), ("mood", "yes")):
        with pytest.raises(BadInput):
            knowing.correct(salma, message_id=said.id, about=about, said=choice, at=MOMENT)
    theirs = team(bakery, bakery.owner)
    knowing.correct(theirs, message_id=said.id, about="sentiment", said="neutral", at=later(minutes=5))
    assert only(salma).negative == 0.0


def test_what_a_person_said_of_priority_and_cause_stays(
    salma: OnTeam, bakery: Bakery, dana: Member, say: Say
) -> None:
    late = Cause.objects.create(page_id=bakery.page.id, name="Late", kind="delivery", made_at=MOMENT)
    said = say(dana, GLAD)
    row = only(salma)
    acting.prioritise(salma, conversation_id=row.id, priority=3, at=MOMENT)
    acting.give_cause(salma, conversation_id=row.id, cause=late.pk, at=MOMENT)
    say(dana, ANGRY, reply_to_id=said, at=later(minutes=2))
    read_all()
    found = only(salma)
    assert (found.priority, found.cause) == (3, late.pk)


def test_an_edit_is_read_again(salma: OnTeam, dana: Member, say: Say) -> None:
    said = say(dana, GLAD)
    read_all()
    assert (only(salma).complaint or 0) < 0.5
    posts.edit(post_id=said, by=dana.id, params=PostParams(text=ANGRY), at=later(minutes=1))
    read_all()
    assert (only(salma).complaint or 0) > 0.5


@pytest.mark.parametrize(
    "text", ["😡😡😡", "", "x" * 4_900, "el 7a2i2a 5idmet zebala", "\u202e\u200f\u061f", "كلمة " * 1_000]
)
def test_whatever_is_written_is_read(salma: OnTeam, bakery: Bakery, text: str) -> None:
    intake.arrive(page_id=bakery.page.id, said=[outside("1", text=text)])
    take_in()
    read_all()
    (said,) = read(salma, only(salma).id).said
    assert said.complaint is not None
    assert abs((said.negative or 0) + (said.neutral or 0) + (said.positive or 0) - 1) < 1e-6


def test_another_pages_message_is_none(salma: OnTeam, bakery: Bakery, dana: Member, say: Say) -> None:
    import shopping

    say(dana, ANGRY)
    (said,) = read(salma, only(salma).id).said
    with pytest.raises(NotThere):
        knowing.correct(shopping.other_bakery(), message_id=said.id, about="complaint", said="no", at=MOMENT)
