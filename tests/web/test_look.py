"""The look, where it can be measured: contrast, weight, direction, names for those who cannot see."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, override_settings
from django.utils import translation
from playwright.sync_api import Browser, Page, Route

from majlis.web import devices, formats, icons, scopes
from majlis.web.templatetags import majlis as tags

STATIC = Path(icons.__file__).parent / "static" / "majlis"
TEMPLATES = Path(icons.__file__).parent / "templates"
TOKENS = (STATIC / "css" / "tokens.css").read_text("utf-8")
SHEETS = sorted((STATIC / "css").glob("*.css"))


# colours


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def _blocks() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    light = TOKENS[TOKENS.index(":root {") : TOKENS.index("@media (prefers")]
    device = TOKENS[TOKENS.index("@media (prefers") : TOKENS.index(':root[data-theme="dark"]')]
    chosen = TOKENS[TOKENS.index(':root[data-theme="dark"]') : TOKENS.index(":lang(ar)")]
    return _colours(light), _colours(device), _colours(chosen)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "grounds", "least"),
    [
        ("ink", ("paper", "surface", "sunken", "accent-soft"), 7.0),
        ("quiet", ("paper", "surface", "sunken"), 7.0),
        ("accent", ("paper", "surface"), 7.0),
        ("accent", ("sunken", "accent-soft"), 4.5),
        ("on-accent", ("accent", "accent-strong"), 7.0),
        ("danger", ("surface", "danger-soft"), 5.5),
        ("good", ("surface", "good-soft"), 5.5),
        ("warn", ("surface", "warn-soft"), 5.5),
        ("edge", ("surface", "paper", "sunken"), 3.0),
    ],
)
def test_contrast(theme: int, text: str, grounds: tuple[str, ...], least: float) -> None:
    colours = _blocks()[theme]
    for ground in grounds:
        assert _contrast(colours[text], colours[ground]) >= least, (text, ground)


def test_the_two_ways_into_the_dark_are_the_same() -> None:
    _light, device, chosen = _blocks()
    assert device == chosen
    assert len(chosen) >= 20


# style sheets


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_lengths_are_logical(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.S)
    physical = re.findall(
        r"^\s*((?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height"
        r"|(?:min|max)-(?:width|height)|float)\s*:",
        text,
        flags=re.M,
    )
    assert not physical, physical


def test_styles_and_scripts_are_light() -> None:
    styles = b"".join(sheet.read_bytes() for sheet in SHEETS)
    scripts = b"".join(script.read_bytes() for script in sorted((STATIC / "js").glob("*.js")))
    assert len(gzip.compress(styles)) < 25_000
    assert len(gzip.compress(scripts)) < 15_000  # all of them; the calendar and the inbox have theirs alone
    assert len(gzip.compress((STATIC / "icons.svg").read_bytes())) < 8_000


def test_motion_is_short_and_can_be_refused() -> None:
    everything = "".join(sheet.read_text("utf-8") for sheet in SHEETS)
    assert "prefers-reduced-motion: reduce" in everything
    assert int(re.search(r"--quick: (\d+)ms", everything)[1]) < 150  # type: ignore[index]
    assert not re.search(r"(?:transition|animation)[^;]*\d(?:ms|s)\b", everything.replace("var(--quick)", ""))


# templates

_ALL_TEMPLATES = sorted(TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("path", _ALL_TEMPLATES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_needs_a_looser_policy(path: Path) -> None:
    """No inline script, style or handler: the content security policy allows none."""
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", path.read_text("utf-8"), flags=re.S)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=", text)
    assert "<style" not in text
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or 'type="application/' in script, script
    assert not re.search(r"\shx-on|javascript:|\shx-vals=.js:", text)


@pytest.mark.parametrize("name", ["", "s", "xl"])
def test_businesses_are_square_and_people_round(name: str) -> None:
    person = SimpleNamespace(display_name="Alice", avatar_url="", kind="person")
    business = SimpleNamespace(display_name="<b>", avatar_url="/a.webp", kind="business")
    assert "business" not in tags.avatar(person, name)
    assert "business" in tags.avatar(business, name)


def test_an_icon_that_points_turns_and_one_that_depicts_does_not() -> None:
    assert "icon-points" in icons.icon("reply")
    assert "icon-points" not in icons.icon("clock")
    with pytest.raises(LookupError):
        icons.icon("no-such-thing")
    assert icons.names() >= icons.POINTING | set(icons.REACTIONS)


def test_structured_data_cannot_close_its_element() -> None:
    html = tags.json_ld({"name": "</script><script>alert(1)</script>&", "نص": "عربي"})
    assert html.count("<") == 2
    inside = re.search(r">(.*)<", html, re.S)[1]  # type: ignore[index]
    assert json.loads(inside) == {"name": "</script><script>alert(1)</script>&", "نص": "عربي"}
    assert tags.json_ld(None) == ""


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A page asked for in Arabic leaves its language behind."""
    with translation.override("en"):
        yield


# words for numbers, moments, scopes, devices

