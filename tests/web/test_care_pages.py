"""Causes, fixes, promises, rules, replies: as pages, in both languages; and what a customer says by her link."""

from __future__ import annotations

import re
from typing import Any

import pytest
from talking import listed, only, team

import cast
from cast import Bakery, Member
from majlis.brands.access import OnTeam
from majlis.care import acting, assigning, causes, intake, knowing, replies, terms
from majlis.care.access import Status
from majlis.care.fixing import badge, fixes
from majlis.care.models import Asked, Told
from majlis.core.clock import now
from majlis.posts import actions as posts
from majlis.posts import queries as post_queries
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db
CARE = "/studio/bayt_zaytoun/care"
ANGRY = "@bayt_zaytoun this is the worst delivery ever, terrible service, I want my money back"


@pytest.fixture
def bakery(db: None) -> Bakery:
    return cast.bakery()


@pytest.fixture
def dana(db: None) -> Member:
    return cast.dana()


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team(bakery, bakery.owner)


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def say(by: Member, text: str) -> None:
    posts.publish(by=by.id, params=PostParams(text=text), at=now())
    while intake.take_in(at=now()):
        pass
    while knowing.read_new(at=now()):
        pass


def complaint(owner: OnTeam, dana: Member) -> int:
    """Dana complains of the delivery, and is answered; the cause."""
    causes.begin(owner, at=now())
    late = next(each.id for each in causes.causes(owner) if each.kind == "delivery")
    say(dana, ANGRY)
    row = only(owner)
    acting.give_cause(owner, conversation_id=row.id, cause=late, at=now())
    acting.answer(owner, conversation_id=row.id, text="Sorry", then=Status.SOLVED, at=now())
    return late


@pytest.mark.parametrize("language", ["en", "ar"])
def test_from_a_cause_to_a_fix_to_thanks(
    browse: Any, bakery: Bakery, owner: OnTeam, dana: Member, language: str
) -> None:
    late = complaint(owner, dana)
    browser = browse(bakery.owner, language=language) if language == "ar" else browse(bakery.owner)
    page = browser.get(f"{CARE}/causes")
    assert page.status_code == 200
    given = {"text": "The oven is new.", "text_ar": "الفرن جديد.", "since": "2020-01-01"}
    assert browser.post(f"{CARE}/causes/{late}", {**given, "do": "look"}).status_code == 422
    given["since"] = f"{now():%Y-%m-%d}"
    looked = browser.post(f"{CARE}/causes/{late}", {**given, "do": "look"})
    assert looked.status_code == 200
    assert 'value="tell"' in looked.content.decode()
    assert Told.objects.count() == 0
    assert browser.post(f"{CARE}/causes/{late}", {**given, "do": "tell"}).status_code == 303
    told = Told.objects.get()
    while fixes.tell_some(fix_id=told.fix_id, at=now()):
        pass
    told.refresh_from_db()
    assert told.post_id
    (link,) = re.findall(r"/care/\S+", post_queries.hydrate([told.post_id])[told.post_id].text)
    # she needs no account, and looking says nothing
    guest = browse(None)
    for _time in range(2):
        shown = guest.get(link)
        assert shown.status_code == 200
        assert "new" in text_of(shown) or "جديد" in text_of(shown)
        assert shown["Cache-Control"].startswith("max-age=0")
    # nor does the team answer in her name, which finds no link in its inbox either
    for said in ({"do": "confirm"}, {"do": "not_yet"}, {"stars": "5"}):
        assert browser.post(link, said).status_code == 303
    assert Asked.objects.get().stars is None
    inbox = browser.get(f"/studio/bayt_zaytoun/inbox/{only(owner).id}").content.decode()
    assert given["text"] in inbox
    assert link.rsplit("/", 1)[1] not in inbox
    assert only(owner).status is Status.SOLVED
    assert guest.post(link, {"do": "confirm"}).status_code == 303
    assert only(owner).status is Status.CONFIRMED
    assert guest.post(link, {"stars": "4", "comment": "Merci"}).status_code == 303
    assert Asked.objects.get().stars == 4
    assert guest.get("/care/x").status_code == 404
    assert guest.post(link + "x", {"do": "not_yet"}).status_code == 404


def test_causes_are_added_and_ended(browse: Any, bakery: Bakery, owner: OnTeam) -> None:
    browser = browse(bakery.owner)
    assert "Begin with the usual causes" in text_of(browser.get(f"{CARE}/causes"))
    browser.post(f"{CARE}/causes", {"do": "begin"})
    browser.post(f"{CARE}/causes", {"name": "Dry bread", "name_ar": "خبز يابس"})
    wrong = browser.post(f"{CARE}/causes", {"name": "Dry bread"})
    assert wrong.status_code == 409
    dry = next(each for each in causes.causes(owner) if each.name == "Dry bread")
    browser.post(f"{CARE}/causes/{dry.id}", {"do": "end"})
    assert "Dry bread" not in [each.name for each in causes.causes(owner)]


