"""Every page in both languages: it answers, says who may keep it, carries the browser's rules, breaks nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from cast import MOMENT, Member, alice, bob, follows
from majlis.feeds import actions as feeds
from majlis.people import actions as people
from majlis.posts import actions
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db

#: Text that would run, close an element, or turn the page around wherever it is not escaped.
PAYLOADS = [
    "<script>window.__pwn=1</script>",
    '"><img src=x onerror=window.__pwn=1>',
    "'-alert(1)-'",
    "</title></textarea></style><svg onload=window.__pwn=1>",
    "javascript:window.__pwn=1",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "]]></title>&amp;\u202eevil\u2066",
]


class _Reader(HTMLParser):
    """What a browser would do: elements that run, attributes that run, addresses that run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and not given.get("src") and given.get("type") != "application/ld+json":
            self.wrong.append(f"a script inside the page: {attrs}")
        for name, value in attrs:
            if name.startswith("on"):
                self.wrong.append(f"{tag} {name}")
            if name in ("href", "src", "action", "formaction", "poster") and re.match(
                r"\s*(javascript|vbscript|data:text)", value or "", re.IGNORECASE
            ):
                self.wrong.append(f"{tag} {name}={value}")
            if name == "style":
                self.wrong.append(f"{tag} style")


def _wrong(html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html)
    return reader.wrong


@pytest.fixture
def house(publish: Any) -> dict[str, Any]:
    """Alice with one of everything, each text of it a payload."""
    her, him = alice(), bob()
    follows(him, her)
    bad = "\n".join(PAYLOADS)
    people.change_profile(
        by=her.id,
        at=MOMENT,
        display_name="<img src=x onerror=window.__pwn=1>"[:30],
        bio=bad[:480],
        fields=[("<b>x</b>", "javascript:window.__pwn=1"), ("site", "https://a.example/?<script>")],
    )
    post = publish(her, bad, warning="<script>window.__pwn=1</script>", audience="public")
    article = publish(her, bad + "\n\n[x](javascript:alert(1)) <script>1</script>", title=PAYLOADS[0])
    publish(him, f"@alice {bad}"[:500], reply_to_id=post)
    publish(him, "#tag " + PAYLOADS[1], quote_of_id=article)
    edited = publish(her, "before")
    actions.edit(by=her.id, post_id=edited, params=PostParams(text=PAYLOADS[0]), at=MOMENT)
    actions.react(by=her.id, post_id=post, kind="love", at=MOMENT)
    actions.boost(by=her.id, post_id=post, at=MOMENT)
    actions.bookmark(by=her.id, post_id=post, at=MOMENT)
    circle = people.create_circle(by=her.id, name=PAYLOADS[0][:40], at=MOMENT)
    one_list = people.create_list(by=her.id, title=PAYLOADS[1][:40], at=MOMENT)
    draft = actions.keep_draft(by=her.id, params=PostParams(text=bad, title=PAYLOADS[0]), at=MOMENT)
    filter_id = feeds.create_filter(
        by=her.id, title=PAYLOADS[0][:40], contexts=["home"], words=[feeds.Word("<b>")], at=MOMENT
    )
    people.write_note(by=her.id, about=him.seen, text=bad)
    people.mute(by=her.id, whom=him.seen, at=MOMENT)
    return {
        "her": her, "him": him.id, "post": post, "article": article, "edited": edited, "circle": circle,
        "list": one_list, "draft": draft, "filter": filter_id,
    }  # fmt: skip


