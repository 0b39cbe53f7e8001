"""A bakery that sells: its doors, a link with clicks, and what a shop would send."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from typing import Any

import cast as people
from cast import MOMENT, Bakery, Member
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.insights.kinds import Source
from majlis.studio.links import actions, clicks, codes
from majlis.studio.links.actions import OwnLink


def door(bakery: Bakery, who: Member | None = None, needs: Permission = Permission.TRACK) -> OnTeam:
    """The team door, for the owner or somebody else."""
    return team_door(page_id=bakery.page.id, by=(who or bakery.owner).id, needs=needs)


def link(team: OnTeam, target: str = "https://shop.example/bread", **more: Any) -> OwnLink:
    """A tracked link."""
    return actions.make_link(team, target=target, at=MOMENT, **more)


def click(of: OwnLink, team: OnTeam, *, who: int = 0, at: datetime = MOMENT, **more: Any) -> str:
    """Somebody follows it; the token."""
    token = codes.new_token()
    made = clicks.NewClick(
        link_id=of.id, page_id=team.page_id, post_id=of.post_id or 0, token=token, at=at, profile_id=who,
        source=more.pop("source", Source.HOME), **more,
    )  # fmt: skip
    clicks.record([made], arrived_at=at)
    return token


def other_bakery() -> OnTeam:
    """Another business with its own team."""
    page = people._profile(people.login("walid"), "walids", "Walid's", language="en", kind="business")
    return team_door(page_id=page, by=page, needs=Permission.TRACK)


def signed(body: Any, secret: str) -> tuple[bytes, str]:
    """A body as a shop sends it, and its signature."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return raw, b64encode(hmac.new(secret.encode(), raw, sha256).digest()).decode()


def woo(number: int = 101, **more: Any) -> dict[str, Any]:
    """An order as WooCommerce tells it."""
    return {
        "id": number, "status": "processing", "currency": "EUR", "total": "29.35", "customer_id": 7,
        "date_created_gmt": "2026-11-02T09:00:00", "date_modified_gmt": "2026-11-02T09:00:00",
        "billing": {"email": "dana@example.org"}, "meta_data": [], "coupon_lines": [], "refunds": [], **more,
    }  # fmt: skip


def shopify(number: int = 820982911946154508, **more: Any) -> dict[str, Any]:
    """An order as Shopify tells it."""
    return {
        "id": number, "currency": "EUR", "total_price": "29.35", "test": False, "cancelled_at": None,
        "created_at": "2026-11-02T11:00:00+02:00", "updated_at": "2026-11-02T11:00:00+02:00",
        "email": "dana@example.org", "note_attributes": [], "discount_codes": [], "refunds": [],
        "landing_site": "/", **more,
    }  # fmt: skip
