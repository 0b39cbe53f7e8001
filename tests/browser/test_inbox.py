"""A shift by keyboard alone, in a real browser; and two of a team before the same customer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import houses
from houses import House, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_SEED = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from allauth.usersessions.models import UserSession
from majlis.brands.access import team_door
from majlis.brands.roles import Permission
from majlis.care import inbox, intake, reading
from majlis.care.inbox import Wanted
from majlis.care.intake import Outside
from majlis.care.models import Cause
def browser(member):
    store = SessionStore()
    store[SESSION_KEY] = str(member.user_id)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    store["profile_id"] = member.id
    store.save()
    UserSession.objects.create(user=member.user, session_key=store.session_key, ip="127.0.0.1", user_agent="a test")
    return store.session_key
def say(text, who, **params):
    at = now()
    posts.publish(by=who.id, params=PostParams(text=text, **params), at=at)
    while intake.take_in(at=at):
        pass
bakery, dana, bob = cast.bakery(), cast.dana(), cast.bob()
Cause.objects.create(page_id=bakery.page.id, name="Hard bread", made_at=now())
salma = team_door(page_id=bakery.page.id, by=bakery.support.id, needs=Permission.ANSWER)
result = [browser(bakery.support), browser(bakery.editor), browser(cast.charlie())]
"""
_SAY = "say(given[0], dana if given[1] == 'dana' else bob)"
_STATE = """
result = []
for row in inbox.listing(salma, Wanted(view="all", order="newest"), at=now()).rows:
    found = reading.read(salma, conversation_id=row.id, at=now())
    result.append({
        "name": row.name, "status": row.status.value, "mine": row.assignee == salma.by, "priority": int(row.priority),
        "cause": row.cause_name, "tags": list(row.tags), "said": [[each.side, each.text] for each in found.said],
    })
"""


@dataclass
class Desk:
    house: House
    salma: str
    elias: str
    charlie: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.house.port}"

    @property
    def inbox(self) -> str:
        return f"{self.url}/studio/bayt_zaytoun/inbox"

    def say(self, text: str, who: str = "dana") -> None:
        self.house.hand(_SAY, [text, who])

    def of(self, name: str) -> dict[str, Any]:
        """The newest conversation with somebody."""
        found: dict[str, Any] = next(each for each in self.house.hand(_STATE) if each["name"] == name)
        return found


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with houses.house() as made:
        yield Desk(made, *made.hand(_SEED))


@pytest.fixture
def window(chromium: Browser, desk: Desk) -> Iterator[Any]:
    contexts = []

    def open_(cookie: str) -> Page:
        context = chromium.new_context(locale="en", viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "majlis_session", "value": cookie, "url": desk.url}])
        contexts.append(context)
        page = context.new_page()
        page.problems = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
        return page

    yield open_
    for context in contexts:
        for page in context.pages:
            assert page.problems == []
        context.close()


def focus(page: Page) -> str:
    """Where the keyboard stands: an id, or the address of a link."""
    return str(page.evaluate("document.activeElement.id"))


