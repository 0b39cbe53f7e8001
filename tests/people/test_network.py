"""Followers and followings page by page, hidden networks, suggestions, sizes of audiences."""

from __future__ import annotations

from typing import Any

import pytest

from cast import MOMENT, Member, follows, friends, later, member
from majlis.core.errors import NotAllowed
from majlis.core.paging import Page
from majlis.people import access, actions, queries


def followers(of: Member, viewer: Member | None, page: Page | None = None) -> tuple[int, ...]:
    viewer_id = viewer.id if viewer else None
    return queries.followers_of(profile_id=of.id, viewer_id=viewer_id, page=page or Page()).items


def following(of: Member, viewer: Member | None) -> tuple[int, ...]:
    return queries.following_of(profile_id=of.id, viewer_id=viewer.id if viewer else None, page=Page()).items


def test_followers_are_paged_by_the_follow_in_both_directions(alice: Member) -> None:
    fans = [member(f"fan_{letter}") for letter in "abcde"]
    for fan in fans:
        follows(fan, alice)
    newest_first = [fan.id for fan in reversed(fans)]
    first = queries.followers_of(profile_id=alice.id, viewer_id=None, page=Page(limit=2))
    second = queries.followers_of(
        profile_id=alice.id, viewer_id=None, page=Page(max_id=first.oldest, limit=2)
    )
    assert [*first.items, *second.items] == newest_first[:4]
    back = queries.followers_of(profile_id=alice.id, viewer_id=None, page=Page(min_id=second.newest, limit=2))
    assert (back.items, back.newest, back.oldest) == (first.items, first.newest, first.oldest)
    since = queries.followers_of(
        profile_id=alice.id, viewer_id=None, page=Page(since_id=second.oldest, limit=2)
    )
    assert since.items == first.items


def test_the_blocked_and_the_withdrawn_are_left_out(
    alice: Member, bob: Member, dana: Member, charlie: Member
) -> None:
    for fan in (bob, dana, charlie):
        friends(fan, alice)
    actions.withdraw_profile(profile_id=dana.id, at=MOMENT)
    actions.block(by=bob.id, whom=charlie.seen, at=MOMENT)
    for list_for in (followers, following):
        assert list_for(alice, None) == (charlie.id, bob.id)
        assert list_for(alice, bob) == (bob.id,)
        assert list_for(alice, charlie) == (charlie.id,)


def test_a_hidden_network_is_shown_to_its_owner_alone(alice: Member, bob: Member, charlie: Member) -> None:
    friends(alice, bob)
    actions.change_profile(by=alice.id, hide_network=True, at=MOMENT)
    for viewer in (bob, charlie, None):
        assert followers(alice, viewer) == following(alice, viewer) == ()
    assert followers(alice, alice) == following(alice, alice) == (bob.id,)


def test_whoever_is_blocked_does_not_see_the_network(alice: Member, bob: Member, charlie: Member) -> None:
    friends(alice, bob)
    actions.block(by=alice.id, whom=charlie.seen, at=MOMENT)
    assert followers(alice, charlie) == following(alice, charlie) == ()


def test_familiar_followers_keep_hidden_networks_hidden(
    alice: Member, bob: Member, dana: Member, charlie: Member, django_assert_num_queries: Any
) -> None:
    follows(alice, bob, dana)
    follows(bob, charlie)
    follows(dana, charlie)
    with django_assert_num_queries(1):  # familiar_followers
        found = queries.familiar_followers(viewer_id=alice.id, ids=[charlie.id, bob.id])
    assert found == {charlie.id: [dana.id, bob.id], bob.id: []}
    actions.change_profile(by=dana.id, hide_network=True, at=MOMENT)
    assert queries.familiar_followers(viewer_id=alice.id, ids=[charlie.id]) == {charlie.id: [bob.id]}
    actions.change_profile(by=charlie.id, hide_network=True, at=MOMENT)
    assert queries.familiar_followers(viewer_id=alice.id, ids=[charlie.id]) == {charlie.id: []}


def suggested(viewer: Member) -> list[tuple[int, str, int]]:
    found = queries.suggestions(viewer_id=viewer.id, at=MOMENT)
    return [(one.profile_id, one.source, one.through) for one in found]


def test_friends_of_friends_are_suggested_then_the_well_followed(
    alice: Member, bob: Member, dana: Member
) -> None:
    near, far, famous = member("near"), member("far"), member("famous")
    follows(alice, bob, dana)
    follows(bob, near, far)
    follows(dana, near)
    for letter in "xyz":
        follows(member(f"fan_{letter}"), famous)
    assert suggested(alice) == [
        (near.id, "friends_of_friends", 2),
        (far.id, "friends_of_friends", 1),
        (famous.id, "well_followed", 0),
    ]


