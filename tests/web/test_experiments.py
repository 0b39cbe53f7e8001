"""Pages of experiments: begun, read, ended; what a member finds in her home, why, and how she ends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import shopping
from api_client import App

import cast as people
import plans
import trying
from cast import MOMENT, Bakery
from majlis.core.clock import now
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.posts.models import Post
from majlis.studio import actions as plan
from majlis.studio.experiments import actions
from majlis.studio.models import Experiment, Held, LinkTest, NeverHeld, PlacedAgain
from plans import team_of

pytestmark = pytest.mark.django_db
STUDIO = "/studio/bayt_zaytoun/experiments"


@pytest.fixture
def bakery() -> Bakery:
    return people.bakery()


def _entry(bakery: Bakery, text: str) -> int:
    return plan.make(team=team_of(bakery), draft=plan.Draft(content=plans.content(text)), at=MOMENT)


def test_a_holdout_is_begun_read_and_ended(bakery: Bakery, browse: Any) -> None:
    editor = browse(bakery.editor)
    page = editor.get(STUDIO).content.decode()
    assert "Nothing is tried yet" in page
    assert editor.post(f"{STUDIO}/start", {"kind": "holdout", "share": "50"}).status_code == 422
    assert editor.post(f"{STUDIO}/start", {"kind": "holdout", "share": "10"}).status_code == 303
    made = Experiment.objects.get()
    shown = editor.get(f"{STUDIO}/{made.id}").content.decode()
    assert "No post has had its 48 hours yet" in shown
    assert editor.get(f"/studio/bayt_zaytoun/plots/experiment.csv?experiment={made.id}").status_code == 200
    assert editor.get(f"/studio/bayt_zaytoun/plots/experiment.xlsx?experiment={made.id}").status_code == 200
    assert editor.post(f"{STUDIO}/{made.id}/stop").status_code == 303
    assert Experiment.objects.get().ended_at is not None
    assert "was over" in editor.get(f"{STUDIO}/{made.id}").content.decode()


def test_two_versions_are_begun_and_leave_together(bakery: Bakery, browse: Any) -> None:
    editor, a, b = browse(bakery.editor), _entry(bakery, "Bread from six"), _entry(bakery, "Warm hands")
    assert "Bread from six" in editor.get(STUDIO).content.decode()
    ends = (now().replace(microsecond=0, tzinfo=None)).isoformat(timespec="minutes")
    typed = {"kind": "versions", "entry_a": str(a), "entry_b": str(b), "ends_at": ends}
    assert editor.post(f"{STUDIO}/start", typed).status_code == 422  # at once is too soon
    day, clock = ends.split("T")
    typed["ends_at"] = f"{day[:4]}-12-20T{clock}"
    assert editor.post(f"{STUDIO}/start", typed).status_code == 303
    made = Experiment.objects.get()
    assert "begins when the first version leaves" in editor.get(f"{STUDIO}/{made.id}").content.decode()
    editor.post(f"/studio/bayt_zaytoun/entries/{a}/publish")
    assert Post.objects.filter(author_id=bakery.page.id).count() == 2
    assert "Warm hands" in editor.get(f"{STUDIO}/{made.id}").content.decode()
    editor.post(f"{STUDIO}/{made.id}/stop", {"chosen": "b"})
    assert "stopped after" in editor.get(f"{STUDIO}/{made.id}").content.decode()


def test_who_measures_reads_and_begins_nothing_and_charlie_finds_nothing(bakery: Bakery, browse: Any) -> None:
    made = actions.start_holdout(team_of(bakery), share=0.1, at=MOMENT)
    analyst, charlie = browse(bakery.analyst), browse(people.charlie())
    page = analyst.get(STUDIO)
    assert page.status_code == 200
    assert "Show it once more" not in page.content.decode()
    assert analyst.post(f"{STUDIO}/{made}/stop").status_code == 403
    for address in (STUDIO, f"{STUDIO}/{made}"):
        assert charlie.get(address).status_code == 404
    assert charlie.post(f"{STUDIO}/{made}/stop").status_code == 404


def test_an_entry_is_marked_as_about_safety(bakery: Bakery, browse: Any) -> None:
    editor, entry = browse(bakery.editor), _entry(bakery, "Do not eat today's halva")
    address = f"/studio/bayt_zaytoun/entries/{entry}"
    assert "It is about safety or care" in editor.get(address).content.decode()
    editor.post(f"{address}/safety", {"so": "yes"})
    assert NeverHeld.objects.filter(entry_id=entry).exists()
    assert "reaches everybody at once" in editor.get(address).content.decode()
    editor.post(f"{address}/safety", {"so": "no"})
    assert not NeverHeld.objects.exists()


def test_a_post_once_more_says_why_on_the_page_and_in_the_app(bakery: Bakery, browse: Any) -> None:
    alice, dana = people.alice(), people.dana()
    people.follows(alice, bakery.page)
    people.follows(dana, bakery.page)
    begun = now() - timedelta(days=2)
    post = trying.publish(bakery, "Bread from six", at=begun)
    for number in range(25):
        posts.publish(
            by=bakery.page.id,
            params=PostParams(text=f"news {number}"),
            at=begun + timedelta(minutes=number + 1),
        )
    actions.second_chance(team_of(bakery), post_id=post, at=now())
    browser = browse(alice)
    html = browser.get("/home").content.decode()
    assert "Once more, because you did not see it" in html
    assert PlacedAgain.objects.filter(post_id=post).count() == 1
    assert "Once more, because you did not see it" not in browser.get("/home").content.decode()
    why = browser.get(f"/home/why/{post}").content.decode()
    assert "Nobody pays for it" in why
    assert "stood in your home once more" in browser.get("/settings/measured").content.decode()
    app = App(dana)
    listed = app.get("/api/v1/timelines/home").json()
    assert [each["id"] for each in listed].index(str(post)) == 2
    assert listed[2]["placed_again"]["reason"] == "second_chance"
    assert listed[2]["placed_again"]["url"].endswith(f"/home/why/{post}")
    assert str(post) not in [each["id"] for each in app.get("/api/v1/timelines/home").json()]


def test_a_member_switches_both_off(bakery: Bakery, browse: Any) -> None:
    alice = people.alice()
    browser = browse(alice)
    assert "A post may reach you later" in browser.get("/settings/experiments").content.decode()
    browser.post("/settings/experiments", {"experiments": "no"})
    browser.post("/settings/experiments", {"second_chance": "no"})
    wishes = alice.viewer.preferences
    assert (wishes.experiments, wishes.second_chance, wishes.promotions) == (False, False, True)
    assert "Every post reaches you at once" in browser.get("/settings/experiments").content.decode()


def test_a_link_is_tried_with_another_target(bakery: Bakery, browse: Any) -> None:
    link = shopping.link(team_of(bakery))
    editor, address = browse(bakery.editor), f"/studio/bayt_zaytoun/links/{link.id}"
    typed = {"target_b": "https://shop.example/other", "ends_at": f"{now():%Y}-12-20T10:00"}
    assert editor.post(f"{address}/test", {**typed, "target_b": link.target}).status_code == 422
    assert editor.post(f"{address}/test", typed).status_code == 303
    assert "shop.example/other" in editor.get(address).content.decode()
    assert editor.post(f"{address}/test/stop", {"chosen": "b"}).status_code == 303
    assert LinkTest.objects.get().chosen == "b"
    assert "leads to target B" in editor.get(address).content.decode()


def test_what_is_left_out_is_said_to_who_waits(bakery: Bakery, browse: Any) -> None:
    alice = people.alice()
    people.follows(alice, bakery.page)
    actions.start_holdout(team_of(bakery), share=0.1, at=now())
    post = trying.publish(bakery, "Bread from six", at=now())
    Held.objects.filter(post_id=post).update(high=1.0)
    html = browse(alice).get("/home").content.decode()
    assert "Bread from six" not in html
    assert "reaches you later" in html
