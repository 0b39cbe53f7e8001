"""The inbox over HTTP: the list, a conversation, everything that is done with it by forms; and who may not see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

import cast
from cast import Bakery, Member
from clientele import made
from majlis.brands.access import OnTeam, team_door
from majlis.brands.customers import members
from majlis.brands.models import TeamMember
from majlis.brands.roles import Permission
from majlis.care import acting, inbox, intake, presence, reading
from majlis.care.access import Priority, Status
from majlis.care.inbox import Row, Wanted
from majlis.care.intake import Outside
from majlis.care.models import Cause, Conversation
from majlis.core import sql
from majlis.core.clock import now
from majlis.people import actions as people_actions
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams

pytestmark = pytest.mark.django_db
INBOX = "/studio/bayt_zaytoun/inbox"
PART = {"HX-Request": "true"}


class Desk:
    """The bakery's inbox, the customer who speaks to it, and who answers."""

    def __init__(self, browse: Callable[..., Client]) -> None:
        self.bakery: Bakery = cast.bakery()
        self.dana: Member = cast.dana()
        self.salma: OnTeam = self.team(self.bakery.support)
        self.browser: Client = browse(self.bakery.support)

    def team(self, who: Member) -> OnTeam:
        return team_door(page_id=self.bakery.page.id, by=who.id, needs=Permission.READ)

    def say(self, text: str, *, by: Member | None = None, **params: Any) -> int:
        """A post, and the conversation it stands in."""
        at = now() - timedelta(minutes=7)
        who = by or self.dana
        posts.publish(by=who.id, params=PostParams(text=text, **params), at=at)
        while intake.take_in(at=at):
            pass
        return max(row.id for row in self.listed())

    def listed(self, view: str = "all") -> list[Row]:
        return inbox.listing(self.salma, Wanted(view=view), at=now()).rows

    def row(self) -> Row:
        (row,) = self.listed()
        return row

    def read(self, conversation: int) -> reading.Reading:
        return reading.read(self.salma, conversation_id=conversation, at=now())

    def do(self, conversation: int, what: str, *, browser: Client | None = None, **given: Any) -> Any:
        return (browser or self.browser).post(f"{INBOX}/{conversation}/{what}", given)

    def page(self, address: str = "", browser: Client | None = None) -> str:
        answer = (browser or self.browser).get(INBOX + address)
        assert answer.status_code == 200
        return str(answer.content.decode())


@pytest.fixture
def desk(browse: Callable[..., Client]) -> Desk:
    return Desk(browse)


def fields(page: str, form: str = "answer") -> dict[str, str]:
    """The hidden fields of a form."""
    (within,) = re.findall(rf'<form[^>]* id="{form}".*?</form>', page, re.DOTALL)
    return dict(re.findall(r'<input type="hidden" name="(seen|key)" value="([^"]*)"', within))


# the list


def test_the_list_says_who_what_and_how_soon(desk: Desk) -> None:
    assert "Nothing here" in desk.page()
    conversation = desk.say("@bayt_zaytoun the bread was hard as a stone")
    page = desk.page()
    assert f'href="{INBOX}/{conversation}"' in page
    assert "hard as a stone" in page
    assert re.search(r"in \d+ (min|hr)", page)
    assert re.search(r"<span>Inbox</span><span class=\"studio-count\"><span aria-hidden=\"true\">1<", page)


def test_what_is_late_is_said_in_words(desk: Desk) -> None:
    conversation = desk.say("@bayt_zaytoun hello?")
    acting.prioritise(desk.salma, conversation_id=conversation, priority=Priority.URGENT, at=now())
    Conversation.objects.update(due_at=now() - timedelta(minutes=12))
    page = desk.page("?view=late")
    assert "12 min late" in page
    assert "Urgent" in page


