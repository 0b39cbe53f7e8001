"""Two targets behind one code: half of the clicks each, by token; orders are counted by target."""

from __future__ import annotations

import pytest
import shopping

from cast import MOMENT, Bakery, later
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.studio.conversions.orders import report_orders
from majlis.studio.experiments import link_tests
from majlis.studio.links import codes, memory, queries
from majlis.studio.links.actions import OwnLink
from majlis.studio.models import LinkTest
from plans import team_of

pytestmark = pytest.mark.django_db
END = later(days=7)
OTHER = "https://shop.example/other?size=2"


@pytest.fixture
def link(bakery: Bakery) -> OwnLink:
    made = shopping.link(team_of(bakery))
    link_tests.start(team_of(bakery), link_id=made.id, target_b=OTHER, ends_at=END, at=MOMENT)
    return made


def test_half_of_the_tokens_lead_to_each_and_always_to_the_same(link: OwnLink) -> None:
    found = memory.find(link.code)
    assert found is not None
    tokens = [codes.new_token() for _each in range(2_000)]
    led = [found.for_click(token) for token in tokens]
    assert led == [found.for_click(token) for token in tokens]
    other = sum(each.before.startswith(b"https://shop.example/other") for each in led)
    assert abs(other - 1_000) < 4 * 500**0.5
    for token, where in zip(tokens, led, strict=True):
        assert found.led_to(where.before + token.encode() + where.after)
    assert {(each.link_id, each.page_id) for each in led} == {(link.id, link.id and found.page_id)}


def test_a_link_without_a_test_has_no_other(bakery: Bakery) -> None:
    found = memory.find(shopping.link(team_of(bakery)).code)
    assert found is not None
    assert found.other is None
    assert found.for_click(codes.new_token()) is found


def test_orders_are_counted_by_target(bakery: Bakery, link: OwnLink) -> None:
    team, key = team_of(bakery, "owner"), bytes(LinkTest.objects.get().key)
    tokens = [shopping.click(link, team, at=later(minutes=number)) for number in range(30)]
    of_b = [token for token in tokens if memory.arm_of(key, token) == "b"]
    for number, token in enumerate(of_b[:3]):
        order = {"id": f"B-{number}", "value": "5", "currency": "EUR", "click": token}
        (answer,) = report_orders(team, orders=[order], at=later(hours=2))
        assert answer.outcome == "taken"
    (tried,) = link_tests.of_link(team, link_id=link.id)
    a, b = link_tests.arms(tried, at=later(days=1))
    assert (a.people, a.converted) == (30 - len(of_b), 0)
    assert (b.people, b.converted) == (len(of_b), 3)
    said = link_tests.report(tried, at=later(days=1))
    assert "Not enough yet" in said.answer
    assert said.compared.better is None


def test_at_the_end_it_leads_to_one(bakery: Bakery, link: OwnLink) -> None:
    team = team_of(bakery)
    link_tests.stop(team, link_id=link.id, chosen="b", at=later(days=1))
    found = memory.find(link.code)
    assert found is not None
    assert found.other is None
    assert found.before.startswith(b"https://shop.example/other?size=2")
    assert queries.link(team, link_id=link.id).target == OTHER
    (tried,) = link_tests.of_link(team, link_id=link.id)
    assert (tried.stopped_early, tried.chosen) == (True, "b")
    assert "stopped" in link_tests.report(tried, at=later(days=9)).answer
    with pytest.raises(NotThere):
        link_tests.stop(team, link_id=link.id, at=later(days=1))


def test_at_its_date_without_a_difference_it_keeps_its_own_target(bakery: Bakery, link: OwnLink) -> None:
    link_tests.end_due(at=END)
    (tried,) = link_tests.of_link(team_of(bakery), link_id=link.id)
    assert (tried.stopped_early, tried.chosen) == (False, "a")
    assert queries.link(team_of(bakery), link_id=link.id).target == link.target


def test_what_cannot_be_tested(bakery: Bakery, link: OwnLink) -> None:
    team, other = team_of(bakery), shopping.link(team_of(bakery))
    with pytest.raises(Conflict):
        link_tests.start(team, link_id=link.id, target_b=OTHER, ends_at=END, at=MOMENT)
    for target, end in (
        (other.target, END),
        ("http://127.0.0.1/", END),
        (OTHER, MOMENT),
        (OTHER, later(days=91)),
    ):
        with pytest.raises(BadInput):
            link_tests.start(team, link_id=other.id, target_b=target, ends_at=end, at=MOMENT)
    with pytest.raises(NotThere):
        link_tests.start(team, link_id=1, target_b=OTHER, ends_at=END, at=MOMENT)
    with pytest.raises(NotAllowed):
        link_tests.start(team_of(bakery, "analyst"), link_id=other.id, target_b=OTHER, ends_at=END, at=MOMENT)
