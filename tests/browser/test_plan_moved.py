"""The calendar under a hand: dragged, moved by keys in both directions of writing, moved by its form without a
script; and a second screen of the team follows by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

import houses
from houses import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CALENDAR = "/studio/bayt_zaytoun/calendar"

_PLAN = """
from datetime import time, timedelta
from django.test import Client
from plans import content, team_of
from majlis.brands.models import Page
from majlis.studio import actions as studio
from majlis.studio.moments import moment
bakery = cast.bakery()
Page.objects.filter(pk=bakery.page.id).update(time_zone="Asia/Beirut")
team = team_of(bakery)
# a Wednesday some weeks ahead, so that neither its week nor what it is moved to is past
day = now().date() + timedelta(days=30)
due = moment(day + timedelta(days=2 - day.weekday()), time(9, 30), zone=team.time_zone)
made = studio.make(team=team, draft=studio.Draft(content=content("fresh bread")), at=now())
studio.schedule(team=team, entry_id=made, due=due, at=now())
sessions = {}
for who in ("owner", "editor"):
    client = Client(); client.force_login(getattr(bakery, who).user)
    session = client.session; session["profile_id"] = getattr(bakery, who).id; session.save()
    sessions[who] = {name: each.value for name, each in client.cookies.items()}
wall = due.astimezone(__import__("zoneinfo").ZoneInfo("Asia/Beirut"))
result = {"entry": made, "day": wall.date().isoformat(), "sessions": sessions}
"""
_DUE = """
from zoneinfo import ZoneInfo
from majlis.studio.models import Entry
result = Entry.objects.get(pk=given).due_at.astimezone(ZoneInfo("Asia/Beirut")).strftime("%Y-%m-%d %H:%M")
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with houses.house() as made:
        yield made


@pytest.fixture(scope="module")
def plan(house: House) -> dict[str, Any]:
    made: dict[str, Any] = house.hand(_PLAN)
    return made


def _context(
    chromium: Browser, house: House, plan: dict[str, Any], who: str, language: str, **how: Any
) -> BrowserContext:
    context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **how})
    cookies = {**plan["sessions"][who], "majlis_language": language}
    url = f"http://127.0.0.1:{house.port}"
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    return context


def _open(context: BrowserContext, house: House, plan: dict[str, Any]) -> Page:
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{house.port}{CALENDAR}?day={plan['day']}")
    return page


def _day(page: Page, iso: str) -> Locator:
    return page.locator(f'.plan-day[data-day="{iso}"]')


def _shifted(plan: dict[str, Any], days: int) -> str:
    return (date.fromisoformat(plan["day"]) + timedelta(days=days)).isoformat()


def test_dragged_followed_by_another_screen_and_undone(
    chromium: Browser, house: House, plan: dict[str, Any]
) -> None:
    mine, theirs = (_context(chromium, house, plan, who, "en") for who in ("owner", "editor"))
    page, other = _open(mine, house, plan), _open(theirs, house, plan)
    target = _shifted(plan, 2)
    start = page.locator(".chip").bounding_box()
    end = _day(page, target).bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 40, end["y"] + 200, steps=8)
    expect(_day(page, target)).to_have_class("plan-day empty-day over")
    page.mouse.up()
    expect(_day(page, target).locator(".chip")).to_be_visible()
    assert house.hand(_DUE, plan["entry"]) == f"{target} 09:30", "another day, the same time"
    expect(_day(other, target).locator(".chip")).to_be_visible()
    assert page.url.endswith(plan["day"]), "a drag opens nothing"
    page.get_by_role("button", name="Undo").click()
    expect(_day(page, plan["day"]).locator(".chip")).to_be_visible()
    assert house.hand(_DUE, plan["entry"]) == f"{plan['day']} 09:30"
    mine.close()
    theirs.close()


