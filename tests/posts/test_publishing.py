"""Publishing, editing, deleting, voting, scheduling: what was acknowledged is there, once, and counted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from cast import MOMENT, later, member
from majlis.core import sql
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.core.paging import Page
from majlis.people import actions as people
from majlis.people import queries as people_queries
from majlis.posts import actions, queries
from majlis.posts.composing import PollParams, PostParams, compose

pytestmark = pytest.mark.django_db


def text_of(post_id: int) -> str:
    return queries.hydrate([post_id])[post_id].text


def test_the_same_key_gives_the_same_post() -> None:
    alice, bob = member("alice"), member("bob")
    params = PostParams(text="bread")
    first = actions.publish(by=alice.id, params=params, at=MOMENT, key="one")
    again = actions.publish(by=alice.id, params=params, at=MOMENT, key="one")
    other = actions.publish(by=bob.id, params=params, at=MOMENT, key="one")
    assert (again.post_id, again.fresh) == (first.post_id, False)
    assert other.post_id != first.post_id
    assert alice.profile.posts == 1


@pytest.mark.django_db(transaction=True)
def test_two_submissions_at_the_same_moment_make_one_post() -> None:
    alice = member("alice")
    made: list[int] = []
    gate = threading.Barrier(4)

    def submit() -> None:
        gate.wait()
        made.append(actions.publish(by=alice.id, params=PostParams(text="bread"), at=MOMENT, key="k").post_id)
        connection.close()

    threads = [threading.Thread(target=submit) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(set(made))) == (4, 1)
    assert sql.column("SELECT count(*) FROM posts_post") == [1]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        (PostParams(), "empty"),
        (PostParams(text="x" * 501), "too_long"),
        (PostParams(text="x", audience="everyone"), "unknown_audience"),
        (PostParams(text="x", audience="circle"), "no_circle"),
        (PostParams(text="x", photo_ids=tuple(range(1, 18))), "too_many_photos"),
        (PostParams(text="x", poll=PollParams(options=("a",), lasts=timedelta(hours=1))), "poll_options"),
        (PostParams(text="x", poll=PollParams(options=("a", "a"), lasts=timedelta(hours=1))), "poll_options"),
        (PostParams(text="x", poll=PollParams(options=("a", "b"), lasts=timedelta(seconds=1))), "poll_time"),
        (PostParams(text="x", may_reply="some"), "unknown_policy"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(params: PostParams, code: str) -> None:
    alice = member("alice")
    with pytest.raises(BadInput) as refused:
        actions.publish(by=alice.id, params=params, at=MOMENT, key="k")
    assert refused.value.code == code
    assert str(refused.value.sentence)
    assert sql.column(
        "SELECT (SELECT count(*) FROM posts_post) + (SELECT count(*) FROM posts_submission)"
    ) == [0]


def test_length_is_counted_as_people_see_it() -> None:
    alice = member("alice")
    family = "👨‍👩‍👧‍👦"
    assert actions.publish(by=alice.id, params=PostParams(text=family * 500), at=MOMENT).fresh
    with pytest.raises(BadInput):
        actions.publish(by=alice.id, params=PostParams(text=family * 501), at=MOMENT)


def test_an_edit_keeps_what_was_said_before() -> None:
    alice = member("alice")
    post = actions.publish(by=alice.id, params=PostParams(text="first #one"), at=MOMENT).post_id
    for number, words in enumerate(("second #two", "second #two", "ثالث #ثلاثة")):
        actions.edit(by=alice.id, post_id=post, params=PostParams(text=words), at=later(minutes=number + 1))
    versions = queries.history(post_id=post, viewer=None)
    assert [version.text for version in versions] == ["first #one", "second #two", "ثالث #ثلاثة"]
    assert [tag.shown for tag in queries.hydrate([post])[post].tags] == ["ثلاثة"]


def test_only_the_author_edits_and_deletes() -> None:
    alice, charlie = member("alice"), member("charlie")
    post = actions.publish(by=alice.id, params=PostParams(text="mine"), at=MOMENT).post_id
    with pytest.raises(NotAllowed):
        actions.edit(by=charlie.id, post_id=post, params=PostParams(text="yours"), at=MOMENT)
    with pytest.raises(NotAllowed):
        actions.delete(by=charlie.id, post_id=post, at=MOMENT)
    assert text_of(post) == "mine"


def test_a_deletion_can_be_undone_for_ten_minutes_and_then_empties_the_post() -> None:
    alice, bob = member("alice"), member("bob")
    parent = actions.publish(by=bob.id, params=PostParams(text="parent"), at=MOMENT).post_id
    post = actions.publish(
        by=alice.id, params=PostParams(text="child", reply_to_id=parent), at=MOMENT
    ).post_id
    actions.react(by=bob.id, post_id=post, at=MOMENT, kind="love")
    boost = actions.boost(by=bob.id, post_id=post, at=MOMENT)

    def counted() -> tuple[int, int]:
        return alice.profile.posts, queries.hydrate([parent])[parent].replies

    actions.delete(by=alice.id, post_id=post, at=later(minutes=1))
    assert (queries.hydrate([post]), counted()) == ({}, (0, 0))
    actions.restore(by=alice.id, post_id=post, at=later(minutes=10))
    assert (text_of(post), counted()) == ("child", (1, 1))
    actions.delete(by=alice.id, post_id=post, at=later(minutes=20))
    with pytest.raises(NotThere):
        actions.restore(by=alice.id, post_id=post, at=later(minutes=31))
    assert not actions.purge(post_id=post, at=later(minutes=21))
    assert actions.purge(post_id=post, at=later(minutes=31))
    left = "SELECT text || html FROM posts_post WHERE id = %(id)s"
    assert sql.column(left, id=post) == [""]
    assert sql.column(left, id=boost) == []
    assert sql.column("SELECT count(*) FROM posts_reaction") == [0]
    assert bob.profile.posts == 1


def test_one_reaction_each_and_an_older_apps_favourite_keeps_it() -> None:
    alice, bob = member("alice"), member("bob")
    post = actions.publish(by=alice.id, params=PostParams(text="bread"), at=MOMENT).post_id

    def seen() -> dict[str, int]:
        return queries.hydrate([post])[post].reactions

    actions.react(by=bob.id, post_id=post, at=MOMENT, kind="like")
    actions.react(by=bob.id, post_id=post, at=MOMENT, kind="love")
    assert seen() == {"love": 1}
    actions.react(by=bob.id, post_id=post, at=MOMENT, kind="like", keep=True)
    assert seen() == {"love": 1}
    with pytest.raises(BadInput):
        actions.react(by=bob.id, post_id=post, at=MOMENT, kind="meh")
    actions.unreact(by=bob.id, post_id=post)
    actions.unreact(by=bob.id, post_id=post)
    assert seen() == {}


def _poll(alice_id: int, *, multiple: bool = False) -> tuple[int, int]:
    poll = PollParams(options=("bread", "خبز"), lasts=timedelta(hours=1), multiple=multiple, hide_totals=True)
    post = actions.publish(by=alice_id, params=PostParams(text="which?", poll=poll), at=MOMENT).post_id
    view = queries.hydrate([post])[post].poll
    assert view is not None
    return post, view.id


def test_a_vote_counts_once() -> None:
    alice, bob, dana = member("alice"), member("bob"), member("dana")
    post, poll = _poll(alice.id, multiple=True)
    actions.vote(by=bob.id, poll_id=poll, choices=[0, 1, 1], at=MOMENT)
    actions.vote(by=dana.id, poll_id=poll, choices=[1], at=MOMENT)
    refusals: list[tuple[type[Exception], Callable[[], object]]] = [
        (Conflict, lambda: actions.vote(by=bob.id, poll_id=poll, choices=[0], at=MOMENT)),
        (NotAllowed, lambda: actions.vote(by=alice.id, poll_id=poll, choices=[0], at=MOMENT)),
        (
            Conflict,
            lambda: actions.vote(by=member("charlie").id, poll_id=poll, choices=[0], at=later(hours=2)),
        ),
    ]
    for kind, vote in refusals:
        with pytest.raises(kind):
            vote()
    view = queries.hydrate([post])[post].poll
    assert view is not None
    assert (view.votes, view.voters) == ([1, 2], 2)


def test_one_choice_where_one_is_asked_for() -> None:
    alice, bob = member("alice"), member("bob")
    _post, poll = _poll(alice.id)
    for choices in ([0, 1], [], [2], [-1]):
        with pytest.raises(BadInput):
            actions.vote(by=bob.id, poll_id=poll, choices=choices, at=MOMENT)


def test_the_end_of_a_poll_is_told_once() -> None:
    alice = member("alice")
    _post, poll = _poll(alice.id)
    assert not actions.close_poll(poll_id=poll, at=later(minutes=30))
    assert queries.due_polls(at=later(hours=2)) == [poll]
    assert actions.close_poll(poll_id=poll, at=later(hours=2))
    assert not actions.close_poll(poll_id=poll, at=later(hours=3))


def test_a_scheduled_post_leaves_once_and_says_why_when_it_cannot() -> None:
    alice, bob = member("alice"), member("bob")
    parent = actions.publish(by=bob.id, params=PostParams(text="parent"), at=MOMENT).post_id
    due = later(hours=1)
    actions.schedule(by=alice.id, params=PostParams(text="later"), due=due, at=MOMENT)
    actions.schedule(by=alice.id, params=PostParams(text="answer", reply_to_id=parent), due=due, at=MOMENT)
    assert actions.publish_due(at=later(minutes=59)) is None
    people.block(by=bob.id, whom=alice.seen, at=later(minutes=30))
    while actions.publish_due(at=later(hours=1)) is not None:
        pass
    assert alice.profile.posts == 1
    (kept,) = queries.scheduled(by=alice.id, page=Page())
    assert (kept.params.text, bool(kept.failure)) == ("answer", True)


@pytest.mark.parametrize("minutes", [0, 4, 60 * 24 * 400])
def test_too_soon_and_too_far_are_refused(minutes: int) -> None:
    alice = member("alice")
    with pytest.raises(BadInput):
        actions.schedule(by=alice.id, params=PostParams(text="x"), due=later(minutes=minutes), at=MOMENT)


def test_six_pins_are_one_too_many() -> None:
    alice = member("alice")
    ids = [
        actions.publish(by=alice.id, params=PostParams(text=str(n)), at=later(minutes=n)).post_id
        for n in range(6)
    ]
    for id_ in ids[:5]:
        actions.pin(by=alice.id, post_id=id_, at=MOMENT)
    with pytest.raises(BadInput):
        actions.pin(by=alice.id, post_id=ids[5], at=MOMENT)
    assert queries.pinned(author=alice.id, viewer=None) == ids[4::-1]


def test_mentions_are_resolved_but_not_those_who_block() -> None:
    alice, bob, charlie = member("alice"), member("bob"), member("charlie")
    people.block(by=charlie.id, whom=alice.seen, at=MOMENT)
    post = actions.publish(by=alice.id, params=PostParams(text="@bob @charlie @nobody"), at=MOMENT).post_id
    assert [who.id for who in queries.hydrate([post])[post].mentions] == [bob.id]


def test_everybody_mentioned_is_told_or_the_writer_is() -> None:
    """No mention is dropped in silence: names that are nobody's, her own and repeated ones do not count."""
    alice, people_named = member("alice"), [member(f"guest_{number}") for number in range(51)]
    names = " ".join(f"@{each.handle}" for each in people_named[:50])
    text = f"{names} @alice @nobody @nobody_else @guest_0@{settings.MAJLIS.host} @guest_1"
    post = actions.publish(by=alice.id, params=PostParams(text=text, title="Names"), at=MOMENT).post_id
    expected = {each.id for each in people_named[:50]}
    assert {who.id for who in queries.hydrate([post])[post].mentions} == expected
    too_many = PostParams(text=f"{text} @guest_50", title="Names")
    with pytest.raises(BadInput) as published:
        actions.publish(by=alice.id, params=too_many, at=MOMENT)
    with pytest.raises(BadInput) as edited:
        actions.edit(by=alice.id, post_id=post, params=too_many, at=later(minutes=1))
    with pytest.raises(BadInput) as waiting:
        actions.schedule(by=alice.id, params=too_many, due=later(hours=1), at=MOMENT)
    assert {each.value.code for each in (published, edited, waiting)} == {"too_many_mentions"}
    assert {who.id for who in queries.hydrate([post])[post].mentions} == expected
    assert alice.profile.posts == 1


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [("everyone", {"stranger", "follower", "friend", "named"}), ("followers", {"follower", "friend", "named"}),
     ("friends", {"friend", "named"}), ("mentioned", {"named"}), ("nobody", set())],
)  # fmt: skip
def test_who_may_reply(policy: str, allowed: set[str]) -> None:
    alice = member("alice")
    others = {name: member(name) for name in ("stranger", "follower", "friend", "named")}
    for name in ("follower", "friend"):
        people.follow(by=others[name].id, whom=alice.seen, at=MOMENT)
    people.follow(by=alice.id, whom=others["friend"].seen, at=MOMENT)
    params = PostParams(text="hello @named", may_reply=policy)
    post = actions.publish(by=alice.id, params=params, at=MOMENT).post_id
    could = set()
    for name, who in others.items():
        try:
            actions.publish(by=who.id, params=PostParams(text="so", reply_to_id=post), at=later(minutes=1))
            could.add(name)
        except NotAllowed:
            pass
    assert could == allowed


