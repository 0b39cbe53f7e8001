"""What to expect of a post, how well it was told, the interview and the plan: as pages, in both languages, and to whom."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

import measured_town
import msgspec
import pytest
from measured_town import Town

import cast as people
from majlis.core.clock import now
from majlis.studio.models import Entry, PlanLine
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
        assert "for reach held." in text_of(everything)
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


# the interview and the plan ---------------------------------------------------------------------------------------


def test_the_interview_goes_step_by_step_and_is_taken_up_where_it_was_left(browse: Any, town: Town) -> None:
    browser = browse(town.bakery.owner)
    assert "begins with a few questions" in text_of(browser.get(f"{STUDIO}/plan"))
    begin = browser.get(f"{STUDIO}/plan/interview")
    assert begin.url.endswith("/plan/interview/business")
    later = browser.post(
        f"{STUDIO}/plan/interview/business", {"trade": "Bakery", "place": "بيروت", "later": "yes"}
    )
    assert later.url == f"{STUDIO}/plan"
    assert "Go on where you left" in text_of(browser.get(f"{STUDIO}/plan"))
    assert browser.get(f"{STUDIO}/plan/interview").url.endswith("/interview/people")
    assert 'value="Bakery"' in browser.get(f"{STUDIO}/plan/interview/business").content.decode()
    wrong = browser.post(f"{STUDIO}/plan/interview/hours", {"hours_week": "many"})
    assert wrong.status_code == 422
    assert "This is no number." in text_of(wrong)
    assert 'value="many"' in wrong.content.decode()
    browser.post(f"{STUDIO}/plan/interview/people", {"serves": "Families", "goal": "orders"})
    browser.post(f"{STUDIO}/plan/interview/hours", {"hours_week": "٣٫٥"})
    browser.post(f"{STUDIO}/plan/interview/money", {"price": "7.5", "margin": "40 %", "currency": "eur"})
    done = browser.post(
        f"{STUDIO}/plan/interview/others", {"rivals": "Al Furn\nAl Furn", "tried": ["Flyers", ""], "went": ["badly", "well"]}
    )  # fmt: skip
    assert done.url == f"{STUDIO}/plan"
    money = browser.get(f"{STUDIO}/plan/interview/money").content.decode()
    assert 'value="40"' in money
    assert 'value="EUR"' in money
    editor = browse(town.bakery.editor)
    assert editor.get(f"{STUDIO}/plan/interview/money").status_code == 404
    assert "It can be made." in text_of(editor.get(f"{STUDIO}/plan"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_plan_is_made_read_and_taken(browse: Any, town: Town, language: str) -> None:
    owner = browse(town.bakery.owner, language)
    owner.post(f"{STUDIO}/plan/interview/hours", {"hours_week": "3"})
    owner.post(f"{STUDIO}/plan/make")
    page = owner.get(f"{STUDIO}/plan")
    said = text_of(page)
    assert page.status_code == 200
    assert not re.search(r"\bNone\b|%\(|\bnan\b", said)
    if language == "en":
        assert "12 posts in the next four weeks" in said
        assert "3 hours a week are enough for" in said
        assert "not enough yet, about" in said or "is being made" in said
        assert "1.52 times as many" in said
        assert "When it pays cannot be said yet." in said
    (line, *_others) = re.findall(r"/plan/lines/(\d+)/take", page.content.decode())
    owner.post(f"{STUDIO}/plan/lines/{line}/take")
    entry = Entry.objects.get()
    assert entry.due_at is None
    form = owner.get(f"{STUDIO}/entries/{entry.id}").content.decode()
    assert re.search(r'id="due"[^>]*value="\d{4}-', form)
    owner.post(f"{STUDIO}/plan/lines/{line}/take")  # twice: once
    assert Entry.objects.count() == 1
    owner.post(f"{STUDIO}/plan/take")
    assert Entry.objects.count() == 12
    log = owner.get(f"{STUDIO}/plan/log")
    assert log.status_code == 200
    assert owner.get(f"{STUDIO}/plots/plan.csv").status_code == 200
    assert owner.get(f"{STUDIO}/plots/plan.xlsx").status_code == 200
    analyst = text_of(browse(town.bakery.analyst, language).get(f"{STUDIO}/plan"))
    assert "Make drafts" not in analyst


def test_the_plan_of_a_page_is_not_charlies(browse: Any, town: Town) -> None:
    owner = browse(town.bakery.owner)
    owner.post(f"{STUDIO}/plan/interview/hours", {"hours_week": "3"})
    owner.post(f"{STUDIO}/plan/make")
    line = re.findall(r"/plan/lines/(\d+)/take", owner.get(f"{STUDIO}/plan").content.decode())[0]
    charlie = browse(people.charlie())
    for part in ("plan", "plan/log", "plan/interview", "plan/interview/business"):
        assert charlie.get(f"{STUDIO}/{part}").status_code == 404
    for part in ("plan/make", "plan/take", f"plan/lines/{line}/take", f"plan/lines/{line}/drop"):
        assert charlie.post(f"{STUDIO}/{part}").status_code == 404
    assert not Entry.objects.exists()
    editor = browse(town.bakery.editor)
    assert "What it costs, and when it pays" not in text_of(editor.get(f"{STUDIO}/plan"))


def test_proposals_stand_in_the_calendar_and_are_moved_taken_and_refused_there(
    browse: Any, town: Town
) -> None:
    browser = browse(town.bakery.owner)
    browser.post(f"{STUDIO}/plan/interview/hours", {"hours_week": "6"})
    browser.post(f"{STUDIO}/plan/make")
    ids = {str(each.id) for each in PlanLine.objects.all()}
    week, month, as_list = (
        browser.get(f"{STUDIO}/calendar?view={view}") for view in ("week", "month", "list")
    )
    for page in (week, month, as_list):
        assert "with a broken edge" in text_of(page)
    shown = set(re.findall(r'id="proposal-(\d+)"', month.content.decode()))
    assert shown
    assert shown <= ids
    first, second, third = sorted(ids)[:3]
    for each in (first, second, third):
        assert f"plan/lines/{each}" in as_list.content.decode()
    moved = browser.post(f"{STUDIO}/plan/lines/{first}/move", {"time": "16:05"}, HTTP_HX_REQUEST="true")
    assert moved.status_code == 204
    page = browser.get(f"{STUDIO}/plan/lines/{first}")
    assert "Somebody of you gave it this hour." in text_of(page)
    gone = browser.post(f"{STUDIO}/plan/lines/{first}/move", {"day": "2020-01-01"}, follow=True)
    assert "within the four weeks" in text_of(gone)
    here = f"{STUDIO}/calendar?view=list"
    assert browser.post(f"{STUDIO}/plan/lines/{second}/drop", {"next": here}).headers["Location"] == here
    assert browser.post(f"{STUDIO}/plan/lines/{third}/take", {"next": here}).headers["Location"] == here
    after = browser.get(here).content.decode()
    assert f"plan/lines/{second}" not in after
    assert f"plan/lines/{third}" not in after
    assert f"plan/lines/{first}" in after
    assert Entry.objects.filter(due_at=None).count() == 1
    # who only reads sees none of it to press, and who does not measure none of it
    assert "/take" not in browse(town.bakery.analyst).get(f"{STUDIO}/calendar").content.decode()
    assert (
        "proposal-" not in browse(town.bakery.support).get(f"{STUDIO}/calendar?view=month").content.decode()
    )
    charlie = browse(people.charlie())
    assert charlie.get(f"{STUDIO}/plan/lines/{first}").status_code == 404
    assert charlie.post(f"{STUDIO}/plan/lines/{first}/move", {"time": "16:05"}).status_code == 404


def test_a_proposal_moved_in_the_calendar_can_go_back_and_once_taken_stays_there_as_a_draft(
    browse: Any, town: Town
) -> None:
    browser = browse(town.bakery.owner)
    browser.post(f"{STUDIO}/plan/interview/hours", {"hours_week": "6"})
    browser.post(f"{STUDIO}/plan/make")
    line = PlanLine.objects.order_by("due_at")[0]
    before, url = line.due_at, f"{STUDIO}/plan/lines/{line.id}"
    moved = browser.post(f"{url}/move", {"time": "16:05"}, HTTP_HX_REQUEST="true")
    line.refresh_from_db()
    assert line.due_at != before
    undo = msgspec.json.decode(moved["HX-Trigger"])["toast"]["undo"]
    assert browser.post(undo).status_code in (204, 303)
    line.refresh_from_db()
    assert line.due_at == before
    assert browser.post(f"{url}/move?to=soon", HTTP_HX_REQUEST="true").status_code == 204
    # the list moves by a moment, and comes back to itself
    here = f"{STUDIO}/calendar?view=list"
    wall = f"{before.astimezone(ZoneInfo('Asia/Beirut')):%Y-%m-%dT}16:10"
    assert browser.post(f"{url}/move", {"due": wall, "next": here}).headers["Location"] == here
    day = before.astimezone(ZoneInfo("Asia/Beirut")).date().isoformat()
    month = browser.get(f"{STUDIO}/calendar?view=month&day={day}").content.decode()
    assert f"{url}/take" in month
    assert f"{url}/drop" in month
    browser.post(f"{url}/take")
    entry = Entry.objects.get()
    for view in ("week", "month"):
        shown = browser.get(f"{STUDIO}/calendar?view={view}&day={day}").content.decode()
        assert f'id="entry-{entry.id}"' in shown
        assert f'id="proposal-{line.id}"' not in shown


def test_which_customers_a_proposal_is_for_is_told_to_those_who_see_their_lists(
    browse: Any, town: Town
) -> None:
    owner = browse(town.bakery.owner)
    owner.post(f"{STUDIO}/plan/interview/hours", {"hours_week": "2"})
    owner.post(f"{STUDIO}/plan/make")
    line = PlanLine.objects.order_by("due_at")[0]
    line.proposal["reasons"] = [{"code": "group", "said": {"name": "Saturday people", "reaches": 12}}]
    line.save()
    pages = ("plan", f"plan/lines/{line.id}", "plots/plan.csv")
    for part in pages:
        assert "Saturday people" in owner.get(f"{STUDIO}/{part}").content.decode()
        analyst = browse(town.bakery.analyst).get(f"{STUDIO}/{part}").content.decode()
        assert "Saturday people" not in analyst
        assert "a group of your customers" in analyst


def test_the_languages_customers_read_are_asked_and_kept(browse: Any, town: Town) -> None:
    browser = browse(town.bakery.owner)
    browser.post(f"{STUDIO}/plan/interview/people", {"read": ["ar", "xx"], "crowds": ["families"]})
    page = browser.get(f"{STUDIO}/plan/interview/people").content.decode()
    assert re.search(r'name="read" value="ar" checked', page)
    assert not re.search(r'name="read" value="en" checked', page)
    bad = {"tried": ["", "", "", ""], "went": ["badly"] * 4, "about": ["photo", "text", "poll", "article"]}
    refused = browser.post(f"{STUDIO}/plan/interview/others", bad)
    assert refused.status_code == 422
    assert "nothing is left to propose" in text_of(refused)
