"""From a plan to the ledger, in real browsers: a week is planned, approved, published by the worker; members see it or
do not, each for a known reason; and the ledger says exactly what is counted by hand here.

Groups of fewer than ten people are not shown, so each reason has at least ten members.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

import houses
from houses import House, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HAND_COUNT: Final = {
    "engaged": 10,
    "viewed": 11,
    "served": 12,
    "muted": 13,
    "filtered": 10,
    "language": 12,
    "boosts hidden": 11,
    "not so far": 14,
    "not opened": 15,
    "outside": 10,
    "not measured": 11,
}
"""Followers by what becomes of the post with each. Everything below follows from it."""
NAMES: Final = {
    "engaged": "Engaged",
    "viewed": "Viewed",
    "served": "Served, not viewed",
    "muted": "Muted you",
    "filtered": "Filtered out",
    "language": "Another language",
    "boosts hidden": "Boosts hidden",
    "not so far": "Not so far down",
    "not opened": "Not here since",
    "outside": "On other servers",
    "not measured": "Not measured",
}
SITE: Final = "https://bayt-zaytoun.example/winter"
WORDS: Final = f"The winter table is here: warm bread and lentils.\n\n{SITE}"
# a headless browser says so in its name, and programs are not counted
AGENT: Final = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)

_PEOPLE: Final = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from allauth.usersessions.models import UserSession
from majlis.core.ids import new_id
from majlis.feeds import actions as feeds
from majlis.feeds.actions import Word
from majlis.insights import mine
from majlis.people.models import Profile, ProfileCount
def browser(member):
    store = SessionStore()
    store[SESSION_KEY] = str(member.user_id)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    store["profile_id"] = member.id
    store.save()
    UserSession.objects.create(user=member.user, session_key=store.session_key, ip="127.0.0.1", user_agent="a test")
    return store.session_key
def elsewhere(number):
    made = Profile.objects.create(
        kind="person", handle=f"far_{number}", domain="far.example", skeleton=f"far_{number}", made_at=now(),
    )
    ProfileCount.objects.create(profile=made)
    return made.pk
bakery, chatty, charlie = cast.bakery(), cast.member("chatty"), cast.charlie()
page = bakery.page.seen
sessions, everybody = {}, {}
for group, count in given.items():
    for number in range(count):
        if group == "outside":
            people.follow(by=elsewhere(number), whom=page, at=now())
            continue
        who = cast.member(f"{group.replace(' ', '_')}_{number}")
        people.follow(by=who.id, whom=page, at=now(), languages=["ar"] if group == "language" else None,
                      show_boosts=False if group == "boosts hidden" else None)
        if group == "muted":
            people.mute(by=who.id, whom=page, at=now())
        if group == "filtered":
            feeds.create_filter(by=who.id, title="no lentils", contexts=["home"], action="hide",
                                words=[Word(keyword="lentils", whole_word=True)], at=now())
        if group == "not measured":
            mine.switch_off(by=who.id, at=now())
        if group in ("not so far", "boosts hidden"):
            people.follow(by=who.id, whom=chatty.seen, at=now())
        sessions.setdefault(group, []).append(browser(who))
result = {
    **sessions,
    **{role: [browser(getattr(bakery, role))] for role in ("owner", "editor", "support", "analyst")},
    "charlie": [browser(charlie)],
}
"""
_CHAT: Final = """
for number in range(30):
    posts.publish(by=chatty.id, params=PostParams(text=f"And another thing, number {number}."), at=now())
"""
_BRING_NEAR: Final = """
from majlis.studio.models import Entry
Entry.objects.filter(id=int(given)).update(due_at=now())
"""
_POST_OF: Final = "from majlis.studio.models import Entry; result = Entry.objects.get(id=int(given)).post_id"
_BOOST: Final = "result = posts.boost(by=bakery.page.id, post_id=given, at=now())"
_MET: Final = """
from collections import Counter
from majlis.insights import ledger
result = {state.name: count for state, count in ledger.exact(post_id=given).states.items() if count}
"""


@dataclass
class Shop:
    """The running house, and the session of everybody in it by group."""

    house: House
    chromium: Browser
    sessions: dict[str, list[str]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.house.port}"

    @contextmanager
    def browsers(self, group: str, *, height: int = 900) -> Iterator[list[Page]]:
        """A page of its own for each of a group."""
        contexts = [self._context(session, height) for session in self.sessions[group]]
        try:
            yield [context.new_page() for context in contexts]
        finally:
            for context in contexts:
                context.close()

    def _context(self, session: str, height: int) -> BrowserContext:
        context = self.chromium.new_context(
            locale="en", viewport={"width": 420, "height": height}, user_agent=AGENT
        )
        context.add_cookies([{"name": "majlis_session", "value": session, "url": self.url}])
        return context

    def met(self, post_id: int) -> dict[str, int]:
        found: dict[str, int] = self.house.hand(_MET, post_id)
        return found

    def leave(self, pages: Sequence[Page]) -> None:
        """Go on to another page: what waits to be reported is sent."""
        for page in pages:
            page.goto(f"{self.url}/about")


