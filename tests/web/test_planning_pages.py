"""What to expect of a post, how well it was told, the interview and the plan: as pages, in both languages, and to whom."""

from __future__ import annotations

import re
from typing import Any

import measured_town
import pytest
from measured_town import Town

import cast as people
from majlis.core.clock import now
from majlis.studio.models import Entry
from majlis.studio.planning import forecasts

pytestmark = pytest.mark.django_db
STUDIO = "/studio/bayt_zaytoun"


@pytest.fixture
def town(db: None) -> Town:
    return measured_town.town(at=now(), posts=12)


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_the_form_says_what_to_expect_and_follows_what_is_typed(browse: Any, town: Town) -> None:
    browser = browse(town.bakery.editor)
    page = browser.get(f"{STUDIO}/entries/new")
    assert page.status_code == 200
    assert "Four times of five such a post is seen by" in text_of(page)
    assert "borrowed from one published brand" in text_of(page)
    before = Entry.objects.count()
    typed = {"text": "Order: https://bakery.example/", "audience": "public", "if_due": "2099-01-01T09:00"}
    part = browser.post(f"{STUDIO}/entries/expected", typed)
    assert part.status_code == 200
    assert "Its links are followed" in text_of(part)
    assert "<html" not in part.content.decode()
    half = browser.post(f"{STUDIO}/entries/expected", {**typed, "if_due": "2099-01-", "audience": "friends"})
    assert "for a few chosen people nothing is told" in text_of(half)
    assert Entry.objects.count() == before


def test_without_a_script_the_button_works_it_out(browse: Any, town: Town) -> None:
    typed = {"text": "Order: https://bakery.example/", "audience": "public", "do": "expect", "version": "0"}
    page = browse(town.bakery.editor).post(f"{STUDIO}/entries/new", typed)
    assert page.status_code == 200
    assert "Its links are followed" in text_of(page)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_post_and_the_page_of_all_say_what_was_expected_and_came(
    browse: Any, town: Town, language: str
) -> None:
    page_id = town.bakery.page.id
    for post in town.posts:
        forecasts.keep(page_id=page_id, post_id=post, at=now())
    forecasts.score(at=now())
    browser = browse(town.bakery.analyst, language)
    one = browser.get(f"{STUDIO}/posts/{town.posts[0]}")
    everything = browser.get(f"{STUDIO}/plan/calibration")
    assert (one.status_code, everything.status_code) == (200, 200)
    if language == "en":
        assert "was expected" in text_of(one)
        assert "ranges held." in text_of(everything)
        assert "95 % interval" in text_of(everything)
    table = browser.get(f"{STUDIO}/plots/ranges.csv")
    assert table.status_code == 200
    assert str(town.posts[0]) in table.content.decode()
    assert browser.get(f"{STUDIO}/plots/ranges.xlsx").status_code == 200


def test_with_nothing_expected_yet_the_page_says_how_it_begins(browse: Any) -> None:
    bakery = people.bakery()
    page = browse(bakery.owner).get(f"{STUDIO}/plan/calibration")
    assert "Nothing was expected yet." in text_of(page)


def test_charlie_is_shown_nothing(browse: Any, town: Town) -> None:
    browser = browse(people.charlie())
    assert browser.get(f"{STUDIO}/plan/calibration").status_code == 404
    assert browser.post(f"{STUDIO}/entries/expected", {"text": "x"}).status_code == 404
    assert browse(town.bakery.support).get(f"{STUDIO}/plan/calibration").status_code == 403
    assert town.bakery.page.handle not in browser.get(f"{STUDIO}/plan/calibration").content.decode().replace(
        STUDIO, ""
    )
