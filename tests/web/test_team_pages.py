"""The pages of a team: asking in, answering, roles, leaving, the book; and nothing that is typed runs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from test_every_page import PAYLOADS, _wrong

import cast as people
from cast import MOMENT
from majlis.brands import actions, queries
from majlis.brands.access import team_door
from majlis.brands.models import TeamMember
from majlis.brands.roles import Permission, Role
from majlis.notifications.models import Notification

pytestmark = pytest.mark.django_db
TEAM = "/studio/bayt_zaytoun/team"


def test_an_owner_asks_and_the_member_finds_it_and_joins(browse: Any) -> None:
    bakery, alice = people.bakery(), people.alice()
    owner, hers = browse(bakery.owner), browse(alice)
    assert owner.post(f"{TEAM}/invite", {"acct": "@alice", "role": "editor"}).status_code == 303
    assert "Alice" in owner.get(TEAM).content.decode()
    notified = hers.get("/notifications").content.decode()
    (address,) = re.findall(r'href="(/team-invitations/\d+)"', notified)
    page = hers.get(address).content.decode()
    assert "Editor" in page
    assert browse(people.charlie()).get(address).status_code == 404
    assert hers.post(address, {"answer": "yes"})["Location"] == "/studio/bayt_zaytoun"
    assert hers.get("/studio/bayt_zaytoun").status_code == 200
    assert not Notification.objects.filter(kind="team_invitation").exists()
    book = owner.get(f"{TEAM}/book").content.decode()
    assert "joined the team" in book
    assert "asked somebody into the team" in book


def test_no_thank_you_ends_it(browse: Any) -> None:
    bakery, alice = people.bakery(), people.alice()
    browse(bakery.owner).post(f"{TEAM}/invite", {"acct": "alice", "role": "editor"})
    hers = browse(alice)
    (found,) = queries.invitations_for(member=alice.id, at=people.later(days=-1))
    assert hers.post(f"/team-invitations/{found.id}", {"answer": "no"})["Location"] == "/home"
    assert hers.get(f"/team-invitations/{found.id}").status_code == 404
    assert hers.get(TEAM).status_code == 404


@pytest.mark.parametrize(
    ("acct", "status"), [("nobody", 404), ("bayt_zaytoun", 422), ("elias", 409), ("", 404)]
)
def test_who_cannot_be_asked_is_said_on_the_page(browse: Any, acct: str, status: int) -> None:
    bakery = people.bakery()
    answer = browse(bakery.owner).post(f"{TEAM}/invite", {"acct": acct, "role": "editor"})
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()


def test_a_link_is_shown_once_leads_guests_through_the_door_and_works_once(browse: Any) -> None:
    bakery, alice = people.bakery(), people.alice()
    owner = browse(bakery.owner)
    made = owner.post(f"{TEAM}/link", {"role": "support"})
    assert made["Cache-Control"] == "private, no-store"
    (address,) = re.findall(r'value="https?://[^/"]+(/team-invitations/link/[\w-]+)"', made.content.decode())
    assert address not in owner.get(TEAM).content.decode()
    assert browse().get(address)["Location"].startswith("/accounts/login/?next=%2Fteam-invitations%2Flink%2F")
    hers = browse(alice)
    assert hers.get(address)["Referrer-Policy"] == "same-origin"
    assert hers.post(address, {"answer": "no"}).status_code == 303  # nothing is used up
    assert hers.post(address, {"answer": "yes"}).status_code == 303
    assert browse(people.charlie()).get(address).status_code == 404
    assert owner.post(f"{TEAM}/link", {"role": "owner"}).status_code == 422


def test_roles_change_and_end_on_the_page(browse: Any) -> None:
    bakery = people.bakery()
    owner, editor = browse(bakery.owner), browse(bakery.editor)
    assert owner.post(f"{TEAM}/{bakery.editor.id}/role", {"role": "analyst"}).status_code == 303
    assert editor.get("/studio/bayt_zaytoun/page").status_code == 403
    assert owner.post(f"{TEAM}/{bakery.editor.id}/end").status_code == 303
    assert editor.get("/studio/bayt_zaytoun").status_code == 404
    refused = owner.post(f"{TEAM}/{bakery.owner.id}/end")
    assert refused.status_code == 409
    assert "last owner" in refused.content.decode()
    assert owner.post(f"{TEAM}/{bakery.support.id}/role", {"role": "king"}).status_code == 422
    assert browse(bakery.support).post(f"{TEAM}/leave")["Location"] == "/studio"


def test_a_page_is_handed_over_with_a_yes(browse: Any) -> None:
    bakery, alice = people.bakery(), people.alice()
    TeamMember.objects.create(page_id=bakery.page.id, member_id=alice.id, role="owner", made_at=MOMENT)
    owner = browse(bakery.owner)
    assert owner.post(f"{TEAM}/hand-over", {"to": alice.id}).status_code == 422
    for nobody in ("", "²", "9" * 30):
        assert owner.post(f"{TEAM}/hand-over", {"to": nobody, "sure": "on"}).status_code == 404
    assert owner.post(f"{TEAM}/hand-over", {"to": alice.id, "sure": "on"}).status_code == 303
    assert "bayt_zaytoun" in browse(alice).get("/settings/profiles").content.decode()
    assert "bayt_zaytoun" not in owner.get("/settings/profiles").content.decode()


def test_a_support_sees_the_team_and_no_way_to_change_it(browse: Any) -> None:
    bakery = people.bakery()
    html = browse(bakery.support).get(TEAM).content.decode()
    assert "Elias" in html
    assert "/role" not in html
    assert "Ask somebody" not in html


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_studio_page_answers_and_nothing_that_was_typed_runs(browse: Any, language: str) -> None:
    bakery, dana = people.bakery(), people.dana()
    team = team_door(page_id=bakery.page.id, by=bakery.owner.id, needs=Permission.TEAM)
    bad = PAYLOADS[0]
    offered = actions.change_offering(
        team, kind="product", name=bad[:100], description="\n".join(PAYLOADS), at=MOMENT
    )
    actions.describe(team, address="\n".join(PAYLOADS)[:280], category="bakery", at=MOMENT)
    actions.pin_offering(team, offering_id=offered, at=MOMENT)
    review = actions.write_review(
        page=bakery.page.seen, by=dana.id, stars=1, recommends=False, text="\n".join(PAYLOADS), at=MOMENT
    )
    actions.answer_review(team, review_id=review, text="\n".join(PAYLOADS), at=MOMENT)
    actions.claim_domain(team, domain="example.org", method="link", at=MOMENT)
    actions.invite_by_link(team, role=Role.EDITOR, at=MOMENT)
    home = "/studio/bayt_zaytoun"
    direction = 'dir="rtl"' if language == "ar" else 'dir="ltr"'
    for browser, addresses in (
        (
            browse(bakery.owner, language),
            [
                "/studio", home, *(f"{home}/{part}" for part in (
                    "team", "team/book", "reviews", "reviews?only=unanswered", "page", "page/about", "page/hours",
                    "page/offers", "page/offers/new", f"page/offers/{offered}", "page/domains",
                )), f"/reviews/{review}/report",
            ],
        ),
        (browse(language=language), ["/@bayt_zaytoun", "/@bayt_zaytoun/offers", "/@bayt_zaytoun/reviews"]),
    ):  # fmt: skip
        for address in addresses:
            answer = browser.get(address)
            html = answer.content.decode()
            assert answer.status_code == 200, address
            assert _wrong(html) == [], address
            assert f'lang="{language}" {direction}' in html, address
            assert "<script>window" not in html, address


def test_pages_of_the_studio_ask_the_same_of_the_database_for_any_number(browse: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    bakery = people.bakery()
    browser, counts = browse(bakery.owner), []
    browser.get("/studio")
    for round_ in range(2):
        for number in range(6):
            who = people.member(f"m{round_}{number}")
            actions.write_review(
                page=bakery.page.seen, by=who.id, stars=5, recommends=True, text="x", at=MOMENT
            )
            TeamMember.objects.create(
                page_id=bakery.page.id,
                member_id=people.member(f"t{round_}{number}").id,
                role="analyst",
                made_at=MOMENT,
            )
        for part in ("reviews", "team", "team/book"):
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(f"/studio/bayt_zaytoun/{part}").status_code == 200
            counts.append(len(asked))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 13