@pytest.fixture(scope="module")
def shop(chromium: Browser) -> Iterator[Shop]:
    with houses.house() as made:
        yield Shop(made, chromium, made.hand(_PEOPLE, HAND_COUNT))


def test_from_a_plan_to_what_the_ledger_says(shop: Shop) -> None:
    entry, by_link = plan_a_week(shop)
    approve(shop, entry)
    approve_by_link(shop, by_link)
    post_id = publish(shop, entry)
    for group in ("engaged", "viewed", "served", "muted", "filtered", "language", "not measured"):
        MEETS[group](shop, group, post_id)
    passing_by(shop, post_id)
    shop.house.hand(_CHAT)
    opens(shop, "not so far", post_id, shown=False)
    shop.house.hand(_BOOST, post_id)
    opens(shop, "boosts hidden", post_id, shown=False)
    read_the_ledger(shop, post_id)


# planning -----------------------------------------------------------------------------------------


def plan_a_week(shop: Shop) -> tuple[str, str]:
    """The editor writes five posts and gives each its hour; the ids of the first and the second."""
    made = []
    with shop.browsers("editor", height=1000) as [page]:
        monday = datetime.now(UTC).date() + timedelta(days=7 - datetime.now(UTC).weekday())
        texts = (
            WORDS,
            "Ask us about the weekend basket.",
            "خبز الجمعة يخرج في السادسة.",
            "Sesame rings.",
            "Thank you.",
        )
        for number, text in enumerate(texts):
            page.goto(f"{shop.url}/studio/bayt_zaytoun/entries/new")
            page.fill("#composer-text", text)
            page.locator(".entry-form").get_by_role("button", name="Save", exact=True).last.click()
            page.wait_for_url(re.compile(r"/entries/\d+"))
            made.append(page.url.rsplit("/", 1)[1])
            page.fill("#due", f"{monday + timedelta(days=number)}T09:00")
            page.locator("form[action$='/schedule'] button").first.click()
            expect(page.get_by_text("It has its hour.")).to_be_visible()
        track_the_link(page, shop, made[0])
        page.goto(f"{shop.url}/studio/bayt_zaytoun/calendar?view=week&day={monday}")
        expect(page.locator(".plan-day .chip")).to_have_count(5)
        last = page.locator(f"#entry-{made[4]}")
        last.focus()
        page.keyboard.press("Shift+ArrowRight")
        expect(page.locator(f"[data-day='{monday + timedelta(days=5)}'] #entry-{made[4]}")).to_be_visible()
    return made[0], made[1]


def track_the_link(page: Page, shop: Shop, entry: str) -> None:
    page.goto(f"{shop.url}/studio/bayt_zaytoun/links/posts/{entry}")
    page.check("input[name=url]")
    page.locator("main form").get_by_role("button", name="Save").click()
    page.goto(f"{shop.url}/studio/bayt_zaytoun/links/posts/{entry}")
    expect(page.locator("input[name=url]")).to_be_checked()


def approve(shop: Shop, entry: str) -> None:
    """The editor asks, the owner says yes; support may neither."""
    with shop.browsers("support") as [page]:
        page.goto(f"{shop.url}/studio/bayt_zaytoun/entries/{entry}")
        expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    with shop.browsers("editor") as [page]:
        page.goto(f"{shop.url}/studio/bayt_zaytoun/entries/{entry}")
        page.get_by_role("button", name="Ask for a yes").click()
        expect(page.get_by_text("It waits for somebody's yes now.")).to_be_visible()
    with shop.browsers("owner") as [page]:
        page.goto(f"{shop.url}/studio/bayt_zaytoun/entries/{entry}")
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Approved. Whoever changes a word takes that back.")).to_be_visible()


def approve_by_link(shop: Shop, entry: str) -> None:
    """The owner makes a link, and somebody without an account says yes by it."""
    with shop.browsers("editor") as [page]:
        page.goto(f"{shop.url}/studio/bayt_zaytoun/entries/{entry}")
        page.get_by_role("button", name="Ask for a yes").click()
    with shop.browsers("owner") as [page]:
        page.goto(f"{shop.url}/studio/bayt_zaytoun/calendar/reviewers?entry={entry}")
        page.fill("#name", "Uncle Samir")
        page.get_by_role("button", name="Make a link").click()
        secret = page.locator("#made").input_value()
    context = shop.chromium.new_context(locale="en", user_agent=AGENT)
    guest = context.new_page()
    guest.goto(secret)
    expect(guest.get_by_text("Ask us about the weekend basket.")).to_be_visible()
    guest.get_by_role("button", name="Approve").click()
    expect(guest.locator(".badge", has_text="Approved")).to_be_visible()
    context.close()
    with shop.browsers("analyst") as [page]:
        page.goto(f"{shop.url}/studio/bayt_zaytoun/entries/{entry}")
        expect(page.get_by_text("Uncle Samir").first).to_be_visible()


