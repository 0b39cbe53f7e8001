"""WooCommerce's webhooks as reports of orders.

Source: https://woocommerce.com/document/webhooks/ and the REST API's order properties
(https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties). Signed is the body alone, with
``X-WC-Webhook-Signature`` = base64(HMAC-SHA256(body, secret)); topic and delivery id are not. So what is done
follows from the body; a header never turns an order into a cancellation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from majlis.studio.conversions import currencies, people, reports
from majlis.studio.conversions.state import Report

PING: Final = re.compile(rb"webhook_id=\d{1,12}")
"""What is sent, unsigned, when a webhook is saved: the shop wants to hear that somebody is there."""
TOKEN_KEYS: Final = ("mj", "_mj", "majlis_click")
_SESSION_KEY: Final = (
    "_wc_order_attribution_session_entry"  # the address at which the visit began (WooCommerce 8.5)
)
_OVER: Final = frozenset({"cancelled", "failed", "trash"})
_NOT_YET: Final = frozenset({"checkout-draft", "auto-draft", "draft"})


def read(body: Mapping[str, Any], *, page_id: int, arrived_at: datetime) -> Report | None:
    """The report in a delivery; None when it is of no order, or of one that is not placed yet.

    Raises:
        BadInput: an order whose amount, currency or id cannot be taken.
    """
    if set(body) == {"id"}:  # order.deleted says no more
        return Report(
            external_id=reports.external_id(body["id"]),
            by="woocommerce",
            as_of=arrived_at,
            cancelled=True,
            placed=False,
        )
    status = str(body.get("status"))
    if "status" not in body or "total" not in body or status in _NOT_YET:
        return None
    stated = reports.shops_moment(body.get("date_modified_gmt"), arrived_at=arrived_at)
    return Report(
        external_id=reports.external_id(body.get("id")),
        by="woocommerce",
        as_of=stated or arrived_at,
        ordered_at=reports.shops_moment(body.get("date_created_gmt"), arrived_at=arrived_at),
        value=currencies.amount(body["total"]),
        currency=currencies.currency(body.get("currency")),
        cancelled=status in _OVER,
        refunds=dict(_refunds(body.get("refunds"))),
        customer=reports.customer(_customer(body), page_id=page_id),
        click_token=_token(body.get("meta_data")),
        promo_code=_coupon(body.get("coupon_lines")),
        person=people.told(_address(body), number=body.get("customer_id"), at=arrived_at),
    )


def _address(body: Mapping[str, Any]) -> Mapping[str, Any]:
    billing = body.get("billing")
    return billing if isinstance(billing, Mapping) else {}


def _refunds(given: Any) -> list[tuple[str, Decimal]]:
    """WooCommerce writes a refund as a negative total."""
    return [
        (reports.external_id(each.get("id")), currencies.amount(str(each.get("total", "0")).lstrip("-")))
        for each in mappings(given)
    ]


def _customer(body: Mapping[str, Any]) -> str:
    billing = body.get("billing")
    address = billing.get("email") if isinstance(billing, Mapping) else None
    number = body.get("customer_id")
    return str(address or number or "")


def _token(given: Any) -> str:
    """From the order's own fields, else from the address at which the visit began."""
    fields = {str(each.get("key")): each.get("value") for each in mappings(given)}
    for key in TOKEN_KEYS:
        if found := reports.token(fields.get(key)):
            return found
    return token_in(fields.get(_SESSION_KEY))


def _coupon(given: Any) -> str:
    return next((reports.promo_code(each.get("code")) for each in mappings(given)), "")


def mappings(given: Any) -> list[Mapping[str, Any]]:
    """The objects of a list, at most a hundred; nothing of what is no list."""
    return [each for each in given[:100] if isinstance(each, Mapping)] if isinstance(given, list) else []


def token_in(address: Any) -> str:
    """The click's token in an address or its query."""
    if not isinstance(address, str) or "mj=" not in address:
        return ""
    try:
        return reports.token(parse_qs(urlsplit(address[:4000]).query, max_num_fields=100).get("mj", [""])[-1])
    except ValueError:
        return ""
