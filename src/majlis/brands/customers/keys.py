"""What a customer is known by: e-mails, ids and telephones in one form, and the keyed hash that her orders carry."""

from __future__ import annotations

import hmac
import re
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput
from majlis.core.text.clean import clean_text

LONGEST: Final = 254
LONGEST_ID: Final = 100
_DIGITS: Final = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789", "\u200e\u200f\u061c\u202a\u202c"
)
_PHONE: Final = re.compile(r"\+?[\d\s().\-/]{5,40}")


def key(given: Any, *, page_id: int) -> str:
    """A keyed hash of whatever the shop calls its customer: the same for the same one, readable by nobody."""
    text = str(given).strip().casefold()[:400] if isinstance(given, str | int) else ""
    if not text:
        return ""
    secret = f"majlis customer {page_id} {settings.SECRET_KEY}".encode()
    return hmac.new(secret, text.encode("utf-8", "replace"), sha256).hexdigest()


def trace(of: str, *, page_id: int) -> str:
    """What is kept of an erased key: leads to no order, and is made anew from an address alone."""
    return hmac.new(
        f"majlis erased {page_id} {settings.SECRET_KEY}".encode(), of.encode(), sha256
    ).hexdigest()


def email(given: str) -> str:
    """An e-mail address, in lower case.

    Raises:
        BadInput: it is none.
    """
    text = clean_text(given).strip().casefold()
    try:
        if len(text) > LONGEST:
            raise ValidationError("long")
        validate_email(text)
    except ValidationError:
        raise BadInput(_("This is no e-mail address."), code="bad_email", field="emails") from None
    return text


def phone(given: str) -> tuple[str, str]:
    """A telephone number as it was written, with Latin digits; and as it is compared.

    ``00`` at its beginning is a ``+``. Without a country it is another number than with one.

    Raises:
        BadInput: it is none.
    """
    text = " ".join(clean_text(given).translate(_DIGITS).split())
    digits = re.sub(r"\D", "", text)
    if not _PHONE.fullmatch(text) or not 5 <= len(digits) <= 17:
        raise BadInput(_("This is no telephone number."), code="bad_phone", field="phones")
    if text.startswith("00"):
        return text, f"+{digits[2:]}"
    return text, f"+{digits}" if text.startswith("+") else digits


def external(given: str) -> str:
    """What another program calls her.

    Raises:
        BadInput: it is empty or longer than 100 characters.
    """
    text = " ".join(clean_text(given).split())
    if not text or len(text) > LONGEST_ID:
        raise BadInput(_("An id has one to 100 characters."), code="bad_id", field="ids")
    return text