def test_a_shift_by_keyboard_alone(window: Any, desk: Desk) -> None:
    desk.say("@bayt_zaytoun the bread was hard as a stone")
    desk.say("@bayt_zaytoun متى تفتحون؟", "bob")
    page = window(desk.salma)
    page.goto(desk.inbox)
    keys = page.keyboard
    expect(page.locator(".inbox-row")).to_have_count(2)
    keys.press("?")
    expect(page.locator("#inbox-keys")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#inbox-keys")).to_be_hidden()

    keys.press("j")
    first = focus(page)
    keys.press("j")
    assert focus(page) != first
    keys.press("k")
    assert focus(page) == first
    assert page.locator(".inbox-row > a[tabindex='0']").count() == 1, "one of the list is reached by Tab"
    keys.press("Enter")
    expect(page.locator("#inbox-customer")).to_have_text("Dana")
    page.wait_for_load_state()  # its keys are there once its script is

    keys.press("a")
    until(lambda: desk.of("Dana")["mine"], 10)
    expect(page.locator(".inbox-step", has_text="took it")).to_have_count(1)
    keys.press("p")
    assert focus(page) == "set-priority"
    keys.press("u")  # Urgent
    keys.press("Enter")
    until(lambda: desk.of("Dana")["priority"] == 0, 10)
    keys.press("Escape")
    keys.press("c")
    keys.press("h")
    keys.press("Enter")
    until(lambda: desk.of("Dana")["cause"] == "Hard bread", 10)
    keys.press("Escape")
    keys.press("#")
    keys.type("oven")
    keys.press("Enter")
    until(lambda: desk.of("Dana")["tags"] == ["oven"], 10)
    keys.press("Escape")

    keys.press("n")
    assert focus(page) == "note-text"
    keys.type("She comes every Friday.")
    keys.press("Control+Enter")
    until(lambda: ["note", "She comes every Friday."] in desk.of("Dana")["said"], 10)
    expect(page.locator(".inbox-said.of-note")).to_have_count(1)
    keys.press("r")
    assert focus(page) == "answer-text"
    keys.type("We are sorry; we bake you another.")
    keys.press("Control+Enter")
    until(lambda: desk.of("Dana")["status"] == "waiting", 10)
    expect(page.locator(".inbox-said.of-team")).to_contain_text("we bake you another")
    expect(page.locator("#answer-text")).to_have_value("")
    keys.press("Escape")
    keys.press("e")
    until(lambda: desk.of("Dana")["status"] == "solved", 10)

    keys.press("/")
    assert focus(page) == "inbox-q"
    keys.type("تفتحون")
    keys.press("Enter")
    expect(page.locator(".inbox-row")).to_have_count(1)
    keys.press("Escape")
    keys.press("o")
    expect(page.locator("#inbox-customer")).to_contain_text("بوب")
    keys.press("s")
    assert focus(page) == "snooze-later"
    keys.press("Tab")
    keys.press("Enter")
    until(lambda: desk.of("بوب الحلبي")["status"] == "snoozed", 10)


def test_two_before_the_same_customer(window: Any, desk: Desk) -> None:
    desk.say("@bayt_zaytoun and my cake was dry, too")
    hers, theirs = window(desk.salma), window(desk.elias)
    for page in (hers, theirs):
        page.goto(desk.inbox)
        page.locator(".inbox-row", has_text="my cake was dry").first.locator("a").click()
        expect(page.locator("#answer-text")).to_be_visible()
        page.wait_for_load_state()  # who is there is told by its script
    hers.locator("#answer-text").fill("Please come by, Dana.")
    expect(theirs.locator("#present")).to_contain_text("is answering right now", timeout=10_000)
    theirs.locator("#answer-text").fill("We bake you another cake.")
    theirs.keyboard.press("Control+Enter")
    expect(theirs.locator(".inbox-said.of-team")).to_have_count(1)
    # it reaches her while she writes, and what she wrote and where she stands stay
    expect(hers.locator(".inbox-said.of-team")).to_contain_text("another cake", timeout=10_000)
    expect(hers.locator("#answer-text")).to_have_value("Please come by, Dana.")
    assert focus(hers) == "answer-text"
    hers.keyboard.press("Control+Enter")
    expect(hers.locator("#answer [role=alert]")).to_contain_text("Elias has answered in the meantime")
    assert [side for side, _text in desk.of("Dana")["said"]] == ["customer", "team"]
    expect(hers.locator("#answer-text")).to_have_value("Please come by, Dana.")
    assert focus(hers) == "answer-text"
    hers.keyboard.press("Control+Enter")
    until(lambda: [side for side, _text in desk.of("Dana")["said"]] == ["customer", "team", "team"], 10)
    expect(hers.locator("#answer [role=alert]")).to_have_count(0)


def test_what_comes_in_stands_in_the_list_and_nothing_typed_is_lost(window: Any, desk: Desk) -> None:
    desk.say("@bayt_zaytoun is the oven hot?")
    page = window(desk.salma)
    page.goto(desk.inbox)
    page.locator(".inbox-row", has_text="is the oven hot").locator("a").click()
    page.locator("#set-tags").fill("half typed")
    page.locator("#note summary").click()
    page.locator("#note-text").fill("half a note")
    desk.say("@bayt_zaytoun yet another thing", "bob")
    expect(page.locator(".inbox-row", has_text="yet another thing")).to_have_count(1, timeout=10_000)
    page.wait_for_timeout(500)
    expect(page.locator("#set-tags")).to_have_value("half typed")
    expect(page.locator("#note-text")).to_have_value("half a note")
    assert focus(page) == "note-text"


def test_without_scripts_it_is_links_and_forms(chromium: Browser, desk: Desk) -> None:
    desk.say("@bayt_zaytoun do you have rye bread?")
    context = chromium.new_context(
        locale="en", viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    context.add_cookies([{"name": "majlis_session", "value": desk.salma, "url": desk.url}])
    page = context.new_page()
    page.goto(desk.inbox)
    page.locator(".inbox-row", has_text="rye bread").locator("a").click()
    expect(page.locator(".inbox-list")).to_be_hidden()
    page.locator("#answer-text").fill("Every Tuesday.")
    page.locator("#answer-send").click()
    expect(page.locator(".inbox-said.of-team")).to_contain_text("Every Tuesday.")
    page.locator(".inbox-back").click()
    expect(page.locator(".inbox-list")).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    ("language", "width", "theme"),
    [("en", 390, "dark"), ("ar", 1440, "light"), ("ar", 390, "light"), ("en", 1440, "dark")],
)
def test_it_reads_well(chromium: Browser, desk: Desk, language: str, width: int, theme: Any) -> None:
    desk.say("@bayt_zaytoun الخبز قاسٍ، and nobody answers")
    context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=theme)
    context.add_cookies(
        [
            {"name": "majlis_session", "value": desk.salma, "url": desk.url},
            {"name": "majlis_language", "value": language, "url": desk.url},
        ]
    )
    page = context.new_page()
    page.goto(desk.inbox)
    one = page.locator(".inbox-row > a").first.get_attribute("href")
    for address in (desk.inbox, f"{desk.url}{one}"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details:not(.pop)').forEach(each => each.open = true)")
        wrong = [
            (each["id"], each["nodes"][0]["html"][:200]) for each in Axe().run(page).response["violations"]
        ]
        assert wrong == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_charlie_finds_nothing(window: Any, desk: Desk) -> None:
    page = window(desk.charlie)
    answer = page.goto(desk.inbox)
    assert answer is not None
    assert answer.status == 404
