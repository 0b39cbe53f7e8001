"""The owner's questions in a browser: the answer first, both languages, files, and for whom there is no such page."""

from __future__ import annotations

import re
from typing import Any

import money_scene as scene
import pytest

import cast as people
from cast import Bakery
from majlis.studio.owner.answers import Question

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


def test_an_editor_has_no_questions_and_charlie_no_page(browse: Any, bakery: Bakery) -> None:
    scene.month_that_paid(bakery)
    editor, charlie = browse(bakery.editor), browse(people.charlie())
    for part in (*PAGES, "/questions/files/paid.csv"):
        assert editor.get(STUDIO + part).status_code == 403, part
        assert charlie.get(STUDIO + part).status_code == 404, part
    assert "€14.20" not in text_of(editor.get(STUDIO))
