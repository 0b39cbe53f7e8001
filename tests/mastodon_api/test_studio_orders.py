"""Orders from a business's own server, by token."""

from __future__ import annotations

import pytest
from api_client import App
from shopping import click, door, link

import cast as people
from majlis.core.clock import now
from majlis.studio.models import Order

pytestmark = pytest.mark.django_db
ORDER = {"id": "1001", "value": "29.35", "currency": "EUR"}


def path(bakery: people.Bakery) -> str:
    return f"/api/v1/studio/{bakery.page.id}/orders"


def test_a_batch_is_taken_order_by_order_and_again_changes_nothing() -> None:
    bakery = people.bakery()
    app = App(bakery.advertiser, scopes="studio:write")
    team = door(bakery)
    token = click(link(team), team, at=now())
    batch = {"orders": [{**ORDER, "click": token}, {"id": "1002"} | ORDER | {"id": "1002", "value": "-1"}]}
    first = app.post(path(bakery), batch)
    assert first.status_code == 200
    assert [each["state"] for each in first.json()["orders"]] == ["taken", "refused"]
    assert first.json()["orders"][1]["field"] == "value"
    assert [each["state"] for each in app.post(path(bakery), batch).json()["orders"]] == [
        "unchanged",
        "refused",
    ]
    order = Order.objects.get()
    assert order.reported_by == "server"
    assert order.click is not None


def test_one_order_alone_and_its_cancellation() -> None:
    bakery = people.bakery()
    app = App(bakery.page, scopes="studio")
    assert app.post(path(bakery), ORDER).json()["orders"] == [{"id": "1001", "state": "taken"}]
    assert app.post(path(bakery), {"id": "1001", "status": "cancelled"}).status_code == 200
    assert Order.objects.get().cancelled_at is not None
    refused = app.post(path(bakery), {"value": 1})
    assert refused.status_code == 422


@pytest.mark.parametrize("scopes", ["read write follow push", "studio:read", "profile"])
def test_other_scopes_are_not_enough(scopes: str) -> None:
    bakery = people.bakery()
    assert App(bakery.owner, scopes=scopes).post(path(bakery), ORDER).status_code == 403
    assert not Order.objects.exists()


def test_roles_strangers_and_pages_that_are_none() -> None:
    bakery, charlie = people.bakery(), people.charlie()
    for who in (bakery.support, bakery.analyst):
        assert App(who, scopes="studio").post(path(bakery), ORDER).status_code == 403
    stranger = App(charlie, scopes="studio")
    there, nothing = stranger.post(path(bakery), ORDER), stranger.post("/api/v1/studio/7/orders", ORDER)
    assert there.status_code == nothing.status_code == 404
    assert there.json() == nothing.json()
    assert App(None).post(path(bakery), ORDER).status_code == 401
    assert App(bakery.owner, scopes="studio").get(path(bakery)).status_code == 405
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "body", [{"orders": {}}, {"orders": "x"}, {"orders": []}, {"orders": [[]]}, {}, {"orders": [1]}]
)
def test_what_is_no_order_is_refused(body: dict[str, object]) -> None:
    bakery = people.bakery()
    assert App(bakery.owner, scopes="studio").post(path(bakery), body).status_code == 422
