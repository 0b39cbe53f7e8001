"""Who ordered, as a shop's signed delivery tells it. What cannot be taken is left out: the order counts without."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from majlis.brands.customers.given import LONGEST_NAME, Given, checked
from majlis.core.errors import BadInput


def told(address: Mapping[str, Any], *, number: Any, at: datetime) -> Given | None:
    """The person of an address with ``first_name``, ``last_name``, ``email``, ``phone``; None without e-mail and number.

    The shop's own number names her only where there is no e-mail, as in the order's key: two shops may count alike.
    """
    email, phone = _text(address.get("email")), _text(address.get("phone"))
    own = "" if email or number in (0, "0") else _text(number)
    if not email and not own:
        return None
    name = " ".join(f"{_text(address.get('first_name'))} {_text(address.get('last_name'))}".split())
    try:
        return checked(
            name=name[:LONGEST_NAME] or None, emails=[email], phones=_phone(phone, at), ids=[own], at=at
        )
    except BadInput:
        return None


def _phone(text: str, at: datetime) -> list[str]:
    try:
        return [text] if text and checked(phones=[text], at=at) else []
    except BadInput:
        return []


def _text(given: Any) -> str:
    return str(given).strip()[:400] if isinstance(given, str | int) and not isinstance(given, bool) else ""
