"""From hours to money in a real browser: the timer runs while she writes, a signed webhook brings an order, and what
the pages say is what is worked out by hand here; a refund changes it back."""

from __future__ import annotations

import hmac
import json
import math
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

import houses
from houses import House, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# a headless browser says so in its name, and programs are not counted
AGENT: Final = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
AN_HOUR: Final = 3600
"""What an hour costs here: so a second costs one, and what real seconds cost can be read off."""
_SEED: Final = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from allauth.usersessions.models import UserSession
from majlis.brands.access import team_door
from majlis.brands.roles import Permission
from majlis.studio.conversions import shops
from majlis.studio.links import actions as links
from majlis.studio.models import Click, Order, Shop, Work
def browser(member):
    store = SessionStore()
    store[SESSION_KEY] = str(member.user_id)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    store["profile_id"] = member.id
    store.save()
    UserSession.objects.create(user=member.user, session_key=store.session_key, ip="127.0.0.1", user_agent="a test")
    return store.session_key
bakery = cast.bakery()
team = team_door(page_id=bakery.page.id, by=bakery.owner.id, needs=Permission.CONNECT)
shop, secret = shops.make_shop(team, kind="woocommerce", at=now())
link = links.make_link(team, target="https://shop.example/bread", at=now())
result = [browser(bakery.owner), Shop.objects.get(id=shop).key, secret, link.code]
"""
_SECONDS: Final = "result = sum(Work.objects.values_list('seconds', flat=True))"
_CLICKS: Final = "result = Click.objects.count()"
_VALUES: Final = "result = [str(each) for each in Order.objects.values_list('value', flat=True)]"


@dataclass
class Shop:
    """The house, the owner's session, and the shop that tells of orders."""

    house: House
    cookie: str
    key: str
    secret: str
    code: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.house.port}"

    @property
    def studio(self) -> str:
        return f"{self.url}/studio/bayt_zaytoun"

    def visit(self) -> str:
        """Somebody follows the link; the token that goes along."""
        answer = self.house.ask(f"/l/{self.code}", headers={"User-Agent": AGENT})
        return parse_qs(urlsplit(answer.headers["location"]).query)["mj"][0]

    def tell(self, order: dict[str, Any]) -> int:
        """The shop's webhook, signed; the status it is answered with."""
        signature = b64encode(
            hmac.new(self.secret.encode(), json.dumps(order).encode(), sha256).digest()
        ).decode()
        headers = {"X-WC-Webhook-Signature": signature, "X-WC-Webhook-Delivery-ID": signature[:12]}
        path = f"/hooks/woocommerce/{self.key}"
        return self.house.ask(path, method="POST", send=order, headers=headers).status


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with houses.house() as made:
        yield Shop(made, *made.hand(_SEED))


@pytest.fixture
def page(chromium: Browser, shop: Shop) -> Iterator[Page]:
    context = chromium.new_context(locale="en", viewport={"width": 900, "height": 900}, user_agent=AGENT)
    context.add_cookies([{"name": "majlis_session", "value": shop.cookie, "url": shop.url}])
    yield context.new_page()
    context.close()


def order(token: str, **more: Any) -> dict[str, Any]:
    """A hundred euros, as WooCommerce tells it."""
    moment = datetime.now(UTC)
    return {
        "id": 101, "status": "processing", "currency": "EUR", "total": "100.00", "customer_id": 7,
        "date_created_gmt": f"{moment:%Y-%m-%dT%H:%M:%S}", "date_modified_gmt": f"{moment:%Y-%m-%dT%H:%M:%S}",
        "billing": {"email": "dana@example.org"}, "meta_data": [{"key": "mj", "value": token}], "coupon_lines": [],
        "refunds": [], **more,
    }  # fmt: skip


def figure(page: Page, name: str) -> str:
    """What stands under a name of a figure."""
    box = page.locator(".figure").filter(has=page.locator(".figure-name", has_text=re.compile(f"^{name}$")))
    return box.locator(".figure-value").inner_text()


