"""A promotion in a real browser: seen for a second it is charged once; passed by it costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import houses
from houses import House, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_SEED = """
from decimal import Decimal
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from allauth.usersessions.models import UserSession
import promoting
from majlis.studio.promotion import account, actions
from majlis.studio.models import BalanceEntry, Promotion
from majlis.insights.models import Encounter
def browser(member):
    store = SessionStore()
    store[SESSION_KEY] = str(member.user_id)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    store["profile_id"] = member.id
    store.save()
    UserSession.objects.create(user=member.user, session_key=store.session_key, ip="127.0.0.1", user_agent="a test")
    return store.session_key
bakery, her, operator = cast.bakery(), cast.alice(), cast.operator()
promoting.neighbours(12)
cast.follows(her, promoting.friend_with_posts(12))
promoting.fill(bakery.page.id, "5", by=operator.user_id)
post = promoting.publish(bakery.page.id, "Warm bread from six", at=now())
promotion = promoting.promote(bakery, post, bid=Decimal("0.5"), budget=Decimal(2), ends_at=now() + timedelta(days=2))
result = [browser(her), promotion, bakery.page.handle]
"""
_STATE = """
found = Promotion.objects.get(id=promotion)
result = [str(account.balance(page_id=bakery.page.id)), str(found.spent),
          BalanceEntry.objects.filter(promotion=promotion).count(),
          list(Encounter.objects.filter(post_id=post).exclude(viewed_at=None).values_list("organic", "paid"))]
"""
_PAUSE = "actions.pause(team=promoting.door(bakery), promotion_id=promotion, at=now())"


@dataclass
class Shop:
    house: House
    cookie: str
    promotion: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.house.port}"

    def state(self) -> list[Any]:
        """Balance, spent, lines charged, and who viewed the post how."""
        found: list[Any] = self.house.hand(_STATE)
        return found


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with houses.house() as made:
        cookie, promotion, _handle = made.hand(_SEED)
        yield Shop(made, cookie, promotion)


@pytest.fixture
def page(chromium: Browser, shop: Shop) -> Iterator[Page]:
    context = chromium.new_context(locale="en", viewport={"width": 390, "height": 700})
    context.add_cookies([{"name": "majlis_session", "value": shop.cookie, "url": shop.url}])
    yield context.new_page()
    context.close()


def look_at(page: Page) -> None:
    """Longer than the second after which it counts as seen, however late a busy machine draws it."""
    promoted = page.locator("article", has_text="pays for this")
    page.wait_for_load_state()
    promoted.scroll_into_view_if_needed()
    expect(promoted).to_be_in_viewport(ratio=0.5)
    page.wait_for_timeout(2_500)


def test_it_is_charged_when_she_has_seen_it_and_not_before(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.url}/home")
    promoted = page.locator("article", has_text="pays for this")
    expect(promoted).to_have_count(1)
    page.wait_for_timeout(1_500)
    assert shop.state()[:3] == ["5.0000", "0.0000", 0], "it is further down than the screen"
    look_at(page)
    page.goto(f"{shop.url}/explore")  # leaving sends what waits
    until(lambda: shop.state()[2] == 1, 20)
    assert shop.state() == ["4.9990", "0.0010", 1, [[False, True]]]


def test_seen_again_on_another_load_it_is_charged_again_and_by_itself_not(page: Page, shop: Shop) -> None:
    before = shop.state()[2]
    page.goto(f"{shop.url}/home")
    look_at(page)
    page.goto(f"{shop.url}/@bayt_zaytoun")
    until(lambda: shop.state()[2] == before + 1, 20)
    page.wait_for_timeout(1_500)
    page.goto(f"{shop.url}/explore")
    until(lambda: shop.state()[3] == [[True, True]], 10)
    assert shop.state()[2] == before + 1, "what she looked at by herself costs nothing"
    page.goto(f"{shop.url}/home")
    expect(page.locator("article", has_text="pays for this")).to_have_count(0)


def test_paused_it_is_gone_from_every_process_at_once(page: Page, shop: Shop) -> None:
    shop.house.hand("from majlis.insights.models import Fact; Fact.objects.all().delete()")
    page.goto(f"{shop.url}/home")
    expect(page.locator("article", has_text="pays for this")).to_have_count(1)
    shop.house.hand(_PAUSE)
    page.goto(f"{shop.url}/home")
    expect(page.locator("article", has_text="pays for this")).to_have_count(0)