_NOW = datetime(2026, 11, 22, 21, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "number", "compact", "day"),
    [
        ("en", "1,234,567", "12.3K", "Sunday, November 22, 2026"),
        ("ar", "1,234,567", "12.3 ألف", "الأحد، 22 نوفمبر 2026"),
    ],
)
def test_numbers_and_days_in_the_readers_language(language: str, number: str, compact: str, day: str) -> None:
    with translation.override(language):
        assert formats.number(1234567) == number
        assert formats.compact(12345).replace("\xa0", " ") == compact
        assert formats.datetime_full(_NOW).startswith(day)


@pytest.mark.parametrize(
    ("passed", "english", "arabic"),
    [
        (timedelta(seconds=-5), "now", "الآن"),
        (timedelta(minutes=12), "12m", "12 د"),
        (timedelta(hours=2), "2h", "2 س"),
        (timedelta(days=40), "Oct 13", "13 أكتوبر"),
        (timedelta(days=400), "Oct 18, 2025", "18 أكتوبر 2025"),
    ],
)
def test_how_long_ago(passed: timedelta, english: str, arabic: str) -> None:
    with translation.override("en"):
        assert formats.ago(_NOW - passed, at=_NOW) == english
    with translation.override("ar"):
        assert formats.ago(_NOW - passed, at=_NOW).replace("\u200f", "").replace("\xa0", " ") == arabic


def test_a_broad_scope_says_what_its_parts_say() -> None:
    told = scopes.sentences(["read", "read:statuses", "write:media", "follow", "write:media"])
    assert [str(sentence.sentence)[:6] for sentence in told] == ["Read e", "Upload", "Follow"]
    assert scopes.sentences(["<b>"])[0].sentence == "<b>"
    assert len(scopes.sentences(["admin:read:accounts", "admin:read:reports"])) == 1


def test_a_browser_in_two_words() -> None:
    agent = (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
    )
    assert devices.device_name(agent) == "Chrome on Linux"
    assert devices.device_name("curl/8") == "curl/8"


def test_counts_do_not_boast_of_nothing() -> None:
    shown = Template("{% load majlis %}[{{ none|compact }}][{{ some|compact }}]").render(
        Context({"none": 0, "some": 3})
    )
    assert shown == "[][3]"


def test_what_is_fixed_is_rendered_once_for_each_language_and_has_no_variables() -> None:
    shown = Template("{% load i18n majlis %}{% fixed %}{% translate 'Reply' %}{% endfixed %}")
    with translation.override("en"):
        assert shown.render(Context()) == "Reply"
    with translation.override("ar"):
        assert shown.render(Context()) == "ردّ"
    with pytest.raises(TemplateSyntaxError):
        Template("{% load majlis %}{% fixed %}{{ name }}{% endfixed %}")


def test_the_chosen_reaction_is_taken_back_by_its_button() -> None:
    post = SimpleNamespace(id='7"><script>', mine=SimpleNamespace(reaction="love"))
    html = tags.reaction_buttons(post)
    assert html.count("/unreact") == html.count('aria-pressed="true"') == 1
    assert html.count("<button") == 6
    assert "<script" not in html


# pages

# the rules are the operator's and come from the database: test_every_page.py has them
_PAGES = ["/", "/about", "/privacy", "/offline"]


@pytest.fixture
def client() -> Iterator[Client]:
    with override_settings(ROOT_URLCONF="gallery_urls"):
        yield Client()


def _page(client: Client, path: str, language: str = "en") -> str:
    answer: HttpResponse = client.get(path, headers={"Accept-Language": language})  # type: ignore[assignment]
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("path", _PAGES)
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_pages_speak_the_browsers_language(client: Client, path: str, language: str, direction: str) -> None:
    html = _page(client, path, language)
    assert f'<html lang="{language}" dir="{direction}"' in html
    assert html.count("<h1") == 1
    assert 'href="#content"' in html


@pytest.mark.parametrize("path", _PAGES[:-1])
def test_public_pages_are_found(client: Client, path: str) -> None:
    html = _page(client, path)
    assert '<link rel="canonical"' in html
    assert {"x-default", "en", "ar"} <= set(re.findall(r'hreflang="([\w-]+)"', html))
    assert '<meta name="description"' in html
    assert '<meta property="og:title"' in html


def test_the_gallery_is_not_on_a_server() -> None:
    assert Client().get("/_gallery").status_code == 404


