"""Promotion as people meet it: the label at home, why and who pays, the switch; and the team's pages."""

from __future__ import annotations

import html as html_of
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from cast import MOMENT, Bakery, Member, bakery, charlie, follows
from majlis.brands.roles import Permission
from majlis.core.clock import now
from majlis.insights.kinds import FEWEST_SHOWN
from majlis.people import queries as profiles
from majlis.studio import actions as plan_actions
from majlis.studio.actions import Terms
from majlis.studio.models import Account, Promotion, PromotionOffer
from majlis.studio.promotion import account
from promoting import door, fill, friend_with_posts, neighbours, promote, publish

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def house(operator: Member) -> Bakery:
    made = bakery()
    neighbours(12)
    fill(made.page.id, by=operator.user_id)
    return made


@pytest.fixture
def reader(alice: Member) -> Member:
    follows(alice, friend_with_posts(20))
    return alice


def _always(**other: Any) -> dict[str, Any]:
    """Running now, whatever the clock says: pages ask the real one."""
    return {"starts_at": MOMENT, "ends_at": now() + timedelta(days=30), **other}


def _text(response: Any) -> str:
    return html_of.unescape(response.content.decode())


@pytest.mark.parametrize(("language", "label"), [("en", "Promoted"), ("ar", None)])
def test_at_home_it_is_labelled_and_names_who_pays(
    browse: Any, house: Bakery, reader: Member, language: str, label: str | None
) -> None:
    id_ = promote(house, publish(house.page.id, "Warm bread from six"), **_always())
    page = browse(reader, language).get("/home")
    items = page.context["items"]
    assert [number for number, item in enumerate(items) if item.promoted] == [5]
    assert "بيت زيتون" in items[5].promoted.payer
    assert "Warm bread" in _text(page)
    assert f"/home/promoted/{id_}" in _text(page)
    assert label is None or label in _text(page)


def test_the_organic_items_are_the_same_with_and_without(browse: Any, house: Bakery, reader: Member) -> None:
    browser = browse(reader)
    before = [item.id for item in browser.get("/home").context["items"]]
    promote(house, **_always())
    page = browser.get("/home")
    assert [item.id for item in page.context["items"] if not item.promoted] == before
    older = browser.get(page.context["older_url"] or "/home?max_id=1")
    assert older.status_code == 200


