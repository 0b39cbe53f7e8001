"""Who is never told, although something happened that concerns her."""

from __future__ import annotations

from datetime import timedelta

import pytest
from scene import LATER, edit, kinds, post, run_jobs, told

from cast import MOMENT, Member, follows, friends, later
from majlis.core.errors import Refused
from majlis.notifications import actions
from majlis.notifications.models import Notification
from majlis.people import actions as people
from majlis.people.models import Profile
from majlis.posts import actions as posts
from majlis.posts.actions.publishing import Origin
from majlis.posts.composing import PostParams


def everything_to(recipient: Member, actor: Member) -> None:
    """All that one can do to another, as far as it is let."""
    target = post(recipient, "bread")
    deeds = (
        lambda: people.follow(by=actor.id, whom=recipient.seen, at=LATER),
        lambda: post(actor, f"good morning @{recipient.handle}"),
        lambda: post(actor, "an answer", reply_to_id=target),
        lambda: post(actor, "see this", quote_of_id=target),
        lambda: posts.boost(by=actor.id, post_id=target, at=LATER),
        lambda: posts.react(by=actor.id, post_id=target, at=LATER),
    )
    for deed in deeds:
        try:
            deed()
        except Refused:
            continue  # a block forbids some of it
    run_jobs()


def rows_of(member: Member) -> int:
    return Notification.objects.filter(recipient_id=member.id).count()


def test_without_a_reason_all_of_it_is_told(alice: Member, bob: Member) -> None:
    everything_to(alice, bob)
    assert set(kinds(alice)) == {"follow", "mention", "reply", "quote", "reblog", "favourite"}


def test_not_of_oneself(alice: Member) -> None:
    everything_to(alice, alice)
    edit(alice, post(alice, "bread"), "bread @alice")
    assert rows_of(alice) == 0


@pytest.mark.parametrize("who", ["recipient", "actor"])
def test_not_across_a_block(alice: Member, bob: Member, who: str) -> None:
    seen = (alice.seen, bob.seen)
    one, other = (alice.id, seen[1]) if who == "recipient" else (bob.id, seen[0])
    people.block(by=one, whom=other, at=MOMENT)
    everything_to(alice, bob)
    assert rows_of(alice) == 0


@pytest.mark.parametrize("who", ["recipient", "actor"])
def test_a_block_takes_away_what_was_told_and_lifting_it_brings_nothing_back(
    alice: Member, bob: Member, who: str
) -> None:
    seen = (alice.seen, bob.seen)
    everything_to(alice, bob)
    everything_to(bob, alice)
    one, other = (alice, bob) if who == "recipient" else (bob, alice)
    people.block(by=one.id, whom=seen[1] if other is bob else seen[0], at=later(hours=2))
    people.unblock(by=one.id, profile_id=other.id, at=later(hours=3))
    assert (rows_of(alice), rows_of(bob)) == (0, 0)


def test_not_of_the_muted(alice: Member, bob: Member) -> None:
    people.mute(by=alice.id, whom=bob.seen, at=MOMENT)
    everything_to(alice, bob)
    assert rows_of(alice) == 0


def test_a_mute_without_notifications_and_one_that_ended_keep_nothing_away(
    alice: Member, bob: Member, dana: Member
) -> None:
    people.mute(by=alice.id, whom=bob.seen, at=MOMENT, notifications=False)
    people.mute(by=alice.id, whom=dana.seen, at=MOMENT, expires_at=MOMENT + timedelta(minutes=1))
    post(bob, "@alice")
    post(dana, "@alice")
    assert [each.actor_id for each in told(alice)] == [dana.id, bob.id]


def test_what_was_told_before_a_mute_is_hidden_while_it_lasts(alice: Member, bob: Member) -> None:
    post(bob, "@alice")
    people.mute(by=alice.id, whom=bob.seen, at=LATER, expires_at=later(hours=5))
    assert told(alice, at=later(hours=4)) == []
    assert len(told(alice, at=later(hours=6))) == 1


def test_not_of_a_conversation_she_muted(alice: Member, bob: Member, dana: Member) -> None:
    start = post(alice, "who bakes?")
    posts.mute_thread(by=alice.id, post_id=start, at=MOMENT)
    answer = post(bob, "I do", reply_to_id=start)
    post(dana, "and I, @alice", reply_to_id=answer)
    posts.react(by=bob.id, post_id=start, at=LATER)
    assert rows_of(alice) == 0
    post(bob, "something else, @alice")
    assert kinds(alice) == ["mention"]