PUBLIC = [
    "/explore", "/local", "/tags/tag", "/@alice", "/@alice/with_replies", "/@alice/media", "/@alice/articles",
    "/@alice/followers", "/@alice/following", "/@alice/{post}", "/@alice/{article}", "/@alice/{edited}/history",
    "/@alice/{post}/boosts", "/@alice/{post}/reactions", "/@alice/{article}/quotes", "/search", "/search?q=alice",
    "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/search?q=x&type=posts", "/about", "/rules", "/privacy",
]  # fmt: skip
HERS = [
    "/home", "/compose", "/compose?reply_to={post}", "/compose?quote={article}", "/articles/new?draft={draft}",
    "/compose?mention=%3Cscript%3E", "/articles/new", "/drafts", "/posts/{post}/edit", "/posts/{article}/edit",
    "/posts/{post}/deleted", "/bookmarks", "/favourites", "/lists", "/lists/{list}", "/circles", "/circles/{circle}",
    "/follow_requests", "/notifications", "/notifications?only=mentions", "/people/{him}/mute", "/people/{him}/lists",
    "/people/{him}/report", "/settings", "/settings/profile", "/settings/profiles", "/settings/preferences",
    "/settings/privacy", "/settings/measured", "/settings/filters", "/settings/filters/new", "/settings/filters/{filter}",
    "/settings/notifications", "/settings/sessions", "/settings/import", "/settings/export", "/settings/account",
    "/settings/account/delete", "/home/since",
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ar"])
def test_ghsa_f2c5_997w_7f5c_every_page_answers_and_nothing_that_was_typed_runs(
    browse: Any, house: dict[str, Any], language: str
) -> None:
    """GHSA-f2c5-997w-7f5c: every text field on every page; DIASPORA-names, CVE-2021-39169 among them."""
    hers, guests = browse(house["her"], language), browse(language=language)
    direction = 'dir="rtl"' if language == "ar" else 'dir="ltr"'
    for browser, addresses in ((hers, [*PUBLIC, *HERS]), (guests, PUBLIC)):
        for address in addresses:
            page = browser.get(address.format(**house))
            html = page.content.decode()
            assert page.status_code == 200, address
            assert _wrong(html) == [], address
            assert "window.__pwn=1</script>" not in html.replace("&lt;", "").replace("\\u003C", "<!"), address
            if "<html" in html:
                assert f'lang="{language}" {direction}' in html, address
                assert page["Content-Language"] == language


@pytest.mark.parametrize("address", HERS)
def test_a_members_pages_lead_guests_to_the_door(browse: Any, house: dict[str, Any], address: str) -> None:
    page = browse().get(address.format(**house))
    assert page.status_code in (302, 303)
    assert page["Location"].startswith("/accounts/login/?next=")


def test_what_a_member_sees_is_kept_by_nobody_else(browse: Any, house: dict[str, Any]) -> None:
    browser = browse(house["her"])
    for address in [*PUBLIC[:16], *HERS]:
        page = browser.get(address.format(**house))
        assert "private" in page["Cache-Control"], address
        assert "Cookie" in page["Vary"], address


def test_ghsa_2g42_f97q_973x_every_html_carries_the_rules_for_browsers(
    browse: Any, house: dict[str, Any]
) -> None:
    """Pages, fragments, refusals and errors alike: CSP without inline scripts, and nosniff."""
    browser, htmx = browse(house["her"]), {"HX-Request": "true"}
    post = house["post"]
    answers = [
        browser.get("/home"),
        browser.get("/home/since", headers=htmx),
        browser.post(f"/posts/{post}/react", {"kind": "wow"}, headers=htmx),
        browser.post(f"/posts/{post}/react", {"kind": "none"}, headers=htmx),
        browser.post("/compose", {"text": ""}, headers=htmx),
        browser.post("/compose", {"text": ""}),
        browser.get("/@nobody"),
        browser.get("/no/such/page"),
        browser.get("/home?max_id=x"),
        browser.delete("/home"),
        browse(house["her"], csrf=True).post("/compose", {"text": "x"}),
    ]
    for answer in answers:
        if answer.status_code != 405:
            assert answer["Content-Type"].startswith("text/html")
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        for rule in (
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ):  # MASTO-430-formaction
            assert rule in policy
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_nonsense_ids_are_no_pages(browse: Any) -> None:
    browser = browse(alice())
    for id_ in ("0", "-1", "9" * 18 + "9", "9" * 30, "1e5", "٣", "%00", "1.0"):
        for address in (
            "/posts/{}",
            "/@alice/{}",
            "/lists/{}",
            "/circles/{}",
            "/users/{}",
            "/people/{}/lists",
        ):
            assert browser.get(address.format(id_)).status_code == 404, (address, id_)


def test_others_lists_circles_drafts_and_filters_are_as_good_as_none(
    browse: Any, house: dict[str, Any]
) -> None:
    from cast import charlie

    browser = browse(charlie())
    for address, own in (
        ("/lists/{}", house["list"]), ("/circles/{}", house["circle"]), ("/compose?draft={}", house["draft"]),
        ("/settings/filters/{}", house["filter"]),
    ):  # fmt: skip
        real, none = browser.get(address.format(own)), browser.get(address.format(2**60))
        assert (real.status_code, none.status_code) == (404, 404)
    for address in (
        "/lists/{list}/change", "/lists/{list}/delete", "/lists/{list}/add", "/circles/{circle}/change",
        "/circles/{circle}/delete", "/circles/{circle}/add", "/drafts/{draft}/discard", "/settings/filters/{filter}/delete",
    ):  # fmt: skip
        answer = browser.post(address.format(**house), {"name": "mine", "title": "mine", "acct": "bob"})
        assert answer.status_code == 404, address


def test_language_and_theme_are_chosen_by_plain_forms(browse: Any) -> None:
    browser = browse()
    browser.post("/preferences/language", {"language": "ar", "next": "/about"})
    browser.post("/preferences/theme", {"theme": "dark", "next": "/about"})
    html = browser.get("/about").content.decode()
    assert '<html lang="ar" dir="rtl" data-theme="dark">' in html


def test_a_members_language_goes_with_her_login(browse: Any) -> None:
    her = alice()
    browse(her).post("/preferences/language", {"language": "ar", "next": "/about"})
    assert her.user.language == "ar"


def test_the_members_name_is_her_own_in_every_frame(browse: Any) -> None:
    her: Member = alice()
    assert 'href="/@alice"' in browse(her).get("/settings").content.decode()


def test_a_new_browser_learns_the_language_she_chose_elsewhere(browse: Any) -> None:
    him = bob()  # reads Arabic
    browser = browse(him, "en")
    browser.cookies.pop("majlis_language")
    assert '<html lang="ar" dir="rtl"' in browser.get("/home", follow=True).content.decode()
