"""The script, the pixel, the address for reports and the webhooks, over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from msgspec.structs import replace
from shopping import click, door, link, shopify, signed, woo

import cast as people
from cast import MOMENT
from majlis.brands.roles import Permission
from majlis.studio.conversions import goals, shops, site
from majlis.studio.models import Order
from majlis.studio.models import Shop as ShopRow

pytestmark = pytest.mark.django_db
SITE = "https://shop.example"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
def goal() -> goals.Goal:
    return goals.make_goal(door(people.bakery()), name="Sold", kind="order", origins=[SITE], at=MOMENT)


def tell(body: Any, *, origin: str = SITE, **more: Any) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"origin": origin} if origin else {}
    return Client(enforce_csrf_checks=True).post(
        "/facts/conversions", raw, content_type="text/plain", headers=headers, **more
    )


def test_the_script_is_small_and_may_be_kept() -> None:
    answer = Client().get("/measure.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert len(answer.content) <= 3 * 1024
    assert b"document.cookie" not in answer.content
    assert "max-age=3600" in answer["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert Client().get("/measure.js", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_a_report_is_taken_from_the_goals_own_site_without_cookies(goal: goals.Goal) -> None:
    answer = tell({"goal": goal.key, "id": "A-1", "value": "29.35", "currency": "EUR", "unknown": [1]})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, SITE)
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert not answer.cookies
    assert Order.objects.get().reported_by == "script"
    assert tell({"goal": goal.key, "id": "A-1", "value": "29.35", "currency": "EUR"}).status_code == 204
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    "origin", ["", "null", "https://evil.example", "http://shop.example", "https://shop.example/x"]
)
def test_from_elsewhere_nothing_is_taken_nor_allowed(goal: goals.Goal, origin: str) -> None:
    answer = tell({"goal": goal.key, "id": 1, "value": 1, "currency": "EUR"}, origin=origin)
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
    asked = Client().options(f"/facts/conversions?goal={goal.key}", headers={"origin": origin})
    assert "Access-Control-Allow-Origin" not in asked.headers
    assert not Order.objects.exists()


def test_a_site_that_asks_first_is_answered(goal: goals.Goal) -> None:
    asked = Client().options(f"/facts/conversions?goal={goal.key}", headers={"origin": SITE})
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, SITE)


@pytest.mark.parametrize(
    "body", [b"", b"x", b"[]", b"null", b'{"a":1,"a":2}', b"[" * 9000, b'{"x":"' + b"y" * 9000 + b'"}']
)
def test_nonsense_is_refused(goal: goals.Goal, body: bytes) -> None:
    assert tell(body).status_code in (413, 422)


def test_zero_bytes_find_nothing(goal: goals.Goal) -> None:
    assert tell({"goal": "a\0b", "id": 1}).status_code == 404
    assert tell({"goal": goal.key, "id": 1, "event": "a\0b"}).status_code == 404
    told = {"goal": goal.key, "id": 2, "value": 1, "currency": "EUR", "promo_code": "BREAD\x0010", "mj": "\0"}
    assert tell(told).status_code == 204
    asked = Client().options("/facts/conversions?goal=%00", headers={"origin": SITE})
    picture = Client().get("/measure.gif?goal=%00&id=1", headers={"referer": SITE + "/", "user-agent": AGENT})
    assert (asked.status_code, picture.status_code) == (404, 200)


def test_the_pixel_counts_from_the_site_and_says_nothing_of_it(goal: goals.Goal) -> None:
    def fetch(identity: str, referer: str = SITE + "/thanks", agent: str = AGENT, **headers: str) -> Any:
        query = {"goal": goal.key, "id": identity, "value": "5", "currency": "EUR"}
        return Client().get(
            "/measure.gif", query, headers={"referer": referer, "user-agent": agent, **headers}
        )

    answers = [
        fetch("counted"),
        fetch("forged", referer="https://evil.example/"),
        fetch("bare", referer=""),
        fetch("odd", referer="http://[::1"),
        fetch("program", agent="curl/8"),
        fetch("frame", **{"sec-fetch-dest": "iframe"}),
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, site.PIXEL)}
    assert {answer["Cache-Control"] for answer in answers} == {"no-store"}
    assert not any(answer.cookies for answer in answers)
    assert Client().head("/measure.gif").status_code == 200
    assert list(Order.objects.values_list("external_id", flat=True)) == ["counted"]


@pytest.mark.parametrize(("kind", "made"), [("woocommerce", woo), ("shopify", shopify)])
def test_webhooks_over_http(kind: str, made: Any) -> None:
    team = door(people.bakery(), needs=Permission.CONNECT)
    shop_id, secret = shops.make_shop(team, kind=kind, at=MOMENT)
    path = f"/hooks/{kind}/{ShopRow.objects.get(id=shop_id).key}"
    name, delivery = {
        "woocommerce": ("x-wc-webhook-signature", "x-wc-webhook-delivery-id"),
        "shopify": ("x-shopify-hmac-sha256", "x-shopify-webhook-id"),
    }[kind]

    def send(body: Any, signature: str = "", at: str = path, identity: str = "1") -> Any:
        raw, right = signed(body, secret)
        headers = {name: signature or right, delivery: identity}
        client = Client(enforce_csrf_checks=True)
        return client.post(at, raw, content_type="application/json", headers=headers)

    assert send(made(1)).status_code == 200
    assert send(made(1)).status_code == 200
    assert send(made(1), identity="2").status_code == 200
    assert send(made(2), signature="forged").status_code == 401
    assert send(made(2), at=path + "x").status_code == 404
    assert send(made(2), at="/hooks/magento/x").status_code == 404
    assert send(b"[]", identity="3").status_code == 202
    assert Client().get(path).status_code == 405
    # a name is not signed, and WooCommerce's is the same for two orders of one second
    assert send(made(3)).status_code == 200
    assert send(made(3), identity="4").status_code == 200
    assert sorted(Order.objects.values_list("external_id", flat=True)) == ["1", "3"]


def test_who_forges_or_reports_much_is_slowed_down(goal: goals.Goal, settings: Any) -> None:
    settings.MAJLIS = replace(django_settings.MAJLIS, limits=True)
    statuses = [tell({"goal": goal.key, "id": number}).status_code for number in range(305)]
    assert statuses[0] == 204
    assert statuses[-1] == 429
    tries = [
        Client().post("/hooks/shopify/x", b"{}", content_type="application/json").status_code
        for _ in range(65)
    ]
    assert (tries[0], tries[-1]) == (404, 429)


def test_a_forged_token_is_worth_nothing(goal: goals.Goal) -> None:
    team = door(people.Bakery(*_again()))
    token = click(link(team), team)
    for identity, mj in (("right", token), ("forged", "A" * 16), ("odd", {"a": 1}), ("none", None)):
        assert tell({"goal": goal.key, "id": identity, "mj": mj}).status_code == 204
    assert list(Order.objects.exclude(click=None).values_list("external_id", flat=True)) == ["right"]


def _again() -> list[people.Member]:
    """The bakery that is there already."""
    from majlis.people.models import Profile

    names = ("bayt_zaytoun", "nadia", "elias", "salma", "yara", "karim")
    found = {each.handle: each for each in Profile.objects.filter(handle__in=names)}
    return [people.Member(found[name].user_id or 0, found[name].id, name) for name in names]
