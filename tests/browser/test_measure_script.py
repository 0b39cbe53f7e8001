"""``measure.js`` on a business's own site, in a real browser: nothing before consent, then what came of a click."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from houses import House, house, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SITE = "https://shop.example"
SERVER = "https://majlis.example"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
_MADE = """
from majlis.brands.access import team_door
from majlis.brands.roles import Permission
from majlis.studio.conversions import goals
from majlis.studio.links import actions as links
bakery = cast.bakery()
team = team_door(page_id=bakery.page.id, by=bakery.owner.id, needs=Permission.TRACK)
sold = goals.make_goal(team, name="Sold", kind="order", origins=["https://shop.example"], at=now())
goals.make_goal(team, name="Booked", kind="event", origins=["https://shop.example"], at=now())
made = links.make_link(team, target="https://shop.example/bread?size=2#top", at=now())
result = {"goal": sold.key, "code": made.code}
"""
_ORDERS = """
from majlis.studio.models import Order
result = [
    [order.external_id.split(" ")[0], str(order.value or ""), order.reported_by, order.click.token if order.click else ""]
    for order in Order.objects.order_by("id")
]
"""
_PAGE = """<!doctype html><meta charset="utf-8"><title>Bread</title><form><input type="hidden" name="mj"></form>
<script>window.majlis = window.majlis || []; %s</script>
<script src="https://majlis.example/measure.js" data-goal="%s" defer></script>"""


class Shop:
    """The shop's site, and what its browser asked of the server."""

    def __init__(self, running: House, page: Page, goal: str) -> None:
        self.house, self.page, self.goal = running, page, goal
        self.asked: list[str] = []
        self.lines = ""
        page.route(f"{SITE}/**", self._site)
        page.route(f"{SERVER}/**", self._server)

    def _site(self, route: Route) -> None:
        route.fulfill(body=_PAGE % (self.lines, self.goal), content_type="text/html")

    def _server(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        self.asked.append(f"{route.request.method} {path}")
        route.fulfill(response=route.fetch(url=f"http://127.0.0.1:{self.house.port}{path}"))

    def open(self, address: str, lines: str = "") -> None:
        self.lines = lines
        self.page.goto(address)
        self.page.wait_for_function("typeof window.majlis.consent === 'function'")

    def kept(self) -> Any:
        return self.page.evaluate("JSON.parse(localStorage.getItem('majlis'))")

    def orders(self) -> Any:
        """What the server has of it, after a moment in which the browser's requests go on."""
        self.page.wait_for_timeout(20)
        return self.house.hand(_ORDERS)

    @property
    def told(self) -> int:
        return self.asked.count("POST /facts/conversions")


def test_from_click_to_order_over_visits_and_never_without_consent(chromium: Browser) -> None:
    with house() as running:
        made = running.hand(_MADE)
        followed = running.ask(f"/l/{made['code']}", headers={"user-agent": BROWSER})
        landing = followed.headers["location"]
        context = chromium.new_context()
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        shop = Shop(running, page, made["goal"])

        # before consent: nothing kept, nothing sent, however much the site says
        shop.open(landing, "majlis.push(['order', {id: 'early', value: '1', currency: 'EUR'}]);")
        assert page.evaluate("majlis.token()") == ""
        assert (shop.kept(), shop.told, context.cookies()) == (None, 0, [])

        # consent: what waited is told, with the click
        page.evaluate("majlis.consent(true)")
        orders = until(shop.orders)
        token = orders[0][3]
        assert orders == [["early", "1.000", "script", token]]
        assert token in landing
        assert page.evaluate("document.querySelector('input[name=mj]').value") == token

        # another visit, without the token in the address: it is remembered, and so is the yes
        shop.open(f"{SITE}/thanks", "majlis.push(['order', {id: 'A-1', value: '29.35', currency: 'EUR'}]);")
        until(lambda: len(shop.orders()) == 2)
        shop.open(f"{SITE}/thanks", "majlis.push(['order', {id: 'A-1', value: '29.35', currency: 'EUR'}]);")
        assert page.evaluate("majlis.event('Booked')") is True
        assert page.evaluate("majlis.event('Unknown')") is False
        assert running.hand(_ORDERS)[1:] == [
            ["A-1", "29.350", "script", token],
            ["event", "", "script", token],
        ]

        # no: what was kept goes, nothing more is sent
        page.evaluate("majlis.consent(false)")
        told = shop.told
        shop.open(f"{SITE}/thanks", "majlis.push(['order', {id: 'late', value: '5', currency: 'EUR'}]);")
        waits = "Promise.race([majlis.order({id: 'later', value: '5', currency: 'EUR'}), Promise.resolve('waits')])"
        assert page.evaluate(waits) == "waits"
        shop.open(f"{SITE}/elsewhere")
        assert (shop.kept(), shop.told, context.cookies()) == (None, told, [])
        assert problems == []
        context.close()