def test_apps_get_none(house: Bakery, reader: Member, client: Any) -> None:
    """They cannot show the label."""
    from majlis.accounts import tokens

    post = promote(house, **_always()) and Promotion.objects.get().post_id
    token = tokens.issue_token(
        user_id=reader.user_id, profile_id=reader.id, application="app", scopes="read", at=now()
    )
    answer = client.get("/api/v1/timelines/home?limit=40", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert str(post) not in [status["id"] for status in answer.json()]
    assert not PromotionOffer.objects.exists()


def test_new_posts_that_come_in_bring_none_along(browse: Any, house: Bakery, reader: Member) -> None:
    promote(house, **_always())
    html = browse(reader).get("/home/since?min_id=1", headers=HTMX).content.decode()
    assert "/home/promoted/" not in html


def test_the_label_stays_when_she_reacts_and_cannot_be_put_on_another_post(
    browse: Any, house: Bakery, reader: Member
) -> None:
    id_ = promote(house, **_always())
    browser = browse(reader)
    browser.get("/home")
    post = Promotion.objects.get().post_id
    form = {"kind": "like", "promotion": str(id_)}
    assert f"/home/promoted/{id_}" in _text(browser.post(f"/posts/{post}/react", form, headers=HTMX))
    other = publish(house.page.id, "not promoted")
    assert "/home/promoted/" not in _text(browser.post(f"/posts/{other}/react", form, headers=HTMX))
    stranger = browse(charlie())
    assert "/home/promoted/" not in _text(stranger.post(f"/posts/{post}/react", form, headers=HTMX))


def test_she_is_told_who_pays_and_for_whom_and_can_switch_it_off(
    browse: Any, house: Bakery, reader: Member
) -> None:
    id_ = promote(house, **_always())
    browser = browse(reader)
    browser.get("/home")
    page = _text(browser.get(f"/home/promoted/{id_}"))
    assert "pays for this post to be shown" in page
    assert "It is meant for everybody of this house." in page
    assert browser.post("/settings/promotions", {"promotions": "no"}).status_code == 303
    assert not [item for item in browser.get("/home").context["items"] if item.promoted]
    assert "You are shown nothing promoted." in _text(browser.get("/settings/promotions"))
    browser.post("/settings/promotions", {"promotions": "yes"})
    assert [item for item in browser.get("/home").context["items"] if item.promoted]


def test_saving_other_preferences_leaves_the_switch_alone(browse: Any, reader: Member) -> None:
    browser = browse(reader)
    browser.post("/settings/promotions", {"promotions": "no"})
    form = {
        "interface": "en", "theme": "auto", "time_zone": "", "audience": "public", "language": "",
        "may_reply": "everyone", "may_quote": "everyone",
    }  # fmt: skip
    assert browser.post("/settings/preferences", form).status_code == 303
    viewer = profiles.viewer_of(user_id=reader.user_id, chosen=reader.id)
    assert viewer is not None
    assert not viewer.preferences.promotions


def test_whoever_was_not_shown_it_finds_no_such_promotion(browse: Any, house: Bakery, reader: Member) -> None:
    id_ = promote(house, **_always())
    browser = browse(charlie())
    nothing = browser.get("/home/promoted/5")
    assert nothing.status_code == browser.get(f"/home/promoted/{id_}").status_code == 404
    assert browse().get(f"/home/promoted/{id_}").status_code == 302


# the team ---------------------------------------------------------------------------------------------


def _pages(house: Bakery, promotion: int) -> list[str]:
    base = f"/studio/{house.page.handle}/promotion"
    return [base, f"{base}/new", f"{base}/account", f"{base}/what-if", f"{base}/{promotion}"]


def _deeds(house: Bakery, promotion: int) -> list[str]:
    base = f"/studio/{house.page.handle}/promotion"
    return [f"{base}/new", *(f"{base}/{promotion}/{act}" for act in ("pause", "resume", "stop"))]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_of_it_opens(browse: Any, house: Bakery, language: str) -> None:
    id_ = promote(house, **_always())
    browser = browse(house.advertiser, language)
    for address in _pages(house, id_):
        page = browser.get(address)
        assert page.status_code == 200, address
        assert f'lang="{language}"' in page.content.decode()[:200]


def test_to_charlie_there_is_nothing_of_it_and_nothing_changes(browse: Any, house: Bakery) -> None:
    id_ = promote(house, **_always())
    browser = browse(charlie())
    nothing = browser.get("/studio/nobody_at_all/promotion")
    assert nothing.status_code == 404
    for address in _pages(house, id_):
        assert browser.get(address).status_code == 404, address
    for address in _deeds(house, id_):
        assert browser.post(address, _form(house)).status_code == 404, address
    found = Promotion.objects.get()
    assert (found.paused_at, found.ended_at) == (None, None)


def test_who_measures_reads_and_does_not_spend(browse: Any, house: Bakery) -> None:
    id_ = promote(house, **_always())
    reading = browse(house.analyst)
    base = f"/studio/{house.page.handle}/promotion"
    assert reading.get(base).status_code == 200
    assert reading.get(f"{base}/{id_}").status_code == 200
    assert f"{base}/new" not in _text(reading.get(base))
    for address in _deeds(house, id_):
        assert reading.post(address, _form(house)).status_code == 403, address
    for who in (house.support,):
        assert browse(who).get(base).status_code == 403
    assert Promotion.objects.get().paused_at is None


def _form(house: Bakery, **other: str) -> dict[str, Any]:
    post = publish(house.page.id, "Cake of the day")
    return {
        "post": str(post), "who": "not_followers", "tags": "", "budget": "20", "bid": "٠٫٠٥", "cap": "3",
        "starts_at": "2026-11-02T08:00", "ends_at": f"{now() + timedelta(days=30):%Y-%m-%dT%H:%M}",
        "time_zone": "Africa/Cairo", "do": "start", **other,
    }  # fmt: skip


def test_making_one_says_the_number_first_and_takes_arabic_digits(browse: Any, house: Bakery) -> None:
    browser = browse(house.advertiser)
    address = f"/studio/{house.page.handle}/promotion/new"
    assert "There is nothing to promote yet" in _text(browser.get(address))
    publish(house.page.id)
    assert "About 13 people of this house can see it." in _text(browser.get(address))
    counted = browser.post(address, _form(house, do="count", who="followers"))
    assert "Fewer than ten people" in _text(counted)
    part = browser.post(address, _form(house, do="count"), headers=HTMX)
    assert "<html" not in _text(part)
    assert "About 13 people" in _text(part)
    assert not Promotion.objects.exists()
    done = browser.post(address, _form(house))
    made = Promotion.objects.get()
    assert done["Location"] == f"/studio/{house.page.handle}/promotion/{made.id}"
    assert (made.bid, made.budget, made.starts_at.hour) == (Decimal("0.05"), 20, 6)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("budget", {"budget": "1,5"}),
        ("bid", {"bid": "0"}),
        ("ends_at", {"ends_at": "yesterday"}),
        ("ends_at", {"ends_at": "2026-11-02T07:00"}),
        ("tags", {"tags": " ".join(f"t{n}" for n in range(11))}),
        ("post", {"post": "1"}),
        ("who", {"who": "followers"}),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_kept(
    browse: Any, house: Bakery, field: str, change: dict[str, str]
) -> None:
    page = browse(house.advertiser).post(f"/studio/{house.page.handle}/promotion/new", _form(house, **change))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert 'value="20"' in _text(page) or field == "budget"
    assert not Promotion.objects.exists()


def test_a_campaign_lists_its_promotions_and_the_form_offers_it(browse: Any, house: Bakery) -> None:
    terms = Terms(name="Lanterns", goal="reach", starts_on=now().date(), ends_on=now().date())
    team = door(house, house.editor, Permission.WRITE)
    campaign = plan_actions.make_campaign(team=team, terms=terms, at=now())
    closed = plan_actions.make_campaign(team=team, terms=replace(terms, name="Over"), at=now())
    plan_actions.close_campaign(team=team, campaign_id=closed, at=now())
    base, browser = f"/studio/{house.page.handle}", browse(house.advertiser)
    listing = f"{base}/campaigns/{campaign}"
    assert "Nothing is promoted in it yet" in _text(browser.get(listing))
    publish(house.page.id)
    form = _text(browser.get(f"{base}/promotion/new?campaign={campaign}"))
    assert f'<option value="{campaign}" selected>Lanterns</option>' in form
    assert "Over" not in form
    refused = browser.post(f"{base}/promotion/new", _form(house, campaign="99"))
    assert refused.status_code == 422
    assert "campaign" in refused.context["form"].errors
    made = browser.post(f"{base}/promotion/new", _form(house, campaign=str(campaign)))
    assert Promotion.objects.get().campaign_id == campaign
    assert f'href="{listing}"' in _text(browser.get(made["Location"]))
    page = _text(browser.get(listing))
    assert "Cake of the day" in page
    assert f'href="{made["Location"]}"' in page
    assert made["Location"] not in _text(browse(house.support).get(listing)), "who may not measure"
    assert browse(charlie()).get(listing).status_code == 404


def test_money_is_shown_as_money_and_exactly_on_demand(browse: Any, house: Bakery) -> None:
    promotion = promote(house, **_always())
    Promotion.objects.filter(pk=promotion).update(spent=Decimal("8.0788"))
    Account.objects.update(balance=Decimal("91.9212"))
    browser, base = browse(house.analyst), f"/studio/{house.page.handle}/promotion"
    for address, shown, exact in ((base, "$91.92", "$91.9212"), (f"{base}/{promotion}", "$1.92", "$1.9212")):
        page = _text(browser.get(address))
        above, _mark, below = page.partition("To the last decimal")
        assert shown in above
        assert exact not in above
        assert exact in below
    Account.objects.update(balance=Decimal(92))
    assert "To the last decimal" not in _text(browser.get(base))


def test_pausing_going_on_and_stopping(browse: Any, house: Bakery) -> None:
    id_ = promote(house, **_always())
    browser, base = browse(house.advertiser), f"/studio/{house.page.handle}/promotion/{id_}"
    assert browser.post(f"{base}/pause").status_code == 303
    assert "Paused by" in _text(browser.get(base))
    browser.post(f"{base}/resume")
    assert "Paused by" not in _text(browser.get(base))
    browser.post(f"{base}/stop")
    assert "Stopped by" in _text(browser.get(base))
    assert browser.post(f"{base}/resume").status_code == 409


def test_people_under_ten_are_not_told(browse: Any, house: Bakery, reader: Member) -> None:
    id_ = promote(house, **_always())
    page = _text(browse(house.analyst).get(f"/studio/{house.page.handle}/promotion/{id_}"))
    assert FEWEST_SHOWN == 10
    assert "fewer than ten" in page


def test_the_list_costs_the_same_for_one_and_for_many(browse: Any, house: Bakery) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, address = browse(house.analyst), f"/studio/{house.page.handle}/promotion"
    promote(house, publish(house.page.id), **_always())
    browser.get(address)
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            browser.get(address)
        counts.append(len(asked))
        for number in range(5):
            promote(house, publish(house.page.id, f"n {number}"), **_always())
    assert counts[0] == counts[1] <= 13


# what if ----------------------------------------------------------------------------------------------

WORKED = {
    "followers": "15000", "posts": "20", "reach": "4", "clicks": "1.5", "orders": "2", "margin": "12",
    "cost": "700", "throttle": "12",
}  # fmt: skip


def _what_if(browse: Any, house: Bakery, **given: str) -> str:
    return _text(browse(house.analyst).get(f"/studio/{house.page.handle}/promotion/what-if", given))


def test_the_worked_numbers_stand_on_the_page(browse: Any, house: Bakery) -> None:
    page = _what_if(browse, house, **WORKED)
    assert "At 12% you need 81,019 followers for a month to pay for itself." in page
    assert "243,056" in page
    assert "570.40" in page
    assert "699.87" in _what_if(browse, house, **{**WORKED, "followers": "15"})
    assert "16,204" in _what_if(browse, house, **{**WORKED, "throttle": "60"})


def test_without_numbers_it_says_not_enough_yet_and_never_nan(browse: Any, house: Bakery) -> None:
    page = _what_if(browse, house)
    assert "Not enough yet" in page
    for broken in (
        {**WORKED, "margin": "0"},
        {**WORKED, "posts": "NaN"},
        {**WORKED, "cost": "1e999"},
        {"throttle": "0"},
    ):
        page = _what_if(browse, house, **broken)
        assert ">nan" not in page.lower()
        assert "inf<" not in page.lower()
    assert "no number of followers" in _what_if(browse, house, **{**WORKED, "margin": "0"})
    most = {
        "followers": "1e10",
        "posts": "1000",
        "margin": "1e12",
        "cost": "1e12",
        "clicks": "100",
        "orders": "100",
    }
    assert "pay for itself" in _what_if(browse, house, **{**WORKED, **most, "reach": "100"})
    assert "Not enough yet" in _what_if(browse, house, **{**WORKED, **most, "posts": "1001"})


def test_numbers_may_be_typed_in_arabic_digits(browse: Any, house: Bakery) -> None:
    assert "81,019" in _what_if(browse, house, **{**WORKED, "posts": "٢٠", "clicks": "١٫٥"})


def test_the_account_page_tells_top_ups_with_their_note(browse: Any, house: Bakery) -> None:
    page = _text(browse(house.analyst).get(f"/studio/{house.page.handle}/promotion/account"))
    assert "invoice 7" in page
    assert account.balance(page_id=house.page.id) == 100