def test_an_article_has_its_own_limit_and_reading_time() -> None:
    alice = member("alice")
    words = "# Bread\n\n" + "flour water salt " * 400
    post = actions.publish(by=alice.id, params=PostParams(text=words, title="On bread"), at=MOMENT).post_id
    view = queries.hydrate([post])[post]
    assert (view.kind, view.reading_minutes) == ("article", 6)
    assert people_queries.profile(alice.id).posts == 1  # type: ignore[union-attr]


def test_keys_are_forgotten_after_a_day() -> None:
    alice = member("alice")
    params = PostParams(text="bread")
    first = actions.publish(by=alice.id, params=params, at=MOMENT, key="k").post_id
    assert actions.forget_keys(before=later(hours=25) - actions.KEY_LASTS) == 1
    assert actions.publish(by=alice.id, params=params, at=later(hours=25), key="k").post_id != first


def test_every_hashtag_is_listed_or_the_writer_is_told() -> None:
    """What was written elsewhere comes in whole; the first sixty of its tags are listed."""
    alice = member("alice")
    sixty = "#T0 " + " ".join(f"#t{number}" for number in range(60))
    post = actions.publish(by=alice.id, params=PostParams(text=sixty), at=MOMENT).post_id
    assert len(queries.hydrate([post])[post].tags) == 60
    too_many = PostParams(text=f"{sixty} #one_more")
    with pytest.raises(BadInput) as published:
        actions.publish(by=alice.id, params=too_many, at=MOMENT)
    with pytest.raises(BadInput) as edited:
        actions.edit(by=alice.id, post_id=post, params=too_many, at=later(minutes=1))
    with pytest.raises(BadInput) as waiting:
        actions.schedule(by=alice.id, params=too_many, due=later(hours=1), at=MOMENT)
    assert {each.value.code for each in (published, edited, waiting)} == {"too_many_hashtags"}
    assert len(compose(too_many, by=alice.id, imported=True).tags) == 60
