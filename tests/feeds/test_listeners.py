"""One post for many readers at once: the same answers as for each alone, without a query for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import cast
from cast import MOMENT, Member
from majlis.core import changes
from majlis.core.clock import now
from majlis.feeds import listeners, listening, lists
from majlis.feeds.home import home_verdict
from majlis.feeds.hydration import load_viewer
from majlis.feeds.memory import MEMORY
from majlis.feeds.rules import LeftOut, Why
from majlis.mastodon_api import presentation
from majlis.people import access as people_access
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts import queries as posts_queries
from majlis.posts.composing import PostParams
from majlis.posts.visibility import viewers_among, visible_among

pytestmark = pytest.mark.django_db


@pytest.fixture
def live() -> Iterator[None]:
    """The memory of a server process."""
    changes.forget_listeners()
    listening.listen()
    listening.load_rings()
    yield
    changes.forget_listeners()
    MEMORY.forget()
    MEMORY.live = False


def say(who: Member, text: str = "bread", **more: object) -> int:
    return posts.publish(by=who.id, params=PostParams(text=text, **more), at=now()).post_id  # type: ignore[arg-type]


def crowd(number: int) -> list[Member]:
    return [cast.member(f"reader_{place}") for place in range(number)]


@pytest.mark.parametrize("number", [2, 12])
def test_queries_do_not_grow_with_the_readers(live: None, number: int) -> None:
    alice, readers = cast.alice(), crowd(number)
    for reader in readers:
        cast.follows(reader, alice)
    at, before = now(), say(alice, "before")
    for reader in readers:  # whom a stream tells is remembered, and so is whom it tells of
        home_verdict(viewer=reader.id, post_id=before, at=at)
    post_id = say(alice)
    with CaptureQueriesContext(connection) as asked:
        found = listeners.look_up(post_id=post_id, viewers=[each.id for each in readers], at=at)
        for reader in readers:
            batch = found.batch(viewer=reader.id, at=at, context="public")
            assert post_id in batch.posts
            assert isinstance(home_verdict(viewer=reader.id, post_id=post_id, at=at)[0], Why)
    told = [query["sql"] for query in asked.captured_queries]
    # the post, who may see it, what they did with it
    assert len(told) == 3, "\n".join(told)


@pytest.mark.parametrize("boosted", [False, True])
@pytest.mark.parametrize("number", [2, 12])
def test_queries_of_a_post_that_quotes_do_not_grow_with_the_readers(
    live: None, number: int, boosted: bool
) -> None:
    """What is quoted quotes something itself; every other reader may see it, and nobody that."""
    alice, readers = cast.alice(), crowd(number)
    for place, reader in enumerate(readers):
        cast.follows(reader, alice)
        if place % 2:
            cast.follows(alice, reader)
    inner = say(alice, "innermost", audience="mentioned")
    quoted = say(alice, "quoted", audience="friends", quote_of_id=inner)
    at, before = now(), say(alice, "before")
    for reader in readers:
        home_verdict(viewer=reader.id, post_id=before, at=at)
    post_id = say(alice, "look", quote_of_id=quoted)
    if boosted:
        post_id = posts.boost(by=alice.id, post_id=post_id, at=now())
    MEMORY.posts.clear()
    with CaptureQueriesContext(connection) as asked:
        found = listeners.look_up(post_id=post_id, viewers=[each.id for each in readers], at=at)
        batches = [found.batch(viewer=each.id, at=at, context="public") for each in readers]
        for reader in readers:
            verdict, batch = home_verdict(
                viewer=reader.id, post_id=post_id, at=at, sees=found.sees(reader.id)
            )
            assert isinstance(verdict, Why)
            batches.append(batch)
        for batch in batches:
            presentation.status_json(batch, batch.posts[post_id], at=at)
    told = [query["sql"] for query in asked.captured_queries]
    # the post, (what it boosts,) what is quoted, who may see which of them, what they did with them
    assert len(told) == 4 + boosted, "\n".join(told)
    for batch in batches:
        itself = batch.itself(batch.posts[post_id])
        may_see = any(each.id == batch.viewer for each in readers[1::2])
        assert (batch.quoted(itself) is not None) == may_see
        assert (quoted in batch.posts) == may_see
        assert inner not in batch.seen_quotes | batch.posts.keys()


def test_what_is_quoted_is_answered_for_many_as_for_each_alone() -> None:
    """Charlie, who is a stranger, hears that something was quoted and nothing of it."""
    alice, bob, charlie, dana = cast.alice(), cast.bob(), cast.charlie(), cast.dana()
    cast.friends(alice, bob)
    inner = say(bob, "for friends", audience="friends")
    middle = say(bob, "quoting it", quote_of_id=inner)
    people.block(by=bob.id, whom=dana.seen, at=MOMENT)
    written = [say(bob, "outside", quote_of_id=inner), say(alice, "outside", quote_of_id=middle)]
    everybody = [each.id for each in (alice, bob, charlie, dana)]
    for post_id in written:
        found = listeners.look_up(post_id=post_id, viewers=everybody, at=MOMENT)
        for viewer in everybody:
            alone = lists.by_ids(ids=[post_id], viewer=viewer, at=MOMENT, context="public")
            together = found.batch(viewer=viewer, at=MOMENT, context="public")
            assert together == alone
    told = found.batch(viewer=charlie.id, at=MOMENT, context="public")
    assert (middle in told.seen_quotes, inner in told.seen_quotes) == (True, False)
    assert not found.batch(viewer=dana.id, at=MOMENT, context="public").seen_quotes


def test_many_are_answered_as_each_alone() -> None:
    """Charlie, who is a stranger, and Dana, who is blocked, among them."""
    alice, bob, charlie, dana = cast.alice(), cast.bob(), cast.charlie(), cast.dana()
    cast.friends(alice, bob)
    cast.follows(dana, alice)
    people.block(by=alice.id, whom=dana.seen, at=MOMENT)
    circle = people.create_circle(by=alice.id, name="Family", at=MOMENT)
    own = people_access.own_circle(circle_id=circle, by=alice.id)
    people.add_to_circle(by=alice.id, circle=own, member=bob.seen, at=MOMENT)
    written = [
        say(alice, audience=each) for each in ("public", "unlisted", "followers", "friends", "mentioned")
    ]
    written += [say(alice, audience="circle", circle_id=circle), say(alice, "@charlie", audience="mentioned")]
    posts.react(by=bob.id, post_id=written[0], kind="love", at=MOMENT)
    everybody = [each.id for each in (alice, bob, charlie, dana)]
    for post_id in written:
        alone = {viewer for viewer in everybody if visible_among(ids=[post_id], viewer=viewer)}
        assert viewers_among(ids=[post_id], viewers=everybody) == {post_id: alone}
    marks = posts_queries.marks_of_many(viewers=everybody, ids=written)
    for viewer in everybody:
        assert marks[viewer] == posts_queries.marks(viewer=viewer, ids=written)
    found = listeners.look_up(post_id=written[2], viewers=everybody, at=MOMENT)
    assert set(found.seen_by) == {alice.id, bob.id}
    for viewer in (charlie.id, dana.id, None):
        assert not found.batch(viewer=viewer, at=MOMENT, context="public").posts


@pytest.mark.parametrize(("policy", "heard"), [("list", [0, 1]), ("followed", [0, 1, 2]), ("none", [0])])
def test_a_list_hears_what_stands_in_it(policy: str, heard: list[int]) -> None:
    alice, bob, charlie, dana = cast.alice(), cast.bob(), cast.charlie(), cast.dana()
    stranger = cast.member("stranger")
    for other in (bob, charlie, dana):
        cast.follows(alice, other)
    list_id = people.create_list(by=alice.id, title="near", replies=policy, at=MOMENT)
    for member in (bob, charlie):
        own = people_access.own_list(list_id=list_id, by=alice.id)
        people.add_to_list(list=own, by=alice.id, member=member.seen, at=MOMENT)
    answered = [say(charlie, "on the list"), say(dana, "followed"), say(stranger, "neither")]
    written = [say(bob), *(say(bob, "an answer", reply_to_id=each) for each in answered)]
    verdicts = []
    for post_id in written:
        batch = lists.by_ids(ids=[post_id], viewer=alice.id, at=MOMENT)
        verdicts.append(
            lists.list_verdict(
                post_id=post_id, batch=batch, viewer=alice.id, replies=policy,
                members=[bob.id, charlie.id], at=MOMENT,
            )
        )  # fmt: skip
    assert [place for place, verdict in enumerate(verdicts) if not isinstance(verdict, LeftOut)] == heard


def test_her_preferences_are_remembered_and_hers_alone(
    live: None, django_assert_num_queries: Any, django_capture_on_commit_callbacks: Any
) -> None:
    alice, charlie = cast.alice(), cast.charlie()
    with django_assert_num_queries(1):
        first = load_viewer(alice.id, user_id=alice.user_id)
    with django_assert_num_queries(0):
        assert load_viewer(alice.id, user_id=alice.user_id) == first
    assert load_viewer(alice.id, user_id=charlie.user_id) is None
    with django_capture_on_commit_callbacks(execute=True):
        people.change_preferences(by=alice.id, changes={"audience": "followers"}, at=now())
    again = load_viewer(alice.id, user_id=alice.user_id)
    assert again
    assert again.preferences.audience == "followers"
    MEMORY.viewers.clear()
    assert load_viewer(alice.id, user_id=charlie.user_id) is None, "not from the database either"
    assert load_viewer(alice.id, user_id=alice.user_id) == again
    with django_capture_on_commit_callbacks(execute=True):
        people.withdraw_profile(profile_id=alice.id, at=now())
    assert load_viewer(alice.id, user_id=alice.user_id) is None
