"""What is counted about a member: hers to see, to end, to take along; nobody else's."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from django.test import Client

import cast as people
from cast import MOMENT, Member, later
from majlis.insights import members, mine
from majlis.insights.kinds import Kind, Source, State
from majlis.insights.ledger import exact
from majlis.insights.models import Encounter, Fact, Following, Hourly, Opening, PageViewer
from majlis.insights.models import Member as Pseudonym
from majlis.insights.recording import NewFact, record
from majlis.networks import exporting
from majlis.people import actions as relations
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db


def seen_twice(page: Member, *viewers: Member) -> int:
    """A post of the page that they follow and viewed twice."""
    people.follows(viewers[0], page)
    for each in viewers[1:]:
        people.follows(each, page)
    post = posts.publish(by=page.id, params=PostParams(text="Bread"), at=later(hours=1)).post_id
    for who in viewers:
        for load in (1, 2):
            fact = NewFact(
                page_id=page.id, post_id=post, profile_id=who.id, kind=Kind.IMPRESSION, source=Source.HOME,
                nonce=load, at=later(hours=2),
            )  # fmt: skip
            record([fact], arrived_at=later(hours=2))
    return post


def browser(who: Member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(who.user)
    session = client.session
    session["profile_id"] = who.id
    session.save()
    return client


def test_she_sees_how_often_and_since_when_and_only_her_own() -> None:
    page, alice, charlie = people.bakery().page, people.alice(), people.charlie()
    seen_twice(page, alice)
    (counted,) = mine.measured(profile_id=alice.id).pages
    # following the page is a fact about it, too
    assert counted == mine.Counted(page.id, 1, 2, 0, 1, MOMENT)
    assert mine.measured(profile_id=charlie.id).pages == []
    assert "بيت زيتون" in browser(alice).get("/settings/measured").content.decode()
    assert "بيت زيتون" not in browser(charlie).get("/settings/measured").content.decode()


def test_switching_off_erases_everything_of_hers_and_nothing_of_others() -> None:
    page, alice, bob = people.bakery().page, people.alice(), people.bob()
    post = seen_twice(page, alice, bob)
    before = Pseudonym.objects.get(profile_id=alice.id).pseudonym
    answer = browser(alice).post("/settings/measured/switch", {"measured": "off"})
    assert answer.status_code == 303
    for model in (Fact, Encounter, PageViewer, Following, Opening):
        assert not model._default_manager.filter(viewer=before).exists(), model
    assert Pseudonym.objects.get(profile_id=alice.id).pseudonym != before
    assert [h.facts for h in Hourly.objects.filter(post_id=post)] == [2]
    assert [h.reach for h in Hourly.objects.filter(post_id=post)] == [1]
    states = exact(post_id=post).states
    assert (states[State.NOT_MEASURED], states[State.VIEWED], sum(states.values())) == (1, 1, 2)
    assert not mine.measured(profile_id=alice.id).measured
    assert mine.measured(profile_id=bob.id).pages


def test_while_off_nothing_is_kept_though_the_post_still_counts_her_reaction() -> None:
    page, alice = people.bakery().page, people.alice()
    post = seen_twice(page, alice)
    mine.switch_off(by=alice.id, at=later(hours=3))
    posts.react(by=alice.id, post_id=post, at=later(hours=4))
    assert not Fact.objects.exists()
    mine.switch_on(by=alice.id, at=later(hours=5))
    posts.bookmark(by=alice.id, post_id=post, at=later(hours=6))
    assert not Fact.objects.exists(), "it appeared while she was not measured"
    newer = posts.publish(by=page.id, params=PostParams(text="More bread"), at=later(hours=7)).post_id
    posts.react(by=alice.id, post_id=newer, at=later(hours=8))
    assert exact(post_id=newer).states[State.ENGAGED] == 1
    from majlis.posts.queries import hydrate

    assert hydrate([post])[post].reactions == {"like": 1}


def test_a_profile_that_goes_leaves_numbers_about_nobody() -> None:
    page, alice = people.bakery().page, people.alice()
    post = seen_twice(page, alice)
    relations.delete_profile(profile_id=alice.id, at=later(days=1))
    assert not Pseudonym.objects.filter(profile_id=alice.id).exists()
    assert exact(post_id=post).states[State.VIEWED] == 1


def test_pseudonyms_are_made_once() -> None:
    alice = people.alice()
    members.ensure([alice.id, alice.id, 0])
    members.ensure([alice.id])
    assert Pseudonym.objects.count() == 1


def test_an_export_has_it(tmp_path: Path) -> None:
    page, alice = people.bakery().page, people.alice()
    seen_twice(page, alice)
    exporting.give(profile_id=alice.id, path=tmp_path / "all.zip", at=later(days=1))
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        kept = json.loads(packed.read("measured.json"))
    assert kept["pages"][0]["views"] == 2
    assert kept["measured"] is True
