"""The studio's pages on links, goals, codes and shops: for the team, by role, in the form of a report; nobody else's."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from shopping import click, door, link, other_bakery

import cast as people
from cast import Bakery
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.insights import windows
from majlis.insights.kinds import Source
from majlis.people.models import Profile
from majlis.studio.conversions import goals, promo_codes, shops
from majlis.studio.conversions.orders import take
from majlis.studio.conversions.state import Report
from majlis.studio.models import Goal, PromoCode, Shop, TrackedLink
from majlis.studio.results.funnel import results

pytestmark = pytest.mark.django_db
BASE = "/studio/bayt_zaytoun/links"


@pytest.fixture
def bakery() -> Bakery:
    return people.bakery()


def everything(bakery: Bakery) -> dict[str, int]:
    """One of each, with a name that would break out of a page."""
    bad = "<script>window.__pwn=1</script>"
    team = door(bakery, needs=Permission.CONNECT)
    return {
        "link": link(team, "https://xn--ngbln7e.example/?a=%3Cscript%3E", label=bad).id,
        "goal": goals.make_goal(team, name=bad, kind="event", origins=["https://shop.example"], at=now()).id,
        "code": promo_codes.make_promo_code(team, code="زيتون ٢٠", at=now()),
        "shop": shops.make_shop(team, kind="woocommerce", at=now())[0],
    }


def requests(ids: dict[str, int]) -> list[tuple[str, str, dict[str, str]]]:
    """Every request of these pages."""
    return [
        ("GET", BASE, {}),
        ("POST", BASE, {"target": "https://shop.example/new"}),
        ("GET", f"{BASE}/{ids['link']}", {}),
        ("GET", f"{BASE}/{ids['link']}/qr.svg", {}),
        ("POST", f"{BASE}/{ids['link']}/change", {"target": "https://shop.example/other"}),
        ("POST", f"{BASE}/{ids['link']}/retire", {}),
        ("GET", f"{BASE}/goals", {}),
        ("POST", f"{BASE}/goals", {"name": "n", "kind": "order"}),
        ("POST", f"{BASE}/goals/{ids['goal']}/change", {"origins": "https://evil.example"}),
        ("POST", f"{BASE}/goals/{ids['goal']}/retire", {}),
        ("GET", f"{BASE}/codes", {}),
        ("POST", f"{BASE}/codes", {"code": "new"}),
        ("POST", f"{BASE}/codes/{ids['code']}/end", {}),
        ("GET", f"{BASE}/shops", {}),
        ("POST", f"{BASE}/shops", {"kind": "shopify"}),
        ("POST", f"{BASE}/shops/{ids['shop']}/secret", {}),
        ("POST", f"{BASE}/shops/{ids['shop']}/end", {}),
    ]


def _state() -> list[Any]:
    return [list(model.objects.order_by("id").values()) for model in (TrackedLink, Goal, PromoCode, Shop)]


def ask(browser: Client, method: str, path: str, given: dict[str, str]) -> Any:
    return browser.get(path) if method == "GET" else browser.post(path, given)


@pytest.mark.parametrize(
    ("role", "reads", "tracks", "connects"),
    [
        ("owner", True, True, True),
        ("editor", True, True, False),
        ("advertiser", True, True, False),
        ("analyst", True, False, False),
        ("support", False, False, False),
    ],
)
def test_each_role_does_what_it_may_and_changes_nothing_else(
    bakery: Bakery, browse: Any, role: str, reads: bool, tracks: bool, connects: bool
) -> None:
    ids = everything(bakery)
    browser = browse(getattr(bakery, role))
    for method, path, given in requests(ids):
        may = connects if "/shops" in path else reads if method == "GET" else tracks
        before = _state()
        answer = ask(browser, method, path, given)
        assert (answer.status_code < 400) == may, (method, path, answer.status_code)
        if not may:
            assert answer.status_code == 403
            assert _state() == before


def test_to_charlie_and_another_team_there_is_nothing(bakery: Bakery, browse: Any) -> None:
    ids = everything(bakery)
    other_bakery()
    before = _state()
    walid = people.Member(people.User.objects.get(email="walid@example.org").id, _walids(), "walids")
    for who in (people.charlie(), walid):
        browser = browse(who)
        for method, path, given in requests(ids):
            assert ask(browser, method, path, given).status_code == 404, (method, path)
    browser = browse(walid)
    for method, path, given in requests(ids):  # its own studio, with the ids of the other's
        if any(str(id_) in path for id_ in ids.values()):
            answer = ask(browser, method, path.replace("bayt_zaytoun", "walids"), given)
            assert answer.status_code == 404, (method, path)
    assert _state() == before
    for method, path, given in requests(ids):
        assert ask(browse(), method, path, given).status_code in (302, 303)
    assert _state() == before


def _walids() -> int:
    return Profile.objects.get(handle="walids").id


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_answer_and_nothing_runs_on_them(bakery: Bakery, browse: Any, language: str) -> None:
    ids = everything(bakery)
    browser = browse(bakery.owner, language)
    for part in ("", f"/{ids['link']}", "/goals", "/codes", "/shops"):
        for days in ("", "?days=7", "?days=365", "?days=x", "?days=9999999999", "?before=x", "?before=1"):
            answer = browser.get(BASE + part + days)
            assert answer.status_code == 200
            html = answer.content.decode()
            assert "<script>window" not in html
            assert not re.search(r"\son\w+=|style=", html)
            assert "private" in answer["Cache-Control"]


def test_a_page_with_nothing_says_how_to_begin(bakery: Bakery, browse: Any) -> None:
    browser = browse(bakery.analyst)
    for part in ("", "/goals", "/codes"):
        html = browser.get(BASE + part).content.decode()
        assert "NaN" not in html
        assert 'class="empty"' in html


def test_clicks_and_orders_are_said_with_window_and_grade(bakery: Bakery, browse: Any) -> None:
    team = door(bakery)
    own = link(team, label="Bread")
    tokens = [click(own, team, at=now(), source=Source.HOME) for _number in range(12)]
    told = [
        Report(external_id=f"{by}{number}", by=by, as_of=now(), value=Decimal(10), currency="EUR",
               click_token=tokens[number])
        for number, by in enumerate(["server", "server", "script"])
    ]  # fmt: skip
    take(page_id=team.page_id, reports=told, arrived_at=now())
    browser = browse(bakery.analyst)
    html = browser.get(BASE).content.decode()
    assert "followed 12 times in the last 28 days" in html
    assert "3 orders and events came of it: <bdi>€30.00</bdi>" in html
    page = browser.get(f"{BASE}/{own.id}").content.decode()
    assert "too few to show" not in page  # nobody was signed in: nought is no small group
    assert re.search(r"€20\.00.*exact.*€10\.00.*script", page, re.DOTALL)
    before = len(_queries(browser, BASE))
    for number in range(20):
        click(link(team, label=f"Another {number}"), team, at=now())
    # the browser's and the frame's own, then: links, clicks, orders
    assert len(_queries(browser, BASE)) == before == 10


def test_links_and_results_are_of_the_same_days(bakery: Bakery, browse: Any) -> None:
    team = door(bakery)
    own = link(team)
    window = windows.last_days(7, at=now(), zone=team.time_zone)
    assert window.since is not None
    for minutes in (-1, 1, 2):
        click(own, team, at=window.since + timedelta(minutes=minutes))
    (found,) = results(door(bakery, needs=Permission.MEASURE), window=window).links
    page = browse(bakery.analyst).get(f"{BASE}/{own.id}?days=7").content.decode()
    assert found.clicks.value == 2
    assert "followed 2 times in the last 7 days" in page
    assert sum(int(count) for count in re.findall(r"<td>(\d+)</td></tr>", page)) == 2


def test_orders_of_a_promo_code_that_only_a_script_told_are_no_exact_number(
    bakery: Bakery, browse: Any
) -> None:
    team = door(bakery)
    for code, by in (("BREAD", "server"), ("CAKE", "script")):
        promo_codes.make_promo_code(team, code=code, at=now() - timedelta(days=1))
        told = Report(
            external_id=code, by=by, as_of=now(), value=Decimal(10), currency="EUR", promo_code=code
        )
        take(page_id=team.page_id, reports=[told], arrived_at=now())
    page = browse(bakery.analyst).get(f"{BASE}/codes").content.decode()
    cake, bread = page.split("BREAD")[0].split("CAKE")[1], page.split("BREAD")[1]
    assert ("script" in cake, "script" in bread.split("</li>")[0]) == (True, False)


def test_ghsa_5hvg_w58j_545m_ghsa_7h65_whp7_rgqf_what_was_typed_is_text_on_every_page(
    bakery: Bakery, browse: Any
) -> None:
    ids, browser = everything(bakery), browse(bakery.owner)
    pages = (
        BASE,
        f"{BASE}/{ids['link']}",
        f"{BASE}/goals",
        "/studio/bayt_zaytoun/results",
        "/studio/bayt_zaytoun/team/log",
    )
    said = [browser.get(path).content.decode() for path in pages]
    assert not any("<script>window.__pwn" in html for html in said)
    assert all("&lt;script&gt;window.__pwn" in html for html in said[:4])
    table = browser.get("/studio/bayt_zaytoun/plots/links.csv").content.decode()
    assert "<script>window.__pwn" in table, "a table holds what was typed"


def _queries(browser: Client, path: str) -> Any:
    with CaptureQueriesContext(connection) as asked:
        browser.get(path)
    return asked


def test_wrong_input_is_said_beside_its_field_and_kept(bakery: Bakery, browse: Any) -> None:
    browser = browse(bakery.owner)
    for part, given, field in (
        ("", {"target": "http://127.0.0.1/", "label": "My words"}, "target"),
        ("/goals", {"name": "My words", "kind": "order", "origins": "javascript:x"}, "origins"),
        ("/codes", {"code": "?!", "post": "My words"}, "code"),
        ("/codes", {"code": "x", "ends_at": "tomorrow", "post": "My words"}, "ends_at"),
        ("/codes", {"code": "x", "ends_at": "9999-12-31T23:59", "post": "My words"}, "ends_at"),
        ("/codes", {"code": "x", "starts_at": "0001-01-01T00:00", "post": "My words"}, "starts_at"),
        ("/shops", {"kind": "shopify", "secret": "short"}, "secret"),
    ):
        answer = browser.post(BASE + part, given)
        html = answer.content.decode()
        assert answer.status_code == 422, part
        assert f'id="wrong-{field}"' in html
        assert "My words" in html or part == "/shops"
    assert _state() == [[], [], [], []]


def test_a_secret_is_shown_once(bakery: Bakery, browse: Any) -> None:
    browser = browse(bakery.owner)
    made = browser.post(f"{BASE}/shops", {"kind": "woocommerce"})
    secret = re.search(r'class="note stack".*?<pre[^>]*>([\w-]+)</pre>', made.content.decode(), re.DOTALL)
    assert secret
    assert made["Cache-Control"] == "private, no-store"
    assert secret[1] not in browser.get(f"{BASE}/shops").content.decode()
    shop = Shop.objects.get()
    changed = browser.post(f"{BASE}/shops/{shop.id}/secret", {"secret": "0123456789abcdef"})
    assert "0123456789abcdef" in changed.content.decode()


def test_the_qr_code_is_the_address(bakery: Bakery, browse: Any) -> None:
    own = link(door(bakery))
    answer = browse(bakery.analyst).get(f"{BASE}/{own.id}/qr.svg?download")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"] == f'attachment; filename="{own.code}.svg"'
    assert answer.content.startswith(b"<svg")
    assert b"<script" not in answer.content
