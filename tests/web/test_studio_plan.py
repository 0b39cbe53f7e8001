"""The plan of a page in the browser: calendar, entries, approvals, queue, library, tables, campaigns."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

import cast as people
from majlis.brands.models import Page, TeamMember
from majlis.core.clock import now
from majlis.media import queries as media
from majlis.media.actions import upload
from majlis.media.models import Photo
from majlis.posts.models import Post
from majlis.studio import access, actions, moments, queries
from majlis.studio.actions import Draft, Terms
from majlis.studio.models import Entry, EntryVersion, ReviewLink
from plans import ZONE, content, team_of

pytestmark = pytest.mark.django_db
BASE = "/studio/bayt_zaytoun"
Browse = Callable[..., Client]


@pytest.fixture
def bakery(tmp_path: Path, settings: Any) -> people.Bakery:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path)
    made = people.bakery()
    Page.objects.filter(pk=made.page.id).update(time_zone=ZONE)
    return made


def _entry(bakery: people.Bakery, text: str = "fresh bread", **more: Any) -> int:
    return actions.make(team=team_of(bakery), draft=Draft(content=content(text, **more)), at=now())


def _scheduled(bakery: people.Bakery, text: str = "fresh bread", **after: float) -> int:
    entry = _entry(bakery, text)
    due = now() + timedelta(**(after or {"hours": 2}))
    actions.schedule(team=team_of(bakery), entry_id=entry, due=due, at=now())
    return entry


def _picture(name: str = "loaf.jpg") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


# pages --------------------------------------------------------------------------------------------

PAGES = (
    "", "/calendar", "/calendar?view=month", "/calendar?view=list", "/calendar/drafts", "/calendar/queue",
    "/calendar/library", "/calendar/table", "/calendar/reviewers", "/calendar/plan.csv", "/campaigns",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_of_the_plan_opens_for_the_team_and_for_nobody_else(
    bakery: people.Bakery, browse: Browse, language: str
) -> None:
    entry, campaign = (
        _scheduled(bakery),
        actions.make_campaign(
            team=team_of(bakery),
            terms=Terms(name="Spring", goal="reach", starts_on=now().date(), ends_on=now().date()),
            at=now(),
        ),
    )
    pages = [*PAGES, f"/entries/{entry}", f"/entries/{entry}/versions", f"/campaigns/{campaign}"]
    team = [
        browse(getattr(bakery, who), language)
        for who in ("owner", "editor", "support", "analyst", "advertiser")
    ]
    charlie, guest = browse(people.charlie(), language), browse(None, language)
    for page in pages:
        for browser in team:
            answer = browser.get(BASE + page)
            assert answer.status_code == 200, page
            assert "private" in answer["Cache-Control"] or "no-store" in answer["Cache-Control"]
        assert charlie.get(BASE + page).status_code == 404, page
        assert guest.get(BASE + page).status_code == 302, page
    for page in ("/entries/new", "/campaigns/new", f"/campaigns/{campaign}/change"):
        assert team[1].get(BASE + page).status_code == 200
        assert team[3].get(BASE + page).status_code == 403


def test_the_calendar_and_the_lists_ask_a_few_queries_however_much_is_planned(
    bakery: people.Bakery, browse: Browse, django_assert_max_num_queries: Any
) -> None:
    browser = browse(bakery.editor)
    for number in range(12):
        _scheduled(bakery, f"post {number}", hours=2 + number)
    browser.get(f"{BASE}/calendar")
    # session, login, profile, team door, failed, entries, whether the timer runs; the bell and the menu of the frame
    for page in ("/calendar", "/calendar?view=month", "/calendar?view=list", "/calendar/drafts"):
        with django_assert_max_num_queries(12):
            assert browser.get(BASE + page).status_code == 200
    entry = _entry(bakery)
    # and for what to expect: the hour proposed, followers, posts, whom it borrows from, ranges that held
    with django_assert_max_num_queries(21):
        browser.get(f"{BASE}/entries/{entry}")


def test_times_are_those_of_the_page_whoever_looks(bakery: people.Bakery, browse: Browse) -> None:
    entry = _entry(bakery)
    browser = browse(bakery.editor)
    browser.cookies["majlis_zone"] = "America/New_York"
    day = (now() + timedelta(days=3)).date()
    answer = browser.post(f"{BASE}/entries/{entry}/schedule", {"due": f"{day}T09:30", "do": "schedule"})
    assert answer.status_code == 303
    due = Entry.objects.get(pk=entry).due_at
    assert due is not None
    assert moments.on_the_wall(due, zone=ZONE).strftime("%H:%M") == "09:30"
    assert f'value="{day}T09:30"' in browser.get(f"{BASE}/entries/{entry}").content.decode()


def test_the_week_begins_where_the_page_is(bakery: people.Bakery, browse: Browse) -> None:
    for zone, first in (("Africa/Cairo", 5), ("Asia/Riyadh", 6), ("Asia/Beirut", 0)):
        Page.objects.filter(pk=bakery.page.id).update(time_zone=zone)
        days = browse(bakery.editor).get(f"{BASE}/calendar").context["days"]
        from datetime import date

        assert date.fromisoformat(days[0].iso).weekday() == first


# writing ------------------------------------------------------------------------------------------


def test_an_entry_is_written_with_all_its_parts_and_leaves_by_its_button(
    bakery: people.Bakery, browse: Browse
) -> None:
    browser = browse(bakery.editor)
    form = {
        "text": "Our hours on Friday", "audience": "unlisted", "content_warning": "hours", "language": "en",
        "part": ["Saturday too", "", "Sunday closed"], "first_comment": "Ask below", "team_title": "Hours",
        "do": "save", "photos": [_picture()], "reply_policy": "followers",
    }  # fmt: skip
    answer = browser.post(f"{BASE}/entries/new", form)
    assert answer.status_code == 303
    made = Entry.objects.get()
    assert (made.title, [part["text"] for part in made.thread], made.first_comment) == (
        "Hours",
        ["Saturday too", "Sunday closed"],
        "Ask below",
    )
    assert (made.params["audience"], made.params["warning"], made.params["may_reply"]) == (
        "unlisted",
        "hours",
        "followers",
    )
    assert len(made.params["photo_ids"]) == 1
    page = browser.get(answer["Location"]).content.decode()
    assert "Our hours on Friday" in page
    assert browser.post(f"{answer['Location']}/publish").status_code == 303
    assert Post.objects.filter(author_id=bakery.page.id).count() == 4
    assert "Look at the post" in browser.get(answer["Location"]).content.decode()


def test_the_second_of_two_editors_sees_both_texts_and_saves_on_purpose(
    bakery: people.Bakery, browse: Browse
) -> None:
    entry = _entry(bakery, "begun")
    one, two = browse(bakery.owner), browse(bakery.editor)
    address = f"{BASE}/entries/{entry}"
    assert one.post(address, {"text": "what Nadia wrote", "version": 1, "do": "save"}).status_code == 303
    told = two.post(address, {"text": "what Elias wrote", "version": 1, "do": "save"})
    assert told.status_code == 409
    page = told.content.decode()
    assert "Nadia saved another version meanwhile" in page
    assert page.count("what Nadia wrote") >= 1
    assert page.count("what Elias wrote") >= 2, "beside hers, and in the form"
    assert Entry.objects.get(pk=entry).params["text"] == "what Nadia wrote"
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    assert (
        two.post(address, {"text": "what Elias wrote", "version": version[1], "do": "save"}).status_code
        == 303
    )
    assert {each.params["text"] for each in EntryVersion.objects.filter(entry_id=entry)} == {
        "begun", "what Nadia wrote", "what Elias wrote",
    }  # fmt: skip
    shown = two.get(f"{address}/versions").content.decode()
    assert "what Nadia wrote" in shown
    two.post(f"{address}/restore", {"version": 2})
    assert Entry.objects.get(pk=entry).params["text"] == "what Nadia wrote"


def test_what_cannot_be_done_is_said_on_the_page_and_nothing_is_lost(
    bakery: people.Bakery, browse: Browse
) -> None:
    entry, browser = _entry(bakery), browse(bakery.editor)
    for form in ({"due": "2020-01-01T10:00"}, {"due": "never"}, {"due": ""}, {"do": "queue"}):
        answer = browser.post(f"{BASE}/entries/{entry}/schedule", form, follow=True)
        assert answer.status_code == 200
        assert 'class="note error"' in answer.content.decode(), form
    assert Entry.objects.get(pk=entry).due_at is None
    typed = browser.post(f"{BASE}/entries/new", {"text": "my words", "campaign": "77", "do": "save"})
    assert typed.status_code == 404
    assert "my words" in typed.content.decode()


def test_an_entry_is_dragged_to_another_day_keeps_its_time_and_can_go_back(
    bakery: people.Bakery, browse: Browse
) -> None:
    entry, browser = _scheduled(bakery), browse(bakery.editor, **{"HX-Request": "true"})
    before = Entry.objects.get(pk=entry).due_at
    assert before is not None
    wall = moments.on_the_wall(before, zone=ZONE)
    day = wall.date() + timedelta(days=5)
    answer = browser.post(
        f"{BASE}/entries/{entry}/move", {"day": day.isoformat()}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204
    told = msgspec.json.decode(answer["HX-Trigger"])["toast"]
    moved = Entry.objects.get(pk=entry).due_at
    assert moved is not None
    assert moments.on_the_wall(moved, zone=ZONE).replace(tzinfo=None) == wall.replace(
        tzinfo=None
    ) + timedelta(days=5)
    assert browser.post(told["undo"]).status_code in (204, 303)
    undone = Entry.objects.get(pk=entry).due_at
    assert undone is not None
    assert abs(undone - before) < timedelta(seconds=1)
    for nothing in ("2026-12-20T10:00", "soon", "9999-12-31T23:59:59-10:00"):
        assert browser.post(f"{BASE}/entries/{entry}/move?to={nothing}").status_code == 422
    past = browser.post(f"{BASE}/entries/{entry}/move", {"day": "2020-01-01"}, headers={"HX-Request": "true"})
    assert past.status_code == 422
    assert past["X-Sentence"]


def test_thrown_away_and_brought_back_from_its_page(bakery: people.Bakery, browse: Browse) -> None:
    entry, browser = _scheduled(bakery), browse(bakery.editor)
    page = browser.post(f"{BASE}/entries/{entry}/discard", follow=True).content.decode()
    assert f"{BASE}/entries/{entry}/bring-back" in page
    browser.post(f"{BASE}/entries/{entry}/bring-back")
    assert Entry.objects.get(pk=entry).due_at is not None


# review -------------------------------------------------------------------------------------------


def _link(bakery: people.Bakery, browse: Browse) -> str:
    page = browse(bakery.owner).post(f"{BASE}/calendar/reviewers", {"name": "Hotel Cedar", "days": 7})
    assert page["Cache-Control"] == "no-store"
    found = re.search(r'value="https?://[^/]+(/review/[^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_client_reads_and_answers_by_link_and_the_link_leaks_nowhere(
    bakery: people.Bakery, browse: Browse, language: str
) -> None:
    entry = _entry(bakery, "fresh bread with [a link](https://elsewhere.example)")
    actions.ask(team=team_of(bakery), entry_id=entry, at=now())
    address = _link(bakery, browse)
    guest = browse(None, language)
    page = guest.get(address)
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "same-origin"
    assert "noindex" in page["X-Robots-Tag"]
    assert "noindex" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "fresh bread" in page.content.decode()
    secret = address.rpartition("/")[2]
    assert secret not in str(vars(ReviewLink.objects.get()))
    assert guest.post(f"{address}/{entry}", {"version": 1, "answer": "no", "text": ""}).status_code == 422
    answer = guest.post(f"{address}/{entry}", {"version": 1, "answer": "yes", "name": "Rana"})
    assert answer.status_code == 303
    assert access.entry(team=team_of(bakery), entry_id=entry).decided_by_name == "Rana"
    actions.change(
        team=team_of(bakery),
        entry_id=entry,
        read_version=1,
        draft=Draft(content=content("changed")),
        at=now(),
    )
    late = guest.post(f"{address}/{entry}", {"version": 1, "answer": "yes"})
    assert late.status_code == 409
    assert "changed" in late.content.decode()


def test_a_review_link_is_asked_for_only_so_often_and_opens_nothing_once_revoked(
    bakery: people.Bakery, browse: Browse, settings: Any
) -> None:
    address = _link(bakery, browse)
    guest = browse()
    link = ReviewLink.objects.get()
    browse(bakery.owner).post(f"{BASE}/calendar/reviewers/{link.pk}/revoke")
    gone, unknown = guest.get(address), guest.get("/review/" + "x" * 32)
    assert gone.status_code == unknown.status_code == 404
    assert gone.content.decode().replace(address, "") == unknown.content.decode().replace(
        "/review/" + "x" * 32, ""
    )
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, limits=True)
    statuses = {guest.get(f"/review/{'y' * 32}").status_code for _n in range(70)}
    assert statuses == {404, 429}


# the rest -----------------------------------------------------------------------------------------


def test_the_queue_is_set_by_the_week_and_sends_in_its_order(bakery: people.Bakery, browse: Browse) -> None:
    browser, entry = browse(bakery.editor), _entry(bakery)
    browser.post(f"{BASE}/calendar/queue", {"slot": ["0-09:00", "2-17:30"], "new_4": "12:00"})
    assert [(day, f"{at:%H:%M}") for day, at in _slots(bakery)] == [(0, "09:00"), (2, "17:30"), (4, "12:00")]
    browser.post(f"{BASE}/entries/{entry}/schedule", {"do": "queue"})
    assert Entry.objects.get(pk=entry).due_at is not None
    assert "waits in the queue" in browser.get(f"{BASE}/calendar/queue").content.decode()
    assert browser.post(f"{BASE}/calendar/queue", {"new_4": "noon"}).status_code == 422


def _slots(bakery: people.Bakery) -> list[Any]:
    from majlis.studio import queries

    return queries.slots(team=team_of(bakery))


def test_pictures_are_put_on_the_shelf_described_found_used_and_thrown_away(
    bakery: people.Bakery, browse: Browse
) -> None:
    browser = browse(bakery.editor)
    here = f"{BASE}/calendar/library"
    browser.post(here, {"photos": [_picture(), _picture("b.jpg")]})
    shown = browser.get(here).context["pictures"]
    assert len(shown) == 2
    photo = shown[0].id
    browser.post(f"{here}/{photo}/describe", {"alt": "رغيفٌ طازج"})
    assert [each.id for each in browser.get(f"{here}?q=رغيف").context["pictures"]] == [photo]
    entry = _entry(bakery)
    browser.post(f"{BASE}/entries/{entry}/add-photo", {"photo": photo})
    assert Entry.objects.get(pk=entry).params["photo_ids"] == [photo]
    assert browser.post(f"{here}/{photo}/discard").status_code == 409
    assert browser.post(f"{here}/{shown[1].id}/discard").status_code == 303
    assert len(browser.get(here).context["pictures"]) == 1
    assert f'value="{photo}"' in browser.get(f"{BASE}/entries/new?photo={photo}").content.decode()


def test_a_table_is_looked_at_and_then_taken(bakery: people.Bakery, browse: Browse) -> None:
    browser = browse(bakery.editor)
    day = (now() + timedelta(days=3)).date()
    good = f"التاريخ;الوقت;النص;الصورة\n{day};٩:٣٠;خبز طازج;loaf.jpg\n;;فكرة;\n"
    form = {"table": SimpleUploadedFile("plan.csv", good.encode()), "photos": [_picture()]}
    page = browser.post(f"{BASE}/calendar/table", form)
    assert page.status_code == 200
    assert not Entry.objects.exists()
    address = re.search(r'action="([^"]+/take)"', page.content.decode())
    assert address is not None
    assert browse(bakery.owner).post(address[1]).status_code == 404
    assert browser.post(address[1]).status_code == 303
    assert Entry.objects.count() == 2
    assert Entry.objects.exclude(due_at=None).get().params["photo_ids"]
    assert browser.post(address[1]).status_code == 404
    bad = browser.post(
        f"{BASE}/calendar/table", {"table": SimpleUploadedFile("p.csv", b"date,time,text\n1/1/2020,9:00,x\n")}
    )
    assert "cannot be taken" in bad.content.decode()
    assert browser.post(f"{BASE}/calendar/table", {}).status_code == 422
    table = b"".join(browser.get(f"{BASE}/calendar/plan.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "خبز طازج" in table


def test_a_campaign_holds_its_posts_together(bakery: people.Bakery, browse: Browse) -> None:
    browser = browse(bakery.editor)
    form = {
        "name": "رمضان",
        "goal": "orders",
        "starts_on": "2027-02-01",
        "ends_on": "2027-03-01",
        "budget": "٢٥٠٫٥",
        "currency": "usd",
    }
    made = browser.post(f"{BASE}/campaigns/new", form)
    assert made.status_code == 303
    campaign = made["Location"].rpartition("/")[2]
    browser.post(f"{BASE}/entries/new", {"text": "lantern bread", "campaign": campaign, "do": "save"})
    page = browser.get(made["Location"]).content.decode()
    assert "lantern bread" in page
    assert "250.5 USD" in page
    assert browser.post(f"{BASE}/campaigns/new", {**form, "ends_on": "2026-01-01"}).status_code == 422
    assert browser.post(f"{BASE}/campaigns/new", {**form, "budget": "much"}).status_code == 422
    assert browser.post(f"{made['Location']}/change", {**form, "name": "Eid"}).status_code == 303
    browser.post(f"{made['Location']}/close", {"do": "close"})
    assert "It is over" in browser.get(made["Location"]).content.decode()


def test_today_says_what_needs_whom_first(bakery: people.Bakery, browse: Browse) -> None:
    waits = _entry(bakery, "asked about")
    actions.ask(team=team_of(bakery), entry_id=waits, at=now())
    failed = _scheduled(bakery, "held up")
    Entry.objects.filter(pk=failed).update(due_at=now() - timedelta(minutes=1))
    Page.objects.filter(pk=bakery.page.id).update(approval_needed=True)
    actions.publish_due(at=now())
    page = browse(bakery.owner).get(BASE).content.decode()
    assert page.index("1 post did not leave.") < page.index("1 post waits for your yes.")
    assert "Nobody has approved this version yet." in page
    mine = browse(bakery.editor).get(BASE).content.decode()
    assert "waits for your yes" not in mine, "one's own is for somebody else"
    assert "waits for your yes" not in browse(bakery.analyst).get(BASE).content.decode()


def test_parts_of_a_thread_have_photos_warnings_and_languages_of_their_own(
    bakery: people.Bakery, browse: Browse
) -> None:
    browser = browse(bakery.editor)
    form = {
        "text": "Three loaves", "do": "save", "audience": "public", "language": "en", "part": ["wheat", "", "plain"],
        "part_photos_0": [_picture(), _picture("b.jpg")], "part_warning_0": "Gluten", "part_sensitive_0": "on",
        "part_language_0": "ar", "part_photos_1": _picture("c.jpg"),
    }  # fmt: skip
    made = browser.post(f"{BASE}/entries/new", form)["Location"]
    found = access.entry(team=team_of(bakery), entry_id=int(made.rpartition("/")[2]))
    first, second, third = found.content.thread
    assert (first.text, len(first.photo_ids), first.warning, first.sensitive, first.language) == (
        "wheat", 2, "Gluten", True, "ar",
    )  # fmt: skip
    assert (second.text, len(second.photo_ids), third.text) == ("", 1, "plain")
    page = browser.get(made).content.decode()
    assert f'name="part_media_0" value="{first.photo_ids[0]}"' in page
    assert 'value="Gluten"' in page
    again = form | {
        "version": "1", "part_media_0": list(first.photo_ids), "part_media_1": list(second.photo_ids),
        f"alt_{first.photo_ids[1]}": "A loaf in two halves",
    }  # fmt: skip
    for name in ("part_photos_0", "part_photos_1"):
        del again[name]
    shown = browser.post(made, again | {"remove_media": str(first.photo_ids[0])}).content.decode()
    assert f'name="part_media_0" value="{first.photo_ids[1]}"' in shown
    assert f'type="hidden" name="part_media_0" value="{first.photo_ids[0]}"' not in shown
    fewer = again | {"part_media_0": first.photo_ids[1], "part_warning_0": ""}
    assert browser.post(made, fewer).status_code == 303
    versions = browser.get(f"{made}/versions").content.decode()
    assert "Gluten" in versions
    assert "A loaf in two halves" in versions
    post = actions.publish_now(team=team_of(bakery), entry_id=found.id, at=now())
    out = list(Post.objects.order_by("id"))
    assert out[0].id == post
    assert [(each.text, each.sensitive, each.language, each.warning) for each in out] == [
        ("Three loaves", False, "en", ""), ("wheat", True, "ar", ""), ("", False, "en", ""), ("plain", False, "en", ""),
    ]  # fmt: skip
    assert [Photo.objects.filter(post_id=each.id).count() for each in out] == [0, 1, 1, 0]
    assert Photo.objects.get(post_id=out[1].id).alt == "A loaf in two halves"
    assert media.shelf(owner=bakery.page.id)[0].id in second.photo_ids, "the library keeps its own"
    assert browse(people.charlie()).get(made).status_code == 404


def test_a_part_shows_no_photo_of_another_page(bakery: people.Bakery, browse: Browse) -> None:
    theirs = upload(owner=people.charlie().id, data=_picture().read(), at=now())
    sent = {"text": "x", "part": ["y"], "part_media_0": str(theirs), "do": "save"}
    assert browse(bakery.editor).post(f"{BASE}/entries/new", sent).status_code == 404
    assert not Entry.objects.exists()


def test_who_asked_finds_on_her_page_of_today_what_to_change(bakery: people.Bakery, browse: Browse) -> None:
    entry = _entry(bakery, "Lantern bread")
    actions.ask(team=team_of(bakery), entry_id=entry, at=now())
    owner = browse(bakery.owner)
    told = owner.get("/notifications").content.decode()
    assert "asks for your yes to a post" in told
    assert f'href="{BASE}/entries/{entry}"' in told
    sent = {"version": 1, "answer": "no", "text": "Say the price"}
    owner.post(f"{BASE}/entries/{entry}/decide", sent)
    assert "asks for your yes" not in owner.get("/notifications").content.decode()
    editor = browse(bakery.editor)
    assert "wants changes to a post of yours" in editor.get("/notifications").content.decode()
    assert "Changes are wanted to 1 post of yours." in editor.get(BASE).content.decode()
    assert "Changes are wanted" not in browse(bakery.owner).get(BASE).content.decode()
    assert "of yours" not in browse(people.charlie()).get("/notifications").content.decode()


def test_a_review_link_is_sent_by_mail_from_its_form(bakery: people.Bakery, browse: Browse) -> None:
    browser = browse(bakery.owner)
    form = {"name": "Rana", "days": "7", "email": "rana@hotel.example", "language": "ar"}
    page = browser.post(f"{BASE}/calendar/reviewers", form)
    assert "The link is on its way to rana@hotel.example." in page.content.decode()
    assert "sent to rana@hotel.example" in browser.get(f"{BASE}/calendar/reviewers").content.decode()
    wrong = browser.post(f"{BASE}/calendar/reviewers", form | {"email": "rana"})
    assert wrong.status_code == 422
    assert "This is no e-mail address." in wrong.content.decode()
    assert 'value="rana"' in wrong.content.decode()
    assert ReviewLink.objects.count() == 1


def test_what_failed_is_listed_once_with_the_reason_and_who_was_told(
    bakery: people.Bakery, browse: Browse
) -> None:
    failed = _scheduled(bakery, "held up")
    actions.ask(team=team_of(bakery), entry_id=failed, at=now())
    Entry.objects.filter(pk=failed).update(due_at=now() - timedelta(minutes=1))
    actions.publish_due(at=now())
    for address in (BASE, f"{BASE}/entries/{failed}"):
        page = re.sub(r"<[^>]+>", "", browse(bakery.owner).get(address).content.decode())
        assert "Nobody has approved this version yet." in page
        assert "Told by mail: Elias, Nadia." in page
        assert "waits for your yes" not in page
    assert queries.waiting(team=team_of(bakery)) == []
    assert browse(people.charlie()).get(f"{BASE}/entries/{failed}").status_code == 404


def test_what_is_out_leads_to_its_numbers_and_links_for_who_may_see_them(
    bakery: people.Bakery, browse: Browse
) -> None:
    entry = _entry(bakery)
    post = actions.publish_now(team=team_of(bakery), entry_id=entry, at=now())
    addresses = [f"{BASE}/links/posts/{entry}", f"{BASE}/posts/{post}"]
    for who, sees in ((bakery.analyst, True), (bakery.support, False)):
        browser = browse(who)
        page = browser.get(f"{BASE}/entries/{entry}").content.decode()
        assert [f'href="{each}"' in page for each in addresses] == [sees, sees]
    assert browse(bakery.analyst).get(addresses[0]).status_code == 200


def test_roles_press_only_their_buttons(bakery: people.Bakery, browse: Browse) -> None:
    entry = _scheduled(bakery)
    before = Entry.objects.values().get(pk=entry)
    for who in ("support", "analyst", "advertiser"):
        browser = browse(getattr(bakery, who))
        for act in (
            "ask",
            "decide",
            "restore",
            "copy",
            "discard",
            "schedule",
            "unschedule",
            "publish",
            "move",
            "add-photo",
        ):
            assert browser.post(f"{BASE}/entries/{entry}/{act}").status_code == 403, act
        assert browser.post(f"{BASE}/entries/{entry}/comment", {"text": "nice"}).status_code == 303
    TeamMember.objects.filter(member_id=bakery.editor.id).delete()
    assert browse(bakery.editor).post(f"{BASE}/entries/{entry}/discard").status_code == 404
    assert Entry.objects.values().get(pk=entry) == before
