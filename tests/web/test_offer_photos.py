"""A photo of something that is offered: taken in as all photos are, shown where the offer is, gone with it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from api_client import App
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

import cast as people
from majlis.brands import queries
from majlis.brands.models import Offering
from majlis.media import queries as media
from majlis.media.models import Photo
from majlis.people import actions as profiles
from majlis.studio import actions as studio
from plans import team_of

pytestmark = pytest.mark.django_db
BASE = "/studio/bayt_zaytoun/page/offers"
Browse = Callable[..., Client]


@pytest.fixture
def bakery(tmp_path: Path, settings: Any) -> people.Bakery:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path)
    return people.bakery()


def _picture() -> SimpleUploadedFile:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "where the oven stands"  # ImageDescription
    Image.new("RGB", (640, 480), "peru").save(file, "JPEG", exif=exif)
    return SimpleUploadedFile("loaf.jpg", file.getvalue(), "image/jpeg")


def _form(**more: Any) -> dict[str, Any]:
    return {"kind": "product", "name": "Manakish", "alt": "Bread with thyme", "focus": "top", **more}


def _made(browser: Client) -> Offering:
    assert browser.post(f"{BASE}/new", _form(photo_file=_picture())).status_code == 303
    return Offering.objects.get()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_shown_with_its_description_to_everybody(
    bakery: people.Bakery, browse: Browse, language: str
) -> None:
    browser = browse(bakery.editor, language)
    offering = _made(browser)
    [shown] = queries.offerings(page_id=bakery.page.id)
    assert shown.photo is not None
    assert (shown.photo.alt, shown.photo.focus_y) == ("Bread with thyme", 1.0)
    browser.post(f"{BASE}/{offering.pk}/pin")
    for address in ("/@bayt_zaytoun", "/@bayt_zaytoun/offers"):
        page = browse(None, language).get(address).content.decode()
        assert 'alt="Bread with thyme"' in page
        assert re.search(r'class="offer-photo fx-5 fy-0" src="[^"]*' + shown.photo.key, page)
    structured = browse().get("/@bayt_zaytoun").content.decode()
    scripts = re.findall(r"<script type=.application/ld.json.*?>(.*?)</script>", structured, re.S)
    assert shown.photo.key in json.dumps([json.loads(each) for each in scripts])
    kept = [each.read_bytes() for each in Path(django_settings.MAJLIS.data_dir).rglob("*") if each.is_file()]
    assert kept
    assert all(b"oven" not in each for each in kept), "what the camera noted is gone"


def test_each_offer_has_a_copy_of_its_own_and_takes_it_along(bakery: people.Bakery, browse: Browse) -> None:
    browser = browse(bakery.editor)
    offering = _made(browser)
    [kept] = media.shelf(owner=bakery.page.id)
    assert offering.photo_id not in (None, kept.id), "the library's stays as it was"
    assert kept.alt == ""
    assert browser.post(f"{BASE}/{offering.pk}", _form(alt="Warm", focus="")).status_code == 303
    [shown] = queries.offerings(page_id=bakery.page.id)
    assert shown.photo is not None
    assert (shown.photo.alt, shown.photo.focus_y) == ("Warm", 1.0)
    browser.post(f"{BASE}/new", _form(name="Another", library=str(kept.id)))
    assert Photo.objects.count() == 3
    browser.post(f"{BASE}/{offering.pk}", _form(no_photo="on"))
    browser.post(f"{BASE}/{Offering.objects.get(name='Another').pk}/remove")
    assert [each.id for each in Photo.objects.all()] == [kept.id]
    studio.discard_photo(team=team_of(bakery), photo_id=kept.id, at=people.MOMENT)


def test_what_else_is_wrong_loses_no_photo(bakery: people.Bakery, browse: Browse) -> None:
    browser = browse(bakery.editor)
    refused = browser.post(f"{BASE}/new", _form(name=" ", photo_file=_picture()))
    assert refused.status_code == 422
    sent = re.search(r'name="photo" value="(\d+)"', refused.content.decode())
    assert sent is not None
    assert browser.post(f"{BASE}/new", _form(photo=sent[1])).status_code == 303
    assert queries.offerings(page_id=bakery.page.id)[0].photo is not None
    broken = SimpleUploadedFile("loaf.jpg", b"no picture", "image/jpeg")
    assert browser.post(f"{BASE}/new", _form(name="Second", photo_file=broken)).status_code == 422
    assert Offering.objects.count() == 1


def test_charlie_and_other_pages_reach_none_of_it(bakery: people.Bakery, browse: Browse) -> None:
    mine = _made(browse(bakery.editor))
    charlie = people.charlie()
    for address in (f"{BASE}/new", f"{BASE}/{mine.pk}"):
        assert browse(charlie).post(address, _form(photo_file=_picture())).status_code == 404
        assert browse(bakery.support).post(address, _form(no_photo="on")).status_code == 403
    [kept] = media.shelf(owner=bakery.page.id)
    other = people.member("rival_owner")
    page_id = profiles.create_profile(
        user_id=other.user_id, handle="rival", kind="business", at=people.MOMENT
    )
    answer = browse(people.Member(other.user_id, page_id, "rival")).post(
        "/studio/rival/page/offers/new", _form(library=str(kept.id))
    )
    assert answer.status_code == 404
    assert Offering.objects.get().photo_id == mine.photo_id


def test_apps_name_a_photo_of_the_library(bakery: people.Bakery, browse: Browse) -> None:
    _made(browse(bakery.editor))
    [kept] = media.shelf(owner=bakery.page.id)
    app = App(bakery.editor, scopes="read write studio")
    at = f"/api/v1/studio/{bakery.page.id}/offerings"
    body = {"kind": "product", "name": "كعك", "photo_id": str(kept.id), "photo_description": "كعك بالسمسم"}
    made = app.post(at, body).json()["id"]
    one = next(each for each in app.get(at).json() if each["id"] == made)
    assert (one["photo"]["description"], one["photo"]["focus"]) == ("كعك بالسمسم", [0.0, 0.0])
    assert one["photo"]["url"].startswith("http")
    app.put(f"{at}/{made}", {"kind": "product", "name": "كعك"})
    assert next(each for each in app.get(at).json() if each["id"] == made)["photo"], "what is not sent stays"
    app.put(f"{at}/{made}", {"kind": "product", "name": "كعك", "photo_id": "0"})
    assert next(each for each in app.get(at).json() if each["id"] == made)["photo"] is None
    assert app.post(at, body | {"photo_id": "99"}).status_code == 404
