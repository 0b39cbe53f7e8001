"""Hours on the web: only who switched the timer on is measured; her own pieces are hers; the team sees sums."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from money_scene import STUDIO

import cast as people
from cast import Bakery
from majlis.core.clock import now
from majlis.insights.windows import Window
from majlis.studio import actions
from majlis.studio.money import hours
from plans import content, team_of

pytestmark = pytest.mark.django_db
HOURS = f"{STUDIO}/money/hours"


@pytest.fixture
def bakery(db: None) -> Bakery:
    return people.bakery()


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def pieces(bakery: Bakery, who: str = "editor") -> list[hours.Piece]:
    return hours.own(
        team_of(bakery, who), window=Window(now() - timedelta(days=900), now() + timedelta(days=1))
    )


def test_nobody_is_measured_who_did_not_say_so(browse: Any, bakery: Bakery) -> None:
    browser = browse(bakery.editor)
    for address in ("entries/new", "calendar"):
        assert "data-hours" not in browser.get(f"{STUDIO}/{address}").content.decode()
    assert browser.post(f"{HOURS}/beat", {"place": "composer"}).json() == {"on": False}
    assert "Your hours are not measured" in text_of(browser.get(HOURS))
    assert pieces(bakery) == []


def test_who_said_so_sees_the_timer_where_she_works(browse: Any, bakery: Bakery) -> None:
    browser = browse(bakery.editor)
    browser.post(f"{HOURS}/consent", {"do": "allow"})
    entry = actions.make(team=team_of(bakery), draft=actions.Draft(content=content("Bread")), at=now())
    for address, place in (
        ("entries/new", "composer"), (f"entries/{entry}", "composer"), ("calendar", "calendar"),
        ("calendar/reviewers", "approvals"), ("inbox", "inbox"),
    ):  # fmt: skip
        page = browser.get(f"{STUDIO}/{address}").content.decode()
        assert f'data-hours="{HOURS}/beat" data-place="{place}"' in page, address
        assert 'data-beat="30" data-idle="180"' in page
    assert f'data-entry="{entry}"' in browser.get(f"{STUDIO}/entries/{entry}").content.decode()
    support = browse(bakery.support)
    assert "data-hours" not in support.get(f"{STUDIO}/calendar").content.decode(), "hers is hers"
    support.post(f"{HOURS}/consent", {"do": "allow"})
    assert 'data-place="approvals"' in support.get(f"{STUDIO}/entries/{entry}").content.decode()


def test_beats_are_measured_and_nonsense_in_them_is_other_work(browse: Any, bakery: Bakery) -> None:
    browser = browse(bakery.editor)
    browser.post(f"{HOURS}/consent", {"do": "allow"})
    for sent in ({"place": "composer"}, {"place": "moon", "entry": "9" * 40, "campaign": "-1"}, {}):
        told = browser.post(f"{HOURS}/beat", sent).json()
        assert told == {"on": True, "said": "measuring: 0 min today"}


def test_a_beat_needs_the_token_of_the_page(browse: Any, bakery: Bakery) -> None:
    hours.allow(team_of(bakery), at=now())
    assert browse(bakery.editor, csrf=True).post(f"{HOURS}/beat", {"place": "composer"}).status_code == 403


def test_hours_by_hand_and_deleting_them(browse: Any, bakery: Bakery) -> None:
    browser = browse(bakery.editor)
    sent = {"hours": "٢٫٥", "day": f"{now():%Y-%m-%d}", "note": "Photos"}
    said = text_of(browser.post(HOURS, sent, follow=True))
    assert "You worked 2.5 hours for this page in the last 28 days." in said
    assert "Photos" in said
    assert "Photos" in browser.get(f"{HOURS}/own.csv").content.decode()
    assert browser.get(f"{HOURS}/own.xlsx").status_code == 200
    assert "Photos" not in browse(bakery.support).get(f"{HOURS}/own.csv").content.decode()
    (piece,) = pieces(bakery)
    assert browse(bakery.support).post(f"{HOURS}/{piece.id}/forget").status_code == 404
    browser.post(f"{HOURS}/{piece.id}/forget")
    assert pieces(bakery) == []


@pytest.mark.parametrize(
    "wrong",
    [{"hours": "-1"}, {"hours": "0"}, {"hours": "24.5"}, {"hours": "1e99"}, {"hours": "NaN"}, {"hours": "two"},
     {"day": "1999-01-01"}, {"day": "2999-01-01"}, {"day": ""}],
)  # fmt: skip
def test_hours_that_cannot_be(browse: Any, bakery: Bakery, wrong: dict[str, str]) -> None:
    answer = browse(bakery.editor).post(HOURS, {"hours": "1", "day": f"{now():%Y-%m-%d}", **wrong})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert pieces(bakery) == []


def test_the_team_sees_sums_and_only_the_names_of_who_said_so(browse: Any, bakery: Bakery) -> None:
    editor = browse(bakery.editor)
    editor.post(HOURS, {"hours": "3", "day": f"{now():%Y-%m-%d}"})
    name = bakery.editor.profile.display_name
    analyst = browse(bakery.analyst)
    said = text_of(analyst.get(HOURS))
    assert "Role Editor 3" in said
    assert name not in said
    editor.post(f"{HOURS}/consent", {"do": "allow", "named": "on"})
    assert name in text_of(analyst.get(HOURS))
    editor.post(f"{HOURS}/consent", {"do": "stop"})
    assert name not in text_of(analyst.get(HOURS))
    assert "The team" not in text_of(editor.get(HOURS))
    assert "Editor" in analyst.get(f"{STUDIO}/money/files/hours.csv").content.decode()


def test_the_owner_writes_hours_of_a_role_and_an_editor_only_her_own(browse: Any, bakery: Bakery) -> None:
    sent = {"hours": "2", "day": f"{now():%Y-%m-%d}", "role": "support"}
    assert browse(bakery.owner).post(HOURS, sent).status_code == 303
    browse(bakery.editor).post(HOURS, sent)
    found = hours.of_team(team_of(bakery, "owner"), window=Window(now() - timedelta(days=9), now()))
    assert {role.value: seconds for role, seconds in found.roles.items()} == {"support": 7200, "editor": 7200}
    assert browse(bakery.owner).post(HOURS, {**sent, "role": "king"}).status_code == 422


def test_forgetting_all_that_was_measured(browse: Any, bakery: Bakery) -> None:
    team = team_of(bakery)
    hours.allow(team, at=now())
    for second in (60, 30, 0):
        hours.beat(team, place=hours.Place.COMPOSER, at=now() - timedelta(seconds=second))
    assert pieces(bakery)
    browser = browse(bakery.editor)
    browser.post(f"{HOURS}/consent", {"do": "forget"})
    assert pieces(bakery) == []
    assert "Your hours are not measured" in text_of(browser.get(HOURS))


def test_hours_in_arabic(browse: Any, bakery: Bakery) -> None:
    page = browse(bakery.editor, "ar").get(HOURS)
    assert page.status_code == 200
    assert 'dir="rtl"' in page.content.decode()


def test_charlie_finds_nothing_and_leaves_nothing(browse: Any, bakery: Bakery) -> None:
    browser = browse(people.charlie())
    assert browser.get(HOURS).status_code == 404
    assert browser.get(f"{HOURS}/own.csv").status_code == 404
    for address in ("", "/beat", "/consent"):
        assert browser.post(f"{HOURS}{address}", {"do": "allow", "hours": "1"}).status_code == 404
