"""What a site's script says: from its own sites only, never more than ``script``, events apart from orders."""

from __future__ import annotations

from typing import Any

import pytest
from shopping import click, door, link, other_bakery

import cast as people
from cast import MOMENT, later
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere, Refused
from majlis.studio.conversions import browsers, goals
from majlis.studio.models import Order

pytestmark = pytest.mark.django_db
SITE = "https://shop.example"


def test_an_order_and_an_event_each_once() -> None:
    team = door(people.bakery())
    sold = goals.make_goal(team, name="Sold", kind="order", origins=[SITE + "/cart?x=1"], at=MOMENT)
    goals.make_goal(team, name="Booked", kind="event", origins=[SITE], at=MOMENT)
    token = click(link(team), team)
    order = {"goal": sold.key, "id": "A-1", "value": "29.35", "currency": "EUR", "mj": token}
    event = {"goal": sold.key, "event": "Booked", "id": "A-1", "mj": token}
    assert [browsers.report(told, origin=SITE, at=later(hours=1)) for told in (order, order, event, event)] == [
        True, False, True, False,
    ]  # fmt: skip
    assert Order.objects.filter(reported_by="script", placed=True).exclude(click=None).count() == 2
    assert Order.objects.get(external_id="A-1").value is not None


@pytest.mark.parametrize(
    "origin", ["", "null", "https://evil.example", "http://shop.example", "https://shop.example:8443", "https://shop.example.evil.example"]
)  # fmt: skip
def test_other_sites_tell_nothing(origin: str) -> None:
    team = door(people.bakery())
    goal = goals.make_goal(team, name="Sold", kind="order", origins=[SITE], at=MOMENT)
    silent = goals.make_goal(team, name="Quiet", kind="order", origins=[], at=MOMENT)
    for key in (goal.key, silent.key):
        with pytest.raises(NotAllowed):
            browsers.report({"goal": key, "id": 1, "value": 1, "currency": "EUR"}, origin=origin, at=MOMENT)
    assert not Order.objects.exists()


def test_retired_foreign_and_made_up_goals_take_nothing() -> None:
    team, stranger = door(people.bakery()), other_bakery()
    goal = goals.make_goal(team, name="Sold", kind="order", origins=[SITE], at=MOMENT)
    goals.make_goal(stranger, name="Theirs", kind="event", origins=[SITE], at=MOMENT)
    for told in (
        {"goal": "x"},
        {},
        {"goal": 7},
        {"goal": goal.key, "event": "Theirs"},
        {"goal": goal.key, "event": "no"},
    ):
        with pytest.raises(NotThere):
            browsers.report({"id": 1, **told}, origin=SITE, at=MOMENT)
    with pytest.raises(NotThere):
        goals.retire_goal(stranger, goal_id=goal.id, at=MOMENT)
    with pytest.raises(NotThere):
        goals.change_goal(stranger, goal_id=goal.id, origins=["https://evil.example"], at=MOMENT)
    goals.retire_goal(team, goal_id=goal.id, at=MOMENT)
    with pytest.raises(NotThere):
        browsers.report({"goal": goal.key, "id": 1}, origin=SITE, at=MOMENT)


@pytest.mark.parametrize(
    "told",
    [
        {}, {"id": ""}, {"id": "a b"}, {"id": 1, "value": "x"}, {"id": 1, "value": 1, "currency": "X"},
        {"id": 1, "value": -1, "currency": "EUR"},
        {"id": 1, "event": "Sold"}, {"id": {}},
    ],
)  # fmt: skip
def test_nonsense_is_refused(told: dict[str, Any]) -> None:
    goal = goals.make_goal(door(people.bakery()), name="Sold", kind="order", origins=[SITE], at=MOMENT)
    with pytest.raises(Refused):
        browsers.report({"goal": goal.key, **told}, origin=SITE, at=MOMENT)
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "origin", ["javascript:x", "http://127.0.0.1", "http://10.0.0.1", "intranet", "https://a@b.example"]
)
def test_only_sites_of_the_public_web_are_origins(origin: str) -> None:
    with pytest.raises(BadInput) as refused:
        goals.make_goal(door(people.bakery()), name="Sold", kind="order", origins=[origin], at=MOMENT)
    assert refused.value.field == "origins"


def test_names_are_once_and_roles_are_held() -> None:
    bakery = people.bakery()
    team = door(bakery)
    made = goals.make_goal(
        team, name="طلب", kind="order", origins=["https://shop.example:443", "HTTPS://SHOP.example/a", "http://shop.example:8080"],
        at=MOMENT,
    )  # fmt: skip
    assert made.origins == ("https://shop.example", "http://shop.example:8080")
    assert goals.goals(team) == [made]
    with pytest.raises(Conflict):
        goals.make_goal(team, name="طلب", kind="event", origins=[], at=MOMENT)
    for name, kind in (("", "order"), ("x" * 61, "order"), ("a", "click")):
        with pytest.raises(BadInput):
            goals.make_goal(team, name=name, kind=kind, origins=[], at=MOMENT)
    with pytest.raises(NotAllowed):
        door(bakery, bakery.analyst)
