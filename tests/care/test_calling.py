"""Those who should act are called: once, in time, and only they."""

from __future__ import annotations

import pytest
from talking import Say, listed, only, outside, take_in, team

from cast import MOMENT, Bakery, Member, later
from majlis.brands.access import OnTeam
from majlis.care import acting, calling, intake, knowing, terms
from majlis.care.clocks import Targets
from majlis.care.terms import PageTerms
from majlis.core.errors import BadInput, NotAllowed
from majlis.notifications.models import Notification

pytestmark = pytest.mark.django_db
ANGRY = "@bayt_zaytoun this is the worst bread I ever had, terrible service, I want my money back"
HOUR = 3_600


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team(bakery, bakery.owner)


def called(kind: str) -> set[int]:
    return set(Notification.objects.filter(kind=f"care_{kind}").values_list("recipient_id", flat=True))


def read_all() -> None:
    while knowing.read_new(at=MOMENT):
        pass


def promised(owner: OnTeam, **more: object) -> None:
    hour = Targets(first=HOUR, next=HOUR, resolution=None)
    terms.keep(owner, PageTerms(targets=(hour,) * 4, clock="always", **more), at=MOMENT)  # type: ignore[arg-type]


def test_who_answers_is_rung_when_somebody_complains(
    bakery: Bakery, salma: OnTeam, dana: Member, say: Say
) -> None:
    say(dana, "@bayt_zaytoun thank you, the best bread in town")
    read_all()
    assert called("complaint") == set()
    say(dana, ANGRY, at=later(minutes=1))
    read_all()
    assert called("complaint") == {bakery.owner.id, bakery.editor.id, bakery.support.id}
    (told, *_more) = Notification.objects.filter(kind="care_complaint")
    row = next(row for row in listed(salma) if "worst" in row.text)
    assert (told.cause_id, told.detail["page"], told.actor_id) == (row.id, "bayt_zaytoun", bakery.page.id)
    acting.answer(salma, conversation_id=row.id, text="Sorry", at=later(minutes=2))
    assert called("complaint") == set()


def test_a_flood_is_not_told_one_by_one(bakery: Bakery, salma: OnTeam) -> None:
    said = [
        outside(str(n), thread=str(n), author=str(n), text=ANGRY) for n in range(calling.MOST_AN_HOUR + 10)
    ]
    intake.arrive(page_id=bakery.page.id, said=said)
    take_in()
    read_all()
    assert (
        Notification.objects.filter(kind="care_complaint", recipient_id=salma.by).count()
        == calling.MOST_AN_HOUR
    )


def test_whom_it_is_given_to_hears_of_it(
    bakery: Bakery, salma: OnTeam, owner: OnTeam, dana: Member, say: Say
) -> None:
    say(dana, "@bayt_zaytoun hello")
    row = only(salma)
    acting.assign(salma, conversation_id=row.id, to=salma.by, at=MOMENT)
    assert called("assigned") == set()
    acting.assign(owner, conversation_id=row.id, to=bakery.editor.id, at=MOMENT)
    assert called("assigned") == {bakery.editor.id}


def test_a_warning_before_and_a_call_after_each_once(
    bakery: Bakery, salma: OnTeam, owner: OnTeam, dana: Member, say: Say
) -> None:
    promised(owner, escalate_to=bakery.owner.id)
    say(dana, "@bayt_zaytoun hello")
    row = only(salma)
    acting.assign(salma, conversation_id=row.id, to=salma.by, at=MOMENT)
    assert calling.call_in_time(at=later(minutes=44)) == 0
    assert calling.call_in_time(at=later(minutes=46)) == 1
    assert calling.call_in_time(at=later(minutes=47)) == 0
    assert (called("due"), called("late")) == ({salma.by}, set())
    assert calling.call_in_time(at=later(minutes=61)) == 1
    assert calling.call_in_time(at=later(minutes=62)) == 0
    assert called("late") == {salma.by, bakery.owner.id}
    assert only(salma).breached
    acting.answer(salma, conversation_id=row.id, text="Sorry to be late", at=later(minutes=63))
    assert called("late") == called("due") == set()
    assert only(salma).breached


def test_what_is_answered_in_time_calls_nobody(
    bakery: Bakery, salma: OnTeam, owner: OnTeam, dana: Member, say: Say
) -> None:
    promised(owner)
    say(dana, "@bayt_zaytoun hello")
    acting.answer(salma, conversation_id=only(salma).id, text="Hello", at=later(minutes=30))
    assert calling.call_in_time(at=later(days=2)) == 0
    assert not only(salma).breached


def test_promises_are_kept_by_those_who_may_and_clocks_follow(
    bakery: Bakery, salma: OnTeam, owner: OnTeam, dana: Member, say: Say
) -> None:
    from majlis.care import settling

    say(dana, "@bayt_zaytoun hello")
    before = only(salma).due_at
    promised(owner)
    settling.resettle(owner.page_id, at=later(minutes=1))
    assert only(salma).due_at == later(hours=1) != before
    assert terms.terms_of(owner.page_id).targets[0].first == HOUR
    with pytest.raises(NotAllowed):
        terms.keep(salma, PageTerms(), at=MOMENT)
    for wrong in (
        PageTerms(clock="moon"), PageTerms(assign="luck"), PageTerms(warn_share=2), PageTerms(clock="own"),
        PageTerms(targets=(Targets(first=1),) * 4), PageTerms(escalate_to=bakery.analyst.id),
        PageTerms(automatic=terms.Automatic(when="always")),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            terms.keep(owner, wrong, at=MOMENT)
    assert terms.terms_of(owner.page_id).clock == "always"


def test_words_that_come_late_themselves_call_nobody(bakery: Bakery, salma: OnTeam, owner: OnTeam) -> None:
    promised(owner)
    intake.arrive(page_id=bakery.page.id, said=[outside("1", at=later(days=-30))])
    take_in(at=MOMENT)
    assert calling.call_in_time(at=MOMENT) == 1
    assert called("late") == set()
    assert only(salma).breached


def test_what_sleeps_is_due_all_the_same(
    bakery: Bakery, salma: OnTeam, owner: OnTeam, dana: Member, say: Say
) -> None:
    promised(owner)
    say(dana, "@bayt_zaytoun hello")
    acting.snooze(salma, conversation_id=only(salma).id, until=later(days=1), at=MOMENT)
    assert calling.call_in_time(at=later(minutes=61)) == 1
    assert called("late") != set()


def test_nothing_was_said_in_the_future(bakery: Bakery, salma: OnTeam) -> None:
    from majlis.core.clock import now

    intake.arrive(page_id=bakery.page.id, said=[outside("1", at=now().replace(year=2099))])
    take_in()
    assert only(salma).opened_at <= now()


def test_who_left_the_team_is_called_no_more(
    bakery: Bakery, owner: OnTeam, salma: OnTeam, dana: Member, say: Say
) -> None:
    from majlis.brands.models import TeamMember

    promised(owner, escalate_to=bakery.editor.id)
    say(dana, ANGRY)
    acting.assign(salma, conversation_id=only(salma).id, to=bakery.support.id, at=MOMENT)
    TeamMember.objects.filter(member_id__in=(bakery.editor.id, bakery.support.id)).delete()
    read_all()
    calling.call_in_time(at=later(minutes=61))
    assert called("complaint") == called("late") == {bakery.owner.id}
