"""Letters to those who have been away and wish one: once in a while, in their language, easy to end."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail
from scene import post

from cast import Member, follows
from majlis.core.clock import now
from majlis.core.errors import NotThere
from majlis.core.jobs import Run
from majlis.core.jobs.models import Job
from majlis.notifications import actions, digest, jobs, queries
from majlis.people import actions as people
from majlis.posts import actions as posts

DAYS = timedelta(days=1)


def write(*, at: datetime) -> None:
    """The daily round, and what it leaves to be done."""
    run = Run(id=1, attempt=1, last=False, enqueued_at=at, at=at)
    jobs.write_digests(run)
    for job in Job.objects.filter(name="notifications.write_digest"):
        jobs.write_digest(**job.arguments, run=run)
        job.delete()
    for job in Job.objects.filter(name="notifications.send_letter"):
        jobs.send_letter(**job.arguments)
        job.delete()


@pytest.fixture
def wished(bob: Member) -> Member:
    """Bob, who wishes letters and reads them in Arabic."""
    actions.change_policy(by=bob.id, digest=True)
    return bob


def test_a_letter_to_a_member_who_was_away(alice: Member, wished: Member) -> None:
    follows(alice, wished)
    post(alice, "@bob the secret recipe")
    write(at=now() + 4 * DAYS)
    (letter,) = mail.outbox
    assert isinstance(letter.body, str)
    assert letter.to == ["bob@example.org"]
    assert "أشار إليك \u2068Alice\u2069" in letter.body
    assert "secret recipe" not in letter.body, "a letter says who and what, not what a post says"
    stop = digest.stop_url(wished.id)
    assert stop in letter.body
    assert letter.extra_headers["List-Unsubscribe"] == f"<{stop}>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_not_again_the_next_day_nor_without_news(alice: Member, wished: Member) -> None:
    post(alice, "@bob")
    write(at=now() + 4 * DAYS)
    write(at=now() + 5 * DAYS)
    write(at=now() + 12 * DAYS)
    assert len(mail.outbox) == 1


def test_not_to_whom_was_here_nor_to_whom_did_not_wish_it(
    alice: Member, wished: Member, dana: Member
) -> None:
    logins = wished.user.__class__.objects.filter(id=wished.user_id)
    logins.update(last_login=now())
    post(alice, "@bob @dana")
    write(at=now() + 2 * DAYS)
    logins.update(last_login=now() + 3 * DAYS)
    write(at=now() + 4 * DAYS)
    assert mail.outbox == []


def test_cve_2026_32620_no_letter_about_what_she_may_not_see(
    alice: Member, wished: Member, charlie: Member
) -> None:
    gone = post(alice, "@bob")
    posts.delete(by=alice.id, post_id=gone, at=now())
    post(charlie, "@bob psst", audience="mentioned")
    post(charlie, "@bob")
    people.block(by=wished.id, whom=charlie.seen, at=now())
    write(at=now() + 4 * DAYS)
    assert mail.outbox == []


def test_a_name_cannot_break_out_of_its_line(alice: Member, wished: Member) -> None:
    people.change_profile(by=alice.id, display_name="Alice\u202e evil", at=now())
    post(alice, "@bob")
    write(at=now() + 4 * DAYS)
    (letter,) = mail.outbox
    assert "\n" not in letter.subject
    assert letter.subject.startswith("[Majlis] ")


def test_the_link_in_a_letter_ends_them(wished: Member, charlie: Member) -> None:
    actions.change_policy(by=charlie.id, digest=True)
    actions.stop_digest(token=digest.stop_token(wished.id))
    assert not queries.policy(viewer=wished.id, at=now()).digest
    assert queries.policy(viewer=charlie.id, at=now()).digest


@pytest.mark.parametrize("forged", ["", "1", "{id}", "{id}:", "{id}:forged", "x:y:z"])
def test_cve_2019_13177_a_forged_link_does_nothing(wished: Member, forged: str) -> None:
    with pytest.raises(NotThere):
        actions.stop_digest(token=forged.format(id=wished.id))
    assert queries.policy(viewer=wished.id, at=now()).digest
