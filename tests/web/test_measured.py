"""Pages of the web client: tickets beside posts of businesses, and where what members do comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import cast as people
from cast import Member, later
from majlis.core.clock import now
from majlis.insights import serving
from majlis.insights.kinds import Kind, Source, State
from majlis.insights.ledger import exact
from majlis.insights.models import Fact, Following
from majlis.people import actions as relations
from majlis.posts import actions as posts

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    serving._waiting.clear()
    serving._visits.clear()
    yield
    serving._waiting.clear()


@pytest.fixture
def page(db: None) -> Member:
    return people.bakery().page


def ticket(html: str, post: int) -> str:
    found = re.search(rf'data-post="{post}" data-ticket="([^"]*)"', html)
    assert found
    return found[1]


def facts(kind: Kind) -> list[tuple[int, int]]:
    return list(Fact.objects.filter(kind=kind).order_by("nonce").values_list("post_id", "source"))


def test_posts_of_people_carry_no_ticket_and_those_of_pages_one_of_each_load(
    browse: Browse, page: Member, alice: Member, bob: Member, publish: Any
) -> None:
    people.follows(alice, page, bob)
    bread, walk = publish(page, "Bread", at=now()), publish(bob, "A walk", at=now())
    browser = browse(alice)
    first, second = (browser.get("/home").content.decode() for _time in range(2))
    assert ticket(first, bread) != ticket(second, bread)
    assert f'data-post="{walk}" data-ticket' not in first
    guest = browse().get("/local").content.decode()
    assert len(ticket(guest, bread)) == 32


def test_what_is_done_on_a_card_comes_from_where_it_stood(
    browse: Browse, page: Member, alice: Member, publish: Any
) -> None:
    people.follows(alice, page)
    bread = publish(page, "Bread", at=now())
    browser = browse(alice)
    sealed = ticket(browser.get("/home").content.decode(), bread)
    shown = browser.post(
        f"/posts/{bread}/react", {"kind": "love"}, headers={"X-Ticket": sealed, "HX-Request": "true"}
    )
    assert ticket(shown.content.decode(), bread) == sealed, "the card that comes back is the same one"
    browser.post(f"/posts/{bread}/bookmark", headers={"Referer": "http://testserver/tags/bread"})
    browser.post(f"/posts/{bread}/boost", headers={"X-Ticket": sealed[::-1]})
    posts.react(by=people.bob().id, post_id=bread, at=now())
    assert facts(Kind.REACTION) == [(bread, Source.HOME), (bread, Source.APP)]
    assert facts(Kind.SAVE) == [(bread, Source.TAG)]
    assert facts(Kind.SHARE) == [(bread, Source.THREAD)]


def test_changing_her_mind_makes_no_second_fact(page: Member, alice: Member, publish: Any) -> None:
    bread = publish(page, "Bread", at=now())
    for kind in ("like", "love"):
        posts.react(by=alice.id, post_id=bread, at=now(), kind=kind)
    for _again in range(2):
        posts.unreact(by=alice.id, post_id=bread)
        posts.react(by=alice.id, post_id=bread, at=now())
        posts.boost(by=alice.id, post_id=bread, at=now())
        posts.unboost(by=alice.id, post_id=bread, at=now())
    assert len(facts(Kind.REACTION)) == len(facts(Kind.SHARE)) == 1
    first = publish(alice, "Nice", reply_to_id=bread, at=now())
    publish(people.bob(), "Indeed", reply_to_id=first, at=now())
    publish(alice, "See", quote_of_id=bread, at=now())
    assert [post for post, _source in facts(Kind.COMMENT)] == [bread, bread]
    assert len(facts(Kind.SHARE)) == 2


def test_pages_tell_what_they_served_and_what_they_left_out(
    browse: Browse, page: Member, alice: Member, bob: Member, publish: Any
) -> None:
    people.follows(alice, page)
    people.follows(bob, page)
    bread = publish(page, "Bread #bread", at=now())
    browse(alice).get("/home")
    browse(alice).get("/tags/bread")
    relations.mute(by=bob.id, whom=page.seen, at=now())
    browse(bob).get("/home")
    browse(bob).get("/@bayt_zaytoun")
    browse().get("/local")
    serving.Writer().flush()
    assert sorted(facts(Kind.SERVED)) == [(bread, Source.HOME), (bread, Source.TAG), (bread, Source.PROFILE)]
    assert Fact.objects.filter(kind=Kind.PROFILE_VISIT, page_id=page.id).count() == 1
    states = exact(post_id=bread).states
    assert states[State.SERVED] == 2, "on her profile he was given it after all"
    more = publish(page, "More bread", at=now())
    browse(bob).get("/home")
    serving.Writer().flush()
    assert exact(post_id=more).states[State.MUTED] == 1


def test_boosts_hidden_is_a_state_of_its_own(
    browse: Browse, page: Member, alice: Member, bob: Member, publish: Any
) -> None:
    people.follows(alice, page)
    bread = publish(page, "Bread", at=now() - timedelta(minutes=5))
    relations.follow(by=alice.id, whom=bob.seen, at=now(), show_boosts=False)
    posts.boost(by=bob.id, post_id=bread, at=now())
    relations.mute(by=alice.id, whom=page.seen, at=now())
    browse(alice).get("/home")
    serving.Writer().flush()
    states = exact(post_id=bread).states
    assert states[State.MUTED] + states[State.BOOSTS_HIDDEN] == 1


def test_the_history_of_follows_whatever_way_they_come_and_go(
    page: Member, alice: Member, bob: Member
) -> None:
    relations.follow_in_bulk(pairs=[(alice.id, page.id), (bob.id, page.id)], at=later(hours=1))
    assert Following.objects.filter(page_id=page.id, until=None).count() == 2
    relations.block(by=alice.id, whom=page.seen, at=later(hours=2))
    relations.withdraw_profile(profile_id=bob.id, at=later(hours=3), reason="own")
    assert not Following.objects.filter(until=None).exists()
    relations.restore_profile(profile_id=bob.id, at=later(hours=4), reason="own")
    kept = list(Following.objects.order_by("since", "until").values_list("since", "until"))
    assert sorted(kept, key=str) == sorted(
        [(later(hours=1), later(hours=2)), (later(hours=1), later(hours=3)), (later(hours=4), None)], key=str
    )
    relations.delete_profile(profile_id=bob.id, at=later(hours=5))
    assert not Following.objects.filter(until=None).exists()


def test_who_followed_before_it_was_a_business_follows_the_page(alice: Member, bob: Member) -> None:
    people.follows(alice, bob)
    assert not Following.objects.exists()
    relations.change_profile(by=bob.id, kind="business", at=later(days=1))
    follow = Following.objects.get()
    assert (follow.page_id, follow.since, follow.until) == (bob.id, people.MOMENT, None)
