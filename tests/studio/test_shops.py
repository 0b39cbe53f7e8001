"""Signed webhooks: forged ones move nothing, replayed ones nothing twice, and the team hears why."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from shopping import click, door, link, other_bakery, shopify, signed, woo

import cast as people
from cast import Bakery, later
from majlis.brands.access import OnTeam
from majlis.brands.models import Deed
from majlis.brands.roles import Permission
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.insights.kinds import Kind
from majlis.insights.models import Fact
from majlis.studio.conversions import promo_codes, shops
from majlis.studio.models import Order, Shop, ShopDelivery

pytestmark = pytest.mark.django_db
AT = later(hours=2)
KINDS = ("woocommerce", "shopify")


@pytest.fixture
def bakery() -> Bakery:
    return people.bakery()


def connected(bakery: Bakery, kind: str) -> tuple[OnTeam, str, str]:
    """The door, and a shop's key and secret."""
    team = door(bakery, needs=Permission.CONNECT)
    shop_id, secret = shops.make_shop(team, kind=kind, at=AT)
    return team, Shop.objects.get(id=shop_id).key, secret


def deliver(kind: str, key: str, secret: str, told: Any, **more: Any) -> str:
    raw, signature = signed(told, secret)
    given = {"body": raw, "signature": signature, "at": AT, **more}
    return str(shops.take_delivery(kind=kind, key=key, **given))


def order_of(kind: str, **more: Any) -> dict[str, Any]:
    return woo(**more) if kind == "woocommerce" else shopify(**more)


@pytest.mark.parametrize("kind", KINDS)
def test_a_signed_order_is_taken_and_credited(bakery: Bakery, kind: str) -> None:
    team, key, secret = connected(bakery, kind)
    token = click(link(team), team)
    fields = {"meta_data": [{"key": "mj", "value": token}]} if kind == "woocommerce" else {
        "note_attributes": [{"name": "mj", "value": token}]
    }  # fmt: skip
    assert deliver(kind, key, secret, order_of(kind, **fields)) == ""
    order = Order.objects.get()
    assert (order.value, order.currency, order.reported_by) == (Decimal("29.35"), "EUR", kind)
    assert order.click is not None
    assert order.click.token == token
    assert order.customer
    assert "dana" not in order.customer
    assert Fact.objects.filter(kind=Kind.CONVERSION).count() == 1
    assert shops.shops(team)[0].last_heard_at == AT


def test_the_token_is_found_in_the_address_of_the_visit_too(bakery: Bakery) -> None:
    team, key, secret = connected(bakery, "shopify")
    token = click(link(team), team)
    deliver("shopify", key, secret, shopify(landing_site=f"/bread?utm_source=x&mj={token}"))
    assert Order.objects.get().click is not None
    team, key, secret = connected(bakery, "woocommerce")
    where = {"key": "_wc_order_attribution_session_entry", "value": f"https://shop.example/?mj={token}"}
    deliver("woocommerce", key, secret, woo(meta_data=[where]))
    assert Order.objects.exclude(click=None).count() == 2


@pytest.mark.parametrize("kind", KINDS)
def test_forged_deliveries_move_nothing_and_the_team_is_told(bakery: Bakery, kind: str) -> None:
    team, key, secret = connected(bakery, kind)
    stranger = other_bakery()
    _id, foreign = shops.make_shop(stranger, kind=kind, at=AT)
    body, right = signed(order_of(kind), secret)
    _body, foreigns = signed(order_of(kind), foreign)
    forged = ["", "x", right[:-2], right.swapcase(), foreigns, right + "\n", "ö" * 44, "=" * 10_000]
    for signature in forged:
        with pytest.raises(shops.Forged):
            deliver(kind, key, secret, body, signature=signature)
    with pytest.raises(shops.Forged):  # one byte more is another body
        deliver(kind, key, secret, body, body=body + b" ", signature=right)
    assert not Order.objects.exists()
    assert not ShopDelivery.objects.exists()
    shop = shops.shops(team)[0]
    assert "not signed" in shop.last_refusal
    assert shop.refused_lately
    assert not shops.shops(stranger)[0].last_refusal


def test_an_unknown_address_is_none_whatever_is_signed(bakery: Bakery) -> None:
    _team, key, secret = connected(bakery, "shopify")
    for kind, other in (("woocommerce", key), ("shopify", "nothing"), ("shopify", ""), ("magento", key)):
        with pytest.raises(NotThere):
            deliver(kind, other, secret, shopify())


@pytest.mark.parametrize("kind", KINDS)
def test_a_replayed_delivery_changes_nothing(bakery: Bakery, kind: str) -> None:
    _team, key, secret = connected(bakery, kind)
    modified = "date_modified_gmt" if kind == "woocommerce" else "updated_at"
    total = "total" if kind == "woocommerce" else "total_price"
    first = order_of(kind)
    then = order_of(kind, **{total: "12.00", modified: "2026-11-02T10:30:00Z"})
    deliver(kind, key, secret, first)
    deliver(kind, key, secret, then)
    for _again in range(3):
        assert deliver(kind, key, secret, first) == ""
    assert Order.objects.get().value == 12
    assert Fact.objects.filter(kind=Kind.CONVERSION).count() == 1


