"""Who sees a post, over every way of reading it that ``posts`` and ``feeds`` offer. Charlie sees nothing that is not his."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from cast import MOMENT, Member, later, member
from majlis.core.errors import NotThere
from majlis.core.paging import Page
from majlis.feeds import home, lists
from majlis.people import access as people_access
from majlis.people import actions as people
from majlis.posts import access, actions, queries
from majlis.posts.composing import PostParams
from majlis.posts.visibility import visible_among

pytestmark = pytest.mark.django_db

AUDIENCES = ("public", "unlisted", "followers", "friends", "circle", "mentioned")
STANDINGS = ("stranger", "follower", "friend", "in_circle", "mentioned", "blocked", "nobody")
SEES = {
    ("public", s) for s in STANDINGS if s != "blocked"
} | {("unlisted", s) for s in STANDINGS if s != "blocked"} | {
    ("followers", "follower"), ("followers", "friend"), ("friends", "friend"), ("circle", "in_circle"),
    *((audience, "mentioned") for audience in AUDIENCES),
}  # fmt: skip


class Scene:
    """Alice, somebody who stands to her in one way, and a post of hers with a reply-worthy text and a hashtag."""

    def __init__(self, audience: str, standing: str) -> None:
        self.alice = member("alice")
        self.other: Member | None = member("other") if standing != "nobody" else None
        circle = people.create_circle(by=self.alice.id, name="family", at=MOMENT)
        if self.other:
            self._stand(standing, circle)
        words = "Bread for #family" + (" @other" if standing == "mentioned" else "")
        params = PostParams(text=words, audience=audience, circle_id=circle if audience == "circle" else None)
        self.post = actions.publish(by=self.alice.id, params=params, at=later(minutes=1)).post_id
        self.viewer = self.other.id if self.other else None

    def _stand(self, standing: str, circle: int) -> None:
        assert self.other is not None
        other, alice = self.other, self.alice
        if standing in ("follower", "friend"):
            people.follow(by=other.id, whom=alice.seen, at=MOMENT)
        if standing == "friend":
            people.follow(by=alice.id, whom=other.seen, at=MOMENT)
        if standing == "in_circle":
            own = people_access.own_circle(circle_id=circle, by=alice.id)
            people.add_to_circle(circle=own, by=alice.id, member=other.seen, at=MOMENT)
        if standing == "blocked":
            people.block(by=alice.id, whom=other.seen, at=MOMENT)


def _finds(scene: Scene, read: Callable[[Scene], object]) -> bool:
    try:
        found = read(scene)
    except NotThere:
        return False
    return scene.post in found if isinstance(found, (list, set, dict)) else bool(found)


SURFACES: dict[str, Callable[[Scene], object]] = {
    "door": lambda s: access.see(post_id=s.post, viewer=s.viewer),
    "among": lambda s: visible_among(ids=[s.post], viewer=s.viewer),
    "by ids": lambda s: lists.by_ids(ids=[s.post], viewer=s.viewer, at=later(hours=1)).posts,
    "history": lambda s: bool(queries.history(post_id=s.post, viewer=s.viewer)),
    "profile": lambda s: (
        lists.profile_page(
            query=lists.ProfileQuery(author=s.alice.id), viewer=s.viewer, page=Page(), at=later(hours=1)
        ).ids
    ),
}


@pytest.mark.parametrize(("audience", "standing"), list(product(AUDIENCES, STANDINGS)))
def test_cve_2022_0133_every_way_of_reading_asks_the_one_rule(audience: str, standing: str) -> None:
    scene = Scene(audience, standing)
    expected = (audience, standing) in SEES
    assert {name: _finds(scene, read) for name, read in SURFACES.items()} == dict.fromkeys(SURFACES, expected)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_hashtag_and_local_pages_hold_public_posts_only(audience: str) -> None:
    scene = Scene(audience, "friend")
    at, tags = later(hours=1), lists.TagQuery(name="family")
    assert (scene.post in lists.tag_page(tags=tags, viewer=scene.viewer, page=Page(), at=at).ids) is (
        audience == "public"
    )
    assert (scene.post in lists.public_page(viewer=scene.viewer, page=Page(), at=at).ids) is (
        audience == "public"
    )


@pytest.mark.parametrize("audience", AUDIENCES[2:])
def test_charlie_is_told_the_same_of_a_hidden_post_as_of_none(audience: str) -> None:
    """MASTO-13161: no way of touching an invisible post tells that it exists."""
    scene = Scene(audience, "stranger")
    charlie, at = scene.viewer, later(hours=1)
    assert charlie is not None
    touches: dict[str, Callable[[int], object]] = {
        "see": lambda id_: access.see(post_id=id_, viewer=charlie),
        "react": lambda id_: actions.react(by=charlie, post_id=id_, at=at),
        "unreact": lambda id_: actions.unreact(by=charlie, post_id=id_),
        "boost": lambda id_: actions.boost(by=charlie, post_id=id_, at=at),
        "unboost": lambda id_: actions.unboost(by=charlie, post_id=id_, at=at),
        "bookmark": lambda id_: actions.bookmark(by=charlie, post_id=id_, at=at),
        "unbookmark": lambda id_: actions.unbookmark(by=charlie, post_id=id_),
        "mute": lambda id_: actions.mute_thread(by=charlie, post_id=id_, at=at),
        "pin": lambda id_: actions.pin(by=charlie, post_id=id_, at=at),
        "delete": lambda id_: actions.delete(by=charlie, post_id=id_, at=at),
        "restore": lambda id_: actions.restore(by=charlie, post_id=id_, at=at),
        "edit": lambda id_: actions.edit(by=charlie, post_id=id_, params=PostParams(text="mine"), at=at),
        "reply": lambda id_: actions.publish(
            by=charlie, params=PostParams(text="so", reply_to_id=id_), at=at
        ),
        "quote": lambda id_: actions.publish(
            by=charlie, params=PostParams(text="so", quote_of_id=id_), at=at
        ),
        "thread": lambda id_: queries.thread(post_id=id_, viewer=charlie),
        "reactions": lambda id_: queries.reacted_by(post_id=id_, viewer=charlie, page=Page()),
        "boosts": lambda id_: queries.boosted_by(post_id=id_, viewer=charlie, page=Page()),
        "quotes": lambda id_: queries.quotes_of(post_id=id_, viewer=charlie, page=Page()),
    }
    for name, touch in touches.items():
        answers = []
        for id_ in (scene.post, 1):
            with pytest.raises(NotThere) as refused:
                touch(id_)
            answers.append((str(refused.value.sentence), refused.value.code))
        assert answers[0] == answers[1], name
    assert queries.hydrate([scene.post])[scene.post].favourites == 0


def test_a_thread_ends_where_the_viewer_may_not_see() -> None:
    alice, bob, charlie = member("alice"), member("bob"), member("charlie")
    people.follow(by=bob.id, whom=alice.seen, at=MOMENT)
    first = actions.publish(by=alice.id, params=PostParams(text="public"), at=later(minutes=1)).post_id
    hidden = actions.publish(
        by=alice.id,
        params=PostParams(text="for followers", audience="followers", reply_to_id=first),
        at=later(minutes=2),
    ).post_id
    below = actions.publish(
        by=bob.id, params=PostParams(text="below", reply_to_id=hidden), at=later(minutes=3)
    ).post_id
    assert queries.thread(post_id=first, viewer=bob.id).descendants == [hidden, below]
    assert queries.thread(post_id=first, viewer=charlie.id).descendants == []
    assert queries.thread(post_id=below, viewer=charlie.id).ancestors == []
    assert queries.hydrate([first])[first].replies == 0, (
        "a reply for few is not counted where all read the count"
    )


def test_a_quote_does_not_show_what_its_reader_may_not_see() -> None:
    alice, bob, charlie = member("alice"), member("bob"), member("charlie")
    quoted = actions.publish(by=alice.id, params=PostParams(text="to quote"), at=later(minutes=1)).post_id
    quote = actions.publish(
        by=bob.id, params=PostParams(text="look", quote_of_id=quoted), at=later(minutes=2)
    ).post_id
    people.block(by=alice.id, whom=charlie.seen, at=later(minutes=3))
    batch = lists.by_ids(ids=[quote], viewer=charlie.id, at=later(minutes=4))
    assert (batch.quoted(batch.posts[quote]), quoted in batch.posts) == (None, False)


def test_ghsa_8h43_rcqj_wpc6_a_boost_cannot_be_quoted() -> None:
    alice, bob = member("alice"), member("bob")
    post = actions.publish(
        by=alice.id, params=PostParams(text="mine", may_quote="nobody"), at=later(minutes=1)
    ).post_id
    boost = actions.boost(by=bob.id, post_id=post, at=later(minutes=2))
    for target in (post, boost):
        with pytest.raises(Exception, match="quote_not_allowed"):
            actions.publish(
                by=bob.id, params=PostParams(text="look", quote_of_id=target), at=later(minutes=3)
            )


def test_what_leaves_an_audience_leaves_home() -> None:
    alice, bob = member("alice"), member("bob")
    people.follow(by=bob.id, whom=alice.seen, at=MOMENT)
    post = actions.publish(by=alice.id, params=PostParams(text="for all"), at=later(minutes=1)).post_id
    assert home.home_page(viewer=bob.id, page=Page(), at=later(minutes=2)).ids == [post]
    actions.edit(
        by=alice.id,
        post_id=post,
        params=PostParams(text="for friends", audience="friends"),
        at=later(minutes=3),
    )
    assert home.home_page(viewer=bob.id, page=Page(), at=later(minutes=4)).ids == []


def test_suspended_authors_are_gone_everywhere() -> None:
    alice, bob = member("alice"), member("bob")
    people.follow(by=bob.id, whom=alice.seen, at=MOMENT)
    post = actions.publish(by=alice.id, params=PostParams(text="for all"), at=later(minutes=1)).post_id
    people.withdraw_profile(profile_id=alice.id, at=later(minutes=2))
    assert home.home_page(viewer=bob.id, page=Page(), at=later(minutes=3)).ids == []
    with pytest.raises(NotThere):
        access.see(post_id=post, viewer=bob.id)
