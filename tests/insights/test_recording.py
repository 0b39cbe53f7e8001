"""Facts, each once; and everything that is counted from them equals them, however they come."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal

import hypothesis.strategies as st
import plain_facts
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

import cast as people
from cast import MOMENT, later
from majlis.insights import members
from majlis.insights.funnel import funnel
from majlis.insights.kinds import Kind, Source
from majlis.insights.models import Encounter, Fact, Hourly, LastSeen, Member, PageViewer, Standing
from majlis.insights.recording import NewFact, record

pytestmark = pytest.mark.django_db

POSTS = {11: (101, 102), 22: (201,)}


def fact(**given: object) -> NewFact:
    usual = {
        "page_id": 11,
        "post_id": 101,
        "kind": Kind.IMPRESSION,
        "source": Source.HOME,
        "nonce": 1,
        "at": MOMENT,
    }
    return NewFact(**(usual | given))  # type: ignore[arg-type]


def facts_about(pages: dict[int, tuple[int, ...]], viewers: list[int]) -> st.SearchStrategy[NewFact]:
    """Few of everything, so that much is repeated, late and at once."""
    places = [(page, post) for page, posts in pages.items() for post in (0, *posts)]
    return st.builds(
        lambda place, **rest: NewFact(page_id=place[0], post_id=place[1], **rest),
        st.sampled_from(places),
        profile_id=st.sampled_from([0, *viewers]),
        kind=st.sampled_from(Kind),
        source=st.sampled_from([Source.HOME, Source.TAG, Source.APP]),
        paid=st.booleans(),
        nonce=st.integers(1, 3),
        at=st.integers(0, 4 * 24 * 12).map(
            lambda count: MOMENT - timedelta(minutes=5 * count, microseconds=count)
        ),
    )


def test_rollups_equal_the_facts_whatever_comes_late_twice_or_in_another_order(db: None) -> None:
    alice, bob, dana = people.alice(), people.bob(), people.dana()
    members.ensure([alice.id, bob.id, dana.id])
    Member.objects.filter(profile_id=dana.id).update(measured=False)
    viewers = dict(Member.objects.filter(measured=True).values_list("profile_id", "pseudonym"))
    buyers = [viewers[bob.id], 12345]
    some = facts_about(POSTS, [alice.id, bob.id, dana.id, 11])

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(batches=st.lists(st.lists(some, max_size=12), max_size=6))
    def histories(batches: list[list[NewFact]]) -> None:
        for model in (Fact, Hourly, Encounter, Standing, LastSeen, PageViewer):
            model.objects.all().delete()
        came: list[NewFact] = []
        for batch in batches:
            before = len(plain_facts.first_of_each(came, viewers))
            # of two with one key in a batch the earlier counts
            came += sorted(batch, key=lambda each: (each.at, each.source, each.paid))
            counted = plain_facts.first_of_each(came, viewers)
            assert record(batch, arrived_at=MOMENT) == len(counted) - before
        hours, met, last, keys = plain_facts.stored()
        counted = plain_facts.first_of_each(came, viewers)
        assert keys == set(counted)
        assert hours == plain_facts.rollups(counted)
        assert met == plain_facts.encounters(counted)
        assert last == plain_facts.lasts(counted)
        done = [(each.page_id, key[1], key[2], each.at) for key, each in counted.items()]
        for days, page in itertools.product((1, 2, 5), (None, 11, 22)):
            asked = {"since": MOMENT - timedelta(days=days), "ordered": buyers, "page_id": page}
            assert funnel(**asked) == plain_facts.funnel(done, **asked)
        assert plain_facts.firsts_agree()
        assert plain_facts.counts_agree()

    histories()


def test_who_is_counted_is_a_number_of_chance_and_the_same_one_always() -> None:
    alice, bob = people.alice(), people.bob()
    for nonce in (1, 2):
        record(
            [fact(profile_id=alice.id, nonce=nonce), fact(profile_id=bob.id, nonce=nonce)], arrived_at=MOMENT
        )
    known = dict(Member.objects.values_list("profile_id", "pseudonym"))
    assert len(set(known.values())) == 2
    assert not set(known.values()) & {alice.id, bob.id}
    assert set(Fact.objects.values_list("viewer", flat=True)) == set(known.values())


def test_of_who_is_not_measured_nothing_is_kept_nor_of_a_page_looking_at_itself() -> None:
    dana = people.dana()
    members.ensure([dana.id])
    Member.objects.update(measured=False)
    assert record([fact(profile_id=dana.id), fact(profile_id=11)], arrived_at=MOMENT) == 0
    assert not Fact.objects.exists()
    assert not Encounter.objects.exists()
    assert not Hourly.objects.exists()


def test_all_or_nothing() -> None:
    with transaction.atomic():
        assert record([fact(), fact(nonce=2)], arrived_at=MOMENT) == 2
        transaction.set_rollback(True)
    assert not Fact.objects.exists()
    assert not Hourly.objects.exists()


def test_clocks_off_by_days() -> None:
    ahead, long_ago = later(days=3), later(days=-400)
    assert record([fact(at=ahead), fact(nonce=2, at=long_ago)], arrived_at=MOMENT) == 1
    assert Fact.objects.get().at == MOMENT


def test_money_and_links_are_kept() -> None:
    record(
        [fact(kind=Kind.CONVERSION, link_id=7, value=Decimal("12.500"), currency="KWD"), fact(nonce=9)],
        arrived_at=MOMENT,
    )
    bought = Fact.objects.get(kind=Kind.CONVERSION)
    assert (bought.link_id, bought.value, bought.currency) == (7, Decimal("12.500"), "KWD")
    assert Fact.objects.get(kind=Kind.IMPRESSION).value is None


def test_the_first_view_is_exact_to_the_microsecond() -> None:
    alice = people.alice()
    moments = [
        MOMENT - timedelta(seconds=7 * n, microseconds=999_999 - 37_003 * n % 999_983) for n in range(200)
    ]
    views = [fact(profile_id=alice.id, post_id=1_000 + n, at=at) for n, at in enumerate(moments)]
    assert record(views, arrived_at=MOMENT) == 200
    assert plain_facts.firsts_agree()
    assert plain_facts.hours_agree()


def test_nothing_is_nothing() -> None:
    assert record([], arrived_at=MOMENT) == 0