class Finger:
    """A finger on the glass, as Chromium's own protocol presses it; Playwright's taps do not rest."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self._page, self._glass = page, context.new_cdp_session(page)

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        told = [{"x": x, "y": y} for x, y in points]
        self._glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, rest: int) -> None:
        """Press, rest so many milliseconds, move in steps; it is still pressed then."""
        self._send("touchStart", start)
        self._page.wait_for_timeout(rest)
        for step in range(1, 11):
            share = step / 10
            at = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
            self._send("touchMove", at)
            self._page.wait_for_timeout(20)

    def lift(self) -> None:
        self._send("touchEnd")


def _middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 30)


@pytest.mark.parametrize(
    ("language", "width", "height"), [("en", 390, 844), ("ar", 390, 844), ("ar", 1024, 768)]
)
def test_a_finger_that_rests_drags_and_one_that_does_not_scrolls(
    chromium: Browser, house: House, plan: dict[str, Any], language: str, width: int, height: int
) -> None:
    context = _context(
        chromium, house, plan, "editor", language, has_touch=True, viewport={"width": width, "height": height}
    )
    page = _open(context, house, plan)
    finger, target = Finger(context, page), _shifted(plan, 1)
    page.locator(".chip").evaluate("chip => chip.scrollIntoView({block: 'center'})")
    start, end = _middle(page.locator(".chip")), _middle(_day(page, target))
    finger.drag(start, (start[0], start[1] - 120), rest=0)
    finger.lift()
    page.wait_for_timeout(1000)  # until the page that was flung stands still
    assert house.hand(_DUE, plan["entry"]) == f"{plan['day']} 09:30", "a swipe moves nothing"
    page.locator(".chip").evaluate("chip => chip.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(300)
    start, end = _middle(page.locator(".chip")), _middle(_day(page, target))
    before = page.evaluate("scrollY")
    finger.drag(start, end, rest=1200)
    expect(_day(page, target)).to_have_class("plan-day empty-day over")
    assert page.evaluate("scrollY") == before, "what is held does not scroll the page"
    finger.lift()
    expect(_day(page, target).locator(".chip")).to_be_visible()
    assert house.hand(_DUE, plan["entry"]) == f"{target} 09:30", "another day, the same time"
    assert page.url.endswith(plan["day"]), "a drag opens nothing"
    page.locator(".chip").tap()
    expect(page).to_have_url(re.compile(r"/entries/\d+$"))
    page.go_back()
    page.locator(".chip").press("Shift+ArrowLeft" if language == "en" else "Shift+ArrowRight")
    expect(_day(page, plan["day"]).locator(".chip")).to_be_visible()
    context.close()


def test_held_at_the_edge_of_a_phone_the_page_goes_along(
    chromium: Browser, house: House, plan: dict[str, Any]
) -> None:
    context = _context(
        chromium, house, plan, "editor", "ar", has_touch=True, viewport={"width": 390, "height": 520}
    )
    page = _open(context, house, plan)
    finger, start_day = Finger(context, page), house.hand(_DUE, plan["entry"])
    page.locator(".chip").evaluate("chip => chip.scrollIntoView({block: 'center'})")
    before = page.evaluate("scrollY")
    start = _middle(page.locator(".chip"))
    finger.drag(start, (start[0], 470), rest=500)
    page.wait_for_timeout(400)
    assert page.evaluate("scrollY") > before + 40
    page.keyboard.press("Escape")
    finger.lift()
    page.wait_for_timeout(200)
    assert house.hand(_DUE, plan["entry"]) == start_day, "Escape lets go of it where it was"
    context.close()


@pytest.mark.parametrize(("language", "forward"), [("en", "ArrowRight"), ("ar", "ArrowLeft")])
def test_moved_by_keys_the_way_the_page_is_read(
    chromium: Browser, house: House, plan: dict[str, Any], language: str, forward: str
) -> None:
    context = _context(chromium, house, plan, "editor", language)
    page = _open(context, house, plan)
    back = {"ArrowRight": "ArrowLeft", "ArrowLeft": "ArrowRight"}[forward]
    page.locator(".chip").focus()
    page.keyboard.press(f"Shift+{forward}")
    next_day = _shifted(plan, 1)
    expect(_day(page, next_day).locator(".chip")).to_be_focused()
    page.keyboard.press("Shift+ArrowDown")
    expect(_day(page, next_day).locator('.chip[data-time="10:30"]')).to_be_focused()
    assert house.hand(_DUE, plan["entry"]) == f"{next_day} 10:30"
    page.keyboard.press("Shift+ArrowUp")
    expect(_day(page, next_day).locator('.chip[data-time="09:30"]')).to_be_focused()
    page.keyboard.press(f"Shift+{back}")
    expect(_day(page, plan["day"]).locator(".chip")).to_be_focused()
    context.close()


def test_moved_by_its_form_without_a_script(chromium: Browser, house: House, plan: dict[str, Any]) -> None:
    context = _context(chromium, house, plan, "editor", "en", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{house.port}{CALENDAR}?view=list")
    page.locator(".plan-move summary").click()
    page.fill('.plan-move input[name="due"]', f"{_shifted(plan, 1)}T18:00")
    page.get_by_role("button", name="Move", exact=True).click()
    assert house.hand(_DUE, plan["entry"]) == f"{_shifted(plan, 1)} 18:00"
    context.close()
