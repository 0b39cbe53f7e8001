"""Encryption of what is stored and must be read again, under the server's secret (Fernet)."""

from __future__ import annotations

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@cache
def _fernet(secret: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"majlis push token").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def seal(text: str) -> str:
    """The text, encrypted; nothing stays nothing."""
    return _fernet(settings.SECRET_KEY).encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text; nothing when the server's secret has changed since."""
    try:
        return _fernet(settings.SECRET_KEY).decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        return ""
