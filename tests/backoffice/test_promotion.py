"""Topping up and the rule of the feed, in the back office."""

from __future__ import annotations

import html
from decimal import Decimal

import pytest
from django.test import Client

from cast import Member, bakery
from majlis.feeds import house_rule
from majlis.safety.models import AuditLine
from majlis.studio.promotion import account

pytestmark = pytest.mark.django_db


def _text(office: Client, address: str) -> str:
    return html.unescape(office.get(address).content.decode())


def test_the_operator_finds_a_page_tops_it_up_and_takes_back(office: Client) -> None:
    page = bakery().page.id
    assert "bayt_zaytoun" in _text(office, "/backoffice/promotion?q=ZAYT")
    assert "bayt_zaytoun" not in _text(office, "/backoffice/promotion?q=%25%25x")
    address = f"/backoffice/promotion/{page}"
    assert office.post(f"{address}/top-up", {"amount": "٥٠٫٢٥", "note": "invoice 9"}).status_code == 303
    assert account.balance(page_id=page) == Decimal("50.25")
    office.post(f"{address}/top-up", {"amount": "20", "do": "take_back"})
    assert account.balance(page_id=page) == Decimal("30.25")
    shown = _text(office, address)
    assert "invoice 9" in shown
    assert "Taken back by the operator" in shown
    lines = AuditLine.objects.order_by("id").values_list("action", "target", "detail")
    assert list(lines) == [
        ("balance.top_up", f"page:{page}", {"amount": "50.2500", "balance": "50.2500"}),
        ("balance.top_up", f"page:{page}", {"amount": "-20.0000", "balance": "30.2500"}),
    ]


@pytest.mark.parametrize("form", [{"amount": "-5"}, {"amount": "x"}, {"amount": "99", "do": "take_back"}, {}])
def test_what_cannot_be_done_changes_nothing_and_stands_in_no_book(
    office: Client, form: dict[str, str]
) -> None:
    page = bakery().page.id
    response = office.post(f"/backoffice/promotion/{page}/top-up", form)
    assert response.status_code == 303
    assert account.balance(page_id=page) == 0
    assert not AuditLine.objects.exists()


def test_there_are_no_accounts_of_people(office: Client, alice: Member) -> None:
    assert office.get(f"/backoffice/promotion/{alice.id}").status_code == 404
    assert office.post(f"/backoffice/promotion/{alice.id}/top-up", {"amount": "5"}).status_code == 404


def test_the_rule_is_set_and_told_to_everybody_at_once(office: Client, client: Client) -> None:
    assert "Newest first, and each member may choose" in _text(client, "/about/feed")
    office.post("/backoffice/feed/set", {"recipe": "closeness", "choice": "house"})
    assert house_rule.in_force().recipe == "closeness"
    assert "In this house: By closeness, for everybody." in _text(client, "/about/feed")
    assert "omar@example.org" in _text(office, "/backoffice/feed")
    assert "omar" not in _text(client, "/about/feed"), "who set it is the operators' own"


def test_there_is_no_other_recipe_to_set(office: Client) -> None:
    office.post("/backoffice/feed/set", {"recipe": "paid", "choice": "house"})
    assert house_rule.history() == []