def test_a_replayed_deletion_does_not_end_an_order_that_came_back(bakery: Bakery) -> None:
    _team, key, secret = connected(bakery, "woocommerce")
    deliver("woocommerce", key, secret, woo(1))
    deliver("woocommerce", key, secret, {"id": 1})
    back = later(hours=3)
    deliver("woocommerce", key, secret, woo(1, date_modified_gmt=f"{back:%Y-%m-%dT%H:%M:%S}"), at=back)
    assert Order.objects.get().cancelled_at is None
    deliver("woocommerce", key, secret, {"id": 1}, at=later(hours=4))
    assert Order.objects.get().cancelled_at is None


def test_woocommerce_tells_cancellations_refunds_and_deletions(bakery: Bakery) -> None:
    _team, key, secret = connected(bakery, "woocommerce")
    refund = {"id": 9, "total": "-10.00"}
    deliver("woocommerce", key, secret, woo(1, refunds=[refund], date_modified_gmt="2026-11-02T10:00:00"))
    deliver("woocommerce", key, secret, woo(1))  # the first one, late
    deliver("woocommerce", key, secret, woo(2, status="cancelled"))
    deliver("woocommerce", key, secret, woo(3))
    deliver("woocommerce", key, secret, {"id": 3})
    deliver("woocommerce", key, secret, woo(4, status="checkout-draft"))
    assert Order.objects.get(external_id="1").value == Decimal("19.35")
    assert set(Order.objects.exclude(cancelled_at=None).values_list("external_id", flat=True)) == {"2", "3"}
    assert not Order.objects.filter(external_id="4").exists()


def test_shopify_tells_refunds_apart_and_cancellations(bakery: Bakery) -> None:
    _team, key, secret = connected(bakery, "shopify")
    paid = [
        {"kind": "refund", "status": "success", "amount": "4.35"},
        {"kind": "void", "status": "success", "amount": "9"},
    ]
    refund = {"id": 5, "order_id": 1, "created_at": "2026-11-02T11:00:00+02:00", "transactions": paid}
    deliver("shopify", key, secret, refund)  # before its order
    assert not Order.objects.get().placed
    deliver("shopify", key, secret, shopify(1))
    deliver("shopify", key, secret, shopify(1, refunds=[refund], updated_at="2026-11-02T11:30:00+02:00"))
    assert Order.objects.get().value == 25
    deliver(
        "shopify",
        key,
        secret,
        shopify(2, cancelled_at="2026-11-02T11:10:00+02:00", updated_at="2026-11-02T11:10:00+02:00"),
    )
    deliver("shopify", key, secret, shopify(2))
    assert Order.objects.get(external_id="2").cancelled_at is not None
    deliver("shopify", key, secret, shopify(3, test=True))
    assert Order.objects.count() == 2


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"7", b"null", b'{"id":1,"id":2}', b"{" * 100, b"[" * 100_000, b"\xff\xfe", b'{"id": NaN}',
        b'"' + b"x" * 2_000_000 + b'"',
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", KINDS)
def test_a_signed_body_that_is_no_order_is_said_to_the_team(bakery: Bakery, kind: str, body: bytes) -> None:
    team, key, secret = connected(bakery, kind)
    assert deliver(kind, key, secret, body)
    assert not Order.objects.exists()
    assert shops.shops(team)[0].last_refusal


@pytest.mark.parametrize(
    "wrong",
    [
        {"total": "-1"}, {"total": None}, {"total": {}}, {"currency": "XXX"}, {"currency": 7}, {"id": None}, {"id": "a b"},
        {"id": []}, {"refunds": [{"id": 1, "total": "much"}]},
    ],
)  # fmt: skip
def test_wrong_fields_are_refused_with_a_sentence(bakery: Bakery, wrong: dict[str, Any]) -> None:
    team, key, secret = connected(bakery, "woocommerce")
    assert deliver("woocommerce", key, secret, woo(**wrong)).endswith((".", "?"))
    assert shops.shops(team)[0].refused_lately
    assert deliver("woocommerce", key, secret, woo()) == ""
    assert shops.shops(team)[0].last_heard_at == AT


@pytest.mark.parametrize(
    "odd",
    [
        {"meta_data": "x"}, {"meta_data": [7, {"key": "mj"}, {"key": "mj", "value": {"a": 1}}]}, {"meta_data": [{}] * 1000},
        {"billing": None}, {"billing": []}, {"coupon_lines": [{"code": None}]}, {"refunds": None}, {"customer_id": {}},
        {"date_created_gmt": "yesterday"}, {"date_created_gmt": None}, {"date_modified_gmt": 7}, {"status": None},
        {"status": ["trash"]}, {"status": {}}, {"coupon_lines": [{"code": "a\0b"}]},
        {"meta_data": [{"key": "_wc_order_attribution_session_entry", "value": "http://[::1?mj=1"}]},
    ],
)  # fmt: skip
def test_odd_fields_that_do_not_matter_are_no_reason_to_lose_an_order(
    bakery: Bakery, odd: dict[str, Any]
) -> None:
    _team, key, secret = connected(bakery, "woocommerce")
    assert deliver("woocommerce", key, secret, woo(**odd)) == ""
    assert Order.objects.get().placed


