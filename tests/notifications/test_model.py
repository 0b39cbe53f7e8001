"""For random histories every member is told what a plain model of the rules says, no more and no less."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_model import Kept, Model, Told
from scene import LATER, run_jobs, told

from cast import Member, member
from majlis.core.errors import Refused
from majlis.core.paging import Page
from majlis.notifications import actions, queries
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db

PEOPLE = 4
AUDIENCES = ("public", "public", "unlisted", "followers", "friends", "mentioned")
KINDS = ("mention", "reply", "quote", "status", "favourite", "reblog", "follow", "update", "quoted_update")
STEPS = (
    *(
        "publish",
        "publish",
        "publish",
        "answer",
        "answer",
        "answer",
        "quote",
        "quote",
        "edit",
        "edit",
        "edit",
    ),
    *("boost", "boost", "unboost", "react", "react", "unreact", "delete", "restore", "quieten"),
    *("follow", "follow", "follow", "unfollow", "block", "unblock", "mute", "mute", "unmute", "unmute"),
    *("switch", "be_careful", "accept", "dismiss_requests", "clear"),
)


class Play:
    """Does a step in the house and, when the house did not refuse, in the model."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.model = Model()
        self.people = {each.id: each for each in (member(f"p{number}") for number in range(PEOPLE))}
        self.words = 0

    def step(self, name: str) -> None:
        try:
            with transaction.atomic():
                done: Callable[[], object] | None = getattr(self, name)()
        except Refused:
            return
        if done is not None:
            done()
        run_jobs(again=self.dice.random() < 0.5)

    def one(self) -> Member:
        return self.dice.choice(list(self.people.values()))

    def two(self) -> tuple[Member, Member]:
        one, other = self.dice.sample(list(self.people.values()), 2)
        return one, other

    def a_pair_of(self, pairs: Iterable[tuple[int, int]]) -> tuple[Member, Member]:
        """One of those that there are, most often: what is undone must have been done."""
        known = sorted(pairs)
        if not known or self.dice.random() < 0.2:
            return self.two()
        one, other = self.dice.choice(known)
        return self.people[one], self.people[other]

    def some_post(self) -> Kept | None:
        return self.dice.choice(list(self.model.posts.values())) if self.model.posts else None

    def text(self) -> tuple[str, frozenset[int]]:
        named = self.dice.sample(list(self.people.values()), self.dice.choice((0, 1, 1, 2)))
        self.words += 1
        return f"word {self.words} " + " ".join(f"@{each.handle}" for each in named), frozenset(
            each.id for each in named
        )

    # posts

    def publish(self, answered: Kept | None = None, quoted: Kept | None = None) -> Callable[[], object]:
        by, audience = self.one(), self.dice.choice(AUDIENCES)
        text, named = self.text()
        params = PostParams(
            text=text,
            audience=audience,
            reply_to_id=answered.id if answered else None,
            quote_of_id=quoted.id if quoted else None,
        )
        post_id = posts.publish(by=by.id, params=params, at=LATER).post_id
        thread = answered.thread if answered else post_id
        kept = Kept(post_id, by.id, audience, named - {by.id}, thread)
        kept.answered = answered.id if answered else None
        kept.quoted = quoted.id if quoted else None
        return lambda: self.model.publish(kept)

    def answer(self) -> Callable[[], object] | None:
        post = self.some_post()
        return self.publish(answered=post) if post else None

    def quote(self) -> Callable[[], object] | None:
        post = self.some_post()
        return self.publish(quoted=post) if post else None

    def edit(self) -> Callable[[], object] | None:
        if (post := self.some_post()) is None:
            return None
        text, named = self.text()
        audience = self.dice.choice(AUDIENCES)
        self.words += 1
        params = PostParams(text=text, audience=audience)
        posts.edit(by=post.author, post_id=post.id, params=params, at=LATER.replace(microsecond=self.words))
        return lambda: self.model.edit(post.id, audience, named - {post.author})

    def delete(self) -> Callable[[], object] | None:
        if (post := self.some_post()) is None:
            return None
        posts.delete(by=post.author, post_id=post.id, at=LATER)
        return lambda: setattr(post, "gone", True)

    def restore(self) -> Callable[[], object] | None:
        gone = [post for post in self.model.posts.values() if post.gone]
        if not gone:
            return None
        post = self.dice.choice(gone)
        posts.restore(by=post.author, post_id=post.id, at=LATER)
        return lambda: setattr(post, "gone", False)

    def boost(self) -> Callable[[], object] | None:
        by, post = self.one(), self.some_post()
        if post is None:
            return None
        boost_id = posts.boost(by=by.id, post_id=post.id, at=LATER)
        return lambda: self._boosted(by.id, post, boost_id)

    def _boosted(self, by: int, post: Kept, boost_id: int) -> None:
        if self.model.boosts.get((by, post.id)) == boost_id:
            return
        self.model.boosts[by, post.id] = boost_id
        # who may boost a post for followers is its author alone, so whoever sees the post sees the boost
        self.model.tell(Told(post.author, "reblog", by, post.id, boost_id))

    def unboost(self) -> Callable[[], object] | None:
        by, post = self.one(), self.some_post()
        if post is None:
            return None
        posts.unboost(by=by.id, post_id=post.id, at=LATER)

        def done() -> None:
            self.model.boosts.pop((by.id, post.id), None)
            self.model.take_back("reblog", by.id, post=post.id)

        return done

    def react(self) -> Callable[[], object] | None:
        by, post = self.one(), self.some_post()
        if post is None:
            return None
        posts.react(by=by.id, post_id=post.id, kind=self.dice.choice(("like", "love", "wow")), at=LATER)

        def done() -> None:
            if (by.id, post.id) not in self.model.reactions:
                self.model.reactions.add((by.id, post.id))
                self.model.tell(Told(post.author, "favourite", by.id, post.id))

        return done

    def unreact(self) -> Callable[[], object] | None:
        by, post = self.one(), self.some_post()
        if post is None:
            return None
        posts.unreact(by=by.id, post_id=post.id)

        def done() -> None:
            self.model.reactions.discard((by.id, post.id))
            self.model.take_back("favourite", by.id, post=post.id)

        return done

    def quieten(self) -> Callable[[], object] | None:
        by, post = self.one(), self.some_post()
        if post is None:
            return None
        posts.mute_thread(by=by.id, post_id=post.id, at=LATER)
        return lambda: self.model.quiet.add((by.id, post.thread))

    # people

    def follow(self) -> Callable[[], object]:
        one, other = self.two()
        notify = self.dice.random() < 0.5
        people.follow(by=one.id, whom=other.seen, at=LATER, notify=notify)

        def done() -> None:
            fresh = (one.id, other.id) not in self.model.follows
            self.model.follows[one.id, other.id] = notify
            if fresh:
                self.model.tell(Told(other.id, "follow", one.id))

        return done

    def unfollow(self) -> Callable[[], object]:
        one, other = self.a_pair_of(self.model.follows)
        people.unfollow(by=one.id, profile_id=other.id, at=LATER)

        def done() -> None:
            self.model.follows.pop((one.id, other.id), None)
            self.model.take_back("follow", one.id, recipient=other.id)

        return done

    def block(self) -> Callable[[], object]:
        one, other = self.two()
        people.block(by=one.id, whom=other.seen, at=LATER)
        return lambda: (one.id, other.id) in self.model.blocks or self.model.block(one.id, other.id)

    def unblock(self) -> Callable[[], object]:
        one, other = self.a_pair_of(self.model.blocks)
        people.unblock(by=one.id, profile_id=other.id, at=LATER)
        return lambda: self.model.blocks.discard((one.id, other.id))

    def mute(self) -> Callable[[], object]:
        one, other = self.two()
        too = self.dice.random() < 0.7
        people.mute(by=one.id, whom=other.seen, at=LATER, notifications=too)
        return lambda: self.model.mutes.__setitem__((one.id, other.id), too)

    def unmute(self) -> Callable[[], object]:
        one, other = self.a_pair_of(self.model.mutes)
        people.unmute(by=one.id, profile_id=other.id, at=LATER)
        return lambda: self.model.mutes.pop((one.id, other.id), None)

    # her own choice

    def switch(self) -> Callable[[], object]:
        by, off = self.one(), set(self.dice.sample(KINDS, self.dice.choice((0, 1, 2))))
        actions.change_policy(by=by.id, off=off)
        return lambda: self.model.off.__setitem__(by.id, off)

    def be_careful(self) -> Callable[[], object]:
        by, ruling = self.one(), self.dice.choice(("accept", "filter", "drop"))
        actions.change_policy(by=by.id, for_not_following=ruling)  # type: ignore[arg-type]
        return lambda: self.model.strangers.__setitem__(by.id, ruling)

    def _a_request(self) -> tuple[int, queries.RequestView] | None:
        by = self.one().id
        found = queries.requests(viewer=by, page=Page(), at=LATER).items
        return (by, self.dice.choice(found)) if found else None

    def accept(self) -> Callable[[], object] | None:
        if (found := self._a_request()) is None:
            return None
        by, request = found
        actions.accept_requests(by=by, request_ids=[request.id], at=LATER)

        def done() -> None:
            self.model.accepted.add((by, request.sender_id))
            for each in self.model.told.values():
                if (each.recipient, each.actor) == (by, request.sender_id):
                    each.held = False

        return done

    def dismiss_requests(self) -> Callable[[], object] | None:
        if (found := self._a_request()) is None:
            return None
        by, request = found
        actions.dismiss_requests(by=by, request_ids=[request.id])
        gone = (by, request.sender_id)
        return lambda: self._forget(lambda each: each.held and (each.recipient, each.actor) == gone)

    def clear(self) -> Callable[[], object] | None:
        if self.dice.random() < 0.7:
            return None
        by = self.one()
        actions.clear(by=by.id, at=LATER)
        return lambda: self._forget(lambda each: each.recipient == by.id and not each.held)

    def _forget(self, which: Callable[[Told], bool]) -> None:
        for key, each in list(self.model.told.items()):
            if which(each):
                del self.model.told[key]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(STEPS), min_size=10, max_size=50), st.integers(0, 2**32))
def test_members_are_told_what_the_model_says(steps: list[str], seed: int) -> None:
    with transaction.atomic():
        play = Play(random.Random(seed))
        for number, name in enumerate(steps):
            play.step(name)
            if number % 5 == 4 or number == len(steps) - 1:
                compare(play)
        transaction.set_rollback(True)


def compare(play: Play) -> None:
    for viewer in play.people.values():
        found = told(viewer, held=True)
        seen = sorted((each.kind, each.actor_id, each.post_id, each.held) for each in found)  # type: ignore[type-var]
        assert seen == play.model.shown(viewer.id)
        taken = [each for each in found if not each.held]
        groups = queries.grouped(viewer=viewer.id, page=Page(limit=200), at=LATER).items
        assert sum(each.count for each in groups) == len(taken)
        assert {each.newest_id for each in groups} <= {each.id for each in taken}
        unread = queries.unread_count(viewer=viewer.id, last_read=None, at=LATER, limit=1_000)
        assert unread == len(taken)