def test_views_and_filters_are_addresses(desk: Desk) -> None:
    first = desk.say("@bayt_zaytoun the bread was hard")
    second = desk.say("@bayt_zaytoun are you open?", by=cast.bob())
    desk.do(first, "tags", tags="bread, oven")
    desk.do(first, "priority", priority="1")
    desk.do(second, "solve")
    shown = {
        "": {first}, "?view=solved": {second}, "?view=all": {first, second}, "?view=all&tag=oven": {first},
        "?view=all&priority=1": {first}, "?view=all&q=open": {second}, "?view=mine": set(), "?view=all&source=mention":
        {first, second}, "?view=all&source=review": set(), "?view=all&cause=0": {first, second}, "?view=nonsense": {first},
        "?view=all&order=newest": {first, second}, "?view=all&language=xx": set(), "?cause=abc&priority=9": {first},
    }  # fmt: skip
    for address, expected in shown.items():
        assert {int(each) for each in re.findall(r'id="row-(\d+)"', desk.page(address))} == expected, address


def test_a_long_list_goes_on(desk: Desk) -> None:
    said = [
        Outside(network="x", id=str(n), thread=str(n), author=str(n), at=now(), text=f"number {n}")
        for n in range(53)
    ]
    intake.arrive(page_id=desk.bakery.page.id, said=said)
    intake.take_in(at=now())
    page = desk.page()
    first = re.findall(r'id="row-(\d+)"', page)
    (more,) = set(re.findall(r'href="[^"]*inbox(\?after=[^"]+)"', page))
    rest = re.findall(r'id="row-(\d+)"', desk.page(more))
    assert (len(first), len(rest), len({*first, *rest})) == (50, 3, 53)


def test_a_place_in_the_list_that_is_none_is_refused(desk: Desk) -> None:
    assert desk.browser.get(f"{INBOX}?after=nonsense").status_code == 422


# a conversation


def test_a_conversation_tells_customers_team_and_notes_apart(desk: Desk) -> None:
    conversation = desk.say("@bayt_zaytoun the bread was **hard**")
    desk.do(conversation, "note", note="She comes every Friday.")
    page = desk.page(f"/{conversation}")
    answered = desk.do(conversation, "answer", text="We are sorry, Dana.", **fields(page))
    assert answered["Location"] == f"{INBOX}/{conversation}"
    page = desk.page(f"/{conversation}")
    sides = re.findall(r'<li class="inbox-said of-(\w+)"', page)
    assert sides == ["customer", "note", "team"]
    assert "We are sorry, Dana." in page
    assert "سلمى answered · 7 min" in page
    assert "Waiting for the customer" in page
    assert desk.row().status is Status.WAITING


def test_who_will_read_an_answer_is_said_before(desk: Desk) -> None:
    shown, hidden = desk.say("@bayt_zaytoun hello"), desk.say("@bayt_zaytoun secret", audience="mentioned")
    assert "Everybody who sees the customer" in desk.page(f"/{shown}")
    assert "Only the customer reads it" in desk.page(f"/{hidden}")
    intake.arrive(
        page_id=desk.bakery.page.id,
        said=[Outside(network="x", id="1", thread="1", author="a", at=now(), text="away")],
    )
    intake.take_in(at=now())
    outside = next(row.id for row in desk.listed() if row.source.startswith("outside"))
    page = desk.page(f"/{outside}")
    assert "answer this where it was said" in page
    assert 'id="answer-text"' not in page


def test_what_is_gone_is_said_to_be_gone(desk: Desk) -> None:
    conversation = desk.say("@bayt_zaytoun the bread was hard")
    post = desk.read(conversation).said[0].post_id
    assert post is not None
    posts.delete(by=desk.dana.id, post_id=post, at=now())
    page = desk.page(f"/{conversation}")
    assert "the bread was hard" not in page
    assert "This is gone" in page
    assert "nothing left to answer" in page


@pytest.mark.parametrize("then", [Status.WAITING, Status.SOLVED, Status.OPEN])
def test_after_an_answer_it_waits_is_solved_or_stays_open(desk: Desk, then: Status) -> None:
    conversation = desk.say("@bayt_zaytoun the bread was hard")
    desk.do(conversation, "answer", text="Sorry.", then=then.value, **fields(desk.page(f"/{conversation}")))
    assert desk.row().status is then


