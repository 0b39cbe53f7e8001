"""The book of a page: the sum of its lines, never below nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cast import MOMENT, Bakery, Member, bakery, charlie
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.paging import Page
from majlis.studio.models import Account, BalanceEntry
from majlis.studio.promotion import account, money
from promoting import fill

pytestmark = pytest.mark.django_db


def test_the_operator_tops_up_and_takes_back_and_both_stand_in_the_book(operator: Member) -> None:
    page = bakery().page.id
    assert account.balance(page_id=page) == 0
    assert fill(page, "50", by=operator.user_id) == 50
    back = account.top_up(
        page_id=page, amount=Decimal("-20"), note="too much", by=operator.user_id, at=MOMENT
    )
    assert back == account.balance(page_id=page) == 30
    lines = account.lines(page_id=page, page=Page()).items
    assert [(line.amount, line.note) for line in lines] == [(-20, "too much"), (50, "invoice 7")]


def test_what_is_not_there_cannot_be_taken_back(operator: Member) -> None:
    page = bakery().page.id
    fill(page, "5", by=operator.user_id)
    with pytest.raises(Conflict):
        account.top_up(page_id=page, amount=Decimal(-6), note="", by=operator.user_id, at=MOMENT)
    assert account.balance(page_id=page) == 5
    assert BalanceEntry.objects.count() == 1


def test_a_person_has_no_account(operator: Member) -> None:
    who = charlie()
    for page in (who.id, 1):
        with pytest.raises(NotThere):
            fill(page, by=operator.user_id)


def test_the_database_itself_refuses_less_than_nothing() -> None:
    page = bakery().page.id
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(page_id=page, balance=Decimal("-0.0001"))


class TheBook(TestCase):
    """Over any history of amounts."""

    house: Bakery

    @classmethod
    def setUpTestData(cls) -> None:
        cls.house = bakery()

    @given(st.lists(st.decimals("-50", "50", places=4), max_size=12))
    def test_is_the_sum_of_its_lines_and_never_below_nothing(self, amounts: list[Decimal]) -> None:
        house = self.house
        expected = Decimal(0)
        for amount in amounts:
            try:
                account.top_up(
                    page_id=house.page.id, amount=amount, note="", by=house.owner.user_id, at=MOMENT
                )
            except (Conflict, BadInput):
                assert not amount or expected + amount < 0
                continue
            expected += amount
            assert expected >= 0
        lines = BalanceEntry.objects.values_list("amount", flat=True)
        assert account.balance(page_id=house.page.id) == expected == sum(lines)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("12.5", "12.5"), (" 0.0001 ", "0.0001"), ("١٢٫٥٠", "12.5"), ("۱۰۰", "100"), ("1٬000", "1000")],
)
def test_amounts_are_read_in_any_digits(typed: str, read: str) -> None:
    assert money.amount(typed, field="amount") == Decimal(read)


@pytest.mark.parametrize(
    "typed", ["", "0", "-1", "1,5", "1e3x", "NaN", "Infinity", "0.00001", "1_000", "9" * 30, "1000001", "½"]
)
def test_what_is_no_amount_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(BadInput):
        money.amount(typed, field="amount")
