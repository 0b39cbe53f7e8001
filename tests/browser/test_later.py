"""Writing for later: by her own clock, and the words on the device go when the server has them, no sooner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from running_house import House, running_house

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "a long walk by the sea"


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with running_house() as where:
        where.run("account", "create", "alice", "--email", "alice@example.org", "--password", PASSWORD)
        yield where


@pytest.fixture
def page(chromium: Browser, house: House) -> Iterator[Page]:
    context = chromium.new_context(
        locale="en", timezone_id="Africa/Cairo", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto(f"{house.url}/accounts/login/")
    page.fill("#id_login", "alice@example.org")
    page.fill("#id_password", PASSWORD)
    page.click("form.form button.primary")
    page.wait_for_url(f"{house.url}/home")
    yield page
    context.close()


def write(page: Page, house: House, words: str, hour: datetime) -> None:
    """The words, and an hour as the clock of Cairo shows it."""
    page.goto(f"{house.url}/compose")
    page.locator("#composer-text").press_sequentially(words)
    page.get_by_title("Language, replies, time").click()
    page.fill("#composer-time", hour.astimezone(ZoneInfo("Africa/Cairo")).strftime("%Y-%m-%dT%H:%M"))
    expect(page.get_by_text("Saved on this device")).to_be_visible()
    page.get_by_role("button", name="Post", exact=True).click()


def test_an_hour_of_her_own_clock(page: Page, house: House) -> None:
    moment = (datetime.now(UTC) + timedelta(hours=7)).replace(second=0, microsecond=0)
    write(page, house, "Bread tomorrow", moment)
    page.wait_for_url(f"{house.url}/drafts")
    expect(page.get_by_text("Egypt Time")).to_be_visible()
    told = page.locator("article.draft time").first.get_attribute("datetime") or ""
    assert datetime.fromisoformat(told) == moment
    page.goto(f"{house.url}/compose")
    assert page.input_value("#composer-text") == "", "what waits is not written a second time"


def test_words_that_were_refused_stay_on_the_device(page: Page, house: House) -> None:
    write(page, house, "Bread yesterday", datetime.now(UTC) - timedelta(days=1))
    expect(page.get_by_role("alert")).to_contain_text("five minutes")
    page.get_by_role("link", name="Drafts").click()
    page.wait_for_url(f"{house.url}/drafts")
    page.goto(f"{house.url}/compose")
    assert page.input_value("#composer-text") == "Bread yesterday"
