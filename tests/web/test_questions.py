"""The owner's questions in a browser: the answer first, both languages, files, and for whom there is no such page."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import measured_town
import money_scene as scene
import pytest
import shopping

import cast as people
from cast import Bakery
from majlis.core.clock import now
from majlis.studio.money import hours
from majlis.studio.owner.answers import Question
from plans import team_of

pytestmark = pytest.mark.django_db
STUDIO = "/studio/bayt_zaytoun"
PAGES = ("/questions", *(f"/questions/{each}" for each in Question))


@pytest.fixture
def bakery(db: None) -> Bakery:
    return people.bakery()


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_the_answers_and_what_to_do_about_them(browse: Any, bakery: Bakery) -> None:
    scene.month_that_paid(bakery)
    browser = browse(bakery.owner)
    said = text_of(browser.get(f"{STUDIO}/questions"))
    assert f"Yes: {scene.month_words()} left €14.20." in said
    assert said.count("Not enough yet") == 3
    page = browser.get(f"{STUDIO}/questions/paid")
    one = text_of(page)
    assert one.index("€14.20") < one.index("What to do") < one.index("What it rests on")
    assert "Full cost" in one
    assert "How this was computed" in one
    assert f'href="{STUDIO}/questions/earned"' in page.content.decode()
    assert f"Yes: {scene.month_words()} left €14.20." in text_of(browser.get(STUDIO))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_page_about_which_nothing_is_known(browse: Any, language: str) -> None:
    browser = browse(people.bakery().owner, language)
    for part in PAGES:
        page = browser.get(STUDIO + part)
        assert page.status_code == 200, part
        assert not re.search(r"(?i:\bnan\b)|\b(?:inf|None|null)\b|%\(", text_of(page)), part


def test_files_of_an_answer(browse: Any, bakery: Bakery) -> None:
    scene.month_that_paid(bakery)
    browser = browse(bakery.analyst)
    for question in Question:
        for form in ("csv", "xlsx"):
            assert browser.get(f"{STUDIO}/questions/files/{question}.{form}").status_code == 200
    assert "84.20" in browser.get(f"{STUDIO}/questions/files/paid.csv").content.decode()
    assert browser.get(f"{STUDIO}/questions/files/stop.png").status_code == 404
    assert browser.get(f"{STUDIO}/questions/files/paid.exe").status_code == 404
    assert browser.get(f"{STUDIO}/questions/why").status_code == 404


def todo_of(page: Any) -> list[str]:
    section = re.search(r'<section class="question-todo".*?</section>', page.content.decode(), re.DOTALL)
    return re.findall(r'<a href="([^"]+)"', section[0].replace("&amp;", "&")) if section else []


def test_what_to_do_leads_to_a_page_that_is_there(browse: Any, bakery: Bakery) -> None:
    """What is nowhere is not offered; so a month that lost is asked for each of its links, by name."""
    owner, browser = team_of(bakery, "owner"), browse(bakery.owner)
    month = scene.last_month()
    missing = todo_of(browser.get(f"{STUDIO}/questions/paid"))
    assert missing == [f"{STUDIO}/money?month={month:%Y-%m}"]
    scene.priced(owner)
    hours.write_down(owner, hours=Decimal(4), day=month.replace(day=5), at=now())
    scene.order(
        owner,
        1,
        "10",
        click=shopping.click(shopping.link(owner), owner, at=scene.noon(14) - timedelta(hours=1)),
    )
    lost = todo_of(browser.get(f"{STUDIO}/questions/paid"))
    assert lost == [f"{STUDIO}/questions/stop", f"{STUDIO}/money/break-even"]
    for part in PAGES[1:]:
        for address in todo_of(browser.get(STUDIO + part)):
            assert browser.get(address).status_code == 200, address


def test_the_report_says_each_answer_once_and_gives_every_file_it_offers(browse: Any) -> None:
    bakery = measured_town.town(at=scene.noon(28)).bakery
    scene.month_that_paid(bakery)
    browser = browse(bakery.owner)
    page = browser.get(f"{STUDIO}/report")
    assert text_of(page).count(f"Yes: {scene.month_words()} left €14.20.") == 1
    files = re.findall(r'href="([^"]+/report/files/[^"]+)"', page.content.decode().replace("&amp;", "&"))
    assert {address.partition("?")[0].rpartition(".")[2] for address in files} == {
        "csv",
        "xlsx",
        "png",
        "svg",
    }
    for address in files:
        assert browser.get(address).status_code == 200, address
    assert browser.get(f"{STUDIO}/report/files/best.png").status_code == 404


def test_an_editor_has_no_questions_and_charlie_no_page(browse: Any, bakery: Bakery) -> None:
    scene.month_that_paid(bakery)
    editor, charlie = browse(bakery.editor), browse(people.charlie())
    for part in (*PAGES, "/questions/files/paid.csv"):
        assert editor.get(STUDIO + part).status_code == 403, part
        assert charlie.get(STUDIO + part).status_code == 404, part
    assert "€14.20" not in text_of(editor.get(STUDIO))
