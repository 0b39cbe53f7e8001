"""Push subscriptions: one per token, found by it alone."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from api_client import App
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cast import Member
from majlis.accounts import tokens
from majlis.core.clock import now
from majlis.notifications.models import PushSubscription

pytestmark = pytest.mark.django_db
PATH = "/api/v1/push/subscription"


def key() -> str:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


AUTH = base64.urlsafe_b64encode(b"0123456789abcdef").rstrip(b"=").decode()


def wanted(**changes: Any) -> dict[str, Any]:
    subscription = {"endpoint": "https://push.example/x", "keys": {"p256dh": key(), "auth": AUTH}} | changes
    return {
        "subscription": subscription,
        "data": {
            "alerts": {"mention": "true", "follow": "false", "admin.report": "true"},
            "policy": "followed",
        },
    }


def test_trap_3_subscribed_in_every_form_shown_changed_removed(alice: Member) -> None:
    app = App(alice)
    assert app.get(PATH).status_code == 404
    for way in (app.send, app.form, app.multipart):
        made = way("POST", PATH, wanted()).json()
        assert made["endpoint"] == "https://push.example/x"
        assert (made["alerts"]["mention"], made["alerts"]["follow"], made["alerts"]["admin.report"]) == (
            True,
            False,
            True,
        )
        assert made["policy"] == "followed"
    assert PushSubscription.objects.count() == 1
    assert app.get(PATH).json() == made
    for method in ("PUT", "PATCH"):  # trap 1
        changed = app.form(method, PATH, {"data": {"alerts": {"poll": "true"}}}).json()
        assert (changed["alerts"]["poll"], changed["alerts"]["mention"]) == (True, False)
        assert changed["policy"] == "followed"
    assert app.delete(PATH).json() == {}
    assert app.get(PATH).status_code == 404


def test_the_token_itself_is_not_in_the_table(alice: Member) -> None:
    app = App(alice)
    app.post(PATH, wanted())
    assert app.token not in str(PushSubscription.objects.values().get())


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": "http://push.example/x"},
        {"endpoint": "javascript:alert(1)"},
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": ""},
        {"endpoint": "https://"},
        {"endpoint": "https://push.example/" + "x" * 2_000},
        {"keys": {"p256dh": "AAAA", "auth": AUTH}},
        {"keys": {"p256dh": key(), "auth": "short"}},
        {"keys": {}},
        {"keys": "none"},
    ],
)
def test_what_cannot_be_pushed_to_is_refused(alice: Member, changes: dict[str, Any]) -> None:
    assert App(alice).post(PATH, wanted(**changes)).status_code == 422
    assert not PushSubscription.objects.exists()


def test_ghsa_f3q8_7vw3_69v4_no_id_reaches_anothers_subscription(alice: Member, charlie: Member) -> None:
    first, second, other = App(alice), App(alice), App(charlie)
    made = first.post(PATH, wanted()).json()
    body = {"id": made["id"], "data": {"alerts": {"mention": False}}}
    for app in (other, second):
        assert app.get(PATH, id=made["id"]).status_code == 404
        assert app.put(PATH, body).status_code == 404
        assert app.delete(PATH, body).status_code == 200
        assert app.put(f"{PATH}/{made['id']}", body).status_code == 404
    assert first.get(PATH).json() == made


def test_masto_14252_a_subscription_ends_with_its_token(alice: Member) -> None:
    App(alice).post(PATH, wanted())
    tokens.revoke_all(user_id=alice.user_id, at=now())
    assert not PushSubscription.objects.exists()


def test_only_the_push_scope_is_enough(alice: Member) -> None:
    assert App(alice, scopes="read write follow").post(PATH, wanted()).status_code == 403
    assert App(alice, scopes="push").post(PATH, wanted()).status_code == 200
