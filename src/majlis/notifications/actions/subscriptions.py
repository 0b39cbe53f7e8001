"""Web push subscriptions. Named by the token of the app and by nothing else (GHSA-f3q8-7vw3-69v4)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils.translation import gettext_lazy as _

from majlis.core import json, sql
from majlis.core.errors import BadInput
from majlis.core.ids import new_id
from majlis.notifications.queries import KINDS, SubscriptionView, subscription
from majlis.notifications.sealing import seal
from majlis.notifications.statements import ACTIONS

POLICIES: Final = ("all", "followed", "follower", "none")
#: What apps may ask to be told; replies come as mentions.
ALERTS: Final = tuple(kind for kind in KINDS if kind != "reply")
_LONGEST: Final = 2_000


def subscribe(
    *,
    by: int,
    token_id: int,
    access_token: str,
    endpoint: str,
    p256dh: str,
    auth: str,
    alerts: Mapping[str, bool],
    at: datetime,
    policy: str = "all",
    standard: bool = False,
) -> SubscriptionView:
    """Push to this address for the token; an earlier one of the token is replaced. Nothing is fetched.

    ``access_token`` is the token itself, by which the app tells its accounts apart; it is stored encrypted.
    ``p256dh`` and ``auth`` are base64url, as browsers and apps give them (RFC 8291 section 2).

    Raises:
        BadInput: the address is not https, or a key or the policy cannot be used.
    """
    if not _is_https(endpoint):
        raise BadInput(_("The address for pushes starts with https://."), field="endpoint")
    _check_keys(p256dh, auth)
    sql.execute(
        ACTIONS["subscribe"],
        id=new_id(),
        by=by,
        token_id=token_id,
        sealed_token=seal(access_token),
        endpoint=endpoint,
        p256dh=p256dh,
        auth=auth,
        alerts=_alerts(alerts),
        policy=_policy(policy),
        standard=standard,
        at=at,
    )
    return subscription(token_id=token_id)


def change_subscription(
    *, token_id: int, alerts: Mapping[str, bool], policy: str | None = None
) -> SubscriptionView:
    """Other alerts (those not named are off), or other people.

    Raises:
        NotThere: the token has no subscription.
        BadInput: the policy is not known.
    """
    sql.execute(
        ACTIONS["change_subscription"],
        token_id=token_id,
        alerts=_alerts(alerts),
        policy=None if policy is None else _policy(policy),
    )
    return subscription(token_id=token_id)


def unsubscribe(*, token_id: int) -> None:
    """Push no longer. Nothing happens when there is no subscription."""
    sql.execute(ACTIONS["unsubscribe"], token_id=token_id)


def _is_https(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and len(endpoint) <= _LONGEST


def _check_keys(p256dh: str, auth: str) -> None:
    """A point on P-256, uncompressed, and sixteen bytes."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64(p256dh))
        fits = from_base64(p256dh)[0] == 4 and len(from_base64(auth)) == 16
    except (ValueError, UnsupportedAlgorithm):
        fits = False
    if not fits:
        raise BadInput(_("The keys for pushes cannot be used."), field="keys")


def from_base64(text: str) -> bytes:
    """The bytes of base64 in either alphabet, padded or not.

    Raises:
        ValueError: it is none, or too long for a key.
    """
    if len(text) > 200 or not text.isascii():
        raise ValueError("no key")
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _alerts(alerts: Mapping[str, bool]) -> str:
    return json.encode({kind: bool(alerts.get(kind)) for kind in ALERTS}).decode()


def _policy(policy: str) -> str:
    if policy not in POLICIES:
        raise BadInput(_("Pushes come from all, followed, follower or none."), field="policy")
    return policy
