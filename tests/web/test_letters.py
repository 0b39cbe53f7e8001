"""Letters end by the link in them, with one click of the mail program too."""

from __future__ import annotations

import pytest
from django.test import Client

from cast import MOMENT, member
from majlis.notifications import actions, queries
from majlis.notifications.digest import stop_token

pytestmark = pytest.mark.django_db


def test_the_link_asks_and_the_post_ends_them() -> None:
    alice, client = member("alice"), Client(enforce_csrf_checks=True)
    actions.change_policy(by=alice.id, digest=True)
    address = f"/notifications/digest/stop/{stop_token(alice.id)}"
    assert client.get(address).status_code == 200
    assert queries.policy(viewer=alice.id, at=MOMENT).digest
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not queries.policy(viewer=alice.id, at=MOMENT).digest
    assert client.post(address + "x").status_code == 404
