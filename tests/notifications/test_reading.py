"""Reading: pages, groups, counts, one by one; what became invisible; what others see (nothing)."""

from __future__ import annotations

import pytest
from scene import LATER, capture, edit, kinds, post, statements, told

from cast import MOMENT, Member, follows, member
from majlis.core.errors import NotThere
from majlis.core.paging import Page
from majlis.notifications import actions, queries
from majlis.notifications.models import Notification
from majlis.people import actions as people
from majlis.posts import actions as posts


def groups(viewer: Member, page: Page | None = None, **asked: object) -> list[queries.GroupView]:
    given = page or Page(limit=40)
    return list(queries.grouped(viewer=viewer.id, page=given, at=LATER, **asked).items)  # type: ignore[arg-type]


@pytest.fixture
def crowd(alice: Member) -> list[Member]:
    return [member(f"guest{number}") for number in range(10)]


# one by one


def test_pages_in_both_directions(alice: Member, bob: Member) -> None:
    for _number in range(5):
        post(bob, "@alice")
    ids = [each.id for each in told(alice)]

    def page(**bounds: int) -> list[int]:
        found = queries.page(viewer=alice.id, page=Page(limit=2, **bounds), at=LATER)
        return [each.id for each in found.items]

    assert page() == ids[:2]
    assert page(max_id=ids[1]) == ids[2:4]
    assert page(min_id=ids[4]) == ids[2:4]
    assert page(since_id=ids[4]) == ids[:2]


def test_types(alice: Member, bob: Member) -> None:
    post_id = post(alice, "bread")
    post(bob, "answer", reply_to_id=post_id)
    post(bob, "@alice")
    posts.react(by=bob.id, post_id=post_id, at=LATER)

    def asked(**filters: object) -> list[str]:
        found = queries.page(viewer=alice.id, page=Page(), at=LATER, **filters)  # type: ignore[arg-type]
        return [each.kind for each in found.items]

    assert asked() == ["favourite", "mention", "reply"]
    assert asked(types=["mention"]) == ["mention", "reply"]
    assert asked(types=["reply"]) == ["reply"]
    assert asked(exclude_types=["mention"]) == ["favourite"]
    assert asked(types=["severed_relationships"]) == []
    assert asked(from_profile=bob.id) == ["favourite", "mention", "reply"]
    assert asked(from_profile=alice.id) == []


def test_how_many_are_unread(alice: Member, bob: Member, crowd: list[Member]) -> None:
    post_id = post(alice, "bread")
    for guest in crowd:
        posts.react(by=guest.id, post_id=post_id, at=LATER)
    post(bob, "@alice")
    ids = [each.id for each in told(alice)]
    count = queries.unread_count
    assert count(viewer=alice.id, last_read=None, at=LATER) == 11
    assert count(viewer=alice.id, last_read=ids[3], at=LATER) == 3
    assert count(viewer=alice.id, last_read=None, at=LATER, limit=5) == 5
    assert count(viewer=alice.id, last_read=None, at=LATER, types=["mention"]) == 1
    assert queries.unread_groups(viewer=alice.id, last_read=None, at=LATER) == 2
    assert queries.unread_groups(viewer=alice.id, last_read=None, at=LATER, grouped_types=[]) == 11


# groups


def test_reactions_to_one_post_are_one_group(alice: Member, bob: Member, crowd: list[Member]) -> None:
    bread, cake = post(alice, "bread"), post(alice, "cake")
    for guest in crowd:
        posts.react(by=guest.id, post_id=bread, at=LATER)
    posts.react(by=bob.id, post_id=cake, at=LATER)
    posts.boost(by=bob.id, post_id=bread, at=LATER)
    post(bob, "@alice")
    mention, boost, on_cake, on_bread = groups(alice)
    assert (on_bread.key, on_bread.count) == (f"favourite-{bread}", 10)
    assert on_bread.actor_ids == tuple(guest.id for guest in reversed(crowd))[:8]
    own = [each.id for each in told(alice) if each.kind == "favourite" and each.post_id == bread]
    assert (on_bread.newest_id, on_bread.oldest_id) == (own[0], own[-1])
    assert (on_bread.newest.post_id, on_bread.newest.kind) == (bread, "favourite")
    assert (on_cake.key, on_cake.count, on_cake.actor_ids) == (f"favourite-{cake}", 1, (bob.id,))
    assert boost.key == f"reblog-{bread}"
    assert mention.key == f"ungrouped-{mention.newest_id}"


