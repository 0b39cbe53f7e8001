"""Shopify's webhooks as reports of orders: orders/create, orders/updated, orders/cancelled, refunds/create.

Source: https://shopify.dev/docs/apps/build/webhooks/subscribe/https and the Order and Refund resources of
https://shopify.dev/docs/api/admin-rest. Signed is the body alone (``X-Shopify-Hmac-Sha256``, base64); topic and
webhook id are not. So what is done follows from the body.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from majlis.brands.customers.given import Given
from majlis.studio.conversions import currencies, people, reports
from majlis.studio.conversions.state import Report
from majlis.studio.conversions.woocommerce import mappings, token_in


def read(body: Mapping[str, Any], *, page_id: int, arrived_at: datetime) -> Report | None:
    """The report in a delivery; None when it is of no order, or of one that was made to try the shop.

    Raises:
        BadInput: an order whose amount, currency or id cannot be taken.
    """
    if "order_id" in body and "transactions" in body:
        return _refund(body, arrived_at)
    if "total_price" not in body or "currency" not in body or body.get("test") is True:
        return None
    cancelled = reports.shops_moment(body.get("cancelled_at"), arrived_at=arrived_at)
    return Report(
        external_id=reports.external_id(body.get("id")),
        by="shopify",
        as_of=reports.shops_moment(body.get("updated_at"), arrived_at=arrived_at) or arrived_at,
        ordered_at=reports.shops_moment(body.get("created_at"), arrived_at=arrived_at),
        value=currencies.amount(body["total_price"]),
        currency=currencies.currency(body["currency"]),
        cancelled=cancelled is not None,
        refunds=dict(_refunded(each) for each in mappings(body.get("refunds"))),
        customer=reports.customer(_customer(body), page_id=page_id),
        click_token=_token(body),
        promo_code=next(
            (reports.promo_code(each.get("code")) for each in mappings(body.get("discount_codes"))), ""
        ),
        person=_person(body, arrived_at),
    )


def _person(body: Mapping[str, Any], at: datetime) -> Given | None:
    """The customer of the order, else whom it is billed to; the e-mail is the order's."""
    parts = [
        each for each in (body.get("billing_address"), body.get("customer")) if isinstance(each, Mapping)
    ]
    known = {name: value for part in parts for name, value in part.items() if value}
    known["email"], number = body.get("email") or known.get("email"), known.get("id")
    return people.told(known, number=number, at=at)


def _refund(body: Mapping[str, Any], arrived_at: datetime) -> Report:
    return Report(
        external_id=reports.external_id(body["order_id"]),
        by="shopify",
        as_of=reports.shops_moment(body.get("created_at"), arrived_at=arrived_at) or arrived_at,
        refunds=dict([_refunded(body)]),
        placed=False,
    )


def _refunded(refund: Mapping[str, Any]) -> tuple[str, Decimal]:
    """A refund's id, and what was really paid back."""
    paid = [
        currencies.amount(each.get("amount"))
        for each in mappings(refund.get("transactions"))
        if each.get("kind") == "refund" and each.get("status") == "success"
    ]
    return reports.external_id(refund.get("id")), sum(paid, Decimal(0))


def _customer(body: Mapping[str, Any]) -> str:
    who = body.get("customer")
    number = who.get("id") if isinstance(who, Mapping) else None
    return str(body.get("email") or number or "")


def _token(body: Mapping[str, Any]) -> str:
    """From the cart's attributes, which the script fills, else from the page at which the visit began."""
    for each in mappings(body.get("note_attributes")):
        if each.get("name") in ("mj", "_mj") and (found := reports.token(each.get("value"))):
            return found
    return token_in(body.get("landing_site"))
