"""From what a server or a browser sent to a :class:`Report`: every field checked, each refusal a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from majlis.brands.customers import keys
from majlis.core.errors import BadInput
from majlis.studio.conversions import currencies
from majlis.studio.conversions.state import Report
from majlis.studio.links import codes

AHEAD: Final = timedelta(minutes=5)
"""So far a clock may be ahead of ours; a moment within it is taken as now."""
OLDEST: Final = timedelta(days=3653)
LONGEST_ID: Final = 100
LONGEST_CODE: Final = 40
_EXTERNAL_ID: Final = re.compile(r"[^\s\x00-\x1f\x7f-\x9f]+")
_CANCELLED: Final[Mapping[str, bool]] = {"placed": False, "cancelled": True, "refunded": True}


def from_server(given: Any, *, page_id: int, arrived_at: datetime) -> Report:
    """A report from the API: ``id``, ``value``, ``currency``, and what else docs/measuring.md names.

    Raises:
        BadInput: with a sentence about the first field that cannot be taken.
    """
    if not isinstance(given, Mapping):
        raise BadInput(_("An order has to be an object with an id."), code="no_order")
    value, unit = money(given)
    status = given.get("status")
    if status is not None and (not isinstance(status, str) or status not in _CANCELLED):
        raise BadInput(
            _("The status has to be placed, cancelled or refunded."), code="bad_status", field="status"
        )
    return Report(
        external_id=external_id(given.get("id")),
        by="server",
        as_of=moment(given.get("updated_at"), field="updated_at", arrived_at=arrived_at) or arrived_at,
        ordered_at=moment(given.get("ordered_at"), field="ordered_at", arrived_at=arrived_at),
        value=value,
        currency=unit,
        cancelled=None if status is None else _CANCELLED[status],
        refunds=_refunds(given.get("refunds")),
        placed=value is not None or status == "placed",
        customer=customer(given.get("customer"), page_id=page_id),
        click_token=token(given.get("click")),
        promo_code=promo_code(given.get("promo_code")),
    )


def money(given: Mapping[str, Any]) -> tuple[Decimal | None, str]:
    """Value and currency: both or none.

    Raises:
        BadInput: one of them is missing or wrong.
    """
    if given.get("value") is None:
        return None, ""
    return currencies.amount(given["value"]), currencies.currency(given.get("currency"))


def external_id(given: Any) -> str:
    """The shop's own id of an order.

    Raises:
        BadInput: there is none, or it has white space in it or more than 100 characters.
    """
    text = str(given) if isinstance(given, str | int) and not isinstance(given, bool) else ""
    text = text.strip()
    if not _EXTERNAL_ID.fullmatch(text) or len(text) > LONGEST_ID:
        raise BadInput(
            _("The id of the order is missing, has spaces in it, or is longer than 100 characters."),
            code="bad_id", field="id",
        )  # fmt: skip
    return text


def moment(given: Any, *, field: str, arrived_at: datetime) -> datetime | None:
    """A moment with its time zone, years back or minutes ahead; None when there is none.

    Refused rather than bent: whose clock is wrong by days would have all orders on the wrong days.

    Raises:
        BadInput: it is no moment, has no zone, is in the future, or more than ten years back.
    """
    if given is None or given == "":
        return None
    try:
        at = datetime.fromisoformat(given)
        if at.tzinfo is None:
            raise ValueError("no zone")
        at = at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise BadInput(
            _("A time has to be like 2026-11-02T09:30:00+02:00, with its time zone."),
            code="bad_time", field=field, cause=str(error),
        ) from None  # fmt: skip
    if at > arrived_at + AHEAD:
        raise BadInput(
            _("This time lies in the future. Is the clock of the machine that sent it right?"),
            code="future", field=field,
        )  # fmt: skip
    if at < arrived_at - OLDEST:
        raise BadInput(_("This time lies more than ten years back."), code="too_old", field=field)
    return min(at, arrived_at)


def shops_moment(given: Any, *, arrived_at: datetime) -> datetime | None:
    """A moment in a signed delivery. A shop does not hear refusals, so a clock ahead is set to ours instead; what
    is no moment, or lies before 1970, is none."""
    try:
        at = datetime.fromisoformat(given)
        at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return min(at, arrived_at) if at.year >= 1970 else None


def token(given: Any) -> str:
    """A click's token if it could be one; what could not is as good as none."""
    text = given.strip() if isinstance(given, str) else ""
    return text if codes.is_token(text) else ""


def promo_code(given: Any) -> str:
    """A promo code as it was typed, for folding."""
    return str(given).strip()[:LONGEST_CODE] if isinstance(given, str | int) else ""


def customer(given: Any, *, page_id: int) -> str:
    """A keyed hash of whatever the shop calls its customer (``brands.customers.keys.key``)."""
    return keys.key(given, page_id=page_id)


def _refunds(given: Any) -> dict[str, Decimal]:
    if given is None:
        return {}
    if (
        not isinstance(given, list)
        or not all(isinstance(each, Mapping) for each in given)
        or len(given) > 100
    ):
        raise BadInput(
            _("Refunds have to be a list of at most 100, each with an id and a value."), field="refunds"
        )
    return {
        external_id(each.get("id")): currencies.amount(each.get("value"), field="refunds") for each in given
    }