@pytest.mark.parametrize("kind", KINDS)
def test_a_shop_whose_clock_is_days_ahead_is_set_to_ours(bakery: Bakery, kind: str) -> None:
    _team, key, secret = connected(bakery, kind)
    ahead = "2026-11-05T09:00:00Z"
    fields = (
        ("date_created_gmt", "date_modified_gmt") if kind == "woocommerce" else ("created_at", "updated_at")
    )
    deliver(kind, key, secret, order_of(kind, **dict.fromkeys(fields, ahead)))
    assert Order.objects.get().ordered_at == AT


def test_woocommerces_ping_is_answered_and_is_nothing_else(bakery: Bakery) -> None:
    _team, key, secret = connected(bakery, "woocommerce")
    assert deliver("woocommerce", key, secret, b"webhook_id=12", signature="") == ""
    for body in (b"webhook_id=12&id=3", b'{"id":3}', b""):
        with pytest.raises(shops.Forged):
            deliver("woocommerce", key, secret, body, signature="")
    _team, key, secret = connected(bakery, "shopify")
    with pytest.raises(shops.Forged):
        deliver("shopify", key, secret, b"webhook_id=12", signature="")


def test_a_new_secret_holds_at_once_and_the_old_one_for_a_day(bakery: Bakery) -> None:
    team, key, old = connected(bakery, "shopify")
    shop = shops.shops(team)[0]
    new = shops.rotate_secret(team, shop_id=shop.id, at=AT)
    assert deliver("shopify", key, new, shopify(1)) == ""
    assert deliver("shopify", key, old, shopify(2), at=later(hours=25)) == ""
    with pytest.raises(shops.Forged):
        deliver("shopify", key, old, shopify(3), at=later(hours=27))
    third = shops.rotate_secret(team, shop_id=shop.id, at=AT, secret="shpss_0123456789abcdef")
    with pytest.raises(shops.Forged):  # two changes ago
        deliver("shopify", key, old, shopify(4))
    assert deliver("shopify", key, third, shopify(5)) == ""


def test_secrets_are_not_readable_in_the_database_nor_told_again(bakery: Bakery, settings: Any) -> None:
    team, key, secret = connected(bakery, "shopify")
    assert secret.encode() not in bytes(Shop.objects.get().secret)
    assert secret not in json.dumps(list(Deed.objects.values_list("details", flat=True)))
    assert secret not in repr(shops.shops(team))
    settings.SECRET_KEY = "another one, after a restore without the secrets folder"
    assert not shops.shops(team)[0].readable
    with pytest.raises(shops.Forged):
        deliver("shopify", key, secret, shopify())


def test_one_shop_of_a_kind_and_good_secrets_only(bakery: Bakery) -> None:
    team, _key, _secret = connected(bakery, "shopify")
    with pytest.raises(Conflict):
        shops.make_shop(team, kind="shopify", at=AT)
    for kind, secret in (
        ("magento", ""),
        ("woocommerce", "short"),
        ("woocommerce", "x" * 201),
        ("woocommerce", "س" * 20),
    ):
        with pytest.raises(BadInput):
            shops.make_shop(team, kind=kind, secret=secret, at=AT)


def test_only_owners_connect_and_never_anothers_shop(bakery: Bakery) -> None:
    team, key, secret = connected(bakery, "shopify")
    shop = shops.shops(team)[0]
    tracker = door(bakery, bakery.advertiser)
    for attempt in (
        lambda: shops.make_shop(tracker, kind="woocommerce", at=AT),
        lambda: shops.rotate_secret(tracker, shop_id=shop.id, at=AT),
        lambda: shops.end_shop(tracker, shop_id=shop.id, at=AT),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    stranger = other_bakery()
    for other in (
        lambda: shops.rotate_secret(stranger, shop_id=shop.id, at=AT),
        lambda: shops.end_shop(stranger, shop_id=shop.id, at=AT),
    ):
        with pytest.raises(NotThere):
            other()
    assert shops.shops(stranger) == []
    shops.end_shop(team, shop_id=shop.id, at=AT)
    with pytest.raises(NotThere):
        deliver("shopify", key, secret, shopify())


def test_coupons_are_promo_codes(bakery: Bakery) -> None:
    team, key, secret = connected(bakery, "woocommerce")
    made = promo_codes.make_promo_code(team, code="BREAD10", at=later(days=-1))
    deliver("woocommerce", key, secret, woo(coupon_lines=[{"code": "bread10"}]))
    assert Order.objects.get().promo_code_id == made


def test_old_deliveries_are_forgotten(bakery: Bakery) -> None:
    _team, key, secret = connected(bakery, "woocommerce")
    deliver("woocommerce", key, secret, woo())
    assert shops.sweep(at=later(days=80)) == 0
    assert shops.sweep(at=later(days=100)) == 1
    assert deliver("woocommerce", key, secret, woo(), at=later(days=100)) == ""
    assert Order.objects.count() == 1