def test_follows_of_one_day_are_one_group(alice: Member, crowd: list[Member]) -> None:
    follows(crowd[0], alice)
    follows(crowd[1], alice)
    people.follow(by=crowd[2].id, whom=alice.seen, at=MOMENT.replace(day=3))
    assert [(each.newest.kind, each.count) for each in groups(alice)] == [("follow", 1), ("follow", 2)]


def test_only_some_kinds_grouped(alice: Member, crowd: list[Member]) -> None:
    post_id = post(alice, "bread")
    for guest in crowd[:3]:
        posts.react(by=guest.id, post_id=post_id, at=LATER)
        follows(guest, alice)
    found = groups(alice, grouped_types=["follow"])
    assert [(each.newest.kind, each.count) for each in found] == [
        ("follow", 3), ("favourite", 1), ("favourite", 1), ("favourite", 1),
    ]  # fmt: skip
    assert all(each.key == f"ungrouped-{each.newest_id}" for each in found[1:])
    (alone,) = [queries.group(viewer=alice.id, group_key=found[1].key, at=LATER)]
    assert alone == found[1]


def test_pages_of_groups_show_each_group_once(alice: Member, crowd: list[Member]) -> None:
    own = [post(alice, f"bread {number}") for number in range(4)]
    for guest in crowd[:3]:
        for post_id in own:
            posts.react(by=guest.id, post_id=post_id, at=LATER)
    everything = groups(alice)
    first = groups(alice, Page(limit=2))
    second = groups(alice, Page(limit=2, max_id=first[-1].newest_id))
    assert [each.key for each in first + second] == [each.key for each in everything]
    upward = groups(alice, Page(limit=2, min_id=everything[-1].newest_id))
    assert [each.key for each in upward] == [each.key for each in everything[1:3]]


def test_a_group_alone_and_who_is_in_it(alice: Member, bob: Member, crowd: list[Member]) -> None:
    post_id = post(alice, "bread")
    for guest in crowd:
        posts.react(by=guest.id, post_id=post_id, at=LATER)
    key = f"favourite-{post_id}"
    assert queries.group(viewer=alice.id, group_key=key, at=LATER) == groups(alice)[0]
    actors = queries.group_actors(viewer=alice.id, group_key=key, page=Page(limit=40), at=LATER)
    assert list(actors.items) == [guest.id for guest in reversed(crowd)]
    for nonsense in ("favourite-1", "ungrouped-1", "ungrouped-x", "ungrouped-" + "9" * 50, "", "-"):
        assert queries.group(viewer=alice.id, group_key=nonsense, at=LATER) is None
    assert queries.group(viewer=bob.id, group_key=key, at=LATER) is None


def test_who_is_hidden_is_not_counted(alice: Member, crowd: list[Member]) -> None:
    post_id = post(alice, "bread")
    for guest in crowd[:3]:
        posts.react(by=guest.id, post_id=post_id, at=LATER)
    people.mute(by=alice.id, whom=crowd[2].seen, at=MOMENT)
    people.withdraw_profile(profile_id=crowd[1].id, at=MOMENT)
    (group,) = groups(alice)
    assert (group.count, group.actor_ids) == (1, (crowd[0].id,))
    people.mute(by=alice.id, whom=crowd[0].seen, at=MOMENT)
    assert groups(alice) == []
    assert queries.unread_count(viewer=alice.id, last_read=None, at=LATER) == 0


# what became invisible


def everywhere(viewer: Member, notification_id: int, key: str) -> list[object]:
    """Each way to see a notification."""
    page = Page(limit=40)
    return [
        told(viewer),
        groups(viewer),
        list(queries.group_actors(viewer=viewer.id, group_key=key, page=page, at=LATER).items),
        queries.unread_count(viewer=viewer.id, last_read=None, at=LATER),
        queries.unread_groups(viewer=viewer.id, last_read=None, at=LATER),
        queries.one(viewer=viewer.id, notification_id=notification_id, at=LATER),
        queries.group(viewer=viewer.id, group_key=key, at=LATER),
    ]


NOTHING: list[object] = [[], [], [], 0, 0, None, None]


def test_charlie_sees_nothing_of_others(alice: Member, bob: Member, charlie: Member) -> None:
    post(bob, "@alice", audience="mentioned")
    follows(alice, bob)
    post(bob, "@alice", audience="mentioned")
    (mention,) = told(alice)
    assert everywhere(charlie, mention.id, mention.group_key) == NOTHING
    with pytest.raises(NotThere):
        actions.dismiss(by=charlie.id, notification_id=mention.id, at=LATER)
    with pytest.raises(NotThere):
        actions.dismiss(by=charlie.id, notification_id=1, at=LATER)
    assert actions.dismiss_group(by=charlie.id, group_key=mention.group_key, at=LATER) == 0
    actions.clear(by=charlie.id, at=LATER)
    assert told(alice) == [mention]


