"""Search over people and hashtags."""

from __future__ import annotations

import pytest

from cast import Member, follows, member
from majlis.core.clock import now
from majlis.discovery import queries
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams


def found(viewer: Member | None, text: str, **params: object) -> list[int]:
    return queries.people(text=text, viewer=viewer.id if viewer else None, at=now(), **params)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("فاطمة الزهراء", "فاطمه"),
        ("أحمد", "احمد"),
        ("إيمان", "ايم"),
        ("بوب الحلبي", "حلبي"),
        ("يُوسُف", "يوسف"),
        ("مصطفى", "مصطفي"),
        ("Zoë Brontë", "zoë"),
        ("Alice Baker", "bak"),
        ("ALICE", "alice"),
        ("محـمـد", "محمد"),
    ],
)
def test_names_are_found_in_any_spelling_and_by_their_beginning(db: None, name: str, asked: str) -> None:
    who = member("someone", name)
    assert found(None, asked) == [who.id]


def test_handles_names_and_bios(alice: Member, bob: Member) -> None:
    people.change_profile(by=bob.id, bio="I bake sourdough in Aleppo", at=now())
    assert found(None, "@alice") == found(None, "ALI") == found(None, "alice") == [alice.id]
    assert found(None, "sourdough") == [bob.id]
    assert found(None, "sourdough aleppo") == [bob.id]
    assert found(None, "sourdough paris") == []
    people.change_profile(by=bob.id, bio="", at=now())
    assert found(None, "sourdough") == []


def test_ghsa_gh3r_jh6q_wrvj_wildcards_are_letters(alice: Member) -> None:
    plain = member("a_b")
    member("axb")
    assert found(None, "a_b") == [plain.id]
    assert found(None, "%") == found(None, "_") == found(None, "%lice") == []
    assert queries.tags(text="%", viewer=None, at=now()) == []


def test_the_order(alice: Member) -> None:
    exact = member("nour", "X")
    followed, near, popular, plain = (member(f"nour_{number}", "Nour") for number in range(4))
    bio = member("baker")
    people.change_profile(by=bio.id, bio="nour", at=now())
    friend = member("friend")
    follows(alice, followed, friend)
    follows(friend, near)
    for number in range(3):
        follows(member(f"fan_{number}"), popular, bio)
    assert found(alice, "nour") == [exact.id, followed.id, near.id, popular.id, plain.id, bio.id]
    assert found(alice, "nour", limit=2, offset=1) == [followed.id, near.id]
    assert found(alice, "nour", following_only=True) == [followed.id]
    assert found(None, "nour", following_only=True) == []


def test_a_hidden_network_lifts_nobody(alice: Member) -> None:
    friend, near, popular = member("friend"), member("nour_1", "Nour"), member("nour_2", "Nour")
    follows(alice, friend)
    follows(friend, near)
    follows(member("fan"), popular)
    follows(member("fan_two"), popular)
    assert found(alice, "nour")[0] == near.id
    people.change_profile(by=friend.id, hide_network=True, at=now())
    assert found(alice, "nour")[0] == popular.id


def test_who_does_not_want_to_be_discovered(alice: Member, bob: Member, charlie: Member) -> None:
    people.change_profile(by=alice.id, discoverable=False, at=now())
    follows(bob, alice)
    assert found(charlie, "ali") == found(None, "ali") == []
    assert found(charlie, "alice") == [alice.id]
    assert found(bob, "ali") == [alice.id]
    assert found(alice, "ali") == [alice.id]


def test_limited_withdrawn_and_blocked(alice: Member, bob: Member, charlie: Member) -> None:
    follows(bob, alice)
    people.limit_profile(profile_id=alice.id, at=now())
    assert found(charlie, "alice") == []
    assert found(bob, "alice") == [alice.id]
    people.unlimit_profile(profile_id=alice.id, at=now())
    people.block(by=alice.id, whom=charlie.seen, at=now())
    assert found(charlie, "alice") == found(alice, "charlie") == []
    people.withdraw_profile(profile_id=alice.id, at=now())
    assert found(bob, "alice") == found(None, "alice") == []


def test_a_muted_one_is_found_by_her_handle_alone(alice: Member, bob: Member) -> None:
    people.mute(by=bob.id, whom=alice.seen, at=now())
    assert found(bob, "ali") == []
    assert found(bob, "alice") == [alice.id]


def test_hashtags_by_their_beginning_the_very_one_first(alice: Member, bob: Member) -> None:
    for who, text in ((alice, "#bread #breadmaking"), (bob, "#breadmaking"), (bob, "#خبز_الطابون")):
        posts.publish(by=who.id, params=PostParams(text=text), at=now())

    def names(text: str, viewer: Member | None = None) -> list[str]:
        return [tag.shown for tag in queries.tags(text=text, viewer=viewer.id if viewer else None, at=now())]

    assert names("bread") == ["bread", "breadmaking"]
    assert names("#BREA") == ["breadmaking", "bread"]  # two people before one
    assert names("خُبز") == ["خبز_الطابون"]
    people.block(by=alice.id, whom=bob.seen, at=now())
    assert names("bread", alice) == ["bread", "breadmaking"]
    posts.publish(by=bob.id, params=PostParams(text="#breadcrumbs"), at=now())
    assert names("breadc", alice) == []
    assert names("breadc") == ["breadcrumbs"]
