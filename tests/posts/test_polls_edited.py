"""Editing a post that asks: the same question keeps its votes, another one starts anew, history keeps both."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cast import MOMENT, alice, bob, later
from majlis.posts import actions, queries
from majlis.posts.composing import PollParams, PostParams

pytestmark = pytest.mark.django_db

TEA = PollParams(options=("tea", "coffee"), lasts=timedelta(hours=1))


def _asked() -> tuple[int, int, int]:
    author = alice()
    post_id = actions.publish(by=author.id, params=PostParams(text="What?", poll=TEA), at=MOMENT).post_id
    poll = queries.hydrate([post_id])[post_id].poll
    assert poll is not None
    actions.vote(by=bob().id, poll_id=poll.id, choices=[1], at=MOMENT)
    return author.id, post_id, poll.id


def test_an_edit_with_the_same_question_keeps_the_votes() -> None:
    author, post_id, _poll = _asked()
    actions.edit(
        by=author, post_id=post_id, params=PostParams(text="What then?", poll=TEA), at=later(minutes=1)
    )
    found = queries.hydrate([post_id])[post_id]
    assert found.poll is not None
    assert (found.text, found.poll.votes, found.poll.voters) == ("What then?", [0, 1], 1)


def test_an_edit_that_changes_nothing_leaves_no_trace() -> None:
    author, post_id, _poll = _asked()
    actions.edit(by=author, post_id=post_id, params=PostParams(text="What?", poll=TEA), at=later(minutes=1))
    assert queries.hydrate([post_id])[post_id].edited_at is None
    assert len(queries.history(post_id=post_id, viewer=author)) == 1


def test_another_question_starts_anew_and_the_history_keeps_the_first() -> None:
    author, post_id, _poll = _asked()
    other = PollParams(options=("tea", "water"), lasts=timedelta(hours=1))
    actions.edit(by=author, post_id=post_id, params=PostParams(text="What?", poll=other), at=later(minutes=1))
    found = queries.hydrate([post_id])[post_id]
    assert found.poll is not None
    assert (found.poll.options, found.poll.votes) == (["tea", "water"], [0, 0])
    history = queries.history(post_id=post_id, viewer=author)
    assert [version.poll_options for version in history] == [["tea", "coffee"], ["tea", "water"]]