def test_charlie_after_his_mention_and_the_audience_were_edited(alice: Member, charlie: Member) -> None:
    post_id = post(alice, "@charlie bread")
    (mention,) = told(charlie)
    edit(alice, post_id, "secret", audience="friends")
    assert everywhere(charlie, mention.id, mention.group_key) == NOTHING


def test_charlie_after_only_the_audience_was_edited(alice: Member, charlie: Member) -> None:
    people.follow(by=charlie.id, whom=alice.seen, at=MOMENT, notify=True)
    post_id = post(alice, "bread")
    from scene import run_jobs

    run_jobs()
    (status,) = told(charlie)
    edit(alice, post_id, "secret", audience="friends")
    assert everywhere(charlie, status.id, status.group_key) == NOTHING
    edit(alice, post_id, "bread", audience="followers")
    assert kinds(charlie) == ["status"]


def test_charlie_after_a_block(alice: Member, charlie: Member) -> None:
    post(alice, "@charlie")
    (mention,) = told(charlie)
    people.block(by=alice.id, whom=charlie.seen, at=MOMENT)
    assert everywhere(charlie, mention.id, mention.group_key) == NOTHING


def test_charlie_who_left_the_followers(alice: Member, charlie: Member) -> None:
    people.follow(by=charlie.id, whom=alice.seen, at=MOMENT, notify=True)
    post(alice, "for followers", audience="followers")
    from scene import run_jobs

    run_jobs()
    assert kinds(charlie) == ["status"]
    people.remove_follower(by=alice.id, follower_id=charlie.id, at=MOMENT)
    assert kinds(charlie) == []


def test_a_post_taken_down_hides_what_was_told_of_it_until_it_is_put_back(alice: Member, bob: Member) -> None:
    post_id = post(bob, "@alice")
    posts.take_down(author_id=bob.id, post_ids=[post_id], at=LATER)
    assert kinds(alice) == []
    posts.put_back(author_id=bob.id, post_ids=[post_id], at=LATER)
    assert kinds(alice) == ["mention"]


def test_a_quote_that_was_taken_back(alice: Member, bob: Member) -> None:
    quoted = post(alice, "bread")
    quoting = post(bob, "see", quote_of_id=quoted)
    assert kinds(alice) == ["quote"]
    posts.revoke_quote(by=alice.id, post_id=quoted, quoting_id=quoting)
    assert kinds(alice) == []


# dismissing


def test_dismissing(alice: Member, bob: Member, crowd: list[Member]) -> None:
    post_id = post(alice, "bread")
    for guest in crowd:
        posts.react(by=guest.id, post_id=post_id, at=LATER)
    for _number in range(3):
        post(bob, "@alice")
    first, second, third = told(alice)[:3]
    actions.dismiss(by=alice.id, notification_id=first.id, at=LATER)
    assert actions.dismiss_group(by=alice.id, group_key=second.group_key, at=LATER) == 1
    assert [each.count for each in groups(alice)] == [1, 10]
    assert actions.dismiss_group(by=alice.id, group_key=f"favourite-{post_id}", at=LATER) == 10
    assert told(alice) == [third]
    assert actions.dismiss_many(by=alice.id, notification_ids=[third.id, 1], at=LATER) == 1
    assert Notification.objects.filter(recipient_id=alice.id).count() == 0


# cost


def test_each_reading_is_one_query(alice: Member, bob: Member, crowd: list[Member]) -> None:
    post_id = post(alice, "bread")
    for guest in crowd:
        posts.react(by=guest.id, post_id=post_id, at=LATER)
    post(bob, "@alice")
    (newest, *_others) = told(alice)
    readings = {
        "page": lambda: queries.page(viewer=alice.id, page=Page(), at=LATER),
        "one": lambda: queries.one(viewer=alice.id, notification_id=newest.id, at=LATER),
        "grouped": lambda: queries.grouped(viewer=alice.id, page=Page(), at=LATER),
        "group": lambda: queries.group(viewer=alice.id, group_key=f"favourite-{post_id}", at=LATER),
        "unread_count": lambda: queries.unread_count(viewer=alice.id, last_read=None, at=LATER),
        "unread_groups": lambda: queries.unread_groups(viewer=alice.id, last_read=None, at=LATER),
        "requests": lambda: queries.requests(viewer=alice.id, page=Page(), at=LATER),
        "policy": lambda: queries.policy(viewer=alice.id, at=LATER),
    }
    for name, read in readings.items():
        with capture() as seen:
            read()
        assert len(statements(seen)) == 1, name
