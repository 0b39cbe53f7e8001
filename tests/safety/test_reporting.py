"""Reporting: what is taken, what is passed over, merging, assigning, closing."""

from __future__ import annotations

import pytest

from cast import Member, friends, later
from house import PAYLOADS, mail_to, reported, write
from majlis.core.errors import BadInput, NotThere
from majlis.core.jobs.models import Job
from majlis.core.paging import Page
from majlis.people.access import see_profile
from majlis.posts import actions as posts
from majlis.safety import actions, queries
from majlis.safety.models import Report


def test_a_report_keeps_what_the_post_said(alice: Member, bob: Member) -> None:
    post = write(bob, "Nonsense")
    report_id = reported(alice, bob, post_ids=[post], category="spam", comment="  Look at this  ")
    posts.delete(by=bob.id, post_id=post, at=later(minutes=2))
    report = queries.report(report_id=report_id)
    assert report is not None
    assert (report.reporter, report.about, report.category) == (alice.id, bob.id, "spam")
    assert report.comment == "Look at this"
    assert [(p.id, p.text) for p in report.posts] == [(str(post), "Nonsense")]


def test_masto_8916_posts_of_others_and_unseen_ones_are_passed_over(
    alice: Member, bob: Member, dana: Member
) -> None:
    own, foreign = write(bob), write(dana)
    private = write(bob, "for followers", audience="followers")
    report_id = reported(alice, bob, post_ids=[own, foreign, private, 12345])
    assert Report.objects.get(id=report_id).post_ids == [own]
    assert "for followers" not in str(Report.objects.get(id=report_id).posts)


def test_a_post_for_friends_can_be_reported_by_a_friend(alice: Member, bob: Member, charlie: Member) -> None:
    friends(alice, bob)
    private = write(bob, "between us", audience="friends")
    assert Report.objects.get(id=reported(alice, bob, post_ids=[private])).post_ids == [private]
    assert Report.objects.get(id=reported(charlie, bob, post_ids=[private])).post_ids == []


def test_who_reports_again_adds_to_the_open_report(alice: Member, bob: Member, dana: Member) -> None:
    first, second = write(bob), write(bob, "Another")
    one = reported(alice, bob, post_ids=[first], comment="One")
    assert reported(alice, bob, post_ids=[first, second], comment="Two", category="legal") == one
    assert reported(dana, bob) != one
    report = Report.objects.get(id=one)
    assert report.post_ids == [first, second]
    assert [post["id"] for post in report.posts] == [str(first), str(second)]
    assert (report.comment, report.category) == ("One\n\nTwo", "legal")
    assert report.changed_at is not None


def test_after_it_is_closed_a_new_report_is_a_new_one(alice: Member, bob: Member, omar: Member) -> None:
    one = reported(alice, bob)
    actions.close(report_id=one, by=omar.user_id, at=later(hours=1))
    assert reported(alice, bob) != one


def test_rules_not_in_force_are_passed_over(alice: Member, bob: Member, omar: Member) -> None:
    kept = actions.add_rule(by=omar.user_id, text="Be kind", at=later())
    gone = actions.add_rule(by=omar.user_id, text="Be quiet", at=later())
    actions.withdraw_rule(rule_id=gone, by=omar.user_id, at=later())
    report = Report.objects.get(id=reported(alice, bob, rule_ids=[kept, gone, 77]))
    assert report.rule_ids == [kept]
    assert report.category == "violation"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"category": "bored"}, "category"), ({"comment": "x" * 1001}, "comment"), ({"post_ids": range(101)}, "status_ids")],
)  # fmt: skip
def test_bad_input_makes_no_report(alice: Member, bob: Member, given: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        reported(alice, bob, **given)
    assert refusal.value.field == field
    assert not Report.objects.exists()


def test_nobody_reports_herself(alice: Member) -> None:
    with pytest.raises(BadInput):
        reported(alice, alice)


def test_who_is_gone_cannot_be_reported(alice: Member, bob: Member, omar: Member) -> None:
    actions.decide(about=bob.id, kind="suspend", by=omar.user_id, at=later())
    with pytest.raises(NotThere):
        see_profile(profile_id=bob.id, viewer_id=alice.id)


def test_forwarding_means_something_only_for_other_servers(alice: Member, bob: Member) -> None:
    assert not Report.objects.get(id=reported(alice, bob, forward=True)).forward


def test_many_reports_are_one_letter_to_the_operators(
    alice: Member, bob: Member, dana: Member, omar: Member
) -> None:
    reported(alice, bob)
    reported(dana, bob)
    waiting = Job.objects.filter(name="safety.tell_operators")
    assert waiting.count() == 1
    from majlis.safety.jobs import tell_operators

    tell_operators()
    (letter,) = mail_to(omar)
    assert "2 reports are open" in letter["text"]
    assert "/backoffice/" in letter["text"]


def test_assigning_and_the_queue(alice: Member, bob: Member, dana: Member, omar: Member) -> None:
    one, two, three = reported(alice, bob), reported(dana, bob), reported(alice, dana)
    actions.assign(report_id=one, to=omar.user_id, at=later())
    actions.close(report_id=three, by=omar.user_id, at=later())
    page = Page()

    def ids(state: queries.State) -> list[int]:
        return [r.id for r in queries.reports(state=state, operator=omar.user_id, page=page).items]

    assert ids("open") == [two, one]
    assert ids("mine") == [one]
    assert ids("unassigned") == [two]
    assert ids("closed") == [three]
    counts = queries.queue_counts()
    assert (counts.open, counts.unassigned, counts.closed, counts.appeals) == (2, 1, 1, 0)
    assert queries.open_counts() == (2, 0)


def test_closing_tells_the_reporter_in_her_language(alice: Member, bob: Member, omar: Member) -> None:
    one = reported(bob, alice)
    actions.close(report_id=one, by=omar.user_id, at=later(hours=1))
    (letter,) = mail_to(bob)
    assert "بلاغ" in letter["subject"]
    assert "@alice" in letter["text"]
    assert "omar" not in letter["text"]
    assert Report.objects.get(id=one).closed_by_id == omar.user_id
    with pytest.raises(NotThere):
        actions.close(report_id=one, by=omar.user_id, at=later(hours=2))


def test_reopening(alice: Member, bob: Member, omar: Member) -> None:
    one = reported(alice, bob)
    with pytest.raises(NotThere):
        actions.reopen(report_id=one, at=later())
    actions.close(report_id=one, by=omar.user_id, at=later())
    actions.reopen(report_id=one, at=later())
    assert Report.objects.get(id=one).closed_at is None
    actions.close(report_id=one, by=omar.user_id, at=later())
    reported(alice, bob)
    with pytest.raises(NotThere):
        actions.reopen(report_id=one, at=later())


def test_a_report_is_read_back_by_its_reporter_alone(alice: Member, bob: Member, charlie: Member) -> None:
    one = reported(alice, bob)
    assert queries.report_made_by(report_id=one, reporter=alice.id) is not None
    for other in (bob, charlie):
        assert queries.report_made_by(report_id=one, reporter=other.id) is None


@pytest.mark.parametrize("payload", PAYLOADS)
def test_masto_346_comments_are_kept_as_typed(alice: Member, bob: Member, payload: str) -> None:
    assert Report.objects.get(id=reported(alice, bob, comment=payload)).comment == payload


def test_nul_and_bidi_marks_do_no_harm(alice: Member, bob: Member) -> None:
    comment = Report.objects.get(id=reported(alice, bob, comment="a\x00b \u202e gnp.exe")).comment
    assert "\x00" not in comment
    assert comment.count("\u202e") == comment.count("\u202c")
