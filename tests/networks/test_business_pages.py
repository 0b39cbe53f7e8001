"""What a business says of itself comes back with its export, once; never its team, never others' words."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

import cast
from majlis.brands import actions, hours, queries
from majlis.brands.access import team_door
from majlis.brands.hours import Date, OpeningHours, Period
from majlis.brands.models import TeamMember
from majlis.brands.roles import Permission
from majlis.brands.views import Button
from majlis.networks import exporting, importing
from majlis.networks.importing import Outcome, Request
from majlis.people import actions as people

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path / "data")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The bakery's, with everything it says of itself, and a review with an answer."""
    bakery = cast.bakery()
    team = team_door(page_id=bakery.page.id, by=bakery.page.id, needs=Permission.DESCRIBE)
    buttons = [
        Button("call", "+963 11 123 4567"),
        Button("message", ""),
        Button("order", "https://example.org/"),
    ]
    actions.describe(team, category="bakery", address="Olive Street 4", buttons=buttons, at=AT)
    week = ((Period(480, 780), Period(960, 1320)),) * 5 + ((Period(1080, 120),), (Period(0, hours.DAY),))
    feast = Date(AT.date() + timedelta(days=9), (), "عيد")
    actions.set_hours(team, OpeningHours(week, (feast,), "Asia/Damascus"), at=AT)
    actions.change_offering(team, kind="service", name="Catering", at=AT)
    bread = actions.change_offering(
        team,
        kind="product",
        name="خبز",
        price=Decimal("2.5"),
        currency="EUR",
        url="https://example.org/",
        at=AT,
    )
    actions.pin_offering(team, offering_id=bread, at=AT)
    actions.write_review(
        page=bakery.page.seen, by=cast.dana().id, stars=1, recommends=None, text="Danas words.", at=AT
    )
    path = tmp_path / "page.zip"
    exporting.give(profile_id=bakery.page.id, path=path, at=AT)
    return path


def fresh(kind: str = "business") -> int:
    login = cast.login("fresh")
    return people.create_profile(user_id=login.pk, handle="fresh", kind=kind, at=AT)


def bring(profile: int, path: Path) -> Outcome:
    return importing.take(Request(profile_id=profile, path=path, at=AT))


def codes(outcome: Outcome) -> set[str]:
    return set(outcome.report.not_taken)


def said(profile: int) -> tuple[Any, ...]:
    page = queries.page(page_id=profile)
    assert page is not None
    offered = [msgspec.structs.replace(each, id=0) for each in queries.offerings(page_id=profile)]
    return page.category, page.address, page.hours, page.buttons, offered


def test_it_comes_back_whole_and_once(archive: Path) -> None:
    there = said(queries_page("bayt_zaytoun"))
    here = fresh()
    assert bring(here, archive).report.taken["page"] == 1
    assert said(here) == there
    again = bring(here, archive)
    assert "page_here" in codes(again)
    assert said(here) == there


def queries_page(handle: str) -> int:
    from majlis.people import access

    return access.see_acct(acct=handle, viewer_id=None).id


def test_neither_the_team_nor_others_words_are_in_it(archive: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        text = "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    for secret in ("nadia", "elias", "Danas words", "brands"):
        assert secret not in text
    here = fresh()
    bring(here, archive)
    assert not TeamMember.objects.filter(page_id=here).exists()


def test_a_person_gets_no_page(archive: Path) -> None:
    here = fresh("person")
    assert "page_no_business" in codes(bring(here, archive))
    assert queries.page(page_id=here) is None


def test_ones_reviews_are_taken_along(archive: Path, tmp_path: Path) -> None:
    from majlis.people import access

    dana = access.see_acct(acct="dana", viewer_id=None)
    path = tmp_path / "dana.zip"
    exporting.give(profile_id=dana.id, path=path, at=AT)
    with zipfile.ZipFile(path) as packed:
        (review,) = json.loads(packed.read("majlis.json"))["reviews"]
    assert (review["page"], review["stars"], review["text"]) == ("bayt_zaytoun", 1, "Danas words.")


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ({"hours": "x"}, ""),
        ({"hours": {"mon": [["noon", "late"]]}, "category": "bakery"}, "page_refused"),
        ({"category": "king", "address": "Here"}, "page_refused"),
        ({"buttons": [{"kind": "call", "value": "javascript:alert(1)"}], "address": "Here"}, "page_refused"),
        ({"offerings": [{"kind": "product", "name": "x", "price": "much"}], "address": "Here"}, "page_refused"),
        ({"time_zone": "Mars/Olympus", "address": "Here"}, "page_refused"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_an_archive_keeps_the_rest_from_nothing(
    archive: Path, tmp_path: Path, page: dict[str, Any], code: str
) -> None:
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "majlis.json":
                data = json.dumps({**json.loads(data), "pages": [page]}).encode()
            new.writestr(name, data)
    here = fresh()
    outcome = bring(here, changed)
    found = queries.page(page_id=here)
    assert found is not None
    assert (code in codes(outcome)) if code else outcome.report.not_taken
    assert found.address == page.get("address", "")
