"""The owner's questions and the report for apps: what the pages say, as JSON and as a PDF."""

from __future__ import annotations

import money_scene as scene
import pytest
from api_client import App

import cast as people
from cast import Bakery

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery(db: None) -> Bakery:
    return people.bakery()


def app(bakery: Bakery, who: str = "owner", scopes: str = "studio") -> App:
    return App(getattr(bakery, who), scopes=scopes)


def test_the_questions_answered(bakery: Bakery) -> None:
    scene.month_that_paid(bakery)
    answer = app(bakery, "analyst").send("GET", f"/api/v1/studio/{bakery.page.id}/questions", {})
    assert answer.status_code == 200
    paid, *others = answer.json()
    assert paid["question"] == "paid"
    assert paid["sentence"].startswith(f"Yes: {scene.month_words()} left €14.20.")
    assert paid["enough"]
    figure = next(each for each in paid["figures"] if each["name"] == "What is left")
    assert (figure["value"], figure["currency"], figure["grade"]) == ("14.20", "EUR", "exact")
    assert figure["formula"]
    assert [each["question"] for each in others] == ["earned", "slipping", "stop"]


def test_the_report_as_json_and_as_a_pdf(bakery: Bakery) -> None:
    scene.month_that_paid(bakery)
    mine, base = app(bakery), f"/api/v1/studio/{bakery.page.id}/report"
    month = scene.last_month().isoformat()
    found = mine.send("GET", f"{base}?month={month}", {}).json()
    assert found["month"] == month
    assert found["changes"] == "Nothing changed in the months that were told before."
    assert len(found["answers"]) == 4
    pdf = mine.send("GET", f"{base}/pdf", {})
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert mine.send("GET", f"{base}?month=2001-01-01", {}).status_code == 422


def test_the_wish_is_ones_own(bakery: Bakery) -> None:
    base = f"/api/v1/studio/{bakery.page.id}/report/wish"
    mine, other = app(bakery), app(bakery, "analyst")
    assert mine.send("PUT", base, {"day": 3, "language": "ar"}).json() == {"day": 3, "language": "ar"}
    assert mine.send("GET", base, {}).json() == {"day": 3, "language": "ar"}
    assert other.send("GET", base, {}).json() == {"day": None, "language": None}
    for wrong in ({"day": 29, "language": "ar"}, {"day": 3, "language": "xx"}, {"day": 3}):
        assert mine.send("PUT", base, wrong).status_code in (400, 422), wrong
    assert mine.send("DELETE", base, {}).status_code == 200
    assert mine.send("GET", base, {}).json() == {"day": None, "language": None}


def test_an_editor_and_charlie_hear_nothing(bakery: Bakery) -> None:
    scene.month_that_paid(bakery)
    for part in ("questions", "report", "report/pdf", "report/wish"):
        address = f"/api/v1/studio/{bakery.page.id}/{part}"
        assert app(bakery, "editor").send("GET", address, {}).status_code == 403
    charlie = App(people.charlie(), scopes="studio")
    for part in ("questions", "report", "report/pdf", "report/wish"):
        assert charlie.send("GET", f"/api/v1/studio/{bakery.page.id}/{part}", {}).status_code == 404