def test_an_answer_sent_twice_is_given_once(desk: Desk) -> None:
    conversation = desk.say("@bayt_zaytoun the bread was hard")
    sent = fields(desk.page(f"/{conversation}"))
    for _time in range(2):
        assert desk.do(conversation, "answer", text="Sorry.", **sent).status_code == 303
    assert [each.side for each in desk.read(conversation).said] == ["customer", "team"]


def test_an_answer_that_cannot_be_given_keeps_its_words(desk: Desk) -> None:
    conversation = desk.say("@bayt_zaytoun the bread was hard")
    long = "word " * 30_000
    answer = desk.do(conversation, "answer", text=long, **fields(desk.page(f"/{conversation}")))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert "word word" in answer.content.decode()
    assert len(desk.read(conversation).said) == 1


def test_states_follow_the_buttons(desk: Desk) -> None:
    conversation = desk.say("@bayt_zaytoun the bread was hard")
    for what, expected in (
        ("wait", Status.WAITING), ("solve", Status.SOLVED), ("reopen", Status.OPEN), ("snooze", Status.SNOOZED),
    ):  # fmt: skip
        assert desk.do(conversation, what, choice="tomorrow").status_code == 303
        assert desk.row().status is expected
    until = desk.row().snoozed_until
    assert until is not None
    assert until.astimezone(_zone(desk)).strftime("%H:%M") == "09:00"
    assert desk.do(conversation, "snooze", choice="own", until="yesterday").status_code == 422
    assert desk.do(conversation, "snooze", choice="own", until="2020-01-01T10:00").status_code == 422
    assert desk.row().snoozed_until == until


def _zone(desk: Desk) -> Any:
    return ZoneInfo(desk.salma.time_zone)


def test_whose_it_is_how_urgent_and_why(desk: Desk) -> None:
    conversation = desk.say("@bayt_zaytoun the bread was hard")
    cause = Cause.objects.create(
        page_id=desk.bakery.page.id, name="Hard bread", name_ar="خبز قاسٍ", made_at=now()
    )
    desk.do(conversation, "take")
    assert desk.row().assignee == desk.bakery.support.id
    desk.do(conversation, "assign", to=str(desk.bakery.editor.id))
    assert desk.row().assignee_name == "Elias"
    assert desk.do(conversation, "assign", to=str(desk.bakery.analyst.id)).status_code == 422
    desk.do(conversation, "cause", cause=str(cause.pk))
    assert desk.row().cause == cause.pk
    assert desk.do(conversation, "priority", priority="7").status_code == 422
    page = desk.page(f"/{conversation}")
    for line in ("سلمى took it", "سلمى gave it to Elias", "سلمى named the cause: Hard bread"):
        assert line in page
    assert "خبز قاسٍ" in desk.page(f"/{conversation}", _arabic(desk))


def _arabic(desk: Desk) -> Client:
    desk.browser.cookies["majlis_language"] = "ar"
    return desk.browser


def test_conversations_are_merged_and_split_people_joined_and_parted(desk: Desk) -> None:
    first = desk.say("@bayt_zaytoun the bread was hard")
    second = desk.say("@bayt_zaytoun and where is my cake?")
    other = desk.say("@bayt_zaytoun it is Dana again, from my other account", by=cast.bob())
    assert desk.do(first, "merge", other=str(other)).status_code == 422, "two people"
    assert desk.do(first, "merge", other=f"http://localhost{INBOX}/{second}?view=all").status_code == 303
    assert len(desk.read(first).said) == 2
    assert desk.do(first, "join", other=str(other)).status_code == 303
    way = next(each for each in desk.read(first).ways if each.joined)
    assert desk.do(first, "part", channel=str(way.id)).status_code == 303
    assert len(desk.read(first).ways) == 1
    said = desk.read(first).said[1]
    split = desk.do(first, "split", message=str(said.id))
    made_id = int(split["Location"].rpartition("/")[2])
    assert [each.text for each in desk.read(made_id).said] == [said.text]
    assert desk.do(first, "join", other="nonsense").status_code == 422


