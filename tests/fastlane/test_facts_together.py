"""Beacons that are written together: each is answered for itself, after the commit, and counts once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import DataError, OperationalError, connections

import cast as people
from majlis.core.clock import now
from majlis.fastlane import facts as lane
from majlis.fastlane import sessions
from majlis.fastlane.facts import Facts
from majlis.fastlane.threads import DatabaseThreads
from majlis.insights import tickets
from majlis.insights.kinds import Source
from majlis.insights.models import Encounter, Fact
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db(transaction=True)

BEYOND = 2**64 - 1
"""A page load that a ticket can hold and the database cannot: what makes one beacon fail, and no other."""


@pytest.fixture
def threads() -> Iterator[DatabaseThreads]:
    made = DatabaseThreads(1)
    yield made
    made.submit(connections.close_all).result()
    made.shutdown()


@pytest.fixture
def facts(threads: DatabaseThreads) -> Iterator[Facts]:
    made = Facts(threads)
    yield made
    made._writer.submit(connections.close_all).result()
    made.stop()


@pytest.fixture
def post() -> int:
    made: int = posts.publish(by=people.bakery().page.id, params=PostParams(text="Bread"), at=now()).post_id
    return made


def cookie(member: people.Member) -> str:
    store = SessionStore()
    store[SESSION_KEY] = str(member.user_id)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    store["profile_id"] = member.id
    store.save()
    return f"theme=dark; majlis_session={store.session_key}"


def line(member: people.Member, post: int, *, load: int = 7) -> list[Any]:
    at = now() - timedelta(seconds=30)
    made = tickets.issue(viewer=member.id, post_id=post, source=Source.HOME, paid=False, load=load, at=at)
    return [str(post), made, 2, 1_200]


def beacon(
    facts: Facts, cookie: str, lines: list[Any], answered: Callable[[], Awaitable[None]] | None = None
) -> Awaitable[int]:
    """Send one as a browser would; its status. ``answered`` is awaited when the answer comes."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(lines).encode(), "more_body": False}

    async def ask() -> int:
        status = 0

        async def send(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if answered:
                    await answered()

        headers = {"host": "house", "origin": "https://house", "user-agent": "Mozilla/5.0", "cookie": cookie}
        scope = {
            "type": "http", "method": "POST", "path": "/facts", "client": ("127.0.0.1", 1),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }  # fmt: skip
        await facts(scope, receive, send)
        return status

    return ask()


def together(*asked: Awaitable[int]) -> list[Any]:
    """Status or error of each, all sent at once."""

    async def all_of_them() -> list[Any]:
        return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(all_of_them())


def test_the_same_fact_twice_in_one_batch_is_one(facts: Facts, post: int) -> None:
    alice = people.alice()
    hers, seen = cookie(alice), line(alice, post)
    assert together(*(beacon(facts, hers, [seen, seen]) for _time in range(5))) == [204] * 5
    assert Fact.objects.count() == 1
    assert Encounter.objects.get().impressions == 1


def test_of_a_batch_that_is_half_nonsense_the_other_half_counts(facts: Facts, post: int) -> None:
    alice, bob = people.alice(), people.bob()
    own = posts.publish(by=alice.id, params=PostParams(text="Not of a page"), at=now()).post_id
    seen = [
        line(alice, post), line(bob, post, load=8), [str(post), "A" * 32, 2, 0], line(alice, own),
        line(alice, post, load=9), [str(2**70), "A" * 32, 2, 0], [str(post), line(alice, post)[1], 77, 0],
    ]  # fmt: skip
    assert together(beacon(facts, cookie(alice), seen), beacon(facts, "", [line(alice, post)])) == [204, 204]
    assert set(Fact.objects.values_list("post_id", "kind", "nonce")) == {(post, 2, 7), (post, 2, 9)}


def test_what_cannot_be_written_does_not_take_others_with_it(facts: Facts, post: int) -> None:
    alice, bob, dana = people.alice(), people.bob(), people.dana()
    ours = [cookie(each) for each in (alice, bob, dana)]
    answers = together(
        beacon(facts, ours[0], [line(alice, post)]),
        beacon(facts, ours[1], [line(bob, post), line(bob, post, load=BEYOND)]),
        beacon(facts, ours[2], [line(dana, post)]),
    )
    assert (answers[0], answers[2]) == (204, 204)
    assert isinstance(answers[1], DataError)
    assert Fact.objects.count() == 2, "all or nothing of what failed"
    assert together(beacon(facts, ours[1], [line(bob, post)])) == [204]
    assert Encounter.objects.count() == 3


def test_nothing_is_acknowledged_that_is_not_committed(
    facts: Facts, post: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = people.alice(), people.bob()
    ours = [cookie(alice), cookie(bob)]
    take, tries = lane.beacons.take, 0

    def away(*given: Any, **more: Any) -> int:
        nonlocal tries
        tries += 1
        raise OperationalError("the database is starting up")

    def lost(*given: Any, **more: Any) -> int:
        take(*given, **more)
        raise OperationalError("the connection was lost after the commit")

    def sent() -> list[Any]:
        return together(
            beacon(facts, ours[0], [line(alice, post)]), beacon(facts, ours[1], [line(bob, post)])
        )

    monkeypatch.setattr(lane.beacons, "take", away)
    assert [type(each) for each in sent()] == [OperationalError] * 2
    assert tries == 1, "a database that is away is not asked for each"
    assert not Fact.objects.exists()
    monkeypatch.setattr(lane.beacons, "take", lost)
    assert [type(each) for each in sent()] == [OperationalError] * 2
    assert Fact.objects.count() == 2
    monkeypatch.setattr(lane.beacons, "take", take)
    assert sent() == [204, 204], "told again, because nobody said that it is kept"
    assert Fact.objects.count() == 2
    assert set(Encounter.objects.values_list("impressions", flat=True)) == {1}


def test_the_answer_comes_after_the_commit(facts: Facts, threads: DatabaseThreads, post: int) -> None:
    alice = people.alice()
    kept: list[int] = []

    async def look() -> None:
        kept.append(await asyncio.get_running_loop().run_in_executor(threads, Fact.objects.count))

    asked = [beacon(facts, cookie(alice), [line(alice, post, load=load)], look) for load in (1, 2, 3)]
    assert together(*asked) == [204] * 3
    assert kept == [3, 3, 3]


def test_whose_browsers_they_are_is_asked_for_all_at_once(
    facts: Facts, post: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = people.alice(), people.bob()
    ours = {alice: cookie(alice), bob: cookie(bob)}
    looked: list[int] = []
    profiles_of = sessions.profiles_of

    def counting(cookies: Collection[str]) -> dict[str, int]:
        looked.append(len(cookies))
        return profiles_of(cookies)

    monkeypatch.setattr(sessions, "profiles_of", counting)
    asked = [
        beacon(facts, ours[who], [line(who, post, load=load)]) for load in range(1, 9) for who in (alice, bob)
    ]
    assert together(*asked) == [204] * 16
    assert sum(looked) == 2, looked
    assert Fact.objects.count() == 16
    assert together(beacon(facts, ours[alice], [line(bob, post, load=99)])) == [204]
    assert sum(looked) == 3, "a ticket that does not fit is a reason to look again"
    assert Fact.objects.count() == 16, "and counts for nobody when it is another's"


def test_a_look_that_fails_is_tried_again(facts: Facts, post: int, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = people.alice()
    hers, profiles_of = cookie(alice), sessions.profiles_of

    def away(cookies: Collection[str]) -> dict[str, int]:
        raise OperationalError("the database is starting up")

    monkeypatch.setattr(sessions, "profiles_of", away)
    answers = together(*(beacon(facts, hers, [line(alice, post)]) for _time in range(3)))
    assert [type(each) for each in answers] == [OperationalError] * 3
    monkeypatch.setattr(sessions, "profiles_of", profiles_of)
    assert together(beacon(facts, hers, [line(alice, post)])) == [204]
    assert Fact.objects.count() == 1
