"""Each kind of notification: made when it should be, and gone with its cause."""

from __future__ import annotations

from datetime import timedelta

import pytest
from scene import LATER, edit, kinds, post, run_jobs, told

from cast import MOMENT, Member, follows, friends, later
from majlis.core.jobs.models import Job
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PollParams


def test_a_mention(alice: Member, bob: Member) -> None:
    post_id = post(alice, "good morning @bob")
    (mention,) = told(bob)
    assert (mention.kind, mention.type, mention.actor_id) == ("mention", "mention", alice.id)
    assert (mention.post_id, mention.group_key) == (post_id, f"ungrouped-{mention.id}")
    assert (mention.held, mention.made_at) == (False, LATER)


def test_a_mention_that_an_edit_adds_or_takes_away(alice: Member, bob: Member, dana: Member) -> None:
    post_id = post(alice, "good morning @bob")
    edit(alice, post_id, "good morning @bob and @dana")
    assert (kinds(bob), kinds(dana)) == (["mention"], ["mention"])
    edit(alice, post_id, "good morning @dana")
    assert (kinds(bob), kinds(dana)) == ([], ["mention"])


def test_a_reply_is_a_mention_to_apps_and_told_once(alice: Member, bob: Member) -> None:
    question = post(alice, "who bakes?")
    answer = post(bob, "@alice I do", reply_to_id=question)
    (reply,) = told(alice)
    assert (reply.kind, reply.type, reply.post_id, reply.actor_id) == ("reply", "mention", answer, bob.id)
    edit(bob, answer, "@alice @alice I do!")
    assert kinds(alice) == ["reply"]


def test_a_reply_without_a_mention(alice: Member, bob: Member) -> None:
    post(bob, "I do", reply_to_id=post(alice, "who bakes?"))
    assert kinds(alice) == ["reply"]


def test_a_post_of_whom_she_listens_to(alice: Member, bob: Member, dana: Member) -> None:
    people.follow(by=alice.id, whom=bob.seen, at=MOMENT, notify=True)
    follows(dana, bob)
    first = post(bob, "fresh bread")
    post(bob, "to one only", audience="mentioned")
    post(bob, "an answer to somebody else", reply_to_id=post(dana, "bread?"))
    posts.boost(by=bob.id, post_id=post(dana, "cake"), at=LATER)
    run_jobs()
    assert [(each.kind, each.post_id) for each in told(alice)] == [("status", first)]
    assert kinds(dana) == ["reblog", "reply", "follow"][:2]


def test_whoever_is_mentioned_is_not_told_of_the_post_again(alice: Member, bob: Member) -> None:
    people.follow(by=alice.id, whom=bob.seen, at=MOMENT, notify=True)
    post(bob, "fresh bread for @alice")
    run_jobs()
    assert kinds(alice) == ["mention"]


def test_a_boost_and_taking_it_back(alice: Member, bob: Member) -> None:
    post_id = post(alice)
    boost = posts.boost(by=bob.id, post_id=post_id, at=LATER)
    (told_of,) = told(alice)
    assert (told_of.kind, told_of.post_id, told_of.cause_id) == ("reblog", post_id, boost)
    assert told_of.group_key == f"reblog-{post_id}"
    posts.unboost(by=bob.id, post_id=post_id, at=LATER)
    assert kinds(alice) == []
    boost = posts.boost(by=bob.id, post_id=post_id, at=LATER)
    assert kinds(alice) == ["reblog"]
    posts.delete(by=bob.id, post_id=boost, at=LATER)
    assert kinds(alice) == []


def test_a_follow_and_its_end(alice: Member, bob: Member) -> None:
    follows(bob, alice)
    (follow,) = told(alice)
    assert (follow.kind, follow.actor_id, follow.post_id) == ("follow", bob.id, None)
    assert follow.group_key == f"follow-{MOMENT:%Y%m%d}"
    people.unfollow(by=bob.id, profile_id=alice.id, at=LATER)
    assert kinds(alice) == []


def test_a_request_taken_back_refused_accepted(alice: Member, bob: Member) -> None:
    people.change_profile(by=alice.id, locked=True, at=MOMENT)
    for end in (
        lambda: people.unfollow(by=bob.id, profile_id=alice.id, at=LATER),
        lambda: people.refuse(by=alice.id, follower_id=bob.id, at=LATER),
        lambda: people.accept(by=alice.id, follower_id=bob.id, at=LATER),
    ):
        people.follow(by=bob.id, whom=alice.seen, at=LATER)
        assert kinds(alice) == ["follow_request"]
        end()
        # whom she let in herself is no news to her
        assert kinds(alice) == []


def test_many_follows_at_once_tell_nobody(alice: Member, bob: Member) -> None:
    assert people.follow_in_bulk(pairs=[(bob.id, alice.id)], at=LATER) == 1
    assert kinds(alice) == []


def test_a_reaction_another_one_and_none(alice: Member, bob: Member) -> None:
    post_id = post(alice)
    posts.react(by=bob.id, post_id=post_id, at=LATER)
    (before,) = told(alice)
    assert (before.kind, before.detail, before.group_key) == (
        "favourite", {"reaction": "like"}, f"favourite-{post_id}",
    )  # fmt: skip
    posts.react(by=bob.id, post_id=post_id, kind="love", at=later(hours=2))
    (after,) = told(alice)
    assert (after.id, after.detail, after.made_at) == (before.id, {"reaction": "love"}, LATER)
    posts.unreact(by=bob.id, post_id=post_id)
    assert kinds(alice) == []


