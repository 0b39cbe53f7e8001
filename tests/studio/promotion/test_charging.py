"""What an impression is charged: once, never beyond budget, balance and cap, whatever is reported how often."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cast import MOMENT, Bakery, Member, alice, bakery, follows, later, member
from majlis.core.ids import new_id
from majlis.insights.models import Encounter, Fact
from majlis.people import actions as people
from majlis.studio.models import Account, BalanceEntry, Promotion, PromotionOffer, PromotionShow
from majlis.studio.promotion import account, actions, queries
from majlis.studio.promotion.charging import charge
from majlis.studio.promotion.slots import Placed
from promoting import door, fill, friend_with_posts, neighbours, promote, publish, seen, shown


@pytest.fixture
def house(operator: Member) -> Bakery:
    made = bakery()
    neighbours(12)
    fill(made.page.id, "100", by=operator.user_id)
    return made


@pytest.fixture
def reader(alice: Member) -> Member:
    follows(alice, friend_with_posts(20))
    return alice


@pytest.mark.django_db
def test_seen_once_it_is_charged_once_however_often_it_is_reported(house: Bakery, reader: Member) -> None:
    id_ = promote(house)
    placed = shown(reader).placed
    assert account.balance(page_id=house.page.id) == 100, "being given a place costs nothing"
    assert seen(reader, placed) == 1
    for _again in range(3):
        assert seen(reader, placed, at=later(hours=1)) == 0
    assert account.balance(page_id=house.page.id) == Decimal("99.999")
    found = queries.promotion(page_id=house.page.id, promotion_id=id_)
    assert (found.spent, found.impressions, found.price) == (Decimal("0.001"), 1, Decimal("0.001"))
    assert found.people is None, "fewer than ten are not told"


@pytest.mark.django_db
def test_it_is_in_the_same_ledger_as_paid_and_not_as_organic_reach(house: Bakery, reader: Member) -> None:
    promote(house)
    seen(reader, shown(reader).placed)
    met = Encounter.objects.get()
    assert (met.paid, met.organic, met.impressions) == (True, False, 1)


@pytest.mark.django_db
def test_nothing_but_a_paid_impression_of_her_own_is_charged(house: Bakery, reader: Member) -> None:
    promote(house)
    (placed,) = shown(reader).placed
    stranger = member("stranger")
    seen(reader, [placed], paid=False)  # not paid: the same nonce, told as organic
    seen(stranger, [placed])  # somebody else's place
    other = Placed(5, placed.offer, placed.promotion_id, placed.page_id, publish(house.page.id, "another"))
    seen(reader, [other])  # another post
    seen(reader, [Placed(5, new_id(), placed.promotion_id, placed.page_id, placed.post_id)])  # no such place
    assert account.balance(page_id=house.page.id) == 100
    assert not PromotionShow.objects.exists()


@pytest.mark.django_db
def test_charging_without_a_fact_does_nothing(house: Bakery, reader: Member) -> None:
    promote(house)
    (placed,) = shown(reader).placed
    with transaction.atomic():
        assert charge([placed.offer], at=MOMENT) == 0
    assert PromotionOffer.objects.get().seen_at is None


@pytest.mark.django_db
def test_who_is_measured_no_longer_costs_nothing(house: Bakery, reader: Member) -> None:
    from majlis.insights.models import Member as Measured

    promote(house)
    placed = shown(reader).placed
    Measured.objects.update_or_create(
        profile_id=reader.id, defaults={"pseudonym": 7, "measured": False, "measured_since": MOMENT}
    )
    seen(reader, placed)
    assert not Fact.objects.exists()
    assert account.balance(page_id=house.page.id) == 100


@pytest.mark.django_db
@pytest.mark.parametrize("act", [actions.pause, actions.stop])
def test_what_is_seen_after_it_was_stopped_is_free(house: Bakery, reader: Member, act: Any) -> None:
    id_ = promote(house)
    placed = shown(reader).placed
    act(team=door(house), promotion_id=id_, at=later(minutes=1))
    seen(reader, placed, at=later(minutes=2))
    assert account.balance(page_id=house.page.id) == 100
    assert Encounter.objects.get().paid, "she saw it all the same"


@pytest.mark.django_db
def test_what_is_seen_after_its_last_day_is_free(house: Bakery, reader: Member) -> None:
    """A page that stayed open over night: nobody pays for a day she did not book."""
    promote(house, ends_at=later(hours=1))
    placed = shown(reader).placed
    seen(reader, placed, at=later(hours=1))
    assert account.balance(page_id=house.page.id) == 100
    assert Encounter.objects.get().paid


@pytest.mark.django_db
def test_the_cap_is_of_a_person_whichever_of_her_profiles_she_uses(house: Bakery, reader: Member) -> None:
    id_ = promote(house, cap=2)
    made = people.create_profile(user_id=reader.user_id, handle="alice_at_work", kind="person", at=MOMENT)
    second = Member(reader.user_id, made, "alice_at_work")
    follows(second, friend_with_posts(20, "samir"))
    seen(reader, shown(reader).placed)
    held = shown(second).placed
    assert held, "once more"
    assert not shown(reader).placed, "what the other profile was given counts too"
    early = shown(reader, at=later(minutes=11)).placed
    seen(second, held, at=later(minutes=12))
    assert not shown(second, at=later(hours=5)).placed
    seen(reader, early, at=later(minutes=13))
    found = queries.promotion(page_id=house.page.id, promotion_id=id_)
    assert found.impressions == 2, "what is beyond the cap is not charged"
    assert [each.shown for each in PromotionShow.objects.all()] == [1, 1]


@pytest.mark.django_db
def test_people_reached_are_counted_by_login(house: Bakery, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten profiles of five people are a group under ten."""
    id_ = promote(house)
    readers = [member(f"reader_{number}") for number in range(5)]
    others = [
        people.create_profile(user_id=each.user_id, handle=f"{each.handle}_too", kind="person", at=MOMENT)
        for each in readers
    ]
    PromotionShow.objects.bulk_create(
        PromotionShow(promotion_id=id_, profile_id=profile, shown=1, last_at=MOMENT)
        for profile in [*(each.id for each in readers), *others]
    )
    assert queries.promotion(page_id=house.page.id, promotion_id=id_).people is None
    monkeypatch.setattr(queries, "FEWEST", 5)
    assert queries.promotion(page_id=house.page.id, promotion_id=id_).people == 5


