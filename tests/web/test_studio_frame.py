"""The frame of the studio: who is led there, whose pages it lists, what a role finds in it."""

from __future__ import annotations

from typing import Any

import pytest

import cast as people

pytestmark = pytest.mark.django_db


def test_a_team_finds_its_page_and_its_way(browse: Any) -> None:
    bakery = people.bakery()
    browser = browse(bakery.analyst)
    listed = browser.get("/studio").content.decode()
    assert 'href="/studio/bayt_zaytoun"' in listed
    assert "Analyst" in listed
    today = browser.get("/studio/bayt_zaytoun")
    assert today.status_code == 200
    assert "private" in today["Cache-Control"]
    assert 'aria-current="page"' in today.content.decode()


def test_the_page_itself_comes_as_its_owner(browse: Any) -> None:
    bakery = people.bakery()
    assert "Owner" in browse(bakery.page).get("/studio/bayt_zaytoun").content.decode()


def test_to_charlie_the_studio_of_a_page_is_as_good_as_none(browse: Any) -> None:
    people.bakery()
    browser = browse(people.charlie())
    real, none = browser.get("/studio/bayt_zaytoun"), browser.get("/studio/nobody")
    assert real.status_code == none.status_code == 404
    assert "bayt_zaytoun" not in browser.get("/studio").content.decode()


def test_a_guest_goes_through_the_door_whether_there_is_a_page_or_not(browse: Any) -> None:
    people.bakery()
    for handle in ("bayt_zaytoun", "nobody"):
        answer = browse().get(f"/studio/{handle}")
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"/accounts/login/?next=%2Fstudio%2F{handle}")


def test_only_who_has_a_studio_is_led_there_from_everywhere(browse: Any) -> None:
    bakery, alice = people.bakery(), people.alice()
    assert 'href="/studio"' in browse(bakery.support).get("/explore").content.decode()
    assert 'href="/studio"' not in browse(alice).get("/explore").content.decode()


def test_places_stand_in_groups_and_only_those_a_role_may_open(browse: Any) -> None:
    bakery = people.bakery()
    for who, groups, current in (
        (
            bakery.owner,
            ["", "Publish", "Care", "Understand", "Customers", "Money", "Reputation", "The page"],
            "calendar/queue",
        ),
        (bakery.support, ["", "Publish", "Care", "Customers", "Money", "Reputation", "The page"], "reviews"),
    ):
        page = browse(who).get(f"/studio/bayt_zaytoun/{current}")
        assert [str(group.label) for group in page.context["places"]] == groups
        listed = [place for group in page.context["places"] for place in group.places]
        assert len({place.url for place in listed}) == len(listed)
        assert [place.url for place in listed if place.current] == [f"/studio/bayt_zaytoun/{current}"]
        html = page.content.decode()
        assert html.count('class="studio-menu"') == 1
        assert str(page.context["place"].label) in html
