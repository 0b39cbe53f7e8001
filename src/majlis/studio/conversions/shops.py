"""Shops whose signed webhooks are taken: made by the team, verified before anything is read, each delivery once.

Invariant: of a delivery nothing is parsed, kept or counted before its signature was right.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.core import addresses, json, sealing, sql
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.core.ids import new_id
from majlis.studio.conversions import orders, shopify, woocommerce
from majlis.studio.conversions.promo_codes import SQL
from majlis.studio.conversions.state import Report

KINDS: Final[Mapping[str, Callable[..., Report | None]]] = {
    "woocommerce": woocommerce.read,
    "shopify": shopify.read,
}
GRACE: Final = timedelta(hours=24)
"""So long after a new secret the old one is good, for deliveries that are on their way."""
KEPT_FOR: Final = timedelta(days=90)
_PURPOSE: Final = "majlis shop secret"
_LONGEST_SECRET: Final = 200


class _Secrets(msgspec.Struct, frozen=True):
    """The secret, and the one before it while it is still good."""

    now: str
    before: str = ""
    until: datetime | None = None

    def good(self, at: datetime) -> list[str]:
        return [self.now, *([self.before] if self.until is not None and at < self.until else [])]


class Shop(msgspec.Struct, frozen=True):
    """A shop of a page. Its secret is shown once, when it is made or changed."""

    id: int
    kind: str
    key: str
    made_at: datetime
    last_heard_at: datetime | None
    last_refusal: str
    last_refused_at: datetime | None
    readable: bool

    @property
    def url(self) -> str:
        """Where the shop sends its webhooks."""
        return addresses.absolute(f"/hooks/{self.kind}/{self.key}")

    @property
    def refused_lately(self) -> bool:
        """Whether the last thing that came was refused."""
        return self.last_refused_at is not None and (
            self.last_heard_at is None or self.last_refused_at > self.last_heard_at
        )


class Forged(NotAllowed):
    """A delivery that is not signed by the shop."""

    status = 401
    default_code = "bad_signature"


def make_shop(team: OnTeam, *, kind: str, at: datetime, secret: str = "") -> tuple[int, str]:
    """A new shop and its secret: the one given (Shopify makes its own), else a new one.

    Raises:
        BadInput: no such kind, or a secret that is too short or too long.
        Conflict: the page has a shop of this kind.
        NotThere, NotAllowed: her role does not include it (any more).
    """
    if kind not in KINDS:
        raise BadInput(_("Choose WooCommerce or Shopify."), code="bad_kind", field="kind")
    kept = _checked_secret(secret)
    shop_id = new_id()
    with transaction.atomic():
        _held(team)
        if not sql.execute(
            SQL["make_shop"], id=shop_id, page=team.page_id, kind=kind, key=secrets.token_urlsafe(12),
            secret=_sealed(_Secrets(kept)), by=team.by, at=at,
        ):  # fmt: skip
            raise Conflict(
                _("This page has a shop of this kind already. Change its secret, or take it away first."),
                code="shop_there", field="kind",
            )  # fmt: skip
        deeds.note(team, "shop.made", at=at, subject=shop_id, kind=kind)
    return shop_id, kept


def rotate_secret(team: OnTeam, *, shop_id: int, at: datetime, secret: str = "") -> str:
    """Another secret; the one before stays good for a day.

    Raises:
        BadInput, NotThere, NotAllowed: see :func:`make_shop`.
    """
    kept = _checked_secret(secret)
    with transaction.atomic():
        _held(team)
        row = _own(team, shop_id)
        former = _unsealed(row[3])
        fresh = _Secrets(kept, former.now, at + GRACE) if former else _Secrets(kept)
        sql.execute(SQL["change_secret"], shop=shop_id, secret=_sealed(fresh))
        deeds.note(team, "shop.secret_changed", at=at, subject=shop_id)
    return kept


def end_shop(team: OnTeam, *, shop_id: int, at: datetime) -> None:
    """Take it away: nothing more is taken from it; its orders stay.

    Raises:
        NotThere, NotAllowed: it is not the page's, or not for her role.
    """
    with transaction.atomic():
        _held(team)
        row = _own(team, shop_id)
        sql.execute(SQL["end_shop"], shop=shop_id)
        deeds.note(team, "shop.ended", at=at, subject=shop_id, kind=row[1])


def shops(team: OnTeam) -> list[Shop]:
    """The page's shops. One query."""
    return [_shop(row) for row in sql.rows(SQL["shops"], page=team.page_id)]


