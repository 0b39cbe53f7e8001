"""Deciding, both sides told, taking back, and the second look; effects as others see them."""

from __future__ import annotations

import pytest

from cast import Bakery, Member, bakery, later
from house import PAYLOADS, mail_to, reported, write
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.people import access as people_access
from majlis.posts import access as post_access
from majlis.posts import queries as posts
from majlis.posts.visibility import visible_among
from majlis.safety import access, actions, letters, queries
from majlis.safety.models import Decision


def decide(about: Member, kind: str, by: Member, **given: object) -> int:
    return actions.decide(about=about.id, kind=kind, by=by.user_id, at=later(hours=1), **given)  # type: ignore[arg-type]


def seen(post_id: int) -> bool:
    return bool(visible_among(ids=[post_id], viewer=None))


def test_taking_posts_down_and_putting_them_back(alice: Member, bob: Member, omar: Member) -> None:
    post, other = write(bob, "Bad"), write(bob, "Good")
    report = reported(alice, bob, post_ids=[post])
    decision = decide(bob, "delete_statuses", omar, report_id=report, post_ids=[post], text="Not here.")
    assert not seen(post)
    assert seen(other)
    with pytest.raises(NotThere):
        post_access.see(post_id=post, viewer=alice.id)
    (letter,) = mail_to(bob)
    assert "Not here." in letter["text"]
    assert "/decisions/" in letter["text"]
    for secret in ("omar", "alice"):  # MASTO-18525: who decided and who reported stays unsaid
        assert secret not in letter["text"] + letter["subject"]
    actions.lift(decision_id=decision, by=omar.user_id, at=later(hours=2))
    assert seen(post)
    assert len(mail_to(bob)) == 2
    row = Decision.objects.get(id=decision)
    assert (row.made_by_id, row.lifted_by_id, row.lifted_at) == (omar.user_id, omar.user_id, later(hours=2))


def test_posts_of_others_are_not_touched(alice: Member, bob: Member, omar: Member) -> None:
    foreign = write(alice)
    with pytest.raises(BadInput):
        decide(bob, "delete_statuses", omar, post_ids=[foreign])
    assert seen(foreign)
    assert not Decision.objects.exists()
    assert mail_to(bob) == []


def test_marking_as_sensitive_and_back(bob: Member, omar: Member) -> None:
    post, already = write(bob), write(bob, "Covered by himself", sensitive=True)
    decision = decide(bob, "mark_statuses_as_sensitive", omar, post_ids=[post, already])
    assert posts.hydrate([post])[post].sensitive
    actions.lift(decision_id=decision, by=omar.user_id, at=later(hours=2))
    found = posts.hydrate([post, already])
    assert not found[post].sensitive
    assert found[already].sensitive  # was so before the decision


def test_limiting_and_lifting(bob: Member, omar: Member) -> None:
    decision = decide(bob, "silence", omar)
    assert bob.profile.limited
    with pytest.raises(Conflict):
        decide(bob, "silence", omar)
    actions.lift(decision_id=decision, by=omar.user_id, at=later(hours=2))
    assert not bob.profile.limited


def test_suspending_the_only_profile_closes_the_login(bob: Member, omar: Member) -> None:
    post = write(bob)
    decision = decide(bob, "suspend", omar)
    assert not seen(post)
    assert bob.profile.withdrawn
    assert not bob.user.is_active
    with pytest.raises(NotThere):
        people_access.see_profile(profile_id=bob.id, viewer_id=None)
    actions.lift(decision_id=decision, by=omar.user_id, at=later(hours=2))
    assert bob.user.is_active
    assert not bob.profile.withdrawn
    assert seen(post)


@pytest.fixture
def house(db: None) -> Bakery:
    return bakery()


def test_suspending_one_of_two_profiles_leaves_the_other(house: Bakery, omar: Member) -> None:
    page = decide(house.page, "suspend", omar)
    assert house.page.profile.withdrawn
    assert not house.owner.profile.withdrawn
    assert house.owner.user.is_active
    owner = decide(house.owner, "suspend", omar)
    assert not house.owner.user.is_active
    actions.lift(decision_id=page, by=omar.user_id, at=later(hours=2))
    assert house.owner.user.is_active  # the page is there to act as
    assert not house.page.profile.withdrawn
    assert house.owner.profile.withdrawn
    actions.lift(decision_id=owner, by=omar.user_id, at=later(hours=3))
    assert not house.owner.profile.withdrawn


def test_closing_the_login_hides_all_its_profiles(house: Bakery, omar: Member) -> None:
    decision = decide(house.page, "disable", omar)
    assert house.owner.profile.withdrawn
    assert house.page.profile.withdrawn
    suspended = decide(house.page, "suspend", omar)
    actions.lift(decision_id=decision, by=omar.user_id, at=later(hours=2))
    assert house.owner.user.is_active
    assert not house.owner.profile.withdrawn
    assert house.page.profile.withdrawn
    actions.lift(decision_id=suspended, by=omar.user_id, at=later(hours=2))
    assert not house.page.profile.withdrawn