def test_blocking_and_reporting_ask_whether_one_is_sure(desk: Desk) -> None:
    conversation = desk.say("@bayt_zaytoun you are thieves")
    for what in ("block", "report"):
        assert desk.do(conversation, what, comment="Threats").status_code == 422
        assert desk.row().status is Status.OPEN
    assert desk.do(conversation, "report", comment="Threats", sure="on").status_code == 303
    assert desk.do(conversation, "block", sure="on").status_code == 303
    assert desk.row().status is Status.SOLVED


def test_orders_are_shown_with_consent_alone(desk: Desk) -> None:
    conversation = desk.say("@bayt_zaytoun the bread was hard")
    owner = team_door(page_id=desk.bakery.page.id, by=desk.bakery.owner.id, needs=Permission.CUSTOMERS)
    made(owner, "Dana of the sea", emails=["dana@example.org"])
    assert "Dana of the sea" not in desk.page(f"/{conversation}")
    answer = {"member": desk.dana.id, "user": desk.dana.user_id, "page_id": desk.bakery.page.id}
    members.answer(**answer, allowed=True, at=now())
    assert "Dana of the sea" in desk.page(f"/{conversation}")
    members.withdraw(member=desk.dana.id, page_id=desk.bakery.page.id, at=now())
    assert "Dana of the sea" not in desk.page(f"/{conversation}")


def test_nothing_that_is_typed_runs(desk: Desk) -> None:
    evil = "<img src=x onerror=alert(1)>"
    conversation = desk.say(f"@bayt_zaytoun {evil}")
    desk.do(conversation, "tags", tags=evil)
    desk.do(conversation, "note", note=evil)
    desk.do(conversation, "answer", text=evil, **fields(desk.page(f"/{conversation}")))
    page = desk.page(f"/{conversation}?view=all&q={evil}&tag={evil}")
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


# two at once


def test_an_answer_given_meanwhile_is_a_question_and_not_a_second_answer(
    desk: Desk, browse: Callable[..., Client]
) -> None:
    conversation = desk.say("@bayt_zaytoun the bread was hard")
    before = fields(desk.page(f"/{conversation}"))
    elias = browse(desk.bakery.editor)
    theirs = fields(desk.page(f"/{conversation}", elias))
    desk.do(conversation, "answer", browser=elias, text="We bake you another.", **theirs)
    refused = desk.do(conversation, "answer", text="Please come by.", **before)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Elias has answered in the meantime" in page
    assert "Please come by." in page
    assert "We bake you another." in page
    assert [each.text for each in desk.read(conversation).said if each.side == "team"] == [
        "We bake you another."
    ]
    assert desk.do(conversation, "answer", text="Please come by.", **fields(page)).status_code == 303
    assert len(desk.read(conversation).said) == 3


def test_the_question_comes_as_a_part_to_a_script(desk: Desk) -> None:
    conversation = desk.say("@bayt_zaytoun the bread was hard")
    before = fields(desk.page(f"/{conversation}"))
    acting.answer(
        desk.team(desk.bakery.editor),
        conversation_id=conversation,
        text="@dana We bake you another.",
        at=now(),
    )
    refused = desk.browser.post(f"{INBOX}/{conversation}/answer", {"text": "Mine", **before}, headers=PART)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert page.lstrip().startswith('<form class="inbox-answer" id="answer"')
    assert 'id="talk" hx-swap-oob="true"' in page
    assert "<html" not in page


def test_who_else_is_there_is_said_and_forgotten(desk: Desk, browse: Callable[..., Client]) -> None:
    conversation = desk.say("@bayt_zaytoun the bread was hard")
    elias = browse(desk.bakery.editor)
    here = f"{INBOX}/{conversation}/here"
    assert "is" not in elias.post(here, {"doing": "reading"}).content.decode()
    assert "Elias is reading this too" in desk.browser.post(here, {"doing": "answering"}).content.decode()
    assert "سلمى is answering right now" in elias.post(here, {"doing": "reading"}).content.decode()
    assert "سلمى is answering" in desk.page(browser=elias)
    desk.browser.post(here, {"doing": "gone"})
    assert "سلمى" not in elias.post(here, {"doing": "reading"}).content.decode()
    at = now()
    assert presence.there(desk.salma, conversation_id=conversation, at=at + timedelta(seconds=30))
    assert not presence.there(desk.salma, conversation_id=conversation, at=at + timedelta(seconds=46))
    assert presence.forget(at=at + timedelta(hours=2)) == 1


