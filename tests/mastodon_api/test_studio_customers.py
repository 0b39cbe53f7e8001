"""Customers by a server of the business's own: written down once however often it is sent, read, changed, erased."""

from __future__ import annotations

import pytest
import studio_stories
from described_api import DescribedApp as App

import cast as people
from cast import Bakery

pytestmark = pytest.mark.django_db
RAN: set[str] = set()
DANA = {"name": "Dana", "emails": ["dana@example.org"], "ids": ["7"], "consent": "yes", "consent_how": "card"}


@pytest.fixture(autouse=True)
def _told(request: pytest.FixtureRequest) -> None:
    RAN.add(request.node.originalname)


@pytest.fixture
def bakery() -> Bakery:
    return people.bakery()


def at(bakery: Bakery, rest: str = "") -> str:
    return f"/api/v1/studio/{bakery.page.id}/customers{rest}"


def app(bakery: Bakery, who: str = "owner") -> App:
    return App(getattr(bakery, who), scopes="read write studio")


def test_written_down_twice_she_is_one(bakery: Bakery) -> None:
    owner = app(bakery)
    first = owner.send("POST", at(bakery), DANA).json()
    again = owner.send("POST", at(bakery), {**DANA, "phones": ["03 123 456"]}).json()
    assert again["id"] == first["id"]
    assert again["phones"] == ["03 123 456"]
    assert (again["consent"], len(again["consent_history"]), again["source"]) == ("yes", 1, "app")


def test_found_listed_changed_and_erased(bakery: Bakery) -> None:
    owner = app(bakery)
    id_ = owner.send("POST", at(bakery), DANA).json()["id"]
    orders = {"id": "A1", "value": "12.5", "currency": "EUR", "customer": "dana@example.org"}
    assert owner.send("POST", f"/api/v1/studio/{bakery.page.id}/orders", orders).status_code == 200
    (line,) = owner.send("GET", at(bakery, "?stage=new")).json()["customers"]
    assert (line["id"], line["orders"], line["stage"]) == (id_, 1, "new")
    answer = owner.send("GET", at(bakery, "/find?q=dana@"))
    assert answer.status_code == 200, answer.content
    assert [each["id"] for each in answer.json()] == [id_]
    changed = owner.send("PUT", at(bakery, f"/{id_}"), {"name": "D", "emails": ["dana@example.org"]}).json()
    assert (changed["name"], changed["ids"], changed["consent"]) == ("D", [], "yes")
    counts = owner.send("GET", at(bakery, "/counts")).json()
    assert {each["stage"]: each["customers"] for each in counts["stages"]}["new"] == 1
    assert owner.send("GET", at(bakery, "/retention")).json()[0]["size"] == 1
    group = owner.send("POST", at(bakery, "/groups"), {"name": "New", "stages": ["new"]}).json()
    assert group["customers"] == 1
    listed = owner.send("GET", at(bakery, f"?group_id={group['id']}")).json()["customers"]
    assert [each["id"] for each in listed] == [id_]
    assert (group["circle_id"], group["reaches"]) == (None, None)
    addressed = owner.send("POST", at(bakery, f"/groups/{group['id']}/circle")).json()
    assert addressed["circle_id"]
    assert addressed["reaches"] == 0
    assert owner.send("DELETE", at(bakery, f"/groups/{group['id']}/circle")).json() == group
    owner.send("DELETE", at(bakery, f"/groups/{group['id']}"))
    assert owner.send("GET", at(bakery, "/groups")).json() == []
    assert owner.send("DELETE", at(bakery, f"/{id_}")).status_code == 200
    assert owner.send("GET", at(bakery, f"/{id_}")).status_code == 404
    assert owner.send("DELETE", at(bakery, f"/{id_}")).status_code == 404


def test_merged_and_split(bakery: Bakery) -> None:
    owner = app(bakery)
    one, two = (
        owner.send("POST", at(bakery), {"name": name, "emails": [f"{name}@example.org"]}).json()["id"]
        for name in "ab"
    )
    merge = owner.send("POST", at(bakery, f"/{one}/merge"), {"customer_id": two}).json()["merge_id"]
    assert owner.send("GET", at(bakery, f"/{one}")).json()["emails"] == ["a@example.org", "b@example.org"]
    assert owner.send("POST", at(bakery, f"/{one}/split/{merge}")).json()["emails"] == ["b@example.org"]


@pytest.mark.parametrize(
    "wrong", [{}, {"emails": ["x"]}, {"name": "D", "consent_at": "yesterday"}, {"tags": ["t"] * 1}]
)
def test_what_cannot_be_taken_says_why(bakery: Bakery, wrong: dict[str, object]) -> None:
    answer = app(bakery).send("POST", at(bakery), wrong)
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_charlie_and_roles(bakery: Bakery) -> None:
    id_ = app(bakery).send("POST", at(bakery), DANA).json()["id"]
    assert app(bakery, "support").send("GET", at(bakery, f"/{id_}")).status_code == 200
    assert app(bakery, "support").send("GET", at(bakery)).status_code == 403
    assert app(bakery, "analyst").send("GET", at(bakery, "/counts")).status_code == 200
    assert app(bakery, "analyst").send("GET", at(bakery, f"/{id_}")).status_code == 403
    assert (
        App(people.charlie(), scopes="read write studio").send("GET", at(bakery, f"/{id_}")).status_code
        == 404
    )


def test_no_endpoint_is_without_a_story() -> None:
    """Each gave a good answer above."""
    studio_stories.check(ran=RAN, names=globals(), beginning="customers_")