def test_theme_and_language_are_remembered_and_lead_nowhere_else(client: Client) -> None:
    answer = client.post("/preferences/theme", {"theme": "dark", "next": "/about"})
    assert answer["Location"] == "/about"
    assert 'data-theme="dark"' in _page(client, "/about")
    client.post("/preferences/theme", {"theme": "plaid"})
    assert 'data-theme="dark"' in _page(client, "/about")
    answer = client.post("/preferences/language", {"language": "ar", "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    assert 'lang="ar"' in _page(client, "/about")
    assert client.get("/preferences/theme").status_code == 405


# the browser

OpenPage = Callable[..., Page]


def _answer(route: Route, client: Client, language: str, ready: HttpResponse | None) -> None:
    """Django answers the browser without a server between them; policy headers included."""
    path = route.request.url.removeprefix("http://localhost")
    if path.startswith("/static/"):
        found = finders.find(path.removeprefix("/static/").split("?")[0])
        assert found, path
        route.fulfill(path=str(found))
        return
    answer = ready or client.get(path, headers={"Accept-Language": language})
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    route.fulfill(status=answer.status_code, headers=headers, body=answer.content)


@pytest.fixture
def open_page(chromium: Browser, client: Client) -> Iterator[OpenPage]:
    opened: list[Page] = []

    def open_(
        path: str, *, language: str, width: int = 390, theme: str = "light", ready: HttpResponse | None = None
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            locale=language,
            color_scheme=theme,  # type: ignore[arg-type]
            service_workers="block",  # its script would be fetched past the answers given here
        )
        page = context.new_page()
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.route("**/*", lambda route: _answer(route, client, language, ready))
        page.goto(f"http://localhost{path}")
        assert problems == []
        opened.append(page)
        return page

    yield open_
    for page in opened:
        page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    ("path", "theme"),
    [
        ("/_gallery", "light"),
        ("/_gallery", "dark"),
        ("/", "light"),
        ("/privacy", "light"),
    ],
)
def test_axe_finds_nothing(open_page: OpenPage, path: str, theme: str, language: str) -> None:
    page = open_page(path, language=language, theme=theme)
    page.evaluate("document.querySelectorAll('details:not(.pop)').forEach(each => each.open = true)")
    assert _axe(page) == []


_AT_REST = """async () => {
    await document.fonts.ready;
    await Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)));
    await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
}"""


def _axe(page: Page) -> list[tuple[str, str, str]]:
    # colours on their way to others, and letters before their face is there, are not what is asked about
    page.evaluate(_AT_REST)
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["failureSummary"][:200]) for v in found]


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
def test_axe_finds_nothing_at_the_doors(
    db: None, client: Client, open_page: OpenPage, path: str, language: str
) -> None:
    # asked for here and not from within the browser, where Django would open a second connection
    ready = client.get(path, headers={"Accept-Language": language})
    assert _axe(open_page(path, language=language, ready=ready)) == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 390, 900, 1440])
def test_nothing_is_wider_than_the_page(open_page: OpenPage, language: str, width: int) -> None:
    page = open_page("/_gallery", language=language, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_targets_are_large_enough_for_a_thumb(open_page: OpenPage) -> None:
    page = open_page("/_gallery", language="ar")
    small = page.evaluate(
        """() => [...document.querySelectorAll(
            'button, summary, select, .button, .act, .bar-link, .menu-item, .tabs a')]
        .filter(e => e.offsetParent && !e.closest('.visually-hidden'))
        .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
        .filter(([, r]) => r.width < 43.5 || r.height < 43.5).map(([html, r]) => [html, r.width, r.height])"""
    )
    assert small == []


@pytest.mark.browser
def test_keys_walk_open_and_write(open_page: OpenPage) -> None:
    page = open_page("/_gallery", language="en", width=1440)
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.dataset.post")
    page.keyboard.press("j")
    assert first
    assert page.evaluate("document.activeElement.dataset.post") != first
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.dataset.post") == first
    page.keyboard.press("?")
    assert page.locator("#shortcuts").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("jk?👩‍👩‍👧")
    assert page.locator("#composer-text").first.input_value() == "jk?👩‍👩‍👧"
    assert page.locator("[data-count]").first.inner_text() == "496"


@pytest.mark.browser
def test_the_composer_keeps_every_word(open_page: OpenPage) -> None:
    page = open_page("/_gallery/writing", language="ar")
    page.locator("#composer-text").first.fill("كلمة لا تضيع")
    page.locator("[data-saved]").first.wait_for(state="visible")
    page.reload()
    assert page.locator("#composer-text").first.input_value() == "كلمة لا تضيع"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("text", "way"),
    [("@bob ", "auto"), ("@bob أهلًا", "rtl"), ("@bob @dana@far.example hello", "ltr"), ("أهلًا @bob", "auto")],
)
def test_an_answer_runs_the_way_of_the_words_behind_the_names(
    open_page: OpenPage, text: str, way: str
) -> None:
    page = open_page("/_gallery/writing", language="ar")
    page.locator("#composer-text").first.fill(text)
    assert page.locator("#composer-text").first.get_attribute("dir") == way


@pytest.mark.browser
def test_photos_open_with_their_description(open_page: OpenPage) -> None:
    page = open_page("/_gallery/posts", language="ar", width=1440)
    page.locator('.photos[data-count="2"] a').first.click()
    assert page.locator("#viewer figcaption").inner_text() == "Hills in the evening, 1"
    page.keyboard.press("ArrowLeft")
    assert page.locator("#viewer figcaption").inner_text() == "Hills in the evening, 2"
    page.keyboard.press("Escape")
    assert not page.locator("#viewer").is_visible()
