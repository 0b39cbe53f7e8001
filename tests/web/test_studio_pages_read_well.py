"""Every page of the studio that a link leads to, in a real browser: nothing axe objects to, nothing refused by the
policy, nothing wider than the window, no number that is none; both languages, both schemes, phone and desktop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import measured_town
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from drawn import answer_from
from measured_town import Town
from playwright.sync_api import Browser, Page
from selling import sell

from majlis.core.clock import now
from majlis.studio import actions
from plans import content, team_of

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.slow]

STUDIO = "/studio/bayt_zaytoun"
# each page is seen in one of them, by turns, so that every pairing meets a quarter of the pages of each part
WAYS = [("en", 390, "light"), ("ar", 1440, "dark"), ("ar", 390, "light"), ("en", 1440, "dark")]
DEEPEST = 2
_HREF = re.compile(r'href="([^"]+)"')
_FILE = re.compile(r"\.(?:csv|xlsx|png|svg|json|pdf|ics)$")
# "None" is a word in lists to choose from; as a number it stands alone on its line
_NO_NUMBER = re.compile(r"\bNaN\b|\bInfinity\b|\bundefined\b|^None$", re.MULTILINE)


@pytest.fixture
def town(db: None) -> Town:
    at = now()
    made = measured_town.town(at=at)
    sell(made, at=at, clicks=40, orders=15, strangers=20)
    team = team_of(made.bakery, "owner")
    actions.make(team=team, draft=actions.Draft(content=content("Bread for the weekend")), at=at)
    return made


def addresses(client: Client) -> list[str]:
    """What links lead to from the first page of the studio, each kind of page once: ids are told apart by nothing."""
    found: dict[str, str] = {}
    wave = [STUDIO]
    for _depth in range(DEEPEST + 1):
        following: list[str] = []
        for address in wave:
            kind = re.sub(r"\d{6,}", "ID", urlsplit(address).path)
            if kind in found:
                continue
            answer = client.get(address)
            assert answer.status_code == 200 or 300 <= answer.status_code < 400, (address, answer.status_code)
            if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                continue
            found[kind] = address
            for link in _HREF.findall(answer.content.decode()):
                there = urldefrag(urljoin(address, link.replace("&amp;", "&"))).url
                if urlsplit(there).path.startswith(STUDIO) and not _FILE.search(urlsplit(there).path):
                    following.append(there)
        wave = following
    return list(found.values())


@pytest.fixture
def window(chromium: Browser) -> Iterator[Any]:
    contexts = []

    def open_(answer: Any, address: str, *, language: str, width: int, theme: str) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, color_scheme=theme, service_workers="block"  # type: ignore[arg-type]
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.problems = []  # type: ignore[attr-defined]
        page.on("console", lambda line: _note(page, line))
        page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
        page.route("**/*", lambda route: answer_from(route, answer))
        page.goto(f"http://localhost{address}")
        return page

    yield open_
    for context in contexts:
        context.close()


def _note(page: Any, line: Any) -> None:
    if line.type in {"error", "warning"} and "blocked by Playwright" not in line.text:
        page.problems.append(line.text)


def test_every_page_of_the_studio(window: Any, browse: Any, town: Town) -> None:
    clients = {language: browse(town.bakery.owner, language) for language in ("en", "ar")}
    pages = addresses(clients["en"])
    assert len(pages) > 30, pages
    wrong = []
    for number, address in enumerate(pages):
        for language, width, theme in (WAYS[number % 4], WAYS[(number + 1) % 4]):
            answer = clients[language].get(address)
            page = window(answer, address, language=language, width=width, theme=theme)
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            about = (address, language, width, theme)
            wrong += [(*about, each["id"], each["nodes"][0]["html"][:160]) for each in _violations(page)]
            wrong += [(*about, "console", each) for each in page.problems]
            if page.locator(".studio-places a").count() < 20:
                wrong.append((*about, "places", "the way to the others is not there"))
            wide = page.evaluate("document.documentElement.scrollWidth")
            wrong += [(*about, "wide", str(wide))] if wide > width else []
            page.evaluate("document.querySelectorAll('select').forEach(each => each.remove())")
            words = page.inner_text("main")
            wrong += [(*about, "words", each) for each in _NO_NUMBER.findall(words)]
            page.context.close()
    assert not wrong, "\n".join(map(str, wrong))


def _violations(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return found