# live


def test_what_a_screen_has_is_not_sent_again(desk: Desk, browse: Callable[..., Client]) -> None:
    conversation = desk.say("@bayt_zaytoun the bread was hard")
    for address in (f"{INBOX}/rows", f"{INBOX}/{conversation}/talk"):
        first = desk.browser.get(address)
        tag = first["ETag"]
        assert "<html" not in first.content.decode()
        again = desk.browser.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        desk.do(conversation, "priority", priority="0")
        assert desk.browser.get(address, headers={"If-None-Match": tag}).status_code == 200
        desk.do(conversation, "priority", priority="2")
    tag = desk.browser.get(f"{INBOX}/rows")["ETag"]
    browse(desk.bakery.editor).post(f"{INBOX}/{conversation}/here", {"doing": "answering"})
    assert (
        "Elias is answering"
        in desk.browser.get(f"{INBOX}/rows", headers={"If-None-Match": tag}).content.decode()
    )


def test_open_screens_hear_of_it(desk: Desk) -> None:
    conversation = desk.say("@bayt_zaytoun the bread was hard")
    told = [_told(desk)]
    desk.do(conversation, "take")
    told.append(_told(desk))
    here = {"conversation_id": conversation, "answering": False, "at": now()}
    presence.beat(desk.salma, **here)
    told.append(_told(desk))
    presence.beat(desk.salma, **here)
    assert 0 < told[0] < told[1] < told[2] == _told(desk), "what they know is not told again"


def _told(desk: Desk) -> int:
    query = (
        "SELECT count(*) FROM core_change"
        " WHERE kind = 'studio.changed' AND subject = %(page)s AND data ->> 'what' = 'inbox'"
    )
    row = sql.one(query, page=desk.bakery.page.id)
    return int(row[0]) if row else 0


# who may not


def test_to_others_there_is_no_inbox(desk: Desk, browse: Callable[..., Client]) -> None:
    conversation = desk.say("@bayt_zaytoun my secret order")
    alice = cast.alice()
    shop = people_actions.create_profile(
        user_id=alice.user_id, handle="shop", kind="business", at=cast.MOMENT
    )
    TeamMember.objects.create(page_id=shop, member_id=alice.id, role="owner", made_at=cast.MOMENT)
    for who in (cast.charlie(), desk.dana, alice):
        browser = browse(who)
        for part in ("", "/rows", f"/{conversation}", f"/{conversation}/talk"):
            assert browser.get(INBOX + part).status_code == 404
        for what in ("answer", "note", "solve", "here", "split", "block"):
            assert (
                browser.post(f"{INBOX}/{conversation}/{what}", {"text": "x", "sure": "on"}).status_code == 404
            )
    # through the door of her own page it is none either
    own = browse(alice)
    for part in (f"/{conversation}", f"/{conversation}/talk"):
        assert own.get(f"/studio/shop/inbox{part}").status_code == 404
    for what in ("answer", "note", "solve", "here", "take", "tags", "priority", "split", "merge", "join"):
        given = {"text": "x", "note": "x", "priority": "1", "message": "1", "other": str(conversation)}
        assert own.post(f"/studio/shop/inbox/{conversation}/{what}", given).status_code == 404, what
    assert desk.row().messages == 1
    for who in (desk.bakery.analyst, desk.bakery.advertiser):
        page = browse(who).get(INBOX)
        assert page.status_code == 403
        assert "my secret order" not in page.content.decode()
        assert "/inbox" not in browse(who).get("/studio/bayt_zaytoun").content.decode()
