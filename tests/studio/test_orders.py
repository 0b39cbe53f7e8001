"""Reports of orders: merged into the same order whatever comes twice, late or forged; credited and told once."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import plain_orders
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shopping import click, door, link, other_bakery

import cast as people
from cast import MOMENT, later
from majlis.core.errors import BadInput, NotAllowed, NotThere, TooLarge
from majlis.insights.kinds import Kind
from majlis.insights.models import Fact, Hourly, Member
from majlis.studio.conversions import orders, promo_codes
from majlis.studio.conversions.orders import Outcome, report_orders, take
from majlis.studio.conversions.state import Report
from majlis.studio.models import Click, Order

pytestmark = pytest.mark.django_db


def _columns(order: Order) -> dict[str, Any]:
    names = (
        "value",
        "currency",
        "cancelled_at",
        "ordered_at",
        "placed",
        "reported_by",
        "click_id",
        "promo_code_id",
    )
    return {name: getattr(order, name) for name in names}


def test_any_sequence_of_reports_ends_in_the_same_order() -> None:
    bakery = people.bakery()
    team, stranger = door(bakery), other_bakery()
    own = link(team)
    tokens = [click(own, team), click(own, team, at=later(days=-1))]
    foreign = click(link(stranger), stranger)
    clicks = {token: Click.objects.values_list("id", "made_at").get(token=token) for token in tokens}
    codes = {"bread10": promo_codes.make_promo_code(team, code="BREAD10", at=MOMENT)}
    moments = st.integers(-3, 30).map(lambda days: later(days=days))
    amounts = st.decimals(0, 50, places=2)
    reports = st.builds(
        Report,
        external_id=st.sampled_from(["A", "B"]),
        by=st.sampled_from(["script", "server", "woocommerce", "shopify"]),
        as_of=moments,
        ordered_at=st.none() | moments,
        value=st.none() | amounts,
        currency=st.sampled_from(["EUR", "LBP"]),
        cancelled=st.sampled_from([None, None, True, False]),
        refunds=st.dictionaries(st.sampled_from(["r1", "r2"]), amounts, max_size=2),
        placed=st.booleans(),
        click_token=st.sampled_from(["", *tokens, foreign, "forgedforgedforg"]),
        promo_code=st.sampled_from(["", "bread10", "nothing"]),
    )
    # without an amount there is no currency
    reports = reports.map(lambda each: each if each.value is not None else _unpriced(each))

    @settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
    @given(told=st.lists(reports, min_size=1, max_size=8), data=st.data())
    def histories(told: list[Report], data: st.DataObject) -> None:
        Order.objects.all().delete()
        came = data.draw(st.permutations([*told, *data.draw(st.lists(st.sampled_from(told), max_size=4))]))
        cuts = data.draw(st.integers(1, len(came)))
        for start in range(0, len(came), cuts):
            take(page_id=team.page_id, reports=came[start : start + cuts], arrived_at=later(days=31))
        for order in Order.objects.all():
            of_it = [each for each in told if each.external_id == order.external_id]
            assert _columns(order) == plain_orders.order(of_it, clicks, codes)  # type: ignore[arg-type]
        assert set(Order.objects.values_list("external_id", flat=True)) == {each.external_id for each in told}

    histories()


def _unpriced(report: Report) -> Report:
    import msgspec

    return msgspec.structs.replace(report, currency="")


def test_an_order_is_joined_to_click_link_post_and_pseudonym_months_later(publish: Any) -> None:
    bakery, dana = people.bakery(), people.dana()
    team = door(bakery)
    post = publish(bakery.page, "Bread!")
    own = link(team)
    from majlis.studio.models import TrackedLink

    TrackedLink.objects.update(post_id=post)
    token = click(_again(own, post), team, who=dana.id, paid=True)
    told = {
        "id": 7,
        "value": "29.35",
        "currency": "eur",
        "click": token,
        "ordered_at": "2027-01-20T10:00:00+02:00",
    }
    answers = report_orders(team, orders=[told], at=later(days=80))
    assert [answer.outcome for answer in answers] == [Outcome.TAKEN]
    order, fact = Order.objects.get(), Fact.objects.get(kind=Kind.CONVERSION)
    assert order.click.link_id == own.id  # type: ignore[union-attr]
    pseudonym = Member.objects.get(profile_id=dana.id).pseudonym
    assert (fact.post_id, fact.viewer, fact.link_id, fact.paid, fact.nonce) == (
        post,
        pseudonym,
        own.id,
        True,
        order.id,
    )
    assert (fact.value, fact.currency) == (Decimal("29.350"), "EUR")
    assert dana.id not in (fact.viewer, order.click.viewer)  # type: ignore[union-attr]


def _again(own: Any, post: int) -> Any:
    import msgspec

    return msgspec.structs.replace(own, post_id=post)


def test_a_conversion_is_counted_once_whatever_its_value_becomes() -> None:
    team = door(people.bakery())
    token = click(link(team), team)
    for day, told in enumerate(
        [
            {"value": 30},
            {"value": 30},
            {"value": 25},
            {"value": 25, "status": "cancelled"},
            {"value": 30, "status": "placed"},
        ]
    ):
        report_orders(
            team, orders=[{"id": "A-1", "currency": "EUR", "click": token, **told}], at=later(days=day)
        )
    assert Order.objects.get().value == 30
    assert Order.objects.get().cancelled_at is None
    assert Fact.objects.filter(kind=Kind.CONVERSION).count() == 1
    assert sum(hour.facts for hour in Hourly.objects.filter(kind=Kind.CONVERSION)) == 1


def test_a_refund_or_cancellation_before_its_order_counts_nothing_until_the_order_comes() -> None:
    team = door(people.bakery())
    early = [{"id": 1, "refunds": [{"id": "r", "value": 5}]}, {"id": 2, "status": "cancelled"}]
    report_orders(team, orders=early, at=later(hours=1))
    assert not Order.objects.filter(placed=True).exists()
    assert not Fact.objects.exists()
    told = [{"id": id_, "value": 20, "currency": "EUR", "ordered_at": MOMENT.isoformat()} for id_ in (1, 2)]
    report_orders(team, orders=told, at=later(hours=2))
    assert Order.objects.get(external_id="1").value == 15
    assert Order.objects.get(external_id="2").cancelled_at is not None
    assert Fact.objects.filter(kind=Kind.CONVERSION).count() == 2


def test_what_a_browser_says_never_outweighs_a_server() -> None:
    bakery = people.bakery()
    team = door(bakery)
    token = click(link(team), team)
    exact = Report(external_id="A", by="server", as_of=MOMENT, value=Decimal(29), currency="EUR")
    forged = Report(
        external_id="A",
        by="script",
        as_of=later(days=1),
        value=Decimal(9999),
        currency="USD",
        click_token=token,
    )
    for first, then in ((exact, forged), (forged, exact)):
        Order.objects.all().delete()
        for report in (first, then):
            take(page_id=team.page_id, reports=[report], arrived_at=later(days=2))
        order = Order.objects.get()
        assert (order.value, order.currency, order.reported_by) == (29, "EUR", "server")
        assert order.click is not None  # the browser alone knew the click; nobody said otherwise


def test_forged_and_foreign_tokens_leave_the_order_without_credit() -> None:
    team, stranger = door(people.bakery()), other_bakery()
    foreign = click(link(stranger), stranger)
    for number, token in enumerate(
        [foreign, "A" * 16, "x", "", None, 7, "ö" * 16, "'; DROP TABLE", "A" * 10_000]
    ):
        answers = report_orders(
            team, orders=[{"id": number, "value": 1, "currency": "EUR", "click": token}], at=MOMENT
        )
        assert answers[0].outcome is Outcome.TAKEN
    assert Order.objects.filter(page_id=team.page_id, click=None).count() == 9


def test_an_order_days_before_its_click_or_years_after_is_not_its() -> None:
    team = door(people.bakery())
    token = click(link(team), team)
    at = later(days=800)
    for number, moment in enumerate([later(days=-3), later(days=733), later(days=731), later(hours=-40)]):
        told = {"id": number, "value": 1, "currency": "EUR", "click": token, "ordered_at": moment.isoformat()}
        report_orders(team, orders=[told], at=at)
    credited = Order.objects.exclude(click=None).values_list("external_id", flat=True)
    assert sorted(credited) == ["2", "3"]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"id": "A", "value": 1, "currency": "EUR", "ordered_at": "2026-11-05T09:30:00Z"}, "ordered_at"),
        ({"id": "A", "value": 1, "currency": "EUR", "ordered_at": "2026-11-02T09:36:00Z"}, "ordered_at"),
        ({"id": "A", "value": 1, "currency": "EUR", "updated_at": "2036-11-02T09:30:00Z"}, "updated_at"),
        ({"id": "A", "value": 1, "currency": "EUR", "ordered_at": "2010-01-01T00:00:00Z"}, "ordered_at"),
        ({"id": "A", "value": 1, "currency": "EUR", "ordered_at": "2026-11-02T09:30:00"}, "ordered_at"),
        ({"id": "A", "value": 1, "currency": "EUR", "ordered_at": "yesterday"}, "ordered_at"),
        ({"id": "A", "value": 1, "currency": "EUR", "ordered_at": 1793612400}, "ordered_at"),
        ({"id": "A", "value": 1, "currency": "EUR", "ordered_at": "0001-01-01T00:00:00+14:00"}, "ordered_at"),
        ({"value": 1, "currency": "EUR"}, "id"),
        ({"id": "a b", "value": 1, "currency": "EUR"}, "id"),
        ({"id": "event 1 x", "value": 1, "currency": "EUR"}, "id"),
        ({"id": True, "value": 1, "currency": "EUR"}, "id"),
        ({"id": "x" * 101, "value": 1, "currency": "EUR"}, "id"),
        ({"id": "a\0b", "value": 1, "currency": "EUR"}, "id"),
        ({"id": "A", "value": -1, "currency": "EUR"}, "value"),
        ({"id": "A", "value": "1,200", "currency": "EUR"}, "value"),
        ({"id": "A", "value": "NaN", "currency": "EUR"}, "value"),
        ({"id": "A", "value": "1e5", "currency": "EUR"}, "value"),
        ({"id": "A", "value": "1.2345", "currency": "EUR"}, "value"),
        ({"id": "A", "value": "9" * 30, "currency": "EUR"}, "value"),
        ({"id": "A", "value": True, "currency": "EUR"}, "value"),
        ({"id": "A", "value": 1}, "currency"),
        ({"id": "A", "value": 1, "currency": "DEM"}, "currency"),
        ({"id": "A", "value": 1, "currency": "€"}, "currency"),
        ({"id": "A", "status": "lost"}, "status"),
        ({"id": "A", "status": ["placed"]}, "status"),
        ({"id": "A", "status": {}}, "status"),
        ({"id": "A", "refunds": [7]}, "refunds"),
        ({"id": "A", "refunds": [{"id": "r", "value": -3}]}, "refunds"),
    ],
)  # fmt: skip
def test_bad_reports_are_refused_by_themselves_with_a_sentence(told: dict[str, Any], field: str) -> None:
    team = door(people.bakery())
    good = {"id": "good", "value": "٢٩٫٣٥", "currency": "lbp"}
    answers = report_orders(team, orders=[told, good], at=MOMENT)
    assert [answer.outcome for answer in answers] == [Outcome.REFUSED, Outcome.TAKEN]
    assert answers[0].field == field
    assert str(answers[0].sentence).endswith((".", "?"))
    assert Order.objects.get().value == Decimal("29.35")


def test_minutes_ahead_are_taken_as_now() -> None:
    team = door(people.bakery())
    told = {"id": 1, "value": 1, "currency": "EUR", "ordered_at": later(minutes=4).isoformat()}
    report_orders(team, orders=[told], at=MOMENT)
    assert Order.objects.get().ordered_at == MOMENT


@pytest.mark.parametrize("given", [None, [], {}, "x", 7])
def test_what_is_no_list_is_no_batch(given: Any) -> None:
    with pytest.raises(BadInput):
        report_orders(door(people.bakery()), orders=given, at=MOMENT)


def test_a_batch_has_an_end_and_repeats_nothing() -> None:
    team = door(people.bakery())
    told = [{"id": number, "value": 1, "currency": "EUR"} for number in range(orders.MOST)]
    assert {answer.outcome for answer in report_orders(team, orders=told, at=MOMENT)} == {Outcome.TAKEN}
    assert {answer.outcome for answer in report_orders(team, orders=told, at=MOMENT)} == {Outcome.UNCHANGED}
    assert Order.objects.count() == orders.MOST
    with pytest.raises(TooLarge):
        report_orders(team, orders=[*told, told[0]], at=MOMENT)


def test_the_customer_is_known_again_but_by_nobody_who_reads_the_table() -> None:
    team, stranger = door(people.bakery()), other_bakery()
    for who, number in ((team, 1), (team, 2), (stranger, 1)):
        told = {
            "id": number,
            "value": 1,
            "currency": "EUR",
            "customer": " Dana@Example.org" if number == 1 else "dana@example.org",
        }
        report_orders(who, orders=[told], at=MOMENT)
    names = list(Order.objects.order_by("id").values_list("customer", flat=True))
    assert names[0] == names[1] != names[2]
    assert "dana" not in names[0]


def test_two_pages_have_each_their_own_order_of_one_id() -> None:
    team, stranger = door(people.bakery()), other_bakery()
    report_orders(team, orders=[{"id": "A", "value": 10, "currency": "EUR"}], at=MOMENT)
    report_orders(stranger, orders=[{"id": "A", "status": "cancelled"}], at=MOMENT)
    assert Order.objects.get(page_id=team.page_id).cancelled_at is None


def test_only_roles_that_track_report_and_charlie_finds_nothing() -> None:
    bakery, charlie = people.bakery(), people.charlie()
    told = [{"id": "A", "value": 10, "currency": "EUR"}]
    for who in (bakery.support, bakery.analyst):
        with pytest.raises(NotAllowed):
            door(bakery, who)
    with pytest.raises(NotThere):
        door(bakery, charlie)
    held = door(bakery, bakery.advertiser)
    from majlis.brands.models import TeamMember

    TeamMember.objects.filter(member_id=bakery.advertiser.id).delete()
    with pytest.raises(NotThere):  # her role ended after she came in
        report_orders(held, orders=told, at=MOMENT)
    assert not Order.objects.exists()


def test_of_two_clicks_the_one_that_was_told_first_keeps_the_order() -> None:
    team = door(people.bakery())
    own = link(team)
    first, again = click(own, team), click(own, team, at=later(days=3))
    for day, token in ((1, first), (4, again), (5, first)):
        told = Report(
            external_id="A",
            by="script",
            as_of=later(days=day),
            value=Decimal(5),
            currency="EUR",
            click_token=token,
        )
        take(page_id=team.page_id, reports=[told], arrived_at=later(days=day))
    assert Order.objects.get().click == Click.objects.get(token=first)


def test_promo_codes_read_alike_however_they_are_written() -> None:
    bakery = people.bakery()
    team = door(bakery)
    made = promo_codes.make_promo_code(team, code="زيتون ٢٠", at=MOMENT, ends_at=later(days=7))
    for number, typed in enumerate(["زيتون20", "زَيْتون ۲۰", "زيتـون-20", "\u200fزيتون ٢٠ ", "زيتون21"]):
        told = {
            "id": number,
            "value": 1,
            "currency": "EUR",
            "promo_code": typed,
            "ordered_at": MOMENT.isoformat(),
        }
        report_orders(team, orders=[told], at=later(days=1))
    late = {"id": "late", "value": 1, "currency": "EUR", "promo_code": "زيتون20"}
    report_orders(team, orders=[late], at=later(days=8))
    credited = Order.objects.filter(promo_code_id=made).values_list("external_id", flat=True)
    assert sorted(credited) == ["0", "1", "2", "3"]
    assert promo_codes.folded(" bread 10") == promo_codes.folded("BREAD-١٠") == "BREAD10"


@pytest.mark.parametrize("far", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00-12:00", "9999-12-31T23:59:59-12:00",
                                  "2099-01-01T00:00:00Z"])  # fmt: skip
@pytest.mark.parametrize("field", ["starts_at", "ends_at"])
def test_a_promo_code_is_of_our_times(far: str, field: str) -> None:
    """A moment that can be stored and not be read again would close the page of all codes."""
    team = door(people.bakery())
    with pytest.raises(BadInput) as refused:
        promo_codes.make_promo_code(team, code="BREAD10", at=MOMENT, **{field: datetime.fromisoformat(far)})
    assert refused.value.field == field
    assert promo_codes.promo_codes(team, since=MOMENT, until=later(days=1)) == []


def test_facts_of_orders_from_years_back_are_left_to_the_order() -> None:
    team = door(people.bakery())
    told = {"id": 1, "value": 5, "currency": "EUR", "ordered_at": (MOMENT - timedelta(days=2000)).isoformat()}
    report_orders(team, orders=[told], at=MOMENT)
    assert Order.objects.get().placed
    assert not Fact.objects.exists()
