"""Exact times are told and taken as the reader's clock shows them: her choice, her browser's, the server's."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cast import MOMENT, alice, bob, follows, later
from majlis.accounts import actions as accounts
from majlis.core.clock import now
from majlis.core.errors import BadInput
from majlis.media.models import Photo
from majlis.people import access, actions
from majlis.posts.models import Draft, Post

pytestmark = pytest.mark.django_db
CAIRO, TOKYO = ZoneInfo("Africa/Cairo"), ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def _media_folder(tmp_path: Any, settings: Any) -> None:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path)


def _picture() -> SimpleUploadedFile:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "JPEG")
    return SimpleUploadedFile("walk.jpg", file.getvalue(), "image/jpeg")


def in_(zone: str, browser: Client) -> Client:
    """The browser says where it is."""
    browser.cookies["majlis_time_zone"] = zone
    return browser


def hour(zone: ZoneInfo, **ahead: float) -> tuple[str, datetime]:
    """A time some hours ahead: as it is typed there, and the moment."""
    moment = (now() + timedelta(**ahead)).replace(second=0, microsecond=0)
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M"), moment


def schedule(browser: Client, typed: str, **form: Any) -> Any:
    return browser.post("/compose", {"text": "later", "audience": "public", "scheduled_at": typed, **form})


def test_an_hour_is_taken_and_told_in_the_zone_of_the_browser(browse: Any) -> None:
    browser = in_("Africa/Cairo", browse(alice()))
    typed, moment = hour(CAIRO, hours=5)
    form = browser.get("/compose").content.decode()
    assert "Egypt Time" in form
    assert 'name="time_zone" value="Africa/Cairo"' in form
    schedule(browser, typed)
    assert Draft.objects.get().due_at == moment
    page = browser.get("/drafts").content.decode()
    assert f'value="{typed}"' in page
    assert "Egypt Time" in page
    local = moment.astimezone(CAIRO)
    assert f"{local.hour % 12 or 12}:{local.minute:02}" in page
    again, moment = hour(CAIRO, hours=9)
    browser.post(f"/drafts/{Draft.objects.get().pk}/reschedule", {"scheduled_at": again})
    assert Draft.objects.get().due_at == moment


def test_her_choice_is_good_on_every_device(browse: Any) -> None:
    her = alice()
    browser = in_("Africa/Cairo", browse(her))
    chosen = {"interface": "en", "theme": "auto", "time_zone": "Asia/Tokyo", "audience": "public",
              "may_reply": "everyone", "may_quote": "everyone"}  # fmt: skip
    assert browser.post("/settings/preferences", chosen).status_code == 303
    assert "Japan Time" in browser.get("/compose").content.decode()
    assert '<option value="Asia/Tokyo" selected>' in browser.get("/settings/preferences").content.decode()
    typed, moment = hour(TOKYO, hours=3)
    schedule(in_("Europe/Berlin", browse(her)), typed)
    assert Draft.objects.get().due_at == moment
    refused = browser.post("/settings/preferences", {**chosen, "time_zone": "Mars/Olympus"})
    assert refused.status_code == 422
    with pytest.raises(BadInput):
        accounts.set_time_zone(user_id=her.user_id, name="Mars/Olympus")
    browser.post("/settings/preferences", {**chosen, "time_zone": ""})
    assert "Egypt Time" in browser.get("/compose").content.decode()


def test_the_zones_have_arabic_names(browse: Any) -> None:
    browser = in_("Africa/Cairo", browse(alice(), "ar"))
    page = browser.get("/settings/preferences").content.decode()
    assert '<option value="Africa/Cairo">مصر</option>' in page
    assert '<option value="Europe/Berlin">ألمانيا (برلين)</option>' in page
    assert "توقيت مصر" in browser.get("/compose").content.decode()


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "%E2%80%A8", "x" * 4000])
def test_a_browser_that_says_nothing_of_use_gets_the_servers_zone(browse: Any, zone: str) -> None:
    browser = in_(zone, browse(alice()))
    assert 'name="time_zone" value="UTC"' in browser.get("/compose").content.decode()
    typed, moment = hour(ZoneInfo("UTC"), hours=5)
    schedule(browser, typed, time_zone=zone)
    assert Draft.objects.get().due_at == moment


def test_a_form_is_taken_in_the_zone_it_was_shown_in(browse: Any) -> None:
    """The first page is made before the browser has said where it is; its form says UTC and means it."""
    browser = browse(alice())
    typed, moment = hour(ZoneInfo("UTC"), hours=20)
    schedule(in_("Asia/Tokyo", browser), typed, time_zone="UTC")
    assert Draft.objects.get().due_at == moment
    shown = schedule(browser, "2020-01-01T00:00", time_zone="UTC")
    assert (shown.status_code, shown.context["composer"].scheduled_at) == (422, "2020-01-01T09:00")


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_the_ends_of_time_are_refused(browse: Any, typed: str, zone: str) -> None:
    page = schedule(in_(zone, browse(alice())), typed)
    assert page.status_code == 422
    assert typed in page.content.decode()


def test_a_card_kept_for_one_zone_is_not_shown_in_another(browse: Any, publish: Any) -> None:
    her, him = alice(), bob()
    follows(her, him)
    publish(him, "A walk", at=MOMENT)
    address = f"/@bob/{Post.objects.get().pk}"
    in_cairo = in_("Africa/Cairo", browse(her)).get(address).content.decode()
    in_tokyo = in_("Asia/Tokyo", browse(her)).get(address).content.decode()
    assert "11:30" in in_cairo
    assert "6:30" in in_tokyo
    assert "11:30" not in in_tokyo


def test_the_end_of_a_mute_is_told_in_her_zone(browse: Any) -> None:
    her, him = alice(), bob()
    seen = access.see_profile(profile_id=him.id, viewer_id=her.id)
    actions.mute(by=her.id, whom=seen, at=MOMENT, expires_at=later(days=4000))
    ends = later(days=4000).astimezone(TOKYO)
    page = in_("Asia/Tokyo", browse(her)).get("/@bob").content.decode()
    assert f"{ends.hour % 12 or 12}:{ends.minute:02}" in page


def test_changing_what_waits_keeps_its_hour_and_its_photos(browse: Any) -> None:
    browser = in_("Africa/Cairo", browse(alice()))
    typed, moment = hour(CAIRO, hours=5)
    schedule(browser, typed, photos=_picture())
    waiting, photo = Draft.objects.get(), Photo.objects.get()
    form = browser.get(f"/compose?draft={waiting.pk}").context["composer"]
    assert (form.text, form.scheduled_at) == ("later", typed)
    schedule(browser, typed, text="later, and better", draft=waiting.pk, media_ids=photo.pk)
    [changed] = Draft.objects.all()
    assert (changed.due_at, changed.params["text"]) == (moment, "later, and better")
    photo.refresh_from_db()
    assert photo.post_id == 0, "held for what waits, so that it is not swept"
    browser.post("/compose", {"text": "not yet", "do": "draft", "draft": changed.pk, "audience": "public"})
    [draft] = Draft.objects.all()
    assert (draft.due_at, draft.params["text"]) == (None, "not yet"), "a draft waits for no hour"
    assert not Post.objects.exists()


def test_articles_open_in_their_editor_titled_or_not_waiting_or_not(browse: Any) -> None:
    browser = browse(alice())
    typed, _moment = hour(ZoneInfo("UTC"), hours=5)
    form = {"text": "## Bread", "audience": "public"}
    browser.post("/articles/new", {**form, "title": "", "do": "draft"})
    browser.post("/articles/new", {**form, "title": "The table", "do": "draft"})
    browser.post("/articles/new", {**form, "title": "Later", "scheduled_at": typed, "do": "post"})
    browser.post("/compose", {"text": "A post", "audience": "public", "do": "draft"})
    page = browser.get("/drafts").content.decode()
    for draft in Draft.objects.exclude(params__text="A post"):
        assert f'href="/articles/new?draft={draft.pk}"' in page
        assert browser.get(f"/compose?draft={draft.pk}")["Location"] == f"/articles/new?draft={draft.pk}"
        editor = browser.get(f"/articles/new?draft={draft.pk}").context["composer"]
        assert editor.title == draft.params["title"].strip()
        assert editor.action == "/articles/new"
    post = Draft.objects.get(params__text="A post")
    assert f'href="/compose?draft={post.pk}"' in page
    untitled = Draft.objects.get(params__title=" ")
    refused = browser.post("/articles/new", {**form, "title": "", "draft": untitled.pk, "do": "post"})
    assert refused.status_code == 422
    assert not Post.objects.exists()


def test_announcements_begin_by_the_clock_of_the_operator(browse: Any) -> None:
    from cast import operator
    from majlis.safety.models import Announcement

    browser = in_("Africa/Cairo", browse(operator()))
    page = browser.get("/backoffice/announcements").content.decode()
    assert "Egypt Time" in page
    form = {"text": "A fair", "starts_at": "2027-01-10T08:00", "time_zone": "Africa/Cairo"}
    browser.post("/backoffice/announcements/add", form)
    assert Announcement.objects.get().starts_at == datetime(2027, 1, 10, 6, 0, tzinfo=UTC)
