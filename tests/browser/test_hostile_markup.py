"""Nothing that a member writes runs in a reader's browser, even where the browser would let it (CSP switched off)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page

from running_house import House, running_house

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Payloads of our own, for when the shared ones are not there: the kinds that sanitisers got wrong before.
OWN = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<noscript><style></noscript><img src=x onerror=alert(1)>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "[x](javascript:alert(1)) [y](java&#10;script:alert(1)) <javascript:alert(1)>",
    '<a href="java\nscript:alert(1)">x</a> http://"onmouseover=alert(1)//',
    "</textarea></title><script>alert(1)</script>",
    '<iframe srcdoc="<script>parent.alert(1)</script>">',
    "{{constructor.constructor('alert(1)')()}} <div hx-get=/x hx-trigger=load hx-on::load=alert(1)>",
)
CANARY = """
window.__ran = [];
for (const name of ['alert', 'confirm', 'prompt']) window[name] = (...words) => { window.__ran.push(words); };
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with running_house(
        MAJLIS_POST_CHARACTERS="100000", MAJLIS_ARTICLE_CHARACTERS="1000000", MAJLIS_LIMITS="false"
    ) as where:
        where.run("account", "create", "mallory", "--email", "m@example.org", "--password", "a long walk by")
        yield where


def payloads() -> list[str]:
    shared = Path(__file__).parents[3] / "shared" / "data" / "text" / "xss_expect.json"
    more = [case["payload"] for case in json.loads(shared.read_text())] if shared.exists() else []
    return [*OWN, *more]


class App:
    """Mallory's app."""

    def __init__(self, house: House) -> None:
        self.house, self.token = house, house.run("token", "create", "mallory")

    def send(self, method: str, path: str, **form: str) -> dict[str, str]:
        request = Request(
            self.house.url + path,
            method=method,
            data=urlencode(form).encode(),
            headers={"Authorization": f"Bearer {self.token}"},
        )
        with urlopen(request, timeout=30) as answer:
            found: dict[str, str] = json.loads(answer.read())
        return found


@pytest.fixture(scope="module")
def written(house: House) -> dict[str, str]:
    """Every payload as text, content warning, poll option, name, bio, fields and article."""
    app, hostile = App(house), payloads()
    for number, payload in enumerate(hostile):
        if payload.strip():
            app.send(
                "POST",
                "/api/v1/statuses",
                status=payload,
                spoiler_text=payload[:200] if number % 7 == 0 else "",
            )
    for payload in OWN:
        poll = {"poll[options][0]": payload[:90], "poll[options][1]": "no", "poll[expires_in]": "3600"}
        app.send("POST", "/api/v1/statuses", status="which?", **poll)
    article = app.send(
        "POST", "/api/v1/statuses", **{"status": "\n\n".join(hostile), "majlis[title]": OWN[1]}
    )
    app.send(
        "PATCH", "/api/v1/accounts/update_credentials",
        **{"display_name": OWN[1][:30], "note": "\n".join(OWN)[:480], "fields_attributes[0][name]": OWN[0][:250],
           "fields_attributes[0][value]": OWN[2][:250]},
    )  # fmt: skip
    return article


def look(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_timeout(150)
    assert page.evaluate("window.__ran") == [], url
    hostile = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => [...e.attributes].some(a => /^on/.test(a.name))"
        " || /^(script|iframe|object|embed|svg:script|math)$/i.test(e.tagName)).map(e => e.outerHTML.slice(0, 200))"
    )
    assert hostile == [], url


def test_cve_2020_27783_ghsa_2cfh_v7rf_pxfp_no_payload_runs_on_any_page(
    chromium: Browser, house: House, written: dict[str, str]
) -> None:
    """GHSA-f2c5-997w-7f5c, CVE-2020-6802, CVE-2021-23980, CVE-2020-27783, GHSA-qrgq-9fx2-vf2r."""
    context = chromium.new_context(bypass_csp=True)
    context.add_init_script(CANARY)
    page = context.new_page()
    seen, url = set[str](), f"{house.url}/@mallory"
    while url not in seen:
        seen.add(url)
        look(page, url)
        older = page.locator("a[rel~=next]").first
        href = older.get_attribute("href") if older.count() else None
        url = f"{house.url}{href}" if href and href.startswith("/") else href or url
    assert len(seen) * 40 >= len(payloads()), "all pages were walked"
    look(page, written["url"])
    for path in ("/explore", "/@mallory/articles", "/@mallory/with_replies", "/local"):
        look(page, house.url + path)
