"""Whom a member hears: taken, kept back, dropped; the requests that come of it; private mentions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from scene import LATER, edit, kept_back, kinds, post, told

from cast import MOMENT, Member, follows
from majlis.core.errors import BadInput
from majlis.core.paging import Page
from majlis.notifications import actions, queries
from majlis.notifications.models import Notification
from majlis.people import actions as people
from majlis.people.models import Follow, Profile
from majlis.posts import actions as posts


def age(member: Member, **long: float) -> None:
    """Let a profile have been made so long before."""
    Profile.objects.filter(id=member.id).update(made_at=LATER - timedelta(**long))


def requests(member: Member) -> list[queries.RequestView]:
    return list(queries.requests(viewer=member.id, page=Page(), at=LATER).items)


@pytest.mark.parametrize(("ruling", "shown", "held"), [("accept", 1, 0), ("filter", 0, 1), ("drop", 0, 0)])
@pytest.mark.parametrize(
    "condition",
    ["for_not_following", "for_not_followers", "for_new_accounts", "for_limited_accounts", "private"],
)
def test_each_class_is_ruled(
    alice: Member, bob: Member, condition: str, ruling: str, shown: int, held: int
) -> None:
    if condition == "for_limited_accounts":
        people.limit_profile(profile_id=bob.id, at=MOMENT)
    rule = "for_private_mentions" if condition == "private" else condition
    actions.change_policy(by=alice.id, **{rule: ruling})  # type: ignore[arg-type]
    post(bob, "@alice", audience="mentioned" if condition == "private" else "public")
    assert (len(kinds(alice)), len(kept_back(alice))) == (shown, held)


@pytest.mark.parametrize(
    "condition",
    ["for_not_following", "for_not_followers", "for_new_accounts", "for_limited_accounts", "private"],
)
def test_who_is_not_in_the_class_is_heard(alice: Member, bob: Member, condition: str) -> None:
    if condition == "for_limited_accounts":
        people.limit_profile(profile_id=bob.id, at=MOMENT)
    if condition == "for_not_followers":
        follows(bob, alice)
        Follow.objects.update(made_at=LATER - timedelta(days=4))
    else:
        follows(alice, bob)
    age(bob, days=31)
    rule = "for_private_mentions" if condition == "private" else condition
    actions.change_policy(by=alice.id, **{rule: "drop"})  # type: ignore[arg-type]
    post(bob, "@alice", audience="mentioned" if condition == "private" else "public")
    assert kinds(alice)[0] == "mention"


def test_following_just_now_to_be_let_in_is_not_enough(alice: Member, bob: Member) -> None:
    actions.change_policy(by=alice.id, for_not_followers="filter")
    follows(bob, alice)
    post(bob, "@alice")
    assert kept_back(alice) == ["mention", "follow"]


def test_what_drops_wins_over_what_keeps_back(alice: Member, bob: Member) -> None:
    actions.change_policy(by=alice.id, for_not_following="filter", for_new_accounts="drop")
    post(bob, "@alice")
    assert Notification.objects.filter(recipient_id=alice.id).count() == 0


def test_what_she_asked_for_is_never_kept_back(alice: Member, bob: Member) -> None:
    everything = ("not_following", "not_followers", "new_accounts", "private_mentions", "limited_accounts")
    actions.change_policy(by=alice.id, **{f"for_{name}": "drop" for name in everything})  # type: ignore[arg-type]
    post_id = post(bob, "bread")
    posts.boost(by=alice.id, post_id=post_id, at=LATER)
    edit(bob, post_id, "rye bread")
    from scene import run_jobs

    run_jobs()
    assert kinds(alice) == ["update"]


# private mentions: GHSA-5fq7-3p3j-9vrf


def test_ghsa_5fq7_3p3j_9vrf_a_private_mention_waits_for_her_word(alice: Member, charlie: Member) -> None:
    post(charlie, "@alice psst", audience="mentioned")
    assert (kinds(alice), kept_back(alice)) == ([], ["mention"])


def test_ghsa_5fq7_3p3j_9vrf_not_by_an_edit_that_adds_her(alice: Member, charlie: Member) -> None:
    secret = post(charlie, "psst", audience="mentioned")
    edit(charlie, secret, "psst @alice", audience="mentioned")
    assert (kinds(alice), kept_back(alice)) == ([], ["mention"])


def test_ghsa_5fq7_3p3j_9vrf_not_by_a_quote(alice: Member, charlie: Member) -> None:
    post(charlie, "@alice psst", quote_of_id=post(alice, "bread"), audience="mentioned")
    assert (kinds(alice), kept_back(alice)) == ([], ["quote"])


def test_ghsa_5fq7_3p3j_9vrf_not_by_an_answer_to_her_public_post(alice: Member, charlie: Member) -> None:
    post(charlie, "@alice psst", reply_to_id=post(alice, "bread"), audience="mentioned")
    assert (kinds(alice), kept_back(alice)) == ([], ["reply"])


def test_ghsa_5fq7_3p3j_9vrf_not_by_an_answer_to_his_own_answer(
    alice: Member, bob: Member, charlie: Member
) -> None:
    """Neither below her public post, nor in a private conversation of hers with somebody else."""
    first = post(charlie, "bread!", reply_to_id=post(alice, "bread"))
    post(charlie, "@alice psst", reply_to_id=first, audience="mentioned")
    follows(alice, bob)
    shared = post(bob, "@alice @charlie meet", audience="mentioned")
    post(alice, "@bob gladly", reply_to_id=shared, audience="mentioned")
    post(charlie, "@alice psst", reply_to_id=shared, audience="mentioned")
    assert kept_back(alice) == ["mention", "mention"]
    assert kinds(alice) == ["mention", "reply"]


def test_ghsa_5fq7_3p3j_9vrf_not_through_a_circle_or_friends(alice: Member, charlie: Member) -> None:
    circle = people.create_circle(by=charlie.id, name="nobody", at=MOMENT)
    post(charlie, "@alice psst", audience="circle", circle_id=circle)
    post(charlie, "@alice psst", audience="friends")
    assert (kinds(alice), kept_back(alice)) == ([], ["mention", "mention"])


def test_whom_she_wrote_to_privately_may_answer(alice: Member, charlie: Member) -> None:
    asked = post(alice, "@charlie is it done?", audience="mentioned")
    answer = post(charlie, "@alice it is", reply_to_id=asked, audience="mentioned")
    post(charlie, "@alice and well", reply_to_id=answer, audience="mentioned")
    assert kinds(alice) == ["mention", "reply"]
    post(charlie, "@alice something else", audience="mentioned")
    assert kept_back(alice) == ["mention"]


# requests


def test_requests_are_grouped_by_sender(alice: Member, bob: Member, charlie: Member) -> None:
    first = post(charlie, "@alice psst", audience="mentioned", at=LATER)
    second = post(charlie, "@alice psst!", audience="mentioned", at=LATER + timedelta(minutes=1))
    post(bob, "@alice psst", audience="mentioned")
    newest, older = requests(alice)
    assert (newest.sender_id, newest.count) == (bob.id, 1)
    assert (older.sender_id, older.count, older.last_post_id) == (charlie.id, 2, second)
    assert (older.made_at, older.updated_at) == (LATER, LATER + timedelta(minutes=1))
    held = told(alice, held=True)
    assert {each.post_id for each in held} >= {first, second}
    assert queries.one_request(viewer=alice.id, request_id=older.id, at=LATER) == older
    policy = queries.policy(viewer=alice.id, at=LATER)
    assert (policy.pending_senders, policy.pending_notifications) == (2, 3)
    page = queries.requests(viewer=alice.id, page=Page(max_id=newest.id), at=LATER)
    assert page.items == (older,)


def test_an_accepted_sender_is_heard_from_then_on(alice: Member, charlie: Member) -> None:
    post(charlie, "@alice psst", audience="mentioned")
    (request,) = requests(alice)
    assert actions.accept_requests(by=alice.id, request_ids=[request.id], at=LATER) == 1
    post(charlie, "@alice psst", audience="mentioned")
    assert (kinds(alice), kept_back(alice), requests(alice)) == (["mention", "mention"], [], [])


def test_a_dismissed_sender_starts_anew(alice: Member, charlie: Member) -> None:
    post(charlie, "@alice psst", audience="mentioned")
    (request,) = requests(alice)
    assert actions.dismiss_requests(by=alice.id, request_ids=[request.id]) == 1
    assert (told(alice, held=True), requests(alice)) == ([], [])
    post(charlie, "@alice psst", audience="mentioned")
    assert len(requests(alice)) == 1


def test_charlie_has_nothing_of_her_requests(alice: Member, bob: Member, charlie: Member) -> None:
    post(bob, "@alice psst", audience="mentioned")
    (request,) = requests(alice)
    assert requests(charlie) == []
    assert queries.one_request(viewer=charlie.id, request_id=request.id, at=LATER) is None
    assert actions.accept_requests(by=charlie.id, request_ids=[request.id], at=LATER) == 0
    assert actions.dismiss_requests(by=charlie.id, request_ids=[request.id]) == 0
    assert requests(alice) == [request]


def test_a_request_about_what_she_may_not_see_any_longer_is_not_shown(alice: Member, charlie: Member) -> None:
    secret = post(charlie, "@alice psst", audience="mentioned")
    edit(charlie, secret, "psst", audience="mentioned")
    assert requests(alice) == []
    post_id = post(charlie, "@alice psst", audience="mentioned")
    posts.delete(by=charlie.id, post_id=post_id, at=LATER)
    assert requests(alice) == []
    assert queries.policy(viewer=alice.id, at=LATER).pending_notifications == 0


def test_what_is_kept_back_stays_when_she_clears(alice: Member, bob: Member, charlie: Member) -> None:
    post(bob, "@alice")
    post(charlie, "@alice psst", audience="mentioned")
    assert actions.clear(by=alice.id, at=LATER) == 1
    assert kept_back(alice) == ["mention"]


def test_a_policy_is_read_as_it_was_set(alice: Member, charlie: Member) -> None:
    assert queries.policy(viewer=alice.id, at=LATER) == queries.PolicyView()
    actions.change_policy(by=alice.id, for_new_accounts="drop", off=["poll", "follow"], digest=True)
    actions.change_policy(by=alice.id, for_private_mentions="accept")
    assert queries.policy(viewer=alice.id, at=LATER) == queries.PolicyView(
        for_new_accounts="drop", for_private_mentions="accept", off=("follow", "poll"), digest=True
    )
    assert queries.policy(viewer=charlie.id, at=LATER) == queries.PolicyView()


def test_nonsense_is_refused_and_changes_nothing(alice: Member) -> None:
    with pytest.raises(BadInput):
        actions.change_policy(by=alice.id, for_new_accounts="shout")  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        actions.change_policy(by=alice.id, for_new_accounts="drop", off=["everything"])
    assert queries.policy(viewer=alice.id, at=LATER) == queries.PolicyView()
