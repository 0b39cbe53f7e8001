"""A real browser, known scrolling, and the ledger that comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import houses
from houses import House, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_SCENE = """
from allauth.usersessions.models import UserSession
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from majlis.insights import ledger
from majlis.insights.kinds import State
from majlis.insights.models import Encounter, Fact
bakery, hala, rami = cast.bakery(), cast.member("hala"), cast.member("rami")
for who in (hala, rami):
    people.follow(by=who.id, whom=bakery.page.seen, at=now())
made = [posts.publish(by=bakery.page.id, params=PostParams(text=f"Bread number {number}. " * 12), at=now()).post_id
        for number in range(12)]
store = SessionStore()
store[SESSION_KEY] = str(hala.user_id)
store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
store[HASH_SESSION_KEY] = hala.user.get_session_auth_hash()
store["profile_id"] = hala.id
store.save()
UserSession.objects.create(user=hala.user, session_key=store.session_key, ip="127.0.0.1", user_agent="a test")
result = [store.session_key, [str(id_) for id_ in made]]
"""
_VIEWED = "result = sorted(str(id_) for id_ in Fact.objects.filter(kind=2).values_list('post_id', flat=True))"
_STATES = """
found = {}
for id_ in made:
    states = ledger.exact(post_id=id_).states
    assert sum(states.values()) == 2 and states[State.NOT_OPENED] == 1, states
    found[str(id_)] = [state.name for state, count in states.items() if count and state != State.NOT_OPENED]
result = found
"""
# measured by the page itself at the moment of standing still, apart from what is being tested
_IN_SIGHT = """() => [...document.querySelectorAll("#feed article")].filter((card) => {
  const box = card.getBoundingClientRect();
  const height = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
  return height / box.height >= (box.width * box.height > 242000 ? 0.3 : 0.5);
}).map((card) => card.dataset.post)"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with houses.house() as made:
        yield made


def _still(page: Page, seconds: float) -> list[str]:
    """Stand still by the page's own clock, and say what was in sight. The clock only moves when it is told to, so
    a slow machine does not make a glance into a look; what is in sight the browser notices by itself meanwhile."""
    found: list[str] = page.evaluate(_IN_SIGHT)
    for _part in range(4):
        page.wait_for_timeout(150)
        page.clock.run_for(seconds * 250)
    return found


def test_what_stood_in_sight_for_a_second_was_viewed_and_nothing_else(
    chromium: Browser, house: House
) -> None:
    key, posts = house.hand(_SCENE)
    context = chromium.new_context(locale="en", viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "majlis_session", "value": key, "url": f"http://127.0.0.1:{house.port}"}])
    page = context.new_page()
    page.clock.install()
    page.goto(f"http://127.0.0.1:{house.port}/home")
    page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=5))
    cards = page.locator("#feed article[data-ticket]")
    assert cards.count() == 12
    seen = set(_still(page, 6))
    # past five of them, all together in half a second
    for number in range(3, 8):
        cards.nth(number).evaluate("card => card.scrollIntoView({block: 'center', behavior: 'instant'})")
        passed = _still(page, 0.1)
        assert passed
    cards.nth(9).evaluate("card => card.scrollIntoView({block: 'center', behavior: 'instant'})")
    seen |= set(_still(page, 6))
    assert 2 <= len(seen) <= 9, "some were seen, others not, or this says nothing"
    page.goto(f"http://127.0.0.1:{house.port}/about")
    until(lambda: len(house.hand(_VIEWED)) >= len(seen), 40, why=f"{house.hand(_VIEWED)} of {seen}")
    assert set(house.hand(_VIEWED)) == seen
    wanted: dict[str, Any] = {id_: ["VIEWED" if id_ in seen else "SERVED"] for id_ in posts}
    until(lambda: house.hand(_STATES) == wanted, 40, why=f"{house.hand(_STATES)} for {wanted}")
    context.close()


def test_a_window_that_nobody_looks_at_sees_nothing(chromium: Browser, house: House) -> None:
    key = house.hand("result = store.session_key")
    before = house.hand("result = Fact.objects.filter(kind=2).count()")
    context = chromium.new_context(locale="en", viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": "majlis_session", "value": key, "url": f"http://127.0.0.1:{house.port}"}])
    page = context.new_page()
    page.clock.install()
    page.add_init_script("document.hasFocus = () => false")
    page.goto(f"http://127.0.0.1:{house.port}/home")
    assert _still(page, 6)
    page.goto(f"http://127.0.0.1:{house.port}/about")
    page.wait_for_timeout(500)
    assert house.hand("result = Fact.objects.filter(kind=2).count()") == before
    context.close()