def test_promises_are_read_and_kept(browse: Any, bakery: Bakery, owner: OnTeam) -> None:
    browser = browse(bakery.owner)
    page = browser.get(f"{CARE}/promises")
    assert page.status_code == 200
    given = {
        "clock": "own", "warn": "80", "assign": "load", "when": "closed", "automatic_en": "Soon.", "show_badge": "yes",
        "holidays": "2026-12-25\n2026-12-31 9-12", "escalate_to": str(bakery.editor.id), "first_0": "10", "next_0": "",
        **{f"day_{day}": "8-13, 16-22" for day in range(6)},
    }  # fmt: skip
    assert browser.post(f"{CARE}/promises", given).status_code == 303
    found = terms.terms_of(owner.page_id)
    assert (found.clock, found.warn_share, found.assign, found.escalate_to) == (
        "own",
        0.8,
        "load",
        bakery.editor.id,
    )
    assert (found.targets[0].first, found.targets[0].next, found.ask_csat) == (600, None, False)
    assert found.hours is not None
    assert len(found.hours.week[0]) == 2
    assert len(found.hours.dates) == 2
    again = browser.get(f"{CARE}/promises").content.decode()
    assert "08:00–13:00, 16:00–22:00" in again
    for wrong in (
        {"warn": "x"},
        {"first_0": "many"},
        {"day_1": "noon"},
        {"holidays": "Christmas"},
        {"clock": "moon"},
    ):
        answer = browser.post(f"{CARE}/promises", {**given, **wrong})
        assert answer.status_code == 422
    assert terms.terms_of(owner.page_id) == found


def test_rules_and_replies(browse: Any, bakery: Bakery, owner: OnTeam) -> None:
    browser = browse(bakery.owner)
    browser.post(
        f"{CARE}/rules",
        {"name": "Bread", "words": "خبز، bread", "to": str(bakery.support.id), "priority": "0"},
    )
    browser.post(f"{CARE}/rules", {"name": "All", "to": "load", "tag": "new"})
    assert browser.post(f"{CARE}/rules", {"name": "Nothing"}).status_code == 422
    page = browser.get(f"{CARE}/rules")
    assert "“خبز”" in text_of(page)
    assert "Urgent" in text_of(page)
    first, second = assigning.rules(owner.page_id)
    assert (first.then.to, first.then.priority, second.then.load) == (bakery.support.id, 0, True)
    browser.post(f"{CARE}/rules/{second.id}", {"do": "up"})
    assert [each.name for each in assigning.rules(owner.page_id)] == ["All", "Bread"]
    browser.post(f"{CARE}/rules/{second.id}", {"do": "end"})
    assert [each.name for each in assigning.rules(owner.page_id)] == ["Bread"]
    browser.post(f"{CARE}/replies", {"name": "Sorry", "text": "Dear {name}"})
    assert browser.post(f"{CARE}/replies", {"name": "Bad", "text": "Dear {who}"}).status_code == 422
    (kept,) = replies.saved(owner)
    browser.post(f"{CARE}/replies/{kept.id}", {"name": "Sorry", "text": "Hello {name}"})
    assert replies.saved(owner)[0].text == "Hello {name}"
    assert "Hello {name}" in text_of(browse(bakery.support).get(f"{CARE}/replies"))
    browser.post(f"{CARE}/replies/{kept.id}", {"do": "end"})
    assert replies.saved(owner) == []


def test_the_badge_stands_on_the_page_from_ten_on(
    browse: Any, bakery: Bakery, owner: OnTeam, dana: Member
) -> None:
    for number in range(10):
        say(dana, f"@bayt_zaytoun question {number}")
    for row in listed(owner)[:8]:
        acting.answer(owner, conversation_id=row.id, text="Yes", at=now())
    guest = browse(None)
    assert "of those who write to it" not in text_of(guest.get("/@bayt_zaytoun"))
    badge.work_out(owner.page_id, at=now())
    assert "Answers 80% of those who write to it" in text_of(guest.get("/@bayt_zaytoun"))
    told = guest.get(f"/api/v1/accounts/{owner.page_id}").json()["majlis_page"]["responsiveness"]
    assert (told["conversations"], told["share_answered"], told["share_confirmed"]) == (10, 0.8, None)


def test_charlie_and_other_roles_find_nothing(
    browse: Any, bakery: Bakery, owner: OnTeam, dana: Member
) -> None:
    late = complaint(owner, dana)
    charlie = browse(cast.charlie())
    for part in ("causes", f"causes/{late}", "promises", "rules", "replies"):
        assert charlie.get(f"{CARE}/{part}").status_code == 404
        assert browse(bakery.analyst).get(f"{CARE}/{part}").status_code == 403
    assert (
        browse(bakery.support).post(f"{CARE}/causes/{late}", {"do": "tell", "text": "x"}).status_code == 403
    )