def publish(shop: Shop, entry: str) -> int:
    """Its hour comes; the worker does the rest."""
    shop.house.hand(_BRING_NEAR, entry)
    found: int = until(lambda: shop.house.hand(_POST_OF, entry), 90, every=0.5)
    return found


# reading ------------------------------------------------------------------------------------------


def opens(shop: Shop, group: str, post_id: int, *, shown: bool) -> None:
    """Each opens home, looks for two seconds at where it begins, and goes."""
    with shop.browsers(group) as pages:
        for page in pages:
            page.goto(f"{shop.url}/home")
            expect(page.locator(f"#post-{post_id}")).to_have_count(1 if shown else 0)
        pages[-1].wait_for_timeout(1_500)
        shop.leave(pages)


def engages(shop: Shop, group: str, post_id: int) -> None:
    """Each follows the tracked link."""
    with shop.browsers(group) as pages:
        for page in pages:
            page.goto(f"{shop.url}/home")
            link = page.locator(f"#post-{post_id} a[href*='/l/']").first
            expect(link).to_be_visible()
            link.evaluate("each => each.removeAttribute('target')")
            with (
                page.expect_request(
                    lambda asked: "bayt-zaytoun.example" in asked.url, timeout=10_000
                ) as gone,
                suppress(Error),
            ):  # there is no such site
                link.click(no_wait_after=True)
            assert "mj=" in gone.value.url


def views(shop: Shop, group: str, post_id: int) -> None:
    """Each has at least half of it before her for more than a second."""
    with shop.browsers(group) as pages:
        for page in pages:
            page.goto(f"{shop.url}/home")
            scroll(page, post_id, visible=0.6)
        pages[-1].wait_for_timeout(1_500)
        shop.leave(pages)


def is_served(shop: Shop, group: str, post_id: int) -> None:
    """A third of it stands before each, however long."""
    with shop.browsers(group) as pages:
        for page in pages:
            page.goto(f"{shop.url}/home")
            scroll(page, post_id, visible=0.33)
        pages[-1].wait_for_timeout(2_000)
        shop.leave(pages)


def scroll(page: Page, post_id: int, *, visible: float) -> None:
    """So that the given share of the post stands in the window, at its lower edge."""
    window = page.viewport_size
    assert window is not None
    page.set_viewport_size({"width": window["width"], "height": 300})
    article = page.locator(f"#post-{post_id}")
    expect(article).to_have_count(1)
    share = article.evaluate(
        """(post, wanted) => {
            const box = post.getBoundingClientRect();
            window.scrollTo(0, box.top + scrollY + box.height * wanted - innerHeight);
            const now = post.getBoundingClientRect();
            return (Math.min(now.bottom, innerHeight) - Math.max(now.top, 0)) / now.height;
        }""",
        visible,
    )
    assert abs(share - visible) < 0.03


def passing_by(shop: Shop, post_id: int) -> None:
    """Charlie, who does not follow, looks at it on the page of the bakery: he is in no ledger."""
    with shop.browsers("charlie") as pages:
        pages[0].goto(f"{shop.url}/@bayt_zaytoun")
        expect(pages[0].locator(f"#post-{post_id}")).to_have_count(1)
        scroll(pages[0], post_id, visible=0.9)
        pages[0].wait_for_timeout(1_500)
        shop.leave(pages)


MEETS: Final[dict[str, Any]] = {
    "engaged": engages,
    "viewed": views,
    "served": is_served,
    "muted": lambda shop, group, post_id: opens(shop, group, post_id, shown=False),
    "filtered": lambda shop, group, post_id: opens(shop, group, post_id, shown=False),
    "language": lambda shop, group, post_id: opens(shop, group, post_id, shown=False),
    "not measured": lambda shop, group, post_id: opens(shop, group, post_id, shown=True),
}


# the ledger ---------------------------------------------------------------------------------------


def read_the_ledger(shop: Shop, post_id: int) -> None:
    """As the analyst reads it."""
    expected = {name.upper().replace(" ", "_"): count for name, count in HAND_COUNT.items()}
    until(lambda: shop.met(post_id) == expected, 20, every=0.5, why=f"{shop.met(post_id)}")
    with shop.browsers("analyst") as [page]:
        page.goto(f"{shop.url}/studio/bayt_zaytoun/posts/{post_id}")
        rows = page.locator("#plot-ledger-table tbody tr")
        read = {}
        for row in rows.all():
            cells = row.locator("th, td").all_inner_texts()
            read[cells[0].strip()] = cells[1].strip()
        assert {NAMES[group]: str(count) for group, count in HAND_COUNT.items()}.items() <= read.items(), read
        nobody = set(read) - set(NAMES.values())
        assert all(read[name] == "0" for name in nobody), read
        total = sum(HAND_COUNT.values())
        expect(page.get_by_text(f"All of your {total} followers could have seen it")).to_be_visible()
        share = round(100 * (HAND_COUNT["engaged"] + HAND_COUNT["viewed"]) / total)
        expect(page.get_by_text(re.compile(rf"\b{share}(\.\d)?\s?%")).first).to_be_visible()