def test_not_of_a_server_she_blocks(alice: Member, bob: Member) -> None:
    Profile.objects.filter(id=bob.id).update(domain="far.example")
    people.block_domain(by=alice.id, domain="far.example", at=MOMENT)
    everything_to(alice, bob)
    assert rows_of(alice) == 0


def test_what_a_server_did_is_hidden_while_she_blocks_it(alice: Member, bob: Member) -> None:
    Profile.objects.filter(id=bob.id).update(domain="far.example")
    post(bob, "@alice")
    people.block_domain(by=alice.id, domain="far.example", at=MOMENT)
    assert kinds(alice) == []
    people.unblock_domain(by=alice.id, domain="far.example", at=MOMENT)
    assert kinds(alice) == ["mention"]


def test_not_of_what_she_may_not_see(alice: Member, bob: Member, charlie: Member) -> None:
    """A reply for followers to her post, a listener without the audience, a boost for followers."""
    target = post(alice, "bread")
    post(bob, "for mine only", reply_to_id=target, audience="followers")
    people.follow(by=charlie.id, whom=bob.seen, at=MOMENT, notify=True)
    post(bob, "for friends", audience="friends")
    posts.boost(by=bob.id, post_id=target, at=LATER, audience="followers")
    run_jobs()
    assert (rows_of(alice), rows_of(charlie)) == (0, 0)


def test_not_of_an_archive_nor_of_a_later_edit_of_it(alice: Member, bob: Member) -> None:
    people.follow(by=bob.id, whom=alice.seen, at=MOMENT, notify=True)
    origin = Origin(network="x", source_id="1")
    imported = posts.publish(
        by=alice.id, params=PostParams(text="@bob in 2012"), at=MOMENT, origin=origin
    ).post_id
    edit(alice, imported, "@bob in 2012, mended")
    run_jobs()
    assert rows_of(bob) == 0
    posts.react(by=bob.id, post_id=imported, at=LATER)
    assert kinds(alice)[0] == "favourite"


def test_not_of_a_kind_that_is_switched_off(alice: Member, bob: Member) -> None:
    actions.change_policy(by=alice.id, off=["favourite", "reblog", "follow", "quote", "reply"])
    everything_to(alice, bob)
    assert kinds(alice) == ["mention"]
    actions.change_policy(by=alice.id, off=[])
    post(bob, "an answer", reply_to_id=post(alice, "bread"))
    assert kinds(alice) == ["reply", "mention"]


def test_where_answers_are_switched_off_a_mention_in_one_is_told(alice: Member, bob: Member) -> None:
    actions.change_policy(by=alice.id, off=["reply"])
    post(bob, "@alice an answer", reply_to_id=post(alice, "bread"))
    assert kinds(alice) == ["mention"]


def test_the_withdrawn_are_neither_told_nor_told_of(alice: Member, bob: Member) -> None:
    friends(alice, bob)
    post(bob, "@alice")
    people.withdraw_profile(profile_id=bob.id, at=LATER)
    assert kinds(alice) == []
    post(alice, "@bob")
    people.restore_profile(profile_id=bob.id, at=LATER)
    assert kinds(alice) == ["mention", "follow"]
    assert "mention" not in kinds(bob)


def test_a_deleted_profile_leaves_nothing(alice: Member, bob: Member) -> None:
    everything_to(alice, bob)
    follows(alice, bob)
    people.delete_profile(profile_id=bob.id, at=LATER)
    assert Notification.objects.count() == 0


def test_jobs_that_run_twice_tell_once(alice: Member, bob: Member, dana: Member) -> None:
    people.follow(by=alice.id, whom=bob.seen, at=MOMENT, notify=True)
    post_id = post(bob, "bread")
    posts.boost(by=dana.id, post_id=post_id, at=LATER)
    edit(bob, post_id, "rye bread")
    assert run_jobs(again=True) > 2
    assert (kinds(alice), kinds(dana)) == (["status"], ["update"])


def test_many_listeners_are_told_in_pieces(
    alice: Member, bob: Member, dana: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("majlis.notifications.jobs.AT_ONCE", 1)
    for listener in (alice, dana):
        people.follow(by=listener.id, whom=bob.seen, at=MOMENT, notify=True)
    post(bob, "bread")
    assert run_jobs() == 3
    assert (kinds(alice), kinds(dana)) == (["status"], ["status"])
