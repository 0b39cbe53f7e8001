"""Plots in a real browser, under the policy that every page has: drawn, told by keys, and nothing refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import measured_town
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from drawn import answer_from
from measured_town import Town
from playwright.sync_api import Browser, Page, expect
from selling import sell

from majlis.core.clock import now

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

STUDIO = "/studio/bayt_zaytoun"
Open = Callable[..., Page]


@pytest.fixture
def town(db: None) -> Town:
    at = now()
    made = measured_town.town(at=at)
    sell(made, at=at, clicks=40, orders=15, strangers=20)
    return made


@pytest.fixture
def open_page(chromium: Browser, browse: Any, town: Town) -> Iterator[Open]:
    """A page as the analyst's browser shows it, with the headers the house sends; what the browser complained of
    is in ``page.problems``."""
    contexts = []

    def open_(
        address: str, *, language: str = "en", width: int = 390, theme: str = "light", script: bool = True
    ) -> Page:
        client: Client = browse(town.bakery.analyst, language)
        # asked for here and not from within the browser, where Django would open a second connection
        answer = client.get(address)
        assert "unsafe" not in answer["Content-Security-Policy"]
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, color_scheme=theme, service_workers="block",  # type: ignore[arg-type]
            java_script_enabled=script,
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        problems: list[str] = []
        page.problems = problems  # type: ignore[attr-defined]
        page.on(
            "console",
            lambda line: (
                problems.append(line.text)
                if line.type in ("error", "warning") and "blocked by Playwright" not in line.text
                else None
            ),
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.route("**/*", lambda route: answer_from(route, answer))
        page.goto(f"http://localhost{address}")
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("part", ["posts", "audience", "results"])
def test_plots_are_drawn_under_the_strict_policy(
    open_page: Open, town: Town, part: str, language: str
) -> None:
    address = f"{STUDIO}/posts/{town.posts[-1]}" if part == "posts" else f"{STUDIO}/{part}"
    page = open_page(address, language=language)
    expect(page.locator("[data-plot]:not([data-drawn])")).to_have_count(0, timeout=30_000)
    assert page.problems == []  # type: ignore[attr-defined]
    drawn = page.locator("[data-plot] svg")
    assert drawn.count() == page.locator("[data-plot]").count() >= 1
    assert page.locator('[data-plot] [role="graphics-symbol"][aria-label]').count() >= 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:160]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_keys_walk_through_the_marks_and_each_is_told(open_page: Open, town: Town) -> None:
    page = open_page(f"{STUDIO}/posts/{town.posts[-1]}")
    expect(page.locator("[data-plot]:not([data-drawn])")).to_have_count(0, timeout=30_000)
    plot = page.locator("#plot-ledger")
    plot.locator("[data-plot]").focus()
    page.keyboard.press("ArrowRight")
    assert plot.locator("output").inner_text() == "Engaged: 45 (32%)"
    page.keyboard.press("ArrowRight")
    assert plot.locator("output").inner_text() == "Viewed: 20 (14%)"
    page.keyboard.press("Home")
    assert plot.locator("output").inner_text() == "Engaged: 45 (32%)"


def test_in_arabic_bars_grow_from_the_right_and_time_still_runs_to_the_right(
    open_page: Open, town: Town
) -> None:
    edges = {}
    for language in ("en", "ar"):
        page = open_page(f"{STUDIO}/posts/{town.posts[-1]}", language=language, width=1440)
        expect(page.locator("[data-plot]:not([data-drawn])")).to_have_count(0, timeout=30_000)
        boxes = page.evaluate(
            """() => [...document.querySelectorAll('#plot-ledger .mark-rect path')].map(each => {
                const box = each.getBoundingClientRect(); return [box.left, box.right]; })"""
        )
        lefts, rights = {round(left) for left, _right in boxes}, {round(right) for _left, right in boxes}
        edges[language] = (len(lefts) == 1, len(rights) == 1)
        times = page.evaluate(
            """() => [...document.querySelectorAll('#plot-hours .role-axis-label text')]
                .filter(each => /\\d\\d:\\d\\d/.test(each.textContent)).map(each => each.getBoundingClientRect().left)"""
        )
        assert times == sorted(times)
    assert edges == {"en": (True, False), "ar": (False, True)}


def test_without_a_script_the_tables_and_the_bar_are_there(open_page: Open, town: Town) -> None:
    page = open_page(f"{STUDIO}/posts/{town.posts[-1]}", script=False)
    assert page.locator("svg.reach-bar rect").count() >= 4
    assert page.locator("#plot-ledger table").is_visible()
    assert not page.locator("[data-plot]").first.is_visible()
