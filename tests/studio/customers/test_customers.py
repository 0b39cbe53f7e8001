"""Customers: one record per address, merged by hand and split whole, joined by the member alone, erased for good."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import shopping
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

import cast as people
from cast import MOMENT, Bakery, later
from clientele import confirmed, given, made, order
from majlis.brands.access import OnTeam
from majlis.brands.customers import erasing, keys, members, merging, records
from majlis.brands.customers.book import Book, keep_book
from majlis.brands.customers.given import checked
from majlis.brands.models import Customer, CustomerContact, CustomerKey, CustomerMember
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.studio.conversions import shops
from majlis.studio.customers import lists
from majlis.studio.models import Order, Standing
from plans import team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team_of(bakery, "owner")


def standing(customer: int) -> tuple[int, Decimal] | None:
    return Standing.objects.filter(pk=customer).values_list("orders", "value").first()


# records ----------------------------------------------------------------------------------------------------


def test_a_record_keeps_what_was_said_in_one_form(owner: OnTeam) -> None:
    id_ = made(
        owner, emails=["Dana@Example.org "], phones=["٠٣ ١٢٣ ٤٥٦"], ids=["C-7"], tags=["regular", "regular"],
        note="No nuts.", consent="yes", consent_how="at the till",
    )  # fmt: skip
    found = records.record(owner, customer_id=id_)
    assert found.of_kind("email") == ["dana@example.org"]
    assert [(c.value, c.folded) for c in found.contacts if c.kind == "phone"] == [("03 123 456", "03123456")]
    assert (found.tags, found.note, found.consent) == (("regular",), "No nuts.", "yes")
    assert [(c.consent, c.how, c.by) for c in found.consents] == [("yes", "at the till", owner.by)]


def test_told_again_she_is_the_same_customer_and_loses_nothing(owner: OnTeam) -> None:
    id_ = made(owner, emails=["dana@example.org"], tags=["regular"])
    again = records.make(owner, given("Dana H.", emails=["DANA@example.org", "d@example.net"]), at=MOMENT)
    assert (again.customer_id, again.new) == (id_, False)
    found = records.record(owner, customer_id=id_)
    assert (found.name, found.tags) == ("Dana H.", ("regular",))
    assert found.of_kind("email") == ["dana@example.org", "d@example.net"]


def test_what_names_two_customers_changes_neither(owner: OnTeam) -> None:
    made(owner, emails=["dana@example.org"])
    made(owner, "Rima", emails=["rima@example.org"])
    before = list(Customer.objects.order_by("id").values())
    with pytest.raises(Conflict):
        made(owner, "Both", emails=["dana@example.org", "rima@example.org"])
    assert list(Customer.objects.order_by("id").values()) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"emails": ["no address"]}, {"phones": ["12"]}, {"ids": ["x" * 101]}, {"consent": "perhaps"},
        {"tags": [f"t{n}" for n in range(21)]}, {"name": "x" * 201}, {"consent": "yes", "consent_at": later(days=1)},
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_in_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        checked(**{"name": "Dana", **wrong}, at=MOMENT)


def test_changing_takes_away_what_is_not_told(owner: OnTeam) -> None:
    id_ = made(owner, emails=["dana@example.org", "old@example.org"], tags=["a"])
    records.update(
        owner, customer_id=id_, given=given("", emails=["dana@example.org"], tags=["b"]), at=MOMENT
    )
    found = records.record(owner, customer_id=id_)
    assert (found.name, found.tags, found.of_kind("email")) == ("", ("b",), ["dana@example.org"])
    assert CustomerKey.objects.filter(customer_id=id_).count() == 1


def test_an_address_of_another_is_not_taken(owner: OnTeam) -> None:
    made(owner, emails=["dana@example.org"])
    rima = made(owner, "Rima", emails=["rima@example.org"])
    with pytest.raises(Conflict):
        records.update(owner, customer_id=rima, given=given(emails=["dana@example.org"]), at=MOMENT)
    assert records.record(owner, customer_id=rima).of_kind("email") == ["rima@example.org"]


@pytest.mark.parametrize("words", ["haddad", "HADD", "dana@ex", "03123456", "03 123", "حداد"])
def test_she_is_found_by_any_part(owner: OnTeam, words: str) -> None:
    id_ = made(owner, "Dana Haddad دانة حدّاد", emails=["dana@example.org"], phones=["03 123 456"])
    made(owner, "Somebody else", emails=["x@example.net"])
    assert records.find(owner, words=words) == [id_]


@pytest.mark.parametrize("words", ["", "a", "%", "__", "%%"])
def test_nothing_is_found_by_next_to_nothing(owner: OnTeam, words: str) -> None:
    made(owner, emails=["dana@example.org"])
    assert records.find(owner, words=words) == []


def test_support_reads_one_the_analyst_counts_and_the_advertiser_neither(
    bakery: Bakery, owner: OnTeam
) -> None:
    id_ = made(owner, emails=["dana@example.org"])
    support, analyst, advertiser = (team_of(bakery, who) for who in ("support", "analyst", "advertiser"))
    assert records.record(support, customer_id=id_).name == "Dana Haddad"
    with pytest.raises(NotAllowed):
        lists.listed(support, at=MOMENT)
    assert lists.counts(analyst, at=MOMENT).of("none").customers == 1
    for nobody in (analyst, advertiser):
        with pytest.raises(NotAllowed):
            records.record(nobody, customer_id=id_)
        with pytest.raises(NotAllowed):
            records.find(nobody, words="dana")
        with pytest.raises(NotAllowed):
            records.make(nobody, given(), at=MOMENT)
    with pytest.raises(NotAllowed):
        lists.counts(advertiser, at=MOMENT)


def test_another_page_knows_nothing_of_her(owner: OnTeam) -> None:
    id_ = made(owner, emails=["dana@example.org"])
    other = shopping.other_bakery()
    with pytest.raises(NotThere):
        records.record(other, customer_id=id_)
    with pytest.raises(NotThere):
        erasing.erase(other, customer_id=id_, at=MOMENT)
    assert records.find(other, words="dana") == []
    assert keys.key("dana@example.org", page_id=owner.page_id) != keys.key(
        "dana@example.org", page_id=other.page_id
    )


# merging ----------------------------------------------------------------------------------------------------


def test_one_customer_with_three_addresses_is_merged_by_hand_and_split_whole(owner: OnTeam) -> None:
    mails = ["dana@example.org", "dana@work.example", "d.haddad@example.net"]
    ids = [made(owner, f"Dana {n}", emails=[mail], tags=[f"t{n}"]) for n, mail in enumerate(mails)]
    for n, mail in enumerate(mails):
        order(owner, n, mail, str(10 + n))
    first = merging.merge(owner, kept_id=ids[0], gone_id=ids[1], at=MOMENT)
    merging.merge(owner, kept_id=ids[0], gone_id=ids[2], at=MOMENT)
    found = records.record(owner, customer_id=ids[0])
    assert sorted(found.of_kind("email")) == sorted(mails)
    assert (found.name, set(found.tags)) == ("Dana 0", {"t0", "t1", "t2"})
    assert [standing(id_) for id_ in ids] == [(3, Decimal(33)), None, None]
    with pytest.raises(NotThere):
        records.record(owner, customer_id=ids[1])
    assert merging.split(owner, customer_id=ids[0], merge_id=first, at=MOMENT) == ids[1]
    back = records.record(owner, customer_id=ids[1])
    assert (back.name, back.of_kind("email"), back.tags) == ("Dana 1", [mails[1]], ("t1",))
    assert [standing(id_) for id_ in ids] == [(2, Decimal(22)), (1, Decimal(11)), None]
    with pytest.raises(NotThere):
        merging.split(owner, customer_id=ids[0], merge_id=first, at=MOMENT)


def test_a_no_wins_when_two_become_one(owner: OnTeam) -> None:
    yes = made(owner, emails=["a@example.org"], consent="yes")
    no = made(owner, "D", emails=["b@example.org"], consent="no")
    merging.merge(owner, kept_id=yes, gone_id=no, at=MOMENT)
    assert records.record(owner, customer_id=yes).consent == "no"


def test_same_name_and_telephone_are_suggested_and_left_alone(owner: OnTeam) -> None:
    one = made(owner, "Dana Haddad", emails=["a@example.org"], phones=["03 123 456"])
    two = made(owner, "dana haddad", emails=["b@example.org"], phones=["03-123-456"])
    made(owner, "Rima Haddad", emails=["c@example.org"], phones=["03 123 456"])
    assert [each.id for each in records.record(owner, customer_id=one).alike] == [two]
    assert Customer.objects.filter(merged_into=None).count() == 3


def test_a_record_is_not_merged_with_itself_or_anothers(owner: OnTeam) -> None:
    id_ = made(owner, emails=["a@example.org"])
    theirs = records.make(shopping.other_bakery(), given(emails=["a@example.org"]), at=MOMENT).customer_id
    with pytest.raises(BadInput):
        merging.merge(owner, kept_id=id_, gone_id=id_, at=MOMENT)
    with pytest.raises(NotThere):
        merging.merge(owner, kept_id=id_, gone_id=theirs, at=MOMENT)


# orders -----------------------------------------------------------------------------------------------------


def test_orders_join_by_the_hash_whichever_came_first(owner: OnTeam) -> None:
    order(owner, 1, "Dana@Example.org", "10")
    nameless = Customer.objects.get()
    assert (nameless.name, nameless.source) == ("", "order")
    assert made(owner, emails=["dana@example.org"]) == nameless.pk
    order(owner, 2, "dana@example.org", "5")
    assert standing(nameless.pk) == (2, Decimal(15))


def test_refunds_and_cancellations_move_her_standing(owner: OnTeam) -> None:
    order(owner, 1, "dana@example.org", "10")
    order(owner, 1, "dana@example.org", "10", refunds=[{"id": "r1", "value": "4"}])
    (id_,) = Standing.objects.values_list("pk", flat=True)
    assert standing(id_) == (1, Decimal(6))
    order(owner, 1, "dana@example.org", "10", status="cancelled")
    assert standing(id_) is None


def test_currencies_are_never_added(owner: OnTeam) -> None:
    id_ = made(owner, emails=["dana@example.org"])
    for number, currency in enumerate(("EUR", "EUR", "USD")):
        order(owner, number, "dana@example.org", "10", currency=currency)
    assert standing(id_) == (3, Decimal(20))
    money = lists.bought(owner, customer_id=id_, at=MOMENT).money
    assert money == (("EUR", 2, Decimal(20)), ("USD", 1, Decimal(10)))


def webhook(owner: OnTeam, **more: Any) -> None:
    shop_id, secret = shops.make_shop(owner, kind="woocommerce", at=MOMENT)
    (shop,) = [each for each in shops.shops(owner) if each.id == shop_id]
    billing = {
        "email": "dana@example.org",
        "first_name": "Dana",
        "last_name": "Haddad",
        "phone": "03 123 456",
    }
    body, signature = shopping.signed(shopping.woo(**{"billing": billing, **more}), secret)
    shops.take_delivery(kind="woocommerce", key=shop.key, body=body, signature=signature, at=MOMENT)


def test_a_shop_brings_no_names_until_the_page_wants_them(owner: OnTeam) -> None:
    webhook(owner)
    assert Customer.objects.get().name == ""
    assert not CustomerContact.objects.exists()


def test_a_shop_brings_names_when_the_page_wants_them(owner: OnTeam) -> None:
    keep_book(owner, Book(keep_names=True), at=MOMENT)
    webhook(owner)
    found = records.record(owner, customer_id=Customer.objects.get().pk)
    assert (found.name, found.source, found.consent) == ("Dana Haddad", "shop", "unknown")
    assert found.of_kind("email") == ["dana@example.org"]
    assert standing(found.id) == (1, Decimal("29.35"))


def shopify(owner: OnTeam, **more: Any) -> None:
    """Deliver an order as Shopify does: the customer in an object of her own, whom it is billed to in another."""
    shop_id, secret = shops.make_shop(owner, kind="shopify", at=MOMENT)
    (shop,) = [each for each in shops.shops(owner) if each.id == shop_id]
    body, signature = shopping.signed(shopping.shopify(**more), secret)
    shops.take_delivery(kind="shopify", key=shop.key, body=body, signature=signature, at=MOMENT)


_CUSTOMER = {"id": 115310627314723954, "first_name": "دانا", "last_name": "حداد", "phone": "+961 3 123 456"}
_BILLED = {"first_name": "Karim", "last_name": "Haddad", "phone": "03 999 999", "company": "Haddad & Sons"}


def test_shopify_brings_no_names_until_the_page_wants_them(owner: OnTeam) -> None:
    shopify(owner, customer=_CUSTOMER, billing_address=_BILLED)
    assert Customer.objects.get().name == ""
    assert not CustomerContact.objects.exists()


@pytest.mark.parametrize(
    ("told", "name", "contacts"),
    [
        # the customer before whom it is billed to; the e-mail is the order's; a number names nobody beside it
        ({"customer": _CUSTOMER, "billing_address": _BILLED}, "دانا حداد",
         {"email": ["dana@example.org"], "phone": ["+961 3 123 456"], "id": []}),
        # a guest's order has no customer
        ({"customer": None, "billing_address": _BILLED}, "Karim Haddad",
         {"email": ["dana@example.org"], "phone": ["03 999 999"], "id": []}),
        # what the customer leaves open stands in the billing address
        ({"customer": {"id": 7, "first_name": "Dana", "last_name": None, "phone": ""}, "billing_address": _BILLED},
         "Dana Haddad", {"email": ["dana@example.org"], "phone": ["03 999 999"], "id": []}),
        # sold at the counter: no e-mail, so the shop's own number names her
        ({"email": "", "customer": {**_CUSTOMER, "phone": "not a number"}}, "دانا حداد",
         {"email": [], "phone": [], "id": ["115310627314723954"]}),
        # names alone or objects of another shape: the order counts, and there is nothing to keep
        ({"customer": "Dana", "billing_address": ["x"]}, "", {"email": ["dana@example.org"], "phone": [], "id": []}),
    ],
)  # fmt: skip
def test_shopify_brings_names_when_the_page_wants_them(
    owner: OnTeam, told: dict[str, Any], name: str, contacts: dict[str, list[str]]
) -> None:
    keep_book(owner, Book(keep_names=True), at=MOMENT)
    shopify(owner, **told)
    found = records.record(owner, customer_id=Customer.objects.get().pk)
    assert (found.name, found.source, found.consent) == (name, "shop", "unknown")
    assert {kind: found.of_kind(kind) for kind in contacts} == contacts
    assert standing(found.id) == (1, Decimal("29.35"))


def test_of_two_shops_she_is_one(owner: OnTeam) -> None:
    keep_book(owner, Book(keep_names=True), at=MOMENT)
    webhook(owner)
    shopify(owner, customer=_CUSTOMER)
    assert records.record(owner, customer_id=Customer.objects.get().pk).name == "Dana Haddad"
    assert standing(Customer.objects.get().pk) == (2, Decimal("58.70"))


def test_a_shop_does_not_rename_whom_the_business_named(owner: OnTeam) -> None:
    keep_book(owner, Book(keep_names=True), at=MOMENT)
    id_ = made(owner, "Our Dana", emails=["dana@example.org"])
    webhook(owner)
    assert records.record(owner, customer_id=id_).name == "Our Dana"


def test_only_whoever_connects_shops_lets_names_in(bakery: Bakery) -> None:
    with pytest.raises(NotAllowed):
        keep_book(team_of(bakery, "editor"), Book(keep_names=True), at=MOMENT)
    keep_book(team_of(bakery, "editor"), Book(new_days=14), at=MOMENT)


# erasing ----------------------------------------------------------------------------------------------------


def test_erased_she_is_gone_and_her_orders_are_numbers_of_nobody(owner: OnTeam) -> None:
    id_ = made(owner, emails=["dana@example.org"])
    other = made(owner, "D", emails=["d@example.org"])
    order(owner, 1, "dana@example.org", "10")
    merging.merge(owner, kept_id=id_, gone_id=other, at=MOMENT)
    erasing.erase(owner, customer_id=id_, at=later(hours=1))
    assert not Customer.objects.exists()
    assert not CustomerKey.objects.exists()
    assert not Standing.objects.exists()
    kept = Order.objects.get()
    assert (kept.customer, kept.value) == ("", Decimal(10))
    assert "dana" not in str(kept.state)
    assert keys.key("dana@example.org", page_id=owner.page_id) not in str(kept.state)


def test_a_shop_that_repeats_an_old_order_does_not_bring_her_back(owner: OnTeam) -> None:
    keep_book(owner, Book(keep_names=True), at=MOMENT)
    id_ = made(owner, emails=["dana@example.org"])
    erasing.erase(owner, customer_id=id_, at=MOMENT + timedelta(minutes=1))
    webhook(owner)
    assert not Customer.objects.exists()
    assert Order.objects.get().customer == ""
    later_on = later(days=3)
    order(owner, 9, "dana@example.org", ordered_at=later_on.isoformat(), at=later_on)
    assert Customer.objects.get().source == "order"  # she came again of her own will


# members ----------------------------------------------------------------------------------------------------


def test_only_the_member_is_told_and_only_her_word_joins(owner: OnTeam) -> None:
    dana, charlie = people.dana(), people.charlie()
    confirmed(dana, "dana@example.org")
    id_ = made(owner, emails=["dana@example.org"])
    assert records.record(owner, customer_id=id_).joined == ()
    (known,) = members.businesses(member=dana.id, user=dana.user_id)
    assert (known.page_id, known.allowed) == (owner.page_id, None)
    assert members.businesses(member=charlie.id, user=charlie.user_id) == []
    with pytest.raises(NotThere):
        members.answer(
            member=charlie.id, user=charlie.user_id, page_id=owner.page_id, allowed=True, at=MOMENT
        )
    members.answer(member=dana.id, user=dana.user_id, page_id=owner.page_id, allowed=True, at=MOMENT)
    assert [each.member_id for each in records.record(owner, customer_id=id_).joined] == [dana.id]
    members.answer(member=dana.id, user=dana.user_id, page_id=owner.page_id, allowed=False, at=MOMENT)
    assert records.record(owner, customer_id=id_).joined == ()
    members.withdraw(member=dana.id, page_id=owner.page_id, at=MOMENT)
    assert members.businesses(member=dana.id, user=dana.user_id)[0].allowed is None


def test_an_address_that_is_not_confirmed_is_nobodys(owner: OnTeam) -> None:
    dana = people.dana()
    EmailAddress.objects.create(user_id=dana.user_id, email="d2@example.org", verified=False)
    made(owner, emails=["d2@example.org"])
    assert members.businesses(member=dana.id, user=dana.user_id) == []


def test_erasing_and_withdrawing_unjoin_at_once(owner: OnTeam) -> None:
    dana = people.dana()
    confirmed(dana, "dana@example.org")
    id_ = made(owner, emails=["dana@example.org"])
    members.answer(member=dana.id, user=dana.user_id, page_id=owner.page_id, allowed=True, at=MOMENT)
    erasing.erase(owner, customer_id=id_, at=MOMENT)
    assert not CustomerMember.objects.exists()


def test_writing_down_a_member_or_a_stranger_is_the_same_work_and_the_same_answer(owner: OnTeam) -> None:
    """What a business does asks nothing that depends on members: the statements are the same, to the letter."""
    confirmed(people.dana(), "dana@example.org")
    asked = []
    for address in ("dana@example.org", "none@example.org"):
        with CaptureQueriesContext(
            connection,
        ) as heard:
            id_ = made(owner, "Somebody", emails=[address])
            shown = records.record(owner, customer_id=id_)
        asked.append([_shape(each["sql"]) for each in heard.captured_queries])
        assert (shown.joined, shown.alike) == ((), ())
    assert asked[0] == asked[1]
    assert not any(
        table in statement for statement in asked[0] for table in ("account_emailaddress", "accounts_user")
    )


def _shape(statement: str) -> str:
    import re

    return re.sub(r"'[^']*'|\d+", "?", statement)


def test_team_members_are_not_asked_whether_they_are_their_own_customers(
    bakery: Bakery, owner: OnTeam
) -> None:
    confirmed(bakery.editor, "editor@example.org")
    made(owner, emails=["editor@example.org"])
    assert members.businesses(member=bakery.editor.id, user=bakery.editor.user_id) == []
