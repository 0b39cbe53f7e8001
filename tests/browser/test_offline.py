"""Without a network a page of ours is shown, and nothing private is kept on the device for it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from running_house import House, running_house

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "a long walk by the sea"
KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      found[new URL(request.url).pathname] = await (await caches.match(request)).clone().text();
  return found;
}"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with running_house() as where:
        for handle in ("alice", "bassam"):
            where.run("account", "create", handle, "--email", f"{handle}@example.org", "--password", PASSWORD)
        yield where


def sign_in(context: BrowserContext, house: House, handle: str) -> Page:
    page = context.new_page()
    page.goto(f"{house.url}/accounts/login/")
    page.fill("#id_login", f"{handle}@example.org")
    page.fill("#id_password", PASSWORD)
    page.click("form.form button.primary")
    page.wait_for_url(f"{house.url}/home")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller")
    return page


@pytest.mark.parametrize(
    ("handle", "language", "direction", "words", "again"),
    [
        ("alice", "en", "ltr", "You are offline", "Try again"),
        ("bassam", "ar", "rtl", "أنت غير متصل", "المحاولة مجددًا"),
    ],
)
def test_a_page_of_ours_stands_in(
    chromium: Browser, house: House, handle: str, language: str, direction: str, words: str, again: str
) -> None:
    context = chromium.new_context(locale=language, viewport={"width": 390, "height": 844})
    refused: list[str] = []
    page = sign_in(context, house, handle)
    page.on("console", lambda line: refused.append(line.text) if "Content Security" in line.text else None)
    for address in ("/home", f"/@{handle}", "/notifications", "/settings"):
        page.goto(house.url + address)
    kept = page.evaluate(KEPT)
    drawn_with = {found for found in kept if found != "/offline"}
    assert all(re.fullmatch(r"/static/majlis/[\w./-]+\.(css|svg)", found) for found in drawn_with)
    assert set(kept) == {"/offline", *drawn_with}, "no page of hers"
    assert handle not in "".join(kept.values()).lower()
    assert "csrf" not in kept["/offline"].lower()

    context.set_offline(True)
    page.goto(f"{house.url}/notifications")
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    assert page.get_attribute("html", "dir") == direction
    assert page.evaluate("getComputedStyle(document.querySelector('.button.primary')).backgroundColor") != (
        "rgba(0, 0, 0, 0)"
    ), "with its style"
    drawn = set(page.evaluate("performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)"))
    assert drawn <= drawn_with, "everything it is drawn with is kept"
    context.set_offline(False)
    page.get_by_role("link", name=again).click()
    page.wait_for_url(f"{house.url}/notifications")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(words)
    assert refused == []
    context.close()


def test_another_language_is_another_page(chromium: Browser, house: House) -> None:
    context = chromium.new_context(locale="en")
    page = sign_in(context, house, "alice")
    page.locator("button[name=language][value=ar]").first.click()
    page.wait_for_function("document.documentElement.lang === 'ar'")
    end = time.monotonic() + 20
    while not all(name.endswith(" ar") for name in page.evaluate("caches.keys()")):
        assert time.monotonic() < end, "the new worker took over"
        page.wait_for_timeout(100)
    context.set_offline(True)
    page.goto(f"{house.url}/home")
    expect(page.get_by_role("heading", level=1)).to_have_text("أنت غير متصل")
    context.close()


def test_guests_get_no_worker(chromium: Browser, house: House) -> None:
    context = chromium.new_context(locale="en")
    page = context.new_page()
    page.goto(f"{house.url}/explore")
    page.wait_for_timeout(500)
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(found => found.length)") == 0
    context.close()