def test_lifting_one_of_two_keeps_what_the_other_wants(bob: Member, omar: Member) -> None:
    disabled = decide(bob, "disable", omar)
    suspended = decide(bob, "suspend", omar)
    actions.lift(decision_id=disabled, by=omar.user_id, at=later(hours=2))
    assert not bob.user.is_active  # no profile of it is left
    actions.lift(decision_id=suspended, by=omar.user_id, at=later(hours=2))
    assert bob.user.is_active
    assert not bob.profile.withdrawn


@pytest.mark.parametrize("kind", ["suspend", "disable"])
def test_an_operator_is_not_shut_out(omar: Member, kind: str) -> None:
    with pytest.raises(Conflict):
        decide(omar, kind, omar)
    assert omar.user.is_active


def test_doing_nothing_is_told_to_nobody_but_the_reporter(alice: Member, bob: Member, omar: Member) -> None:
    report = reported(alice, bob)
    decide(bob, "none", omar, report_id=report)
    actions.close(report_id=report, by=omar.user_id, at=later(hours=2))
    assert mail_to(bob) == []
    (letter,) = mail_to(alice)
    assert "nothing that breaks the rules" in letter["text"]
    assert queries.decisions_about(profile_id=bob.id) == []
    assert len(queries.seen_decisions(profile_id=bob.id)) == 1


def test_both_sides_are_told_when_something_is_done(alice: Member, bob: Member, omar: Member) -> None:
    report = reported(alice, bob)
    decide(bob, "silence", omar, report_id=report, text="Cool down")
    actions.close(report_id=report, by=omar.user_id, at=later(hours=2))
    (letter,) = mail_to(alice)
    assert "acted on it" in letter["text"]
    assert "Cool down" not in letter["text"]
    (told,) = mail_to(bob)
    assert "@bob" in told["text"]
    assert "قرار" in told["subject"]  # Bob reads Arabic


def test_a_report_about_somebody_else_is_refused(
    alice: Member, bob: Member, dana: Member, omar: Member
) -> None:
    report = reported(alice, bob)
    with pytest.raises(NotThere):
        decide(dana, "silence", omar, report_id=report)
    with pytest.raises(BadInput):
        decide(bob, "banish", omar)
    with pytest.raises(NotThere):
        actions.decide(about=1, kind="silence", by=omar.user_id, at=later())
    assert not Decision.objects.exists()


def test_the_second_look(bob: Member, dana: Member, charlie: Member, omar: Member) -> None:
    decision = decide(bob, "silence", omar)
    with pytest.raises(BadInput):
        actions.appeal(by=bob.id, decision_id=decision, text="  ", at=later(hours=2))
    with pytest.raises(NotThere):
        actions.appeal(by=charlie.id, decision_id=decision, text="Me too", at=later(hours=2))
    actions.appeal(by=bob.id, decision_id=decision, text="It was a joke", at=later(hours=2))
    with pytest.raises(Conflict):
        actions.appeal(by=bob.id, decision_id=decision, text="Again", at=later(hours=2))
    (waiting,) = queries.appeals(waiting=True)
    assert waiting.decision.appeal == "It was a joke"
    assert queries.open_counts() == (0, 1)
    actions.answer_appeal(
        decision_id=decision, by=omar.user_id, lifted=True, text="You are right.", at=later(hours=3)
    )
    assert not bob.profile.limited
    assert queries.appeals(waiting=True) == []
    (answered,) = queries.appeals(waiting=False)
    assert answered.appeal_answered_by == omar.user_id
    assert "You are right." in mail_to(bob)[-1]["text"]
    with pytest.raises(NotThere):
        actions.answer_appeal(decision_id=decision, by=omar.user_id, lifted=False, at=later(hours=4))


def test_an_appeal_that_is_refused_leaves_the_decision(bob: Member, omar: Member) -> None:
    decision = decide(bob, "silence", omar)
    actions.appeal(by=bob.id, decision_id=decision, text="No", at=later(hours=2))
    actions.answer_appeal(decision_id=decision, by=omar.user_id, lifted=False, at=later(hours=3))
    assert bob.profile.limited
    assert len(mail_to(bob)) == 2
    actions.lift(decision_id=decision, by=omar.user_id, at=later(hours=4))  # still possible later
    assert not bob.profile.limited


def test_a_decision_is_shown_to_the_one_it_is_about_alone(bob: Member, charlie: Member, omar: Member) -> None:
    decision = decide(bob, "silence", omar)
    assert access.own_decision(decision_id=decision, by=bob.id).kind == "silence"
    for other in (charlie, omar):
        with pytest.raises(NotThere):
            access.own_decision(decision_id=decision, by=other.id)


def test_the_link_in_the_letter_opens_this_decision_and_no_other(bob: Member, omar: Member) -> None:
    decision = decide(bob, "suspend", omar)
    key = letters.decision_key(decision)
    assert access.decision_by_key(key=key).id == decision
    forged = (f"{decision + 1}:{key.split(':')[1]}", str(decision), "", "x:y", key + "a")
    for bad in forged:
        with pytest.raises(NotThere):
            access.decision_by_key(key=bad)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_masto_346_letters_are_plain_text(bob: Member, omar: Member, payload: str) -> None:
    decide(bob, "silence", omar, text=payload)
    (letter,) = mail_to(bob)
    assert letter["html"] == ""
    assert "\n" not in letter["subject"]
