"""The server's key for web push (RFC 8292), made at first use and kept in the data folder."""

from __future__ import annotations

import base64
import secrets
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings


@cache
def private_key() -> ec.EllipticCurvePrivateKey:
    """The key that signs pushes."""
    path: Path = settings.MAJLIS.data_dir / "secrets" / "vapid"
    if not path.exists():
        _make(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101  # it is our own file
    return key


@cache
def public_key() -> str:
    """The uncompressed public point in unpadded base64url, as browsers and apps want it."""
    point = private_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".vapid-{secrets.token_hex(8)}")
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    try:
        fresh.touch(mode=0o600)
        fresh.write_bytes(pem)
        path.hardlink_to(fresh)  # of two processes starting at once the first one's key stands
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)
