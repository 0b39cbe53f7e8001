"""Encryption of what is stored and must be read again, under the server's secret (Fernet).

Each purpose has a key of its own, derived from the secret (HKDF, RFC 5869): what was sealed for one cannot be
read as another.
"""

from __future__ import annotations

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@cache
def _fernet(secret: str, purpose: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def seal(data: bytes, *, purpose: str) -> bytes:
    """The data, encrypted."""
    return _fernet(settings.SECRET_KEY, purpose).encrypt(data)


def unseal(sealed: bytes, *, purpose: str) -> bytes | None:
    """The data; None when the server's secret has changed since, or it was sealed for something else."""
    try:
        return _fernet(settings.SECRET_KEY, purpose).decrypt(sealed)
    except InvalidToken:
        return None
