"""Random histories: follow, unfollow, mute, filter, withhold, open, scroll, react, switch off and on, late reports. In the
end and in between the ledger says what plain sets say: each follower in one state, and all of them together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import plain_facts
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from plain_ledger import Model, Reader

import cast as people
from cast import MOMENT
from majlis.core.errors import Refused
from majlis.core.paging import Page
from majlis.feeds import actions as feeds
from majlis.feeds.home import home_page
from majlis.feeds.models import Filter
from majlis.insights import measuring, mine, serving
from majlis.insights.kinds import Kind, Source, State
from majlis.insights.ledger import exact
from majlis.insights.models import MeasuredPost, Member
from majlis.insights.recording import NewFact, record
from majlis.people import actions as relations
from majlis.people.access import SeenProfile
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.posts.withholding import lot
from majlis.studio.models import Experiment, Held

pytestmark = pytest.mark.django_db


@dataclass
class Town:
    """The real thing and the model, moved together."""

    page: SeenProfile
    model: Model
    handles: dict[int, SeenProfile]
    writer: serving.Writer = field(default_factory=serving.Writer)
    at: datetime = MOMENT
    loads: int = 0

    def step(self, name: str, reader: Reader, number: int) -> None:
        self.at += timedelta(minutes=1)
        getattr(self, name)(reader, number)

    def follow(self, reader: Reader, number: int) -> None:
        if reader.here and not reader.follows:
            relations.follow(by=reader.id, whom=self.page, at=self.at)
            reader.follows, reader.arabic_only = True, False

    def unfollow(self, reader: Reader, number: int) -> None:
        relations.unfollow(by=reader.id, profile_id=self.page.id, at=self.at)
        reader.follows = False

    def block(self, reader: Reader, number: int) -> None:
        """Blocking ends the follow (and the page's of her); it is lifted again at once."""
        if number % 4 == 0 and not reader.friend:
            relations.block(by=reader.id, whom=self.page, at=self.at)
            relations.unblock(by=reader.id, profile_id=self.page.id, at=self.at)
            reader.follows = False

    def mute(self, reader: Reader, number: int) -> None:
        reader.muted = not reader.muted
        if reader.muted:
            relations.mute(by=reader.id, whom=self.page, at=self.at)
        else:
            relations.unmute(by=reader.id, profile_id=self.page.id, at=self.at)

    def arabic_only(self, reader: Reader, number: int) -> None:
        if reader.follows:
            relations.follow(by=reader.id, whom=self.page, at=self.at, languages=["ar"])
            reader.arabic_only = True

    def filter(self, reader: Reader, number: int) -> None:
        reader.filters = not reader.filters
        if reader.filters:
            feeds.create_filter(
                by=reader.id, title="sales", contexts=["home"], at=self.at, action="hide",
                words=[feeds.Word(keyword="sale")],
            )  # fmt: skip
        else:
            Filter.objects.filter(owner_id=reader.id).delete()

    def leave(self, reader: Reader, number: int) -> None:
        """Withdrawn, she follows nobody; restored, she follows whom she followed."""
        if number % 3:
            return
        reader.here = not reader.here
        change = relations.restore_profile if reader.here else relations.withdraw_profile
        change(profile_id=reader.id, at=self.at, reason="own")

    def publish(self, reader: Reader, number: int) -> None:
        language, word, friends = ("ar", "en")[number % 2], number % 3 == 0, number % 5 == 0
        made = posts.publish(
            by=self.page.id,
            at=self.at,
            params=PostParams(
                text=f"{'sale' if word else 'bread'} {number}",
                language=language,
                audience="friends" if friends else "public",
            ),
        )
        self.model.publish(made.post_id, self.at, language=language, word=word, friends_only=friends)

    def withhold(self, reader: Reader, number: int) -> None:
        """An experiment shows one of the posts to some of its followers later, or does so no longer."""
        chosen = list(self.model.posts.values())[-1 - number % 3 :][:1]
        for post in chosen:
            if post.friends_only:
                continue
            Held.objects.filter(post_id=post.id).delete()
            post.held, post.share = set(), 0.0
            if number % 4:
                self._withhold(post, share=number / 12)

    def _withhold(self, post: Any, *, share: float) -> None:
        experiment = Experiment.objects.create(
            page_id=self.page.id,
            kind="versions",
            name="",
            key=post.id.to_bytes(16),
            share=0.5,
            made_at=self.at,
        )
        Held.objects.create(
            post_id=post.id, experiment=experiment, draw=post.id, low=0, high=share, since=self.at,
            until=self.at + timedelta(days=99),
        )  # fmt: skip
        post.share = share
        for who in self.model.readers.values():
            self._draw(who, post)

    def _draw(self, reader: Reader, post: Any) -> None:
        """Whether it is withheld from her, by the pseudonym that she has now."""
        number = Member.objects.filter(profile_id=reader.id).values_list("pseudonym", flat=True).first()
        if number and lot(post.id.to_bytes(16), post.id, number) < post.share:
            post.held.add(reader.id)
        else:
            post.held.discard(reader.id)

    def freeze(self, reader: Reader, number: int) -> None:
        for post_id in MeasuredPost.objects.filter(eligible=None).values_list("post_id", flat=True):
            measuring.freeze(post_id=post_id)

    def open(self, reader: Reader, number: int) -> None:
        if not reader.here:
            return
        found = home_page(viewer=reader.id, page=Page(limit=1 + number % 3), at=self.at)
        assert found.ids == self.model.open(reader, limit=1 + number % 3)
        serving.served(
            viewer=reader.id,
            ids=found.ids,
            source=Source.HOME,
            left_out=found.unwanted,
            first_page=True,
            at=self.at,
        )
        if number % 2:
            self.writer.flush()

    def scroll(self, reader: Reader, number: int) -> None:
        """Impressions of some of what she was shown, told now or late, twice now and then."""
        for post_id in reader.shown[number % 2 :: 2]:
            self.loads += number % 3 != 0
            fact = NewFact(
                page_id=self.page.id, post_id=post_id, profile_id=reader.id, kind=Kind.IMPRESSION,
                source=Source.HOME, nonce=self.loads, at=self.at - timedelta(hours=number),
            )  # fmt: skip
            record([fact], arrived_at=self.at)
            self.model.posts[post_id].note(reader, State.VIEWED)

    def react(self, reader: Reader, number: int) -> None:
        for post in list(self.model.posts.values())[number % 3 :: 3]:
            try:
                with transaction.atomic():
                    posts.react(by=reader.id, post_id=post.id, at=self.at)
            except Refused:
                continue
            if not post.known.get(reader.id) or post.known[reader.id] != State.ENGAGED:
                self._reacted(reader, post)
            posts.unreact(by=reader.id, post_id=post.id)

    def _reacted(self, reader: Reader, post: Any) -> None:
        post.note(reader, State.ENGAGED)

    def stop_measuring(self, reader: Reader, number: int) -> None:
        self.writer.flush()  # what was told before is erased; what is told after is not taken
        mine.switch_off(by=reader.id, at=self.at)
        self.model.stop_measuring(reader)

    def measure(self, reader: Reader, number: int) -> None:
        self.writer.flush()
        mine.switch_on(by=reader.id, at=self.at)
        reader.measured = True
        for post in self.model.posts.values():
            self._draw(reader, post)

    def look(self, *_given: object) -> None:
        self.writer.flush()
        assert plain_facts.counts_agree()
        assert plain_facts.hours_agree()
        for post in self.model.posts.values():
            found = exact(post_id=post.id)
            assert found.eligible == len(post.eligible) == sum(found.states.values())
            assert {state: count for state, count in found.states.items() if count} == dict(post.states())
            assert min(found.states.values()) >= 0


STEPS = (
    "follow", "follow", "unfollow", "block", "mute", "arabic_only", "filter", "leave", "publish", "publish",
    "publish", "withhold", "withhold", "freeze", "open", "open", "open", "scroll", "scroll", "react",
    "stop_measuring", "measure", "look",
)  # fmt: skip


def _town(page: people.Member, readers: list[people.Member]) -> Callable[[], Town]:
    def make() -> Town:
        serving._waiting.clear()
        model = Model({who.id: Reader(who.id, friend=place == 0) for place, who in enumerate(readers)})
        return Town(page.seen, model, {who.id: who.seen for who in readers})

    return make


def test_whatever_happens_the_ledger_says_what_plain_sets_say() -> None:
    page = people.bakery().page
    readers = [people.alice(), people.bob(), people.dana()]
    relations.follow(by=page.id, whom=readers[0].seen, at=MOMENT)
    fresh = _town(page, readers)
    ids = [who.id for who in readers]
    steps = st.tuples(st.sampled_from(STEPS), st.sampled_from(ids), st.integers(0, 11))

    @settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
    @given(history=st.lists(steps, min_size=25, max_size=60))
    def histories(history: list[tuple[str, int, int]]) -> None:
        with transaction.atomic():
            town = fresh()
            for who in ids[:2]:
                town.step("follow", town.model.readers[who], 0)
            for name, who, number in history:
                town.step(name, town.model.readers[who], number)
            town.look()
            transaction.set_rollback(True)

    histories()
