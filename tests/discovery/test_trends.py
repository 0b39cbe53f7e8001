"""Trends count people, not posts; of public posts of people who want to be discovered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Member, member
from majlis.core import sql
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.discovery import actions, queries
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams


def publish(by: Member, text: str, **params: object) -> int:
    return posts.publish(by=by.id, params=PostParams(text=text, **params), at=now()).post_id  # type: ignore[arg-type]


def tags(viewer: Member | None = None) -> list[str]:
    found = queries.trending_tags(viewer=viewer.id if viewer else None, at=now())
    return [each.tag.name for each in found]


def counted() -> None:
    actions.count_trends(at=now())


@pytest.fixture
def crowd(db: None) -> list[Member]:
    return [member(f"person_{number}") for number in range(5)]


# hashtags -----------------------------------------------------------------------------------------


def test_one_loud_person_is_no_trend(crowd: list[Member]) -> None:
    for _number in range(20):
        publish(crowd[0], "#loud")
    for each in crowd[:3]:
        publish(each, "#bread")
    counted()
    assert tags() == ["bread"]
    (trend,) = queries.trending_tags(viewer=None, at=now())
    assert (trend.people, trend.posts) == (3, 3)
    assert trend.tag.history[0][1:] == (3, 3)
    assert len(trend.tag.history) == 7


def test_more_people_come_first_whatever_they_write(crowd: list[Member]) -> None:
    for each in crowd[:2]:
        for _number in range(10):
            publish(each, "#few")
    for each in crowd:
        publish(each, "#many")
    counted()
    assert tags() == ["many", "few"]


def test_a_trend_fades_and_ends(crowd: list[Member]) -> None:
    for each in crowd[:3]:
        publish(each, "#yesterday")
    counted()
    (before,) = sql.column("SELECT score FROM discovery_trendingtag")
    actions.count_trends(at=now() + timedelta(hours=6))
    (after,) = sql.column("SELECT score FROM discovery_trendingtag")
    assert after == pytest.approx(before / 2, rel=0.01)
    actions.count_trends(at=now() + timedelta(hours=25))
    assert tags() == []


def test_what_is_written_every_day_counts_less(crowd: list[Member]) -> None:
    for each in crowd[:3]:
        publish(each, "#daily #new")
    daily = sql.one("SELECT id FROM posts_tag WHERE name = 'daily'")
    assert daily is not None
    for each in crowd:  # its older posts, as the days before left them
        post = publish(each, "#daily")
        shift = (2 * 86_400_000) << 16
        for statement in ("SET CONSTRAINTS ALL DEFERRED",
                          "UPDATE posts_posttag SET post_id = post_id - %(s)s WHERE post_id = %(p)s",
                          "UPDATE posts_postcount SET post_id = post_id - %(s)s WHERE post_id = %(p)s",
                          "UPDATE posts_post SET id = id - %(s)s WHERE id = %(p)s"):  # fmt: skip
            sql.execute(statement, s=shift, p=post)
    counted()
    assert tags() == ["new", "daily"]


@pytest.mark.parametrize("audience", ["unlisted", "followers", "friends", "mentioned"])
def test_only_public_posts_count(crowd: list[Member], audience: str) -> None:
    for each in crowd:
        publish(each, "#hidden https://example.org/hidden", audience=audience)
    sql.execute("UPDATE posts_linkcard SET title = 'Hidden', fetched_at = now()")
    counted()
    assert tags() == []
    assert queries.trending_links(viewer=None, at=now()) == []


def test_only_people_who_want_to_be_discovered_count(crowd: list[Member]) -> None:
    for each in crowd[:4]:
        publish(each, "#quiet")
    people.change_profile(by=crowd[0].id, discoverable=False, at=now())
    people.limit_profile(profile_id=crowd[1].id, at=now())
    people.withdraw_profile(profile_id=crowd[2].id, at=now())
    counted()
    assert tags() == []


def test_the_operator_keeps_a_hashtag_out(crowd: list[Member]) -> None:
    for each in crowd:
        publish(each, "#spam")
    counted()
    tag_id = sql.column("SELECT id FROM posts_tag WHERE name = 'spam'")[0]
    posts.allow_to_trend(tag_id=tag_id, allowed=False)
    assert tags() == []  # at once, not with the next count
    counted()
    posts.allow_to_trend(tag_id=tag_id, allowed=True)
    assert tags() == []
    counted()
    assert tags() == ["spam"]


def test_a_trend_of_people_she_blocks_is_not_shown_to_her(crowd: list[Member]) -> None:
    for each in crowd[:2]:
        publish(each, "#theirs")
    counted()
    reader = crowd[4]
    assert tags(reader) == ["theirs"]
    people.block(by=reader.id, whom=crowd[0].seen, at=now())
    people.mute(by=reader.id, whom=crowd[1].seen, at=now())
    assert tags(reader) == []
    assert tags() == ["theirs"]


# posts --------------------------------------------------------------------------------------------


def test_posts_by_distinct_people(crowd: list[Member]) -> None:
    author, other = crowd[0], crowd[1]
    loved, lone, own = publish(author, "loved"), publish(other, "lone"), publish(other, "own")
    posts.react(by=crowd[2].id, post_id=loved, kind="love", at=now())
    posts.boost(by=crowd[3].id, post_id=loved, at=now())
    publish(crowd[4], "yes", reply_to_id=loved)
    for _number in range(5):
        publish(crowd[2], "again", reply_to_id=lone)
    posts.react(by=crowd[2].id, post_id=lone, kind="like", at=now())
    posts.boost(by=other.id, post_id=own, at=now())
    posts.react(by=other.id, post_id=own, kind="like", at=now())
    counted()
    assert queries.trending_posts(viewer=None, at=now()) == [loved]
    assert sql.column("SELECT people FROM discovery_trendingpost") == [3]


def test_private_answers_do_not_lift_a_post(crowd: list[Member]) -> None:
    post = publish(crowd[0], "hello")
    for each in crowd[1:]:
        publish(each, "psst @person_0", reply_to_id=post, audience="mentioned")
    counted()
    assert queries.trending_posts(viewer=None, at=now()) == []


def liked(crowd: list[Member], text: str = "liked", by: int = 0, **params: object) -> int:
    post = publish(crowd[by], text, **params)
    for each in crowd[1:]:
        if each.id != crowd[by].id:
            posts.react(by=each.id, post_id=post, kind="like", at=now())
    return post


def test_trending_posts_are_asked_again_for_each_viewer(crowd: list[Member], charlie: Member) -> None:
    post = liked(crowd)
    counted()

    def seen(viewer: Member | None) -> list[int]:
        return queries.trending_posts(viewer=viewer.id if viewer else None, at=now())

    assert seen(None) == seen(charlie) == [post]
    people.block(by=crowd[0].id, whom=charlie.seen, at=now())
    assert seen(charlie) == []
    people.mute(by=crowd[1].id, whom=crowd[0].seen, at=now())
    assert seen(crowd[1]) == []
    posts.edit(by=crowd[0].id, post_id=post, params=PostParams(text="liked", audience="followers"), at=now())
    assert seen(None) == []


@pytest.mark.parametrize("gone", ["deleted", "withdrawn", "limited", "undiscoverable", "refused", "author"])
def test_what_may_no_longer_trend_stops_at_once(crowd: list[Member], operator: Member, gone: str) -> None:
    post, author = liked(crowd), crowd[0].id
    counted()
    if gone == "deleted":
        posts.delete(by=author, post_id=post, at=now())
    elif gone == "withdrawn":
        people.withdraw_profile(profile_id=author, at=now())
    elif gone == "limited":
        people.limit_profile(profile_id=author, at=now())
    elif gone == "undiscoverable":
        people.change_profile(by=author, discoverable=False, at=now())
    elif gone == "refused":
        actions.refuse_trend(kind="post", subject=str(post), by=operator.user_id, at=now())
    else:
        actions.refuse_trend(kind="author", subject=str(author), by=operator.user_id, at=now())
    assert queries.trending_posts(viewer=None, at=now()) == []
    counted()
    assert sql.column("SELECT count(*) FROM discovery_trendingpost") == [0]


def test_covered_posts_and_answers_do_not_trend(crowd: list[Member]) -> None:
    start = publish(crowd[0], "start")
    liked(crowd, warning="careful")
    liked(crowd, reply_to_id=start)
    counted()
    assert queries.trending_posts(viewer=None, at=now()) == []


def test_an_author_has_two_at_the_most(crowd: list[Member]) -> None:
    mine = [liked(crowd) for _number in range(3)]
    other = liked(crowd, by=4)
    counted()
    found = queries.trending_posts(viewer=None, at=now())
    assert len(found) == 3
    assert other in found
    assert len(set(mine) & set(found)) == 2


# links --------------------------------------------------------------------------------------------


def links() -> list[str]:
    return [each.card.url for each in queries.trending_links(viewer=None, at=now())]


def test_links_by_people_and_kept_out(crowd: list[Member], operator: Member) -> None:
    for each in crowd[:3]:
        publish(each, "https://news.example.org/bread")
    for each in crowd[:2]:
        publish(each, "https://www.example.com/oven?x=1")
    for _number in range(9):
        publish(crowd[0], "https://example.net/mine")
    counted()
    assert links() == []  # nothing is known of the pages yet
    sql.execute("UPDATE posts_linkcard SET title = 'T', fetched_at = now()")
    counted()
    assert links() == ["https://news.example.org/bread", "https://www.example.com/oven?x=1"]
    first = queries.trending_links(viewer=None, at=now())[0]
    assert (first.people, first.posts, first.history[0][1:]) == (3, 3, (3, 3))
    actions.refuse_trend(kind="host", subject="News.example.org", by=operator.user_id, at=now())
    assert links() == ["https://www.example.com/oven?x=1"]
    actions.refuse_trend(
        kind="link", subject="https://www.example.com/oven?x=1", by=operator.user_id, at=now()
    )
    counted()
    assert links() == []
    assert [(each.kind, each.by) for each in queries.refusals()] == [
        ("link", operator.user_id),
        ("host", operator.user_id),
    ]
    actions.allow_trend(kind="host", subject="news.example.org")
    counted()
    assert links() == ["https://news.example.org/bread"]


def test_a_refusal_has_a_subject(operator: Member) -> None:
    with pytest.raises(BadInput):
        actions.refuse_trend(kind="host", subject=" ", by=operator.user_id, at=now())


def test_explore_is_five_queries(crowd: list[Member]) -> None:
    for each in crowd:
        publish(each, "#bread https://example.org/bread")
    liked(crowd)
    sql.execute("UPDATE posts_linkcard SET title = 'T', fetched_at = now()")
    counted()
    with CaptureQueriesContext(connection) as asked:
        found = queries.explore(viewer=crowd[0].id, at=now())
    assert len(asked) == 5  # hashtags, their history, posts, links, their history
    assert (len(found.tags), len(found.post_ids), len(found.links)) == (1, 1, 1)
