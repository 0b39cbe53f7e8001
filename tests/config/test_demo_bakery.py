"""The bakery of ``majlis demo``: whatever its studio says of thirteen weeks is what the facts say.

The oracles are those of the property tests: facts added up plainly, and ledgers that sum to the followers.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.test import Client
from msgspec.structs import replace
from pytest_django import DjangoDbBlocker
from rich.console import Console

from majlis.brands import queries as brands
from majlis.brands.access import team_door
from majlis.brands.models import Deed, Verification
from majlis.brands.roles import Permission
from majlis.config import demo
from majlis.config.demo_data import people
from majlis.core.errors import Conflict
from majlis.insights.kinds import Kind, Source, State
from majlis.insights.ledger import exact
from majlis.insights.models import Fact, Following, MeasuredPost
from majlis.insights.recording import NewFact
from majlis.insights.windows import Window
from majlis.people.models import Profile
from majlis.studio.customers import addressing, praise
from majlis.studio.models import Account, BalanceEntry, Entry, Order, Promotion, Slot, TrackedLink, Work
from majlis.studio.money import journeys, results

sys.path.insert(0, str(Path(__file__).parents[1] / "insights"))
import plain_facts

AT = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
BEGIN = AT - timedelta(weeks=13)
TEAM = {"nadia": "owner", "elias": "editor", "salma": "support", "yara": "analyst", "karim": "advertiser"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[demo.Filled]:
    """The example, once for all tests here, with fewer strangers and pictures: the bakery has its five hundred."""
    own = replace(settings.MAJLIS, data_dir=tmp_path_factory.mktemp("data"))
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(settings, "MAJLIS", own)
        patch.setattr(people, "CROWD", 2_400)
        for name, few in (("PHOTOS", 6), ("AVATARS", 4)):
            patch.setattr(demo, name, few)
        yield demo.fill(seed=1, at=AT, out=Console(file=StringIO()))
        transaction.set_rollback(True)


@pytest.fixture
def page(made: demo.Filled) -> int:
    return int(Profile.objects.get(handle="bayt_zaytoun").pk)


def browser(handle: str, language: str) -> Client:
    who = Profile.objects.get(handle=handle)
    assert who.user is not None
    client = Client(headers={"accept-language": language})
    client.cookies["majlis_language"] = language
    client.force_login(who.user)
    session = client.session
    session["profile_id"] = who.pk
    session.save()
    return client


# facts --------------------------------------------------------------------------------------------------------


def test_everything_that_is_counted_equals_the_facts(page: int) -> None:
    facts = {
        (f.post_id, f.viewer, f.kind, f.nonce): NewFact(
            page_id=f.page_id, post_id=f.post_id, profile_id=f.viewer, kind=Kind(f.kind), source=Source(f.source),
            paid=f.paid, nonce=f.nonce, at=f.at,
        )
        for f in Fact.objects.all()
    }  # fmt: skip
    hours, met, last, keys = plain_facts.stored()
    assert len(facts) > 15_000
    assert keys == set(facts)
    assert hours == plain_facts.rollups(facts)
    assert last == plain_facts.lasts(facts)
    assert plain_facts.firsts_agree()
    told = plain_facts.encounters(facts)
    assert {pair: met[pair] for pair in told} == told
    others = {row[0] for pair, row in met.items() if pair not in told}
    assert others == {
        State.MUTED, State.FILTERED, State.LANGUAGE, State.BOOSTS_HIDDEN, State.NOT_SO_FAR,
    }  # fmt: skip


def test_every_ledger_sums_to_the_followers_frozen_with_it(page: int) -> None:
    total: Counter[State] = Counter()
    shown_apart = set()
    for post in MeasuredPost.objects.filter(page_id=page):
        found = exact(post_id=post.pk)
        assert min(found.states.values()) >= 0
        assert sum(found.states.values()) == found.eligible == post.eligible
        if post.chosen is None:
            then = Following.objects.filter(page_id=page, since__lte=post.appeared_at)
            assert found.eligible == then.exclude(until__lte=post.appeared_at).count()
        total.update(found.states)
        shown_apart |= {state for state, count in found.states.items() if count >= 10}
    nobody = {State.HELD_OUT, State.BELOW_THE_FOLD, State.DELIVERY_FAILED}
    assert {state for state, count in total.items() if count} == set(State) - nobody
    assert shown_apart == set(State) - nobody, "each is in some post more than a group of ten"


def test_five_hundred_came_and_some_went(page: int) -> None:
    rows = Following.objects.filter(page_id=page)
    now, then = (
        rows.filter(until=None).count(),
        rows.filter(since__lte=BEGIN).exclude(until__lte=BEGIN).count(),
    )
    lost = rows.exclude(until=None).count()
    assert now == 500
    assert then < 400
    assert 20 < lost < 60
    assert rows.filter(outside=True).count() == 24
    arrived = Fact.objects.filter(kind=Kind.FOLLOW, page_id=page, post_id=0).count()
    assert 100 < arrived <= rows.filter(since__gt=BEGIN).count()
    hours = Counter(at.hour for at in Fact.objects.filter(kind=Kind.SERVED).values_list("at", flat=True))
    assert len(hours) == 24
    assert hours[20] > 2 * hours[2]


def test_orders_come_by_click_by_word_and_by_nobody(page: int) -> None:
    orders = list(Order.objects.filter(page_id=page, placed=True))
    assert 100 <= len(orders) <= 200
    by_click = [order for order in orders if order.click_id]
    assert len(by_click) >= 40
    assert sum(order.promo_code_id is not None for order in orders) >= 15
    assert sum(order.click_id is None and order.promo_code_id is None for order in orders) >= 20
    assert any(order.cancelled_at for order in orders)
    own = set(MeasuredPost.objects.filter(page_id=page).values_list("post_id", flat=True))
    for order in by_click:
        assert order.click is not None
        assert order.click.post_id in own
        assert order.click.made_at <= order.ordered_at <= AT
    links = TrackedLink.objects.filter(page_id=page)
    assert links.count() >= 25
    assert set(links.values_list("post_id", flat=True)) <= own
    assert Fact.objects.filter(kind=Kind.CONVERSION).count() == len(orders)


def test_the_account_is_the_sum_of_its_lines(page: int) -> None:
    lines = BalanceEntry.objects.filter(page_id=page)
    assert Account.objects.get(page_id=page).balance == lines.aggregate(sum=Sum("amount"))["sum"]
    promotions = list(Promotion.objects.filter(page_id=page).order_by("starts_at"))
    assert [each.ends_at > AT for each in promotions] == [False, True]
    for each in promotions:
        charged = lines.filter(promotion=each).aggregate(sum=Sum("amount"))["sum"]
        assert 0 < each.spent == -charged < each.budget
        assert exact(post_id=each.post_id).strangers.paid >= 10


# team, page, plan ---------------------------------------------------------------------------------------------


def test_the_team_has_logins_and_what_it_did_is_in_the_book(made: demo.Filled, page: int) -> None:
    for handle, role in TEAM.items():
        who = Profile.objects.get(handle=handle)
        assert team_door(page_id=page, by=who.pk, needs=Permission.READ).role == role
        assert f"{handle}@example.org" in made.logins
    moments = list(Deed.objects.filter(page_id=page).order_by("id").values_list("made_at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] <= AT + timedelta(minutes=1)
    owner = Profile.objects.get(handle="nadia").pk
    posts = MeasuredPost.objects.filter(page_id=page, chosen__isnull=True).values_list("post_id", flat=True)
    by = brands.posted_by(post_ids=list(posts), viewer=owner)
    assert set(by) == set(posts)
    assert set(by.values()) == {owner, Profile.objects.get(handle="elias").pk}
    charlie = Profile.objects.get(handle="charlie").pk
    assert brands.posted_by(post_ids=list(posts), viewer=charlie) == {}


def test_the_page_says_all_that_a_page_can(page: int) -> None:
    found = brands.page(page_id=page)
    assert found is not None
    assert (found.category, found.hours.time_zone) == ("bakery", "Asia/Beirut")
    assert len(found.hours.week[4]) == 2, "Friday has a pause"
    assert any(not each.periods for each in found.hours.dates)
    assert found.domain is not None
    assert found.domain.domain.endswith(".example")
    assert Verification.objects.get(page_id=page).verified_at is not None
    offerings = brands.offerings(page_id=page, at=AT)
    assert sum(each.pinned for each in offerings) == 1
    assert all(each.price for each in offerings)
    rating = brands.rating(page_id=page)
    assert 25 <= rating.count <= 40
    assert rating.average is not None
    assert 4 < rating.average < 4.7
    assert min(rating.by_stars) >= 1


def test_a_week_is_planned(page: int) -> None:
    ahead = Entry.objects.filter(page_id=page, due_at__gt=AT, post_id=None)
    assert ahead.count() >= 5
    failed = Entry.objects.get(page_id=page, failed_at__isnull=False)
    assert '"ar"' in failed.failure
    assert Slot.objects.filter(page_id=page).count() == 3
    assert Entry.objects.filter(page_id=page, asked_at__isnull=False, due_at=None).exists()


def test_what_it_cost_is_counted_and_a_month_is_closed(page: int) -> None:
    owner = team_door(page_id=page, by=Profile.objects.get(handle="nadia").pk, needs=Permission.MONEY)
    (closed,) = results.closed_months(owner)
    assert closed.month == date(2026, 10, 1)
    found = results.result(owner, window=results.month_window(closed.month, zone=owner.time_zone))
    assert found.sums.cost > 0
    assert found.sums.came_margin
    assert found.customers.new_came > 0
    told = results.told(found)
    assert told.profit is not None
    assert closed.told.profit is not None
    assert told.profit < closed.told.profit, "an order was refunded after the month was closed"
    assert found.sums.unpriced_seconds, "the analyst's hours have no price"
    november = results.result(owner, window=results.month_window(date(2026, 11, 1), zone=owner.time_zone))
    assert november.sums.apart, "something was paid in another currency"
    assert november.sums.promotion > 0
    worked = Work.objects.filter(page_id=page)
    assert {"composer", "approvals", "calendar", "other"} == set(worked.values_list("place", flat=True))
    assert not worked.filter(last_at__gt=AT).exists()
    assert journeys.compare(owner, window=Window(BEGIN, AT)).orders > 30


def test_some_customers_joined_praise_it_and_can_be_written_to(page: int) -> None:
    owner = team_door(page_id=page, by=Profile.objects.get(handle="nadia").pk, needs=Permission.CUSTOMERS)
    assert len(praise.praise(owner, since=AT - timedelta(days=180))) >= 3
    ((circle, reaches),) = addressing.reaches(page).items()
    assert reaches >= 10
    draft = Entry.objects.get(page_id=page, title="For those we know by name")
    assert draft.params["circle_id"] == str(circle)
    html = browser("elias", "en").get(f"/studio/bayt_zaytoun/entries/{draft.pk}").content.decode()
    assert "Those in the group when it leaves" in html
    assert "Bayt Zaytoun" in browser("dana", "en").get("/settings/measured").content.decode()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_studio_shows_it_in_both_languages(page: int, language: str) -> None:
    client = browser("nadia", language)
    parts = (
        "", "/calendar", "/calendar/queue", "/calendar/drafts", "/plan", "/plan/log", "/plan/calibration",
        "/posts", "/audience", "/results", "/links",
        "/links/goals", "/links/codes", "/promotion", "/promotion/account", "/campaigns", "/reviews", "/team",
        "/team/book", "/page", "/page/offers", "/page/hours", "/page/domains",
        "/customers", "/customers/list", "/customers/groups", "/customers/retention",
        "/money", "/money/break-even", "/money/attribution", "/money/costs", "/money/hours",
    )  # fmt: skip
    for part in parts:
        answer = client.get(f"/studio/bayt_zaytoun{part}")
        assert answer.status_code == 200, part
        assert f'<html lang="{language}"' in answer.content.decode(), part


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_ledger_page_says_the_numbers_of_the_ledger(page: int, language: str) -> None:
    post = MeasuredPost.objects.filter(page_id=page, chosen__isnull=True).order_by("-appeared_at")[5]
    answer = browser("yara", language).get(f"/studio/bayt_zaytoun/posts/{post.pk}")
    assert answer.status_code == 200
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
    states = exact(post_id=post.pk).states
    for state in (State.VIEWED, State.NOT_SO_FAR, State.NOT_OPENED):
        assert re.search(rf"\b{states[state]}\b", text), state
    assert str(post.eligible) in text


def test_the_profile_of_the_page_is_whole_for_a_guest(page: int) -> None:
    answer = Client().get("/@bayt_zaytoun")
    assert answer.status_code == 200
    assert "bayt-zaytoun.example" in answer.content.decode()


def test_it_goes_into_an_empty_house_only(page: int) -> None:
    with pytest.raises(Conflict):
        demo.fill(seed=1, at=AT, out=Console(file=StringIO()))
