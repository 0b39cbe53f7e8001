"""The pages on money: the answer first, what is missing with the way to mend it, and nothing for who may not see it."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import money_scene as scene
import pytest
import shopping
from money_scene import STUDIO, last_month, month_that_paid, month_words, order, priced

import cast as people
from cast import Bakery
from majlis.core.clock import now
from majlis.studio import actions
from majlis.studio.money import costs, hours, results, terms
from plans import content, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery(db: None) -> Bakery:
    return people.bakery()


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def month(browser: Any) -> Any:
    return browser.get(f"{STUDIO}/money?month={last_month():%Y-%m}")


# the month --------------------------------------------------------------------------------------------------


def test_the_month_says_first_whether_it_paid(browse: Any, bakery: Bakery) -> None:
    month_that_paid(bakery)
    said = text_of(month(browse(bakery.analyst)))
    assert f"{month_words()} paid: €84.20 came back, €70.00 went in." in said
    assert "(Margin − full cost) ÷ full cost." in said
    assert "20%" in said  # (84.20 − 70) ÷ 70
    assert "Hours × what an hour of the role costs" in said
    assert "have no price" not in said


def test_a_month_of_nothing_is_said_and_divides_by_nothing(browse: Any, bakery: Bakery) -> None:
    said = text_of(month(browse(bakery.owner)))
    assert f"Nothing that we know of went in or came back in {month_words()}." in said
    assert "Not enough yet" in said


def test_what_is_missing_is_said_with_the_link_that_mends_it(browse: Any, bakery: Bakery) -> None:
    owner = team_of(bakery, "owner")
    terms.keep_book(owner, currency="EUR", at=now())
    hours.write_down(owner, hours=Decimal(3), day=last_month(), at=now())
    costs.spend(owner, kind="tools", amount=Decimal(9), currency="USD", from_day=last_month(), at=now())
    token = shopping.click(shopping.link(owner), owner, at=scene.noon(14) - timedelta(hours=1))
    order(owner, 1, "50", click=token)
    page = month(browse(bakery.owner))
    said = text_of(page)
    assert "3 hours of work have no price and are in no cost (Owner)." in said
    assert "Nobody said what an order leaves you" in said
    assert "$9.00 spent and orders of $0.00 are in another currency" in said
    assert "1 order names no customer" in said
    assert "Whether that paid, nobody can say yet." in said
    for anchor in ("margin", "rates", "exchange"):
        assert f'href="{STUDIO}/money/costs#{anchor}"' in page.content.decode()


def test_a_loss_and_an_even_month(browse: Any, bakery: Bakery) -> None:
    owner = team_of(bakery, "owner")
    priced(owner, margin="0.5")
    costs.spend(owner, kind="other", amount=Decimal(25), currency="EUR", from_day=last_month(), at=now())
    assert "did not pay: €0.00 came back, €25.00 went in." in text_of(month(browse(bakery.owner)))
    token = shopping.click(shopping.link(owner), owner, at=scene.noon(14) - timedelta(hours=1))
    order(owner, 1, "50", click=token)
    assert "came out even: €25.00 came back, €25.00 went in." in text_of(month(browse(bakery.owner)))


def test_a_closed_month_stands_beside_what_came_later(browse: Any, bakery: Bakery) -> None:
    owner = month_that_paid(bakery)
    browser = browse(bakery.owner)
    assert "Close the month" in text_of(month(browser))
    answer = browser.post(f"{STUDIO}/money/close", {"month": f"{last_month():%Y-%m}"})
    assert answer.status_code == 303
    said = text_of(month(browser))
    assert "Nothing has come in since." in said
    order(owner, 1, "100", refunds=[{"id": "r1", "value": "100"}])
    said = text_of(month(browser))
    # of the order of 100 nothing is left: 60 of margin less
    assert "with €14.20 left. What came in since makes it -€45.80: a difference of -€60.00." in said
    assert f"{month_words()} did not pay" in said
    again = browser.post(f"{STUDIO}/money/close", {"month": f"{last_month():%Y-%m}"}, follow=True)
    assert "This month is closed already." in text_of(again)


@pytest.mark.parametrize("typed", ["", "2026", "soon", "9999-01", "1970-01-01' OR 1=1"])
def test_only_a_month_that_is_over_is_closed(browse: Any, bakery: Bakery, typed: str) -> None:
    browser = browse(bakery.owner)
    browser.post(f"{STUDIO}/money/close", {"month": typed or f"{now():%Y-%m}"})
    assert results.closed_months(team_of(bakery, "owner")) == []


@pytest.mark.parametrize("typed", ["", "9999-99", "0000-01", "x" * 500, "2999-01"])
def test_a_month_that_is_none_is_this_one(browse: Any, bakery: Bakery, typed: str) -> None:
    page = browse(bakery.owner).get(f"{STUDIO}/money", {"month": typed})
    assert page.status_code == 200
    assert f"{now():%B %Y}" in text_of(page)


def test_the_month_in_arabic(browse: Any, bakery: Bakery) -> None:
    month_that_paid(bakery)
    page = month(browse(bakery.owner, "ar"))
    assert page.status_code == 200
    assert 'dir="rtl"' in page.content.decode()


@pytest.mark.parametrize("name", ["month", "weeks", "posts", "campaigns"])
def test_every_table_as_a_file(browse: Any, bakery: Bakery, name: str) -> None:
    month_that_paid(bakery)
    browser = browse(bakery.analyst)
    for form in ("csv", "xlsx"):
        file = browser.get(f"{STUDIO}/money/files/{name}.{form}?month={last_month():%Y-%m}")
        assert file.status_code == 200
        assert f"money-{name}" in file["Content-Disposition"]
    text = browser.get(f"{STUDIO}/money/files/{name}.csv?month={last_month():%Y-%m}").content.decode()
    assert "84.20" in text
    assert browser.get(f"{STUDIO}/money/files/nothing.csv").status_code == 404
    assert browser.get(f"{STUDIO}/money/files/{name}.exe").status_code == 404


def test_charlie_and_those_without_the_money_see_none_of_it(browse: Any, bakery: Bakery) -> None:
    month_that_paid(bakery)
    charlie = people.charlie()
    for address in ("money", "money/files/month.csv"):
        assert browse(charlie).get(f"{STUDIO}/{address}").status_code == 404
        for who in (bakery.editor, bakery.support, bakery.advertiser):
            assert browse(who).get(f"{STUDIO}/{address}").status_code == 403
    assert browse(bakery.analyst).post(f"{STUDIO}/money/close", {}).status_code == 403


# costs and rates --------------------------------------------------------------------------------------------

COSTS = f"{STUDIO}/money/costs"


def spent(**more: Any) -> dict[str, Any]:
    return {"kind": "tools", "amount": "12.50", "currency": "EUR", "from_day": f"{last_month()}", **more}


def test_a_cost_is_written_down_and_forgotten(browse: Any, bakery: Bakery) -> None:
    browser = browse(bakery.owner)
    terms.keep_book(team_of(bakery, "owner"), currency="EUR", at=now())
    answer = browser.post(COSTS, spent(amount="١٢٫٥٠", note="Camera"), follow=True)
    assert "€12.50 Tools" in text_of(answer)
    assert "€12.50 went in" in text_of(month(browser))
    assert "Camera" in browser.get(f"{STUDIO}/money/files/costs.csv").content.decode()
    (cost,) = costs.costs(team_of(bakery, "owner"), first=last_month(), last=now().date())
    browser.post(f"{COSTS}/{cost.id}/forget")
    assert "Camera" not in text_of(browser.get(COSTS))
    assert browser.post(f"{COSTS}/{cost.id}/forget").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "-5"}, {"amount": "0"}, {"amount": "1e300"}, {"amount": "NaN"}, {"amount": "1,5"}, {"amount": ""},
        {"amount": "99999999999999999999"}, {"kind": "party"}, {"currency": "ABC"}, {"currency": ""}, {"from_day": "soon"},
        {"to_day": "1999-01-01"}, {"to_day": "8000-01-01"},
    ],
)  # fmt: skip
def test_costs_that_cannot_be_taken_are_said_and_change_nothing(
    browse: Any, bakery: Bakery, wrong: dict[str, str]
) -> None:
    answer = browse(bakery.owner).post(COSTS, spent(**wrong))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    owner = team_of(bakery, "owner")
    assert costs.costs(owner, first=now().date() - timedelta(days=9000), last=now().date()) == []


def test_rates_hold_from_their_day_and_can_be_taken_back(browse: Any, bakery: Bakery) -> None:
    browser = browse(bakery.owner)
    browser.post(f"{STUDIO}/money/book", {"currency": "EUR", "idle": "5"})
    browser.post(f"{STUDIO}/money/rates/margin", {"value": "60", "day": "2026-01-01"})
    browser.post(f"{STUDIO}/money/rates/hour", {"key": "editor", "value": "15", "day": "2026-01-01"})
    browser.post(f"{STUDIO}/money/rates/exchange", {"key": "USD", "value": "0.5", "day": "2026-01-01"})
    said = text_of(browser.get(COSTS))
    assert "of an order 60% is left to you" in said
    assert "Editor: €15.00 from January 1, 2026" in said
    assert "USD: 0.5 EUR from January 1, 2026" in said
    book = terms.terms(bakery.page.id)
    assert (book.currency, book.idle_seconds) == ("EUR", 300)
    browser.post(f"{STUDIO}/money/rates/forget", {"kind": "hour", "key": "editor", "day": "2026-01-01"})
    assert terms.terms(bakery.page.id).hour("editor", now().date()) is None


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        ("rates/margin", {"value": "101", "day": "2026-01-01"}), ("rates/margin", {"value": "-1", "day": "2026-01-01"}),
        ("rates/margin", {"value": "", "day": "2026-01-01"}), ("rates/margin", {"value": "50", "day": "today"}),
        ("rates/hour", {"key": "king", "value": "1", "day": "2026-01-01"}),
        ("rates/hour", {"key": "owner", "value": "1e12", "day": "2026-01-01"}),
        ("rates/exchange", {"key": "EUR", "value": "1", "day": "2026-01-01"}),
        ("rates/exchange", {"key": "USD", "value": "0", "day": "2026-01-01"}),
        ("book", {"currency": "XXX", "idle": "3"}), ("book", {"currency": "EUR", "idle": "999999999999999"}),
    ],
)  # fmt: skip
def test_rates_that_cannot_be_taken(browse: Any, bakery: Bakery, form: str, sent: dict[str, str]) -> None:
    owner = team_of(bakery, "owner")
    terms.keep_book(owner, currency="EUR", at=now())
    answer = browse(bakery.owner).post(f"{STUDIO}/money/{form}", sent)
    assert answer.status_code == 422
    assert not terms.terms(owner.page_id).rates


def test_an_analyst_reads_costs_and_writes_none(browse: Any, bakery: Bakery) -> None:
    browser = browse(bakery.analyst)
    page = browser.get(COSTS)
    assert page.status_code == 200
    assert "Write it down" not in text_of(page)
    for address in ("costs", "book", "rates/margin", "rates/forget", "costs/1/forget"):
        assert browser.post(f"{STUDIO}/money/{address}", spent()).status_code == 403


# attribution ------------------------------------------------------------------------------------------------


def test_the_models_stand_side_by_side_each_with_what_it_cannot_say(browse: Any, bakery: Bakery) -> None:
    month_that_paid(bakery)
    browser = browse(bakery.analyst)
    for by in ("channel", "post", "campaign", "nonsense"):
        page = browser.get(f"{STUDIO}/money/attribution?days=90&by={by}")
        assert page.status_code == 200
    said = text_of(browser.get(f"{STUDIO}/money/attribution?days=90"))
    assert "Of 2 orders in the last 90 days every model credits most to one: Home feed." in said
    assert "Home feed" + " 2.00" * 8 in said
    assert "Home feed 140.33" in said
    for words in ("First touch", "Markov", "Shapley", "It cannot say:", "fewer than thirty orders"):
        assert words in said
    for name in ("attribution", "attribution-worth"):
        for form in ("csv", "xlsx"):
            assert browser.get(f"{STUDIO}/money/files/{name}.{form}?days=90").status_code == 200


def test_attribution_of_nothing_says_so(browse: Any, bakery: Bakery) -> None:
    said = text_of(browse(bakery.owner).get(f"{STUDIO}/money/attribution"))
    assert "Not enough yet: no order in the last 28 days" in said
    order(team_of(bakery, "owner"), 1, "50")
    said = text_of(browse(bakery.owner).get(f"{STUDIO}/money/attribution?days=90"))
    assert "1 order in the last 90 days" in said or "left out" in said


# break-even -------------------------------------------------------------------------------------------------

#: METRICS: 700 a month, 20 posts, 1.5 %, 2 %, 12 an order, at 12 % reach
WORKED = {
    "cost": "700",
    "posts": "20",
    "reach": "12",
    "clicks": "1.5",
    "orders": "2",
    "margin": "12",
    "followers": "500",
}


def test_break_even_reads_what_a_hand_calculation_says(browse: Any, bakery: Bakery) -> None:
    terms.keep_book(team_of(bakery, "owner"), currency="EUR", at=now())
    said = text_of(browse(bakery.owner).get(f"{STUDIO}/money/break-even", WORKED))
    assert "81,019 followers pay for a month." in said
    assert "With those you have, a month loses €695.68." in said
    assert re.search(r"15 0\.01 -€699\.87", said)
    assert re.search(r"15,000 10\.8 -€570\.40", said)
    assert re.search(r"81,019 break-even 58\.33 €0\.00", said)


def test_break_even_begins_with_the_page_s_own_numbers(browse: Any, bakery: Bakery) -> None:
    owner = team_of(bakery, "owner")
    priced(owner)
    hours.write_down(owner, hours=Decimal(7), day=(now() - timedelta(days=3)).date(), at=now())
    page = browse(bakery.owner).get(f"{STUDIO}/money/break-even")
    # 7 hours at 15 in 28 days, told as a month of 30
    assert 'name="cost" value="112.5"' in page.content.decode()
    assert "Not enough yet. Still missing: Posts a month" in text_of(page)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cost": "-5"}, {"cost": "1e999"}, {"cost": "NaN"}, {"margin": "99999999999999999999"}, {"reach": "101"},
        {"posts": "many"}, {"followers": "1e11"}, {"clicks": "Infinity"},
    ],
)  # fmt: skip
def test_numbers_that_cannot_stand_there(browse: Any, bakery: Bakery, wrong: dict[str, str]) -> None:
    page = browse(bakery.owner).get(f"{STUDIO}/money/break-even", {**WORKED, **wrong})
    assert page.status_code == 200
    assert "This is no number that can stand here." in text_of(page)


@pytest.mark.parametrize(
    "extreme",
    [
        {"cost": "0"}, {"margin": "0"}, {"posts": "0"}, {"followers": "0"}, {"reach": "0.00000001"},
        {"cost": "999999999999", "margin": "999999999999", "posts": "1000", "reach": "100", "clicks": "100",
         "orders": "100", "followers": "9999999999"},
    ],
)  # fmt: skip
def test_extreme_numbers_have_an_answer(browse: Any, bakery: Bakery, extreme: dict[str, str]) -> None:
    page = browse(bakery.owner).get(f"{STUDIO}/money/break-even", {**WORKED, **extreme})
    assert page.status_code == 200
    assert "NaN" not in text_of(page)


# on the pages of entries and campaigns ----------------------------------------------------------------------


def test_a_campaign_says_what_of_its_hours_and_budget_is_used(browse: Any, bakery: Bakery) -> None:
    owner = team_of(bakery, "owner")
    priced(owner)
    first = last_month()
    planned = actions.Terms(
        name="Winter", goal="orders", starts_on=first, ends_on=now().date() + timedelta(days=9), budget=Decimal(40),
        currency="EUR", hours_planned=Decimal(4),
    )  # fmt: skip
    campaign = actions.make_campaign(team=owner, terms=planned, at=now())
    hours.write_down(owner, hours=Decimal(5), day=first, campaign_id=campaign, at=now())
    costs.spend(
        owner,
        kind="tools",
        amount=Decimal(10),
        currency="EUR",
        from_day=first,
        campaign_id=campaign,
        at=now(),
    )
    link = shopping.link(owner, campaign_id=campaign)
    order(owner, 1, "100", click=shopping.click(link, owner, at=scene.noon(14) - timedelta(hours=1)))
    address = f"{STUDIO}/campaigns/{campaign}"
    said = text_of(browse(bakery.analyst).get(address))
    assert "5 of 4 planned hours are worked. more than planned" in said
    assert "€10.00 of €40.00 are spent." in said
    assert "What is left -€25.00" in said  # 60 of margin, 75 of hours, 10 of tools
    assert "planned hours are worked" not in text_of(browse(bakery.editor).get(address))


def test_an_entry_says_what_it_took(browse: Any, bakery: Bakery) -> None:
    owner = team_of(bakery, "owner")
    priced(owner)
    entry = actions.make(team=owner, draft=actions.Draft(content=content("Bread")), at=now())
    browser = browse(bakery.owner)
    browser.post(f"{STUDIO}/money/hours", {"hours": "2", "day": f"{now():%Y-%m-%d}", "entry": f"{entry}"})
    browser.post(COSTS, spent(entry=f"{entry}", from_day=f"{now():%Y-%m-%d}"))
    said = text_of(browser.get(f"{STUDIO}/entries/{entry}"))
    assert "Full cost €42.50" in said
    assert "Full cost" not in text_of(browse(bakery.editor).get(f"{STUDIO}/entries/{entry}"))
    assert "For the entry" in text_of(browser.get(f"{COSTS}?entry={entry}"))
    assert browser.get(f"{COSTS}?entry=99").status_code == 404