@pytest.mark.django_db
def test_when_the_budget_is_spent_it_is_shown_no_more(house: Bakery, reader: Member) -> None:
    post, rival = publish(house.page.id), publish(house.page.id, "rival")
    first = promote(house, post, budget=Decimal("0.05"), bid=Decimal("0.05"))
    promote(house, rival, bid=Decimal("0.05"))
    seen(reader, shown(reader).placed[:1])
    found = queries.promotion(page_id=house.page.id, promotion_id=first)
    assert (found.left, found.state(at=MOMENT)) == (0, "spent")
    assert first not in [each.promotion_id for each in shown(reader).placed]


class Histories(TestCase):
    """Random bids, budgets, caps, balances, page loads and reports, in any order and any number of times."""

    house: Bakery
    readers: list[Member]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.house, writer = bakery(), friend_with_posts(20)
        neighbours(10)
        cls.readers = [alice(), member("basma"), member("carim")]
        for who in cls.readers:
            follows(who, writer)

    @settings(max_examples=25)
    @given(
        st.lists(
            st.tuples(st.integers(10, 90), st.integers(1, 6), st.integers(1, 3)), min_size=1, max_size=4
        ),
        st.integers(1, 30),
        st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.integers(0, 60)), max_size=14),
    )
    def test_hold(
        self,
        plans: list[tuple[int, int, int]],
        balance: int,
        steps: list[tuple[int, bool, int]],
    ) -> None:
        """A plan: the bid in hundredths, the budget as so many bids, the cap. A step: who loads her home, whether
        her browser reports all it was ever given (again), how many minutes pass."""
        house, readers = self.house, self.readers
        fill(house.page.id, Decimal(balance * 30) / 100, by=house.owner.user_id)
        for bid, times, cap in plans:
            price = Decimal(bid) / 100
            if price <= account.balance(page_id=house.page.id):
                promote(house, publish(house.page.id, f"{bid}"), bid=price, budget=price * times, cap=cap)
        given_out: list[list[Placed]] = [[], [], []]
        at = MOMENT
        for who, reports, minutes in steps:
            at += timedelta(minutes=minutes)
            given_out[who] += shown(readers[who], at=at).placed
            if reports:
                seen(readers[who], given_out[who], at=at)
            self._invariants(house)

    def _invariants(self, house: Bakery) -> None:
        lines = BalanceEntry.objects.aggregate(Sum("amount"))["amount__sum"]
        assert Account.objects.get(page_id=house.page.id).balance == lines >= 0
        for promotion in Promotion.objects.all():
            charged = BalanceEntry.objects.filter(promotion=promotion)
            assert promotion.spent == -(charged.aggregate(Sum("amount"))["amount__sum"] or 0)
            assert promotion.spent <= promotion.budget
            for offer in PromotionOffer.objects.filter(promotion=promotion):
                assert Decimal("0.001") <= offer.price <= promotion.bid
            paid = Counter(
                PromotionOffer.objects.filter(id__in=charged.values("nonce")).values_list(
                    "profile", flat=True
                )
            )
            shows = PromotionShow.objects.filter(promotion=promotion)
            assert dict(shows.values_list("profile", "shown")) == paid
            assert all(count <= promotion.cap for count in paid.values())


@pytest.mark.django_db(transaction=True)
def test_reports_at_once_from_many_browsers_stay_within_budget_and_balance(operator: Member) -> None:
    """Eight browsers report sixteen impressions at the same moment, each twice; the money is for five."""
    house = bakery()
    readers = neighbours(16)
    fill(house.page.id, "0.5", by=operator.user_id)
    post = publish(house.page.id)
    id_ = promote(house, post, bid=Decimal("0.1"), budget=Decimal("0.5"))
    offers = [
        PromotionOffer.objects.create(
            promotion_id=id_, profile_id=reader, price=Decimal("0.1"), made_at=MOMENT
        ).id
        for reader in readers
    ]
    ready = threading.Barrier(8)
    failures: list[BaseException] = []

    def report(browser: int) -> None:
        try:
            ready.wait()
            for number in (browser * 2, browser * 2 + 1, browser * 2, (browser * 2 + 5) % 16):
                who = Member(0, readers[number], "")
                seen(who, [Placed(5, offers[number], id_, house.page.id, post)])
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=report, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert Fact.objects.count() == 16, "every one of them is an impression"
    assert account.balance(page_id=house.page.id) == 0
    assert Promotion.objects.get(id=id_).spent == Decimal("0.5")
    assert BalanceEntry.objects.filter(promotion=id_).count() == 5
