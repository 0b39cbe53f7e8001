"""From a complaint in Arabic to thanks, in a real browser: who answers is rung and answers within the clock, the cause is
fixed, who complained is told, confirms by her link without signing in, and the page shows how it answers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import houses
from houses import House, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# where somebody wants to see it: a folder for a picture of each step
PICTURES = os.environ.get("MAJLIS_TESTS_PICTURES", "")
_SEED = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from allauth.usersessions.models import UserSession
from majlis.brands.access import team_door
from majlis.brands.roles import Permission
from majlis.care import acting, causes, intake
from majlis.care.fixing import badge
from majlis.care.inbox import Wanted, listing
from majlis.care.intake import Outside
from majlis.notifications.models import Notification
def browser(member):
    store = SessionStore()
    store[SESSION_KEY] = str(member.user_id)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    store["profile_id"] = member.id
    store.save()
    UserSession.objects.create(user=member.user, session_key=store.session_key, ip="127.0.0.1", user_agent="a test")
    return store.session_key
bakery, customer = cast.bakery(), cast.member("huda", "هدى", language="ar")
owner = team_door(page_id=bakery.page.id, by=bakery.owner.id, needs=Permission.CARE)
causes.begin(owner, at=now())
late = next(each.id for each in causes.causes(owner) if each.kind == "delivery")
# nine of yesterday, so that hers is the tenth
at = now() - timedelta(days=1)
said = [Outside(network="x", id=str(n), thread=str(n), author=str(n), at=at, text="Are you open?") for n in range(9)]
soon = at + timedelta(minutes=5)
said += [Outside(network="x", id=f"a{n}", thread=str(n), author="page", at=soon, text="Yes", team=True) for n in range(9)]
intake.arrive(page_id=bakery.page.id, said=said)
result = [browser(customer), browser(bakery.support), browser(bakery.owner), str(late)]
"""
_RUNG = "result = Notification.objects.filter(kind='care_complaint', recipient_id=bakery.support.id).count()"
_STATUS = """
rows = listing(owner, Wanted(view="all", source="mention"), at=now()).rows
result = [[row.status.value, (row.complaint or 0) >= 0.5, str(row.id)] for row in rows]
"""
_LINK = """
from majlis.posts.models import Post
result = list(Post.objects.filter(author_id=bakery.page.id, audience="mentioned").values_list("text", flat=True))
"""
COMPLAINT = "@bayt_zaytoun أسوأ خدمة توصيل جربتها، الطلب وصل متأخر ساعتين وبارد، حرام عليكم رجعولي فلوسي"


class Story:
    """The house, and a window for each who is in the story."""

    def __init__(self, house: House, chromium: Browser) -> None:
        self.house, self._chromium, self._number = house, chromium, 0
        self.customer, self.salma, self.owner, self.cause = house.hand(_SEED)
        self._open: list[BrowserContext] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.house.port}"

    def window(self, cookie: str = "", language: str = "en", *, phone: bool = False) -> Page:
        size: Any = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 860}
        context = self._chromium.new_context(locale=language, viewport=size)
        cookies: list[Any] = [{"name": "majlis_language", "value": language, "url": self.url}]
        if cookie:
            cookies.append({"name": "majlis_session", "value": cookie, "url": self.url})
        context.add_cookies(cookies)
        self._open.append(context)
        return context.new_page()

    def picture(self, page: Page, name: str) -> None:
        self._number += 1
        if PICTURES:
            page.wait_for_timeout(400)
            page.screenshot(path=str(Path(PICTURES) / f"care-{self._number}-{name}.png"))

    def close(self) -> None:
        for context in self._open:
            context.close()


@pytest.fixture
def story(chromium: Browser) -> Iterator[Story]:
    with houses.house() as made:
        found = Story(made, chromium)
        yield found
        found.close()


def test_from_a_complaint_in_arabic_to_thanks(story: Story) -> None:
    hand = story.house.hand
    her = story.window(story.customer, "ar", phone=True)
    her.goto(f"{story.url}/compose")
    her.locator("textarea[name=text]").first.fill(COMPLAINT)
    story.picture(her, "complains")
    her.locator("textarea[name=text]").first.press("Control+Enter")
    until(lambda: len(hand(_STATUS)) == 1, 20)
    until(lambda: hand(_STATUS)[0][1], 20)  # known as a complaint
    until(lambda: hand(_RUNG) == 1, 20)
    conversation = hand(_STATUS)[0][2]

    salma = story.window(story.salma, "ar")
    salma.goto(f"{story.url}/notifications")
    story.picture(salma, "rung")
    salma.locator(f"a[href='/studio/bayt_zaytoun/inbox/{conversation}']").first.click()
    expect(salma.locator("#inbox-customer")).to_have_text("هدى")
    expect(salma.locator(".inbox-said.of-customer")).to_contain_text("أسوأ خدمة")
    expect(salma.locator(".inbox-due.late")).to_have_count(0)
    salma.locator("#answer-text").fill("نعتذر منك كثيرًا، نعيد لك المبلغ اليوم.")
    story.picture(salma, "answers")
    salma.locator("button[name=then][value=solved]").click()
    until(lambda: hand(_STATUS)[0][0] == "solved", 20)
    salma.locator("#set-cause").select_option(story.cause)
    salma.locator("#set-cause").press("Enter")
    story.picture(salma, "cause")

    owner = story.window(story.owner)
    owner.goto(f"{story.url}/studio/bayt_zaytoun/care/causes")
    story.picture(owner, "causes")
    expect(owner.locator(".answer")).to_contain_text("1 complaint")
    owner.goto(f"{story.url}/studio/bayt_zaytoun/care/causes/{story.cause}")
    owner.locator("#text").fill("A second van is on the road.")
    owner.locator("#text-ar").fill("سيارة توصيل ثانية تعمل الآن.")
    owner.locator("button[value=look]").click()
    expect(owner.locator("p[role=status]")).to_contain_text("1 person would be told")
    story.picture(owner, "fix")
    owner.locator("button[value=tell]").click()
    until(lambda: any("/care/" in text for text in hand(_LINK)), 20)
    (told,) = [text for text in hand(_LINK) if "/care/" in text]
    assert "سيارة توصيل ثانية" in told

    guest = story.window("", "ar", phone=True)
    found = re.search(r"/care/\S+", told)
    assert found
    guest.goto(f"{story.url}{found[0]}")
    expect(guest.locator("blockquote")).to_contain_text("سيارة توصيل ثانية")
    story.picture(guest, "asked")
    guest.locator("button[value=confirm]").click()
    until(lambda: hand(_STATUS)[0][0] == "confirmed", 20)
    guest.locator("button[name=stars][value='5']").click()
    expect(guest.locator("button[name=stars][value='5']")).to_have_attribute("aria-pressed", "true")
    story.picture(guest, "thanks")

    hand("badge.work_out(bakery.page.id, at=now())")
    guest.goto(f"{story.url}/@bayt_zaytoun")
    expect(guest.locator(".shop")).to_contain_text("100")
    guest.locator(".shop").scroll_into_view_if_needed()
    story.picture(guest, "badge")
    assert guest.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