@pytest.mark.parametrize(
    "reason",
    [
        "blocked",
        "blocked by",
        "muted",
        "dismissed",
        "followed",
        "asked",
        "withdrawn",
        "limited",
        "shy",
        "hidden",
    ],
)
def test_who_is_not_suggested(alice: Member, bob: Member, dana: Member, reason: str) -> None:
    follows(alice, bob)
    follows(bob, dana)
    assert [one[0] for one in suggested(alice)] == [dana.id]
    match reason:
        case "blocked":
            actions.block(by=alice.id, whom=dana.seen, at=MOMENT)
        case "blocked by":
            actions.block(by=dana.id, whom=alice.seen, at=MOMENT)
        case "muted":
            actions.mute(by=alice.id, whom=dana.seen, expires_at=later(hours=1), at=MOMENT)
        case "dismissed":
            actions.dismiss_suggestion(by=alice.id, whom=dana.seen)
            actions.dismiss_suggestion(by=alice.id, whom=dana.seen)
        case "followed":
            follows(alice, dana)
        case "asked":
            actions.change_profile(by=dana.id, locked=True, at=MOMENT)
            actions.follow(by=alice.id, whom=dana.seen, at=MOMENT)
        case "withdrawn":
            actions.withdraw_profile(profile_id=dana.id, at=MOMENT)
        case "limited":
            actions.limit_profile(profile_id=dana.id, at=MOMENT)
        case "shy":
            actions.change_profile(by=dana.id, discoverable=False, at=MOMENT)
        case "hidden":  # nothing of whom bob follows may be learnt
            actions.change_profile(by=bob.id, hide_network=True, at=MOMENT)
            assert suggested(alice) == [(dana.id, "well_followed", 0)]
            return
    assert suggested(alice) == []


def test_a_mute_that_ended_suggests_again(alice: Member, bob: Member, dana: Member) -> None:
    follows(bob, dana)
    actions.mute(by=alice.id, whom=dana.seen, expires_at=later(hours=1), at=MOMENT)
    assert queries.suggestions(viewer_id=alice.id, at=later(hours=1))[0].profile_id == dana.id


def test_audiences_are_counted_as_they_can_read(
    alice: Member, bob: Member, dana: Member, charlie: Member, django_assert_num_queries: Any
) -> None:
    friends(alice, bob)
    friends(alice, dana)
    follows(charlie, alice)
    with django_assert_num_queries(2):  # audience_sizes, circles
        sizes = queries.audience_sizes(profile_id=alice.id)
    assert (sizes.public, sizes.followers, sizes.friends, sizes.circles) == (3, 3, 2, {})
    actions.withdraw_profile(profile_id=dana.id, at=MOMENT)
    actions.block(by=charlie.id, whom=alice.seen, at=MOMENT)
    sizes = queries.audience_sizes(profile_id=alice.id)
    assert (sizes.public, sizes.followers, sizes.friends) == (1, 1, 1)


def test_relationships_of_many_take_one_query(
    alice: Member, bob: Member, dana: Member, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):  # relationships
        found = queries.relationships(viewer_id=alice.id, ids=[dana.id, 1, bob.id], at=MOMENT)
    assert list(found) == [dana.id, bob.id]


def test_only_the_followed_are_featured_and_no_longer_when_unfollowed(
    alice: Member, bob: Member, dana: Member
) -> None:
    follows(alice, bob)
    with pytest.raises(NotAllowed):
        actions.endorse(by=alice.id, whom=dana.seen, at=MOMENT)
    actions.endorse(by=alice.id, whom=bob.seen, at=MOMENT)
    assert queries.endorsed_by(profile_id=alice.id, viewer_id=None, page=Page()).items == (bob.id,)
    assert queries.relationships(viewer_id=alice.id, ids=[bob.id], at=MOMENT)[bob.id].endorsed
    actions.unfollow(by=alice.id, profile_id=bob.id, at=MOMENT)
    assert queries.endorsed_by(profile_id=alice.id, viewer_id=None, page=Page()).items == ()


def test_a_stranger_may_be_seen_by_many_at_once(
    alice: Member, bob: Member, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):  # profiles
        found = access.see_profiles(profile_ids=[bob.id, alice.id], viewer_id=None)
    assert [one.handle for one in found] == ["bob", "alice"]