def _shop(row: tuple[Any, ...]) -> Shop:
    id_, kind, key, sealed, made_at, heard, refusal, refused = row
    return Shop(id_, kind, key, made_at, heard, refusal, refused, _unsealed(sealed) is not None)


def take_delivery(*, kind: str, key: str, body: bytes, signature: str, at: datetime) -> str | Promise:
    """Take what a shop sent. An empty text when it was taken (now or before), else why it is of no use.

    A delivery is known again by its bytes, which are signed. The name that a shop gives it is not; and
    WooCommerce makes the name of webhook and second, so that two orders of one second have one.

    Raises:
        NotThere: there is no such shop.
        Forged: the signature is not that of the body under the shop's secret. The team is told.
    """
    row = sql.one(SQL["shop_by_key"], key=key[:24], kind=kind)
    if row is None or kind not in KINDS:
        raise NotThere(_("There is no such shop."))
    shop_id, page_id, sealed = row
    if kind == "woocommerce" and not signature and woocommerce.PING.fullmatch(body):
        return ""
    if not _is_signed(body, signature, _unsealed(sealed), at=at):
        why = _("A delivery came that was not signed with this shop's secret.")
        _note_refusal(shop_id, why, at)
        raise Forged(why, cause=f"shop {shop_id}")
    try:
        with transaction.atomic():
            _take(shop_id, page_id, kind, body, at)
    except BadInput as error:
        # said to the team, not to the shop: it would send the same again, and then stop sending at all
        _note_refusal(shop_id, error.sentence, at)
        return error.sentence
    return ""


def _take(shop_id: int, page_id: int, kind: str, body: bytes, at: datetime) -> None:
    name = sha256(body).hexdigest()
    if not sql.execute(SQL["take_delivery"], id=new_id(), shop=shop_id, delivery=name, at=at):
        return
    given = json.decode(body)
    if not isinstance(given, Mapping):
        raise BadInput(_("A delivery came that is no order."), code="no_order")
    report = KINDS[kind](given, page_id=page_id, arrived_at=at)
    if report is not None:
        orders.take(page_id=page_id, reports=[report], arrived_at=at)
    sql.execute(SQL["heard"], shop=shop_id, at=at)


def _is_signed(body: bytes, signature: str, known: _Secrets | None, *, at: datetime) -> bool:
    """Whether the header is base64(HMAC-SHA256(body, secret)). All secrets are tried, in constant time each."""
    right = [
        hmac.compare_digest(
            b64encode(hmac.new(secret.encode(), body, sha256).digest()), signature.encode("utf-8", "replace")
        )
        for secret in (known.good(at) if known else ())
    ]
    return any(right)


def _note_refusal(shop_id: int, why: str | Promise, at: datetime) -> None:
    # kept as English: whoever reads it sees it in her own language
    with translation.override("en"):
        sql.execute(SQL["shop_refused"], shop=shop_id, why=str(why)[:300], at=at)


def sweep(*, at: datetime) -> int:
    """Forget deliveries older than 90 days; how many."""
    return sql.execute(SQL["sweep_deliveries"], before=at - KEPT_FOR)


def _held(team: OnTeam) -> None:
    team_door(page_id=team.page_id, by=team.by, needs=Permission.CONNECT, lock=True)


def _own(team: OnTeam, shop_id: int) -> tuple[Any, ...]:
    row = sql.one(SQL["own_shop"], page=team.page_id, shop=shop_id)
    if row is None:
        raise NotThere(_("There is no such shop."))
    return row


def _checked_secret(secret: str) -> str:
    secret = secret.strip() or secrets.token_urlsafe(32)
    if not 16 <= len(secret) <= _LONGEST_SECRET or not secret.isascii():
        raise BadInput(
            _("The secret is the long line of letters and digits that the shop shows: 16 to 200 of them."),
            code="bad_secret", field="secret",
        )  # fmt: skip
    return secret


def _sealed(known: _Secrets) -> bytes:
    return sealing.seal(json.encode(known), purpose=_PURPOSE)


_read_secrets: Final = json.own_reader(_Secrets)


def _unsealed(sealed: bytes) -> _Secrets | None:
    """None when the house's own secret is another one since: the team has to set the shop's anew."""
    opened = sealing.unseal(bytes(sealed), purpose=_PURPOSE)
    return None if opened is None else _read_secrets(opened)