def test_another_reaction_does_not_bring_back_what_was_dismissed(alice: Member, bob: Member) -> None:
    from majlis.notifications import actions

    post_id = post(alice)
    posts.react(by=bob.id, post_id=post_id, at=LATER)
    actions.clear(by=alice.id, at=LATER)
    posts.react(by=bob.id, post_id=post_id, kind="love", at=later(hours=2))
    assert kinds(alice) == []


def test_the_end_of_a_poll(alice: Member, bob: Member, dana: Member) -> None:
    poll = PollParams(options=("rye", "wheat"), lasts=timedelta(hours=1))
    post_id = post(alice, "which?", poll=poll)
    from majlis.posts.queries import hydrate

    view = hydrate([post_id])[post_id].poll
    assert view is not None
    posts.vote(by=bob.id, poll_id=view.id, choices=[0], at=LATER)
    over = later(hours=3)
    assert posts.close_poll(poll_id=view.id, at=over)
    run_jobs(at=over)
    assert [(each.kind, each.post_id, each.actor_id) for each in told(bob)] == [("poll", post_id, alice.id)]
    assert [(each.kind, each.actor_id) for each in told(alice)] == [("poll", alice.id)]
    assert kinds(dana) == []


def test_an_edit_of_what_she_boosted_the_last_one_only(alice: Member, bob: Member, dana: Member) -> None:
    post_id = post(alice, "bread")
    posts.boost(by=bob.id, post_id=post_id, at=LATER)
    posts.react(by=dana.id, post_id=post_id, at=LATER)
    edit(alice, post_id, "rye bread", at=later(hours=2))
    run_jobs()
    (first,) = told(bob)
    edit(alice, post_id, "rye bread!", at=later(hours=3))
    run_jobs()
    (second,) = told(bob)
    assert (second.kind, second.post_id, second.actor_id) == ("update", post_id, alice.id)
    assert second.id > first.id
    assert second.made_at == later(hours=3)
    assert kinds(dana) == []


def test_a_quote_and_an_edit_of_what_was_quoted(alice: Member, bob: Member) -> None:
    quoted = post(alice, "bread")
    quoting = post(bob, "see this, @alice", quote_of_id=quoted)
    assert [(each.kind, each.post_id) for each in told(alice)] == [("quote", quoting)]
    edit(alice, quoted, "rye bread")
    run_jobs()
    (update,) = told(bob)
    assert (update.kind, update.post_id, update.cause_id, update.actor_id) == (
        "quoted_update", quoting, quoted, alice.id,
    )  # fmt: skip


def test_who_joins_is_told_to_operators(operator: Member, alice: Member) -> None:
    from django.db import transaction

    from majlis.accounts.events import LoginOpened
    from majlis.core.events import emit

    with transaction.atomic():
        emit(LoginOpened(alice.user_id, LATER))
    assert [(each.kind, each.actor_id) for each in told(operator)] == [("admin.sign_up", alice.id)]
    assert kinds(alice) == []


def test_reports_are_told_to_operators_and_decisions_to_whom_they_concern(
    operator: Member, alice: Member, charlie: Member
) -> None:
    from django.db import transaction

    from majlis.notifications import making
    from majlis.safety.events import DecisionMade, ReportMade

    with transaction.atomic():
        for report_id in (1, 2):
            making.of_report(
                ReportMade(report_id=report_id, reporter=alice.id, about=charlie.id, forward=False, at=LATER)
            )
        making.of_decision(DecisionMade(decision_id=3, about=charlie.id, kind="silence", at=LATER))
    assert [(each.kind, each.cause_id, each.actor_id) for each in told(operator)] == [
        ("admin.report", 2, alice.id),
        ("admin.report", 1, alice.id),
    ]
    assert [(each.kind, each.cause_id) for each in told(charlie)] == [("moderation_warning", 3)]
    assert kinds(alice) == []
    operator.user.__class__.objects.filter(id=operator.user_id).update(is_staff=False)
    assert kinds(operator) == [], "who is no operator any longer sees nothing of operators"


@pytest.mark.parametrize("undo", [True, False])
def test_a_deleted_post_takes_its_notifications_along(alice: Member, bob: Member, undo: bool) -> None:
    friends(alice, bob)
    post_id = post(alice, "@bob look")
    assert kinds(bob)[0] == "mention"
    posts.delete(by=alice.id, post_id=post_id, at=LATER)
    assert kinds(bob) == ["follow"]
    (job,) = Job.objects.filter(name="notifications.forget_post")
    assert job.run_at > LATER + posts.UNDO_WITHIN
    if undo:
        posts.restore(by=alice.id, post_id=post_id, at=LATER)
    from majlis.notifications.jobs import forget_post
    from majlis.notifications.models import Notification

    forget_post(post_id=post_id)
    assert kinds(bob)[0] == ("mention" if undo else "follow")
    assert Notification.objects.filter(post_id=post_id).exists() is undo
