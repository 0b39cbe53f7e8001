"""Pages of customers: what each role sees, from an empty page to erasing; and the member who is asked alone."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client

import cast as people
from cast import MOMENT, Bakery, Member
from clientele import confirmed, made, order
from majlis.brands.access import OnTeam
from majlis.brands.customers import members, records
from majlis.brands.models import Customer
from plans import team_of

pytestmark = pytest.mark.django_db
BASE = "/studio/bayt_zaytoun/customers"


@pytest.fixture
def bakery() -> Bakery:
    return people.bakery()


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team_of(bakery, "owner")


def browser(who: Member) -> Client:
    client = Client()
    client.force_login(who.user)
    session = client.session
    session["profile_id"] = who.id
    session.save()
    return client


def page(client: Client, address: str = "", status: int = 200) -> str:
    answer = client.get(f"{BASE}{address}")
    assert answer.status_code == status, address
    return answer.content.decode()


@pytest.mark.parametrize(
    "address", ["", "/list", "/find", "/new", "/groups", "/table", "/retention", "/book", "/list?stage=late"]
)
def test_every_page_begins_empty(bakery: Bakery, address: str) -> None:
    page(browser(bakery.owner), address)


def test_from_written_down_to_erased(bakery: Bakery) -> None:
    client = browser(bakery.owner)
    sent = {
        "name": "Dana Haddad",
        "emails": "dana@example.org\nd@example.net",
        "tags": "regular، nuts",
        "consent": "yes",
    }
    client.post(f"{BASE}/new", sent)
    id_ = Customer.objects.get().pk
    found = page(client, f"/{id_}")
    assert all(
        word in found for word in ("Dana Haddad", "d@example.net", "regular", "nuts", "may be written to")
    )
    client.post(f"{BASE}/{id_}/change", {**sent, "name": "Dana H.", "emails": "dana@example.org"})
    assert "d@example.net" not in page(client, f"/{id_}")
    assert "Dana H." in page(client, "/list?sort=made")
    assert "Dana H." in page(client, "/find?q=dana")
    assert client.get(f"{BASE}/{id_}/all.json").json()["name"] == "Dana H."
    for form in ("csv", "xlsx"):
        assert client.get(f"{BASE}/{id_}/all.{form}").status_code == 200
        assert client.get(f"{BASE}/file.{form}").status_code == 200
        assert client.get(f"{BASE}/retention.{form}").status_code == 200
    assert client.post(f"{BASE}/{id_}/erase", {}).status_code == 422
    client.post(f"{BASE}/{id_}/erase", {"sure": "on"})
    page(client, f"/{id_}", status=404)


def test_wrong_words_stay_on_the_form(bakery: Bakery) -> None:
    answer = browser(bakery.owner).post(f"{BASE}/new", {"name": "Dana", "emails": "no address"})
    assert answer.status_code == 422
    assert "This is no e-mail address." in answer.content.decode()
    assert not Customer.objects.exists()


def test_merged_and_split_on_the_page(bakery: Bakery, owner: OnTeam) -> None:
    client = browser(bakery.owner)
    one = made(owner, "Dana", emails=["a@example.org"], phones=["03 123 456"])
    two = made(owner, "Dana", emails=["b@example.org"], phones=["03 123 456"])
    assert "Perhaps the same person" in page(client, f"/{one}")
    client.post(f"{BASE}/{one}/merge", {"other": str(two)})
    assert "b@example.org" in page(client, f"/{one}")
    page(client, f"/{two}", status=404)
    (merge,) = records.record(owner, customer_id=one).merged
    client.post(f"{BASE}/{one}/split/{merge.id}")
    assert "b@example.org" in page(client, f"/{two}")
    assert client.post(f"{BASE}/{one}/merge", {"other": "nobody"}).status_code == 422


def test_a_table_is_looked_at_and_then_taken(bakery: Bakery) -> None:
    client = browser(bakery.owner)
    file = io.BytesIO(b"name;email\nDana;dana@example.org\n")
    file.name = "customers.csv"
    looked = client.post(f"{BASE}/table", {"kind": "people", "table": file}).content.decode()
    assert "1 row can be taken" in looked
    address = looked.split("/customers/table/")[1].split("/take")[0]
    client.post(f"{BASE}/table/{address}/take", {"kind": "people"})
    assert "Dana" in page(client, "/list?sort=made")


def test_groups_are_made_listed_and_forgotten(bakery: Bakery, owner: OnTeam) -> None:
    client = browser(bakery.owner)
    order(owner, 1, "dana@example.org")
    assert (
        client.post(f"{BASE}/groups", {"name": "New ones", "stages": ["new"], "recency": "9"}).status_code
        == 422
    )
    client.post(f"{BASE}/groups", {"name": "New ones", "stages": ["new"]})
    found = page(client, "/groups")
    assert "New ones" in found
    group = found.split("?group=")[1].split('"')[0]
    assert "A customer without a name" in page(client, f"/list?group={group}")
    client.post(f"{BASE}/groups/{group}/end")
    page(client, f"/list?group={group}", status=404)


def test_numbers_without_names_for_the_analyst_and_one_at_a_time_for_support(
    bakery: Bakery, owner: OnTeam
) -> None:
    id_ = made(owner, emails=["dana@example.org"])
    order(owner, 1, "dana@example.org")
    analyst, support = browser(bakery.analyst), browser(bakery.support)
    assert "Dana" not in page(analyst)
    for address in ("/list", "/find", f"/{id_}", f"/{id_}/all.json", "/file.csv"):
        page(analyst, address, status=403)
    assert "Dana" in page(support, "/find?q=haddad")
    assert "Dana" in page(support, f"/{id_}")
    for address in ("", "/list", "/file.csv", f"/{id_}/all.json"):
        page(support, address, status=403)


def test_charlie_finds_no_such_page(owner: OnTeam) -> None:
    id_, charlie = made(owner, emails=["dana@example.org"]), browser(people.charlie())
    for address in ("", "/list", f"/{id_}", f"/{id_}/all.json"):
        page(charlie, address, status=404)


def test_thresholds_are_kept(bakery: Bakery) -> None:
    client = browser(bakery.owner)
    sent = {
        "new_days": "١٤", "recent_days": "60", "recent_orders": "3", "lapsed_gaps": "2.5", "lapsed_days": "100",
        "shortest_habit_days": "7", "keep_names": "on",
    }  # fmt: skip
    client.post(f"{BASE}/book", sent)
    found = page(client, "/book")
    assert all(f'value="{value}"' in found for value in ("14", "60", "2.5", "100"))
    assert client.post(f"{BASE}/book", {**sent, "new_days": "many"}).status_code == 422


def test_the_member_alone_is_asked_and_joins_and_parts(bakery: Bakery, owner: OnTeam) -> None:
    dana, charlie = people.dana(), people.charlie()
    confirmed(dana, "dana@example.org")
    id_ = made(owner, emails=["dana@example.org"])
    client, business = browser(dana), browser(bakery.owner)

    def mine() -> str:
        return client.get("/settings/measured").content.decode()

    def say(answer: str, who: Any = client) -> int:
        return int(
            who.post(
                "/settings/measured/customer", {"page": str(owner.page_id), "answer": answer}
            ).status_code
        )

    assert "These businesses know you as a customer" in mine()
    other = browser(charlie)
    assert "These businesses" not in other.get("/settings/measured").content.decode()
    assert say("allow", other) == 404
    before = page(business, f"/{id_}")
    assert "member here" not in before
    say("allow")
    assert f"/@{dana.handle}" in page(business, f"/{id_}")
    say("withdraw")
    assert "member here" not in page(business, f"/{id_}")
    say("refuse")
    assert "You refused" in mine()
    assert "member here" not in page(business, f"/{id_}")
    assert members.businesses(member=charlie.id, user=charlie.user_id) == []
    assert MOMENT
