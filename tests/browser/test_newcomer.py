"""What a newcomer does first, in a real browser: join, follow, write in Arabic, and be read at once."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from running_house import House, running_house

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with running_house() as where:
        yield where


class Newcomer:
    """Somebody at a browser of her own."""

    def __init__(self, browser: Browser, house: House, handle: str, *, language: str, width: int) -> None:
        self.house, self.handle = house, handle
        context = browser.new_context(locale=language, viewport={"width": width, "height": 844})
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def join(self, name: str) -> None:
        """The form, the code from the letter, and home."""
        page, address = self.page, f"{self.handle}@example.org"
        page.goto(f"{self.house.url}/accounts/signup/")
        page.fill("#id_display_name", name)
        page.fill("#id_handle", self.handle)
        page.fill("#id_email", address)
        page.fill("#id_password1", "a long walk by the sea")
        page.check("#id_agreement")
        page.click("form.form button.primary")
        page.wait_for_url("**/confirm-email/**")
        page.fill("input[name=code]", self.house.code_for(address))
        page.click("form button.primary")
        page.wait_for_url(f"{self.house.url}/home")

    def direction(self) -> str | None:
        """Of the page."""
        return self.page.get_attribute("html", "dir")


def test_from_joining_to_being_read_in_a_second_browser(chromium: Browser, house: House) -> None:
    alice = Newcomer(chromium, house, "alice", language="en", width=1440)
    bob = Newcomer(chromium, house, "bob", language="ar", width=390)
    alice.join("Alice")
    bob.join("بسّام")
    assert (alice.direction(), bob.direction()) == ("ltr", "rtl")

    bob.page.goto(f"{house.url}/@alice")
    bob.page.get_by_role("button", name="متابعة", exact=True).first.click()
    expect(bob.page.get_by_role("button", name="تتابع").first).to_be_visible()
    with bob.page.expect_response(lambda answer: "/live?" in answer.url and answer.ok):  # he hears
        bob.page.goto(f"{house.url}/home")

    alice.page.goto(f"{house.url}/home")
    words = "صباح الخير يا جيران، خرج أول خبز اليوم #خبز"
    alice.page.fill("textarea", words)
    alice.page.get_by_role("button", name="Post", exact=True).click()
    expect(alice.page.get_by_text("صباح الخير").first).to_be_visible()

    pill = bob.page.get_by_text("منشور جديد واحد")
    expect(pill).to_be_visible()
    expect(bob.page.get_by_text("صباح الخير")).to_have_count(0)  # the page does not move by itself
    pill.click()
    shown = bob.page.locator("article", has_text="صباح الخير").first
    expect(shown).to_be_visible()
    expect(shown.get_by_role("link", name="#خبز")).to_be_visible()
    assert (alice.problems, bob.problems) == ([], [])


def x_archive(folder: Path) -> Path:
    """A small archive as X gives it: two posts of a thread, one of them Arabic, and a reply to somebody."""

    def tweet(id_: str, text: str, reply_to: str | None = None) -> dict[str, object]:
        return {
            "tweet": {
                "id_str": id_,
                "id": id_,
                "full_text": text,
                "created_at": "Wed Sep 04 13:51:55 +0000 2019",
                "lang": "ar" if "خ" in text else "en",
                "in_reply_to_status_id_str": reply_to,
                "in_reply_to_user_id_str": "7" if reply_to else None,
                "entities": {"urls": [], "hashtags": [], "user_mentions": []},
            }
        }

    account = {
        "account": {"username": "elsewhere", "accountId": "7", "accountDisplayName": "Alice elsewhere"}
    }
    parts = {
        "data/account.js": f"window.YTD.account.part0 = {json.dumps([account])}",
        "data/tweets.js": "window.YTD.tweets.part0 = "
        + json.dumps([tweet("12", "وهذا خبز الأمس", "11"), tweet("11", "An old post about quinces")]),
    }
    path = folder / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def test_an_archive_is_brought_with_its_dates(chromium: Browser, house: House, tmp_path: Path) -> None:
    salma = Newcomer(chromium, house, "salma", language="en", width=1440)
    salma.join("Salma")
    page = salma.page
    page.goto(f"{house.url}/settings/import")
    page.set_input_files("input[type=file]", x_archive(tmp_path))
    page.get_by_role("button", name="Bring it").click()
    for _turn in range(60):
        page.goto(f"{house.url}/@salma")
        if page.get_by_text("An old post about quinces").count():
            break
        page.wait_for_timeout(500)
    expect(page.get_by_text("An old post about quinces").first).to_be_visible()
    assert "2019" in (page.locator("article time").first.get_attribute("datetime") or "")
    page.goto(f"{house.url}/home")
    expect(page.get_by_text("An old post about quinces")).to_have_count(0)
    assert salma.problems == []


def test_without_scripts_one_can_write_and_react(chromium: Browser, house: House) -> None:
    dana = Newcomer(chromium, house, "dana", language="en", width=390)
    dana.join("Dana")
    state = dana.page.context.storage_state()
    context = chromium.new_context(storage_state=state, java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(f"{house.url}/home")
    page.fill("textarea", "No script, no matter")
    page.get_by_role("button", name="Post", exact=True).click()
    page.goto(f"{house.url}/@dana")
    expect(page.get_by_text("No script, no matter").first).to_be_visible()
