"""A business as visitors see it: facts, hours, offers, reviews, what robots and apps are told."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from api_client import App
from rooms import signed_in

import cast as people
from cast import MOMENT, Bakery, Member, later
from majlis.brands import actions, hours, queries
from majlis.brands.access import OnTeam, team_door
from majlis.brands.hours import Date, OpeningHours, Period
from majlis.brands.models import Verification
from majlis.brands.roles import Permission
from majlis.brands.views import Button
from majlis.core.errors import BadInput, NotAllowed, NotThere
from majlis.safety import queries as safety
from majlis.web import shops

pytestmark = pytest.mark.django_db
PATH = "/@bayt_zaytoun"


def owner(bakery: Bakery) -> OnTeam:
    return team_door(page_id=bakery.page.id, by=bakery.owner.id, needs=Permission.DESCRIBE)


@pytest.fixture
def bakery() -> Bakery:
    """The bakery with everything it can say of itself."""
    made = people.bakery()
    team = owner(made)
    actions.describe(
        team,
        category="bakery",
        address="Olive Street 4\nDamascus",
        buttons=[
            Button("call", "+963 11 123 4567"),
            Button("mail", "bread@example.org"),
            Button("message", ""),
            Button("directions", ""),
            Button("website", "example.org"),
            Button("order", "https://example.org/order?x=1&y=2"),
        ],
        at=MOMENT,
    )
    week = ((Period(480, 780), Period(960, 1320)),) * 6 + ((),)
    feast = Date(datetime.now(UTC).date() + timedelta(days=3), (), "Feast")
    actions.set_hours(team, OpeningHours(week, (feast,), "Asia/Damascus"), at=MOMENT)
    bread = actions.change_offering(
        team,
        kind="product",
        name="Manakish",
        price=Decimal("12.5"),
        currency="EUR",
        url="https://example.org/m",
        at=MOMENT,
    )
    actions.change_offering(team, kind="service", name="Catering", at=MOMENT)
    actions.change_offering(team, kind="offer", name="Over", ends_at=MOMENT, at=MOMENT)
    actions.pin_offering(team, offering_id=bread, at=MOMENT)
    proof = actions.claim_domain(
        team_door(page_id=made.page.id, by=made.owner.id, needs=Permission.CONNECT),
        domain="example.org",
        method="dns",
        at=MOMENT,
    )
    Verification.objects.filter(pk=proof).update(verified_at=MOMENT, checked_at=later(days=7))
    return made


def write(bakery: Bakery, who: Member, stars: int = 5, text: str = "Warm bread.") -> int:
    return actions.write_review(
        page=bakery.page.seen, by=who.id, stars=stars, recommends=True, text=text, at=MOMENT
    )


# the page ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_visitor_finds_the_business(browse: Any, bakery: Bakery, language: str) -> None:
    html = browse(language=language).get(PATH).content.decode()
    for found in (
        'href="tel:+963111234567"', 'href="mailto:bread@example.org"', 'href="/compose?mention=bayt_zaytoun"',
        'href="https://www.openstreetmap.org/search?query=Olive%20Street%204%20Damascus"',
        'href="https://example.org/order?x=1&amp;y=2"', "Manakish", "example.org", f'href="{PATH}/reviews"',
    ):  # fmt: skip
        assert found in html, found
    assert ("€12.50" if language == "en" else "12.50") in html
    assert {"en": "Bakery", "ar": "مخبز"}[language] in html or language == "ar"


def test_offers_stand_on_a_tab_without_what_is_over(browse: Any, bakery: Bakery) -> None:
    html = browse().get(f"{PATH}/offers").content.decode()
    assert "Manakish" in html
    assert "Catering" in html
    assert "Over</h2>" not in html


@pytest.mark.parametrize("part", ["offers", "reviews"])
def test_a_person_has_no_such_tabs(browse: Any, part: str) -> None:
    people.alice()
    assert browse().get(f"/@alice/{part}").status_code == 404
    assert "/reviews" not in browse().get("/@alice").content.decode()


def test_robots_are_told_what_visitors_see(browse: Any, bakery: Bakery) -> None:
    write(bakery, people.dana(), 4)
    html = browse().get(PATH).content.decode()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    told = json.loads(text)["mainEntity"]
    assert told["@type"] == "Bakery"
    assert told["aggregateRating"]["ratingValue"] == 4
    assert told["aggregateRating"]["reviewCount"] == 1
    monday = [
        each for each in told["openingHoursSpecification"] if each.get("dayOfWeek", "").endswith("Monday")
    ]
    assert [(each["opens"], each["closes"]) for each in monday] == [("08:00", "13:00"), ("16:00", "22:00")]
    (feast,) = [each for each in told["openingHoursSpecification"] if "validFrom" in each]
    assert (feast["opens"], feast["closes"]) == ("00:00", "00:00")
    offer = told["makesOffer"][0]
    assert (offer["itemOffered"]["name"], offer["price"], offer["priceCurrency"]) == (
        "Manakish",
        "12.500",
        "EUR",
    )
    assert told["telephone"] == "+963 11 123 4567"


def test_an_app_is_told_too_where_it_asks_for_one_account(bakery: Bakery) -> None:
    write(bakery, people.dana(), 4)
    found = App(None).get(f"/api/v1/accounts/{bakery.page.id}").json()["majlis_page"]
    assert (found["category"], found["rating"], found["reviews_count"]) == ("bakery", 4, 1)
    assert (found["verified_domain"], found["offer"]["price"]) == ("example.org", "12.500")
    assert isinstance(found["is_open"], bool)
    assert bool(found["open_until"]) == found["is_open"]
    assert App(None).get("/api/v1/accounts/lookup", acct="bayt_zaytoun").json()["majlis_page"] == found
    assert "majlis_page" not in App(None).get(f"/api/v1/accounts/{people.alice().id}").json()


def test_the_first_page_of_a_business_asks_the_same_for_any_number_of_reviews(
    browse: Any, bakery: Bakery
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for part in ("", "/reviews"):
        for round_ in range(2):
            for number in range(5):
                write(bakery, people.member(f"m{part.strip('/')}{round_}{number}"))
            with CaptureQueriesContext(connection) as asked:
                assert browse().get(PATH + part).status_code == 200
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 10
    assert counts[2] == counts[3] <= 9


# open now ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (datetime(2026, 6, 1, 6, 0, tzinfo=UTC), "Open now until 1:00\u202fPM."),  # Monday, 9 in Damascus
        (datetime(2026, 6, 1, 10, 30, tzinfo=UTC), "Closed now, opens at 4:00\u202fPM."),
        (datetime(2026, 6, 1, 20, 0, tzinfo=UTC), "Closed now, opens tomorrow at 8:00\u202fAM."),
        (datetime(2026, 6, 6, 20, 0, tzinfo=UTC), "Closed now, opens on Monday at 8:00\u202fAM."),
    ],
)
def test_open_or_not_is_said_as_a_sentence(at: datetime, sentence: str) -> None:
    week = ((Period(480, 780), Period(960, 1320)),) * 6 + ((),)
    assert shops.opening_sentence(OpeningHours(week, (), "Asia/Damascus"), at=at) == sentence


def test_what_never_changes_is_said_so() -> None:
    always = OpeningHours(((Period(0, hours.DAY),),) * 7)
    closed = OpeningHours(((),) * 7, (Date(datetime(2030, 1, 1, tzinfo=UTC).date(), (Period(1, 2),)),))
    assert shops.opening_sentence(always, at=MOMENT) == "Open around the clock."
    assert shops.opening_sentence(closed, at=MOMENT) == "Closed for now."
    assert shops.opening_sentence(OpeningHours(), at=MOMENT) == ""
    assert shops.periods_in_words(()) == "closed"


# reviews ----------------------------------------------------------------------------------------------------


def test_a_member_writes_changes_and_takes_back_her_review(browse: Any, bakery: Bakery) -> None:
    browser = browse(people.dana())
    address = f"{PATH}/reviews"
    assert browser.post(address, {"stars": "9"}).status_code == 422
    assert browser.post(address, {"stars": "4", "recommends": "yes", "text": "Warm."}).status_code == 303
    assert browser.post(address, {"stars": "2", "recommends": "no", "text": "Cold."}).status_code == 303
    html = browse().get(address).content.decode()
    assert "Cold." in html
    assert "Warm." not in html
    assert "2 of 5, from 1 review." in html
    assert browser.post(f"{address}/remove").status_code == 303
    assert "Cold." not in browser.get(address).content.decode()


def test_guests_are_led_to_the_door_and_the_team_is_refused(browse: Any, bakery: Bakery) -> None:
    address = f"{PATH}/reviews"
    assert browse().post(address, {"stars": "5"})["Location"].startswith("/accounts/login/")
    page = browse(bakery.editor)
    assert page.post(address, {"stars": "5"}).status_code == 403
    assert "Write a review" not in page.get(address).content.decode()


def test_the_team_answers_below_the_review(browse: Any, bakery: Bakery) -> None:
    review = write(bakery, people.dana(), 2)
    browser = browse(bakery.support)
    assert "1 review waits for an answer." in browser.get("/studio/bayt_zaytoun").content.decode()
    answered = browser.post(f"/studio/bayt_zaytoun/reviews/{review}/answer", {"text": "We are sorry."})
    assert answered.status_code == 303
    html = browse().get(f"{PATH}/reviews").content.decode()
    assert "We are sorry." in html
    assert "سلمى" not in html  # who of the team wrote it is the team's to know
    assert "سلمى" in browser.get("/studio/bayt_zaytoun/reviews").content.decode()
    dana = browse(people.member("eve"))
    assert dana.get("/studio/bayt_zaytoun/reviews").status_code == 404


def test_a_review_is_reported_and_taken_down_in_the_back_office(browse: Any, bakery: Bakery) -> None:
    dana, omar = people.dana(), people.operator()
    review = write(bakery, dana, 1, "A lie about bread.")
    reporter = browse(bakery.owner)
    assert "what" in reporter.get(f"/reviews/{review}/report").content.decode()
    sent = reporter.post(f"/reviews/{review}/report", {"reason": "spam", "comment": "A lie."})
    assert sent["Location"] == f"{PATH}/reviews"
    (report,) = safety.reports(state="open", operator=omar.user_id, page=_page()).items
    office = signed_in(omar)
    page = office.get(f"/backoffice/reports/{report.id}").content.decode()
    assert "A lie about bread." in page
    decided = {"kind": "take_down", "thing": f"review:{review}", "text": "No lies."}
    assert office.post(f"/backoffice/reports/{report.id}/decide", decided).status_code in (302, 303)
    assert queries.rating(page_id=bakery.page.id).count == 0
    assert "A lie about bread." not in browse().get(f"{PATH}/reviews").content.decode()
    assert "took your review down" in browse(dana).get(f"{PATH}/reviews").content.decode()


def _page() -> Any:
    from majlis.core.paging import Page

    return Page()


@pytest.mark.parametrize("review", ["1", "99999"])
def test_a_review_that_is_not_there_cannot_be_reported(browse: Any, bakery: Bakery, review: str) -> None:
    assert browse(bakery.owner).get(f"/reviews/{review}/report").status_code == 404


# describing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "button",
    [
        Button("call", "javascript:alert(1)"), Button("call", "12"), Button("mail", "a@b"), Button("mail", "a@b.c?cc=x@y.z"),
        Button("website", "javascript:alert(1)"), Button("order", ""), Button("fax", "1234567"),
    ],
)  # fmt: skip
def test_a_button_that_cannot_work_is_refused(button: Button) -> None:
    made = people.bakery()
    with pytest.raises(BadInput):
        actions.describe(owner(made), buttons=[button], at=MOMENT)


def test_offerings_are_the_pages_own(bakery: Bakery) -> None:
    other = people.alice()
    from majlis.people import actions as people_actions

    shop = people_actions.create_profile(user_id=other.user_id, handle="shop", kind="business", at=MOMENT)
    theirs = team_door(page_id=shop, by=shop, needs=Permission.DESCRIBE)
    mine = queries.offerings(page_id=bakery.page.id)[0].id
    for refused in (
        lambda: actions.remove_offering(theirs, offering_id=mine, at=MOMENT),
        lambda: actions.pin_offering(theirs, offering_id=mine, at=MOMENT),
        lambda: actions.move_offering(theirs, offering_id=mine, up=True, at=MOMENT),
        lambda: actions.change_offering(theirs, offering_id=mine, kind="product", name="x", at=MOMENT),
    ):
        with pytest.raises(NotThere):
            refused()
    support = team_door(page_id=bakery.page.id, by=bakery.support.id, needs=Permission.READ)
    with pytest.raises(NotAllowed):
        actions.remove_offering(support, offering_id=mine, at=MOMENT)


def test_the_studio_describes_the_page(browse: Any) -> None:
    made = people.bakery()
    browser = browse(made.editor)
    home = "/studio/bayt_zaytoun/page"
    about = {
        "display_name": "Bayt Zaytoun",
        "category": "bakery",
        "address": "Here",
        "call": "+963111234567",
        "message": "on",
    }
    assert browser.post(f"{home}/about", about)["Location"] == PATH
    assert browser.post(f"{home}/about", {**about, "call": "x"}).status_code == 422
    assert (
        browser.post(f"{home}/hours", {"mon": "8-13, 16-22", "time_zone": "Asia/Damascus"}).status_code == 303
    )
    wrong = browser.post(f"{home}/hours", {"mon": "noon", "time_zone": "Asia/Damascus"})
    assert wrong.status_code == 422
    assert 'value="noon"' in wrong.content.decode()
    holiday = {
        "day": "2026-12-25",
        "day_name": "عيد",
        "day_hours": "",
        "time_zone": "Asia/Damascus",
        "mon": "8-13",
    }
    assert browser.post(f"{home}/hours", holiday).status_code == 303
    offered = {"kind": "product", "name": "خبز", "price": "١٢٫٥", "currency": "syp"}
    assert browser.post(f"{home}/offers/new", offered).status_code == 303
    assert browser.post(f"{home}/offers/new", {**offered, "price": "much"}).status_code == 422
    page, (bread,) = queries.page(page_id=made.page.id), queries.offerings(page_id=made.page.id)
    assert page is not None
    assert (page.category, page.hours.time_zone, page.hours.dates[0].name) == (
        "bakery",
        "Asia/Damascus",
        "عيد",
    )
    assert (bread.price, bread.currency) == (Decimal("12.5"), "SYP")
    assert browser.get(f"{home}/offers/{bread.id}").status_code == 200
    assert browser.post(f"{home}/offers/{bread.id}/pin").status_code == 303
    assert "خبز" in browse().get(PATH).content.decode()
    assert browser.get(f"{home}/domains").status_code == 403
    assert (
        browse(made.owner).post(f"{home}/domains", {"domain": "example.org", "method": "dns"}).status_code
        == 303
    )
    assert "majlis-verification=" in browse(made.owner).get(f"{home}/domains").content.decode()