def test_hours_run_an_order_comes_and_a_refund_takes_it_back(page: Page, shop: Shop) -> None:
    # how she counts: an order leaves 60 %, a second of hers costs one
    page.goto(f"{shop.studio}/money/costs")
    page.locator("#book-currency").select_option("EUR")
    page.locator("section", has=page.locator("#book")).get_by_role("button", name="Save").click()
    page.locator("#margin-value").fill("60")
    page.locator("section", has=page.locator("#margin")).get_by_role("button", name="Save").click()
    page.locator("#hour-key").select_option("owner")
    page.locator("#hour-value").fill(str(AN_HOUR))
    page.locator("section", has=page.locator("#rates")).get_by_role("button", name="Save").click()
    expect(page.get_by_text("€3,600.00")).to_be_visible()

    # nothing is measured before she says so
    page.goto(f"{shop.studio}/entries/new")
    assert page.locator("[data-hours]").count() == 0
    page.goto(f"{shop.studio}/money/hours")
    page.get_by_role("button", name="Measure my hours").click()
    expect(page.get_by_text("The timer runs while you work here")).to_be_visible()

    # the hours run while she writes
    page.goto(f"{shop.studio}/entries/new")
    expect(page.get_by_text("measuring: 0 min today")).to_be_visible()
    page.locator("#composer-text").press_sequentially("Warm bread from six", delay=100)
    page.wait_for_timeout(3_000)
    page.get_by_role("button", name="Pause").click()  # the beat that ends this stretch
    expect(page.get_by_text("not measuring")).to_be_visible()
    until(lambda: shop.house.hand(_SECONDS) > 0, 10)
    worked = shop.house.hand(_SECONDS)
    assert 3 <= worked <= 120
    page.wait_for_timeout(2_000)
    assert shop.house.hand(_SECONDS) == worked, "paused, nothing is counted"

    # an order comes in by signed webhook; a forged one changes nothing
    token = shop.visit()
    until(lambda: shop.house.hand(_CLICKS) == 1, 10)
    forged = Shop(shop.house, shop.cookie, shop.key, "guessed", shop.code)
    assert forged.tell(order(token)) >= 400
    assert shop.house.hand(_VALUES) == []
    assert shop.tell(order(token)) < 300
    until(lambda: shop.house.hand(_VALUES) == ["100.000"], 10)

    # by hand: 60 of 100 are left; every second cost one
    page.goto(f"{shop.studio}/money")
    expect(page.locator(".answer")).to_contain_text(f"€60.00 came back, €{worked}.00 went in.")
    assert figure(page, "ROI") == f"{(60 - worked) / worked:,.0%}"
    assert figure(page, "What is left") == f"{'-' if worked > 60 else ''}€{abs(60 - worked)}.00"

    # 28 days' cost as a month of 30; 20 posts, 12 %, 1.5 %, 2 %, and the 60 that an order leaves
    page.goto(f"{shop.studio}/money/break-even?posts=20&reach=12&clicks=1.5&orders=2")
    cost = round(worked * 30 / 28, 2)
    needed = math.ceil(round(cost / (20 * 0.12 * 0.015 * 0.02 * 60), 6))
    expect(page.locator("#answer .answer")).to_contain_text(f"{needed:,} followers pay for a month.")
    loss = cost - 15 * 20 * 0.12 * 0.015 * 0.02 * 60
    expect(page.locator("#answer tbody tr").first).to_contain_text(f"-€{loss:,.2f}")
    # a slider moved with the keys asks anew: with less reach more are needed
    page.locator("#reach").press("Home")
    expect(page.locator("#answer .answer")).to_contain_text("no number of followers pays")

    # the refund takes it back
    later = datetime.now(UTC) + timedelta(seconds=2)
    refund = {
        "refunds": [{"id": 5, "reason": "", "total": "-100.00"}],
        "date_modified_gmt": f"{later:%Y-%m-%dT%H:%M:%S}",
    }
    page.wait_for_timeout(2_500)
    assert shop.tell(order(token, **refund)) < 300
    until(lambda: shop.house.hand(_VALUES) == ["0.000"], 10)
    page.goto(f"{shop.studio}/money")
    expect(page.locator(".answer")).to_contain_text(
        f"has not paid so far: €0.00 came back, €{worked}.00 went in."
    )
    assert figure(page, "ROI") == "-100%"
