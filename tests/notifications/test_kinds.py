"""Each kind of notification: made, and gone with its cause."""

from __future__ import annotations

from scene import post, told

from cast import Member, follows


def test_a_mention(alice: Member, bob: Member) -> None:
    follows(bob, alice)
    post_id = post(alice, "good morning @bob")
    (mention,) = told(bob)
    assert (mention.kind, mention.type, mention.actor_id, mention.post_id) == (
        "mention", "mention", alice.id, post_id,
    )  # fmt: skip
