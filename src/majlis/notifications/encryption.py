"""A push message on its way: encrypted for one app (RFC 8291) and signed as from this server (RFC 8292).

Apps that do not say ``standard`` expect the fourth draft of both, as Mastodon's apps did for years. The
cryptography is http_ece's and py_vapid's; pywebpush, which joins them, would send by a client of its own.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import http_ece  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid01, Vapid02, VapidException  # type: ignore[import-untyped]

from majlis.notifications import vapid
from majlis.notifications.actions.subscriptions import from_base64

#: A push service keeps a message so long for a phone that is off.
TIME_TO_LIVE: Final = timedelta(hours=48)
_SIGNATURE_LASTS: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is posted to the push service."""

    headers: dict[str, str]
    body: bytes


def sealed(message: bytes, *, endpoint: str, p256dh: str, auth: str, standard: bool, at: datetime) -> Sealed:
    """The message for one app.

    Raises:
        ValueError: the keys or the address cannot be used.
    """
    common = {"TTL": str(int(TIME_TO_LIVE.total_seconds())), "Urgency": "normal"}
    key = ec.generate_private_key(ec.SECP256R1())
    keys = {"private_key": key, "dh": from_base64(p256dh), "auth_secret": from_base64(auth)}
    if standard:
        body = http_ece.encrypt(message, version="aes128gcm", **keys)
        return Sealed(common | {"Content-Encoding": "aes128gcm"} | _signed(Vapid02, endpoint, at=at), body)
    salt = os.urandom(16)
    public = _url64(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    body = http_ece.encrypt(message, version="aesgcm", salt=salt, keyid=public, **keys)
    signed = _signed(Vapid01, endpoint, at=at)
    draft = {
        "Content-Encoding": "aesgcm",
        "Encryption": f"salt={_url64(salt)}",
        "Crypto-Key": f"dh={public};{signed.pop('Crypto-Key')}",
    }
    return Sealed(common | draft | signed, body)


def _signed(kind: type[Vapid01], endpoint: str, *, at: datetime) -> dict[str, str]:
    parts = urlsplit(endpoint)
    origin = f"{parts.scheme}://{parts.netloc}"
    claims = {
        "aud": origin,
        "exp": int((at + _SIGNATURE_LASTS).timestamp()),
        "sub": _contact(),
    }
    try:
        # py_vapid takes only mail addresses and https for "sub"; a server being tried out has neither
        signed: dict[str, str] = kind(vapid.private_key(), conf={"no-strict": True}).sign(claims)
    except VapidException as error:
        raise ValueError(f"nothing can be signed for {origin[:200]}") from error
    return signed


def _contact() -> str:
    mail = settings.MAJLIS.contact_email
    return f"mailto:{mail}" if mail else settings.MAJLIS.base_url


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
