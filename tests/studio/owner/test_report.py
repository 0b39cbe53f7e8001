"""The monthly report: what it says, that it is set whatever people are called, and that it leaves exactly once."""

from __future__ import annotations

import re
import threading
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import shopping
from django.core import mail
from django.db import connection, transaction
from django.utils import translation
from msgspec.structs import replace

from cast import MOMENT, Bakery
from majlis.brands.access import OnTeam
from majlis.brands.models import TeamMember
from majlis.core.errors import BadInput, NotAllowed
from majlis.core.jobs.models import Job
from majlis.studio.conversions.orders import report_orders
from majlis.studio.models import ReportLetter, ReportWish
from majlis.studio.money import costs, hours, results, terms
from majlis.studio.owner import letters, wishes
from majlis.studio.owner.document import document
from majlis.studio.owner.printing import printed
from majlis.studio.owner.report import report
from plans import team_of

pytestmark = pytest.mark.django_db
AT = MOMENT  # the second of November
OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)
DUE = AT + timedelta(days=2)
HOSTILE = '#import "x"; $x^2$ \\ *a* _b_ `c` @d <e> // f /* g \u202egnp.exe\u2066 #panic(1)'


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team_of(bakery, "owner")


def month_that_paid(owner: OnTeam) -> None:
    """October: four hours at 15 and tools for 10; an order of 200 by a link, of which half stays."""
    terms.keep_book(owner, currency="EUR", at=AT)
    first = date(2026, 1, 1)
    terms.keep_rate(owner, kind="margin", key="", day=first, value=Decimal("0.5"), at=AT)
    terms.keep_rate(owner, kind="hour", key="owner", day=first, value=Decimal(15), at=AT)
    hours.write_down(owner, hours=Decimal(4), day=date(2026, 10, 5), at=AT)
    costs.spend(owner, kind="tools", amount=Decimal(10), currency="EUR", from_day=OCTOBER, at=AT)
    then = datetime.fromisoformat("2026-10-14T09:00:00+00:00")
    token = shopping.click(shopping.link(owner), owner, at=then - timedelta(hours=1))
    order = {"id": "B-1", "value": "200", "currency": "EUR", "ordered_at": then.isoformat(), "click": token}
    report_orders(owner, orders=[order], at=AT)


def refunded(owner: OnTeam, amount: str, *, at: datetime = AT) -> None:
    report_orders(owner, orders=[{"id": "B-1", "refunds": [{"id": "r", "value": amount}]}], at=at)


def wanted(bakery: Bakery, who: str = "owner", *, day: int = 3, language: str = "en") -> None:
    wishes.keep(team_of(bakery, who), day=day, language=language, at=AT)


def arguments() -> list[dict[str, Any]]:
    return [job.arguments for job in Job.objects.filter(name=letters.JOB)]


def send(given: dict[str, Any], *, at: datetime = DUE) -> bool:
    return letters.send(**{**given, "month": date.fromisoformat(given["month"])}, at=at)


# what it says


def test_it_has_the_answers_the_money_and_how_each_number_was_computed(owner: OnTeam) -> None:
    month_that_paid(owner)
    found = report(owner, month=OCTOBER, at=AT)
    assert found.title == "The report of October 2026"
    assert found.answers[0].sentence.startswith("Yes: October 2026 left €30.00.")
    assert found.told.profit == 30
    set_ = document(found)
    titles = [each["title"] for each in set_["sections"]]
    assert titles[0] == "The answers"
    assert titles[-1] == "What changed since the last report"
    names = {each["name"] for each in set_["appendix"]["rows"]}
    assert {str(figure.name) for answer in found.answers for figure in answer.figures} <= names
    assert all(len(each["said"]) == 4 and all(each["said"]) for each in set_["appendix"]["rows"])


def test_a_refund_after_the_month_was_told_is_said_in_the_next(owner: OnTeam) -> None:
    month_that_paid(owner)
    results.close_month(owner, month=OCTOBER, at=AT)
    november = date(2026, 11, 1)
    after = AT + timedelta(days=40)
    assert report(owner, month=november, at=after).changes == ()
    refunded(owner, "50", at=after)
    found = report(owner, month=november, at=after)
    (changed,) = found.changes
    assert (changed.month, changed.amount) == (OCTOBER, -25)
    assert found.change_words.startswith("1 month is no longer as it was told")
    assert ("October 2026", "Revenue", Decimal(200), Decimal(150), Decimal(-50)) in {
        row[:5] for row in found.changed.rows
    }


def test_only_who_sees_the_money_has_one(bakery: Bakery) -> None:
    for who in ("editor", "support", "advertiser"):
        team = team_of(bakery, who)
        with pytest.raises(NotAllowed):
            report(team, month=OCTOBER, at=AT)
        with pytest.raises(NotAllowed):
            wishes.keep(team, day=3, language="en", at=AT)
        with pytest.raises(NotAllowed):
            wishes.wish(team)


# how it is set


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_print_in_each_language_is_tagged(owner: OnTeam, language: str) -> None:
    month_that_paid(owner)
    with translation.override(language):
        pdf = printed(document(report(owner, month=OCTOBER, at=AT)))
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf
    assert f"/Lang({language})".encode() in pdf.replace(b" ", b"")
    assert b"pdfuaid" in pdf


@pytest.mark.parametrize(
    "name", [HOSTILE, "خبز \u202e#eval(1) $", "\U0001f35e bread \u4e2d\u6587", "\x00\x1b[31m"]
)
def test_what_people_wrote_is_never_markup(owner: OnTeam, name: str) -> None:
    month_that_paid(owner)
    strange = replace(owner, name=name)
    set_ = document(report(strange, month=OCTOBER, at=AT))
    assert not re.search("[\x00-\x08\u202a-\u202e]", set_["page"])
    assert printed(set_).startswith(b"%PDF-")


# when it leaves


def test_nobody_gets_it_unasked(bakery: Bakery) -> None:
    assert letters.begin(at=DUE) == 0
    assert wishes.wish(team_of(bakery, "owner")) is None


def test_it_leaves_once_on_its_day_in_the_readers_language(bakery: Bakery, owner: OnTeam) -> None:
    month_that_paid(owner)
    wanted(bakery, "owner", language="ar")
    wanted(bakery, "analyst", day=28)
    assert letters.begin(at=AT) == 0
    assert [letters.begin(at=DUE), letters.begin(at=DUE), letters.begin(at=DUE + timedelta(hours=5))] == [
        1,
        0,
        0,
    ]
    (given,) = arguments()
    assert [send(given), send(given), send(given, at=DUE + timedelta(days=9))] == [True, False, False]
    (letter,) = mail.outbox
    assert letter.to == [bakery.owner.user.email]
    assert "أكتوبر 2026" in letter.body
    ((name, content, kind),) = letter.attachments
    assert (name, kind) == ("bayt_zaytoun-2026-10.pdf", "application/pdf")
    assert content.startswith(b"%PDF-")
    assert letter.extra_headers["Message-ID"].startswith(f"<report.{owner.page_id}.{owner.by}.2026-10@")
    assert ReportLetter.objects.get().told["profit"] == "30.00"
    assert ReportLetter.objects.get().sent_at == DUE


def test_a_letter_whose_sending_failed_is_tried_again(
    bakery: Bakery, owner: OnTeam, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted(bakery)
    letters.begin(at=DUE)
    (given,) = arguments()
    monkeypatch.setattr(mail.backends.locmem.EmailBackend, "send_messages", _down)
    with pytest.raises(OSError, match="down"), transaction.atomic():
        send(given)
    monkeypatch.undo()
    assert ReportLetter.objects.get().sent_at is None
    assert send(given)
    assert len(mail.outbox) == 1


def _down(*_given: Any) -> int:
    raise OSError("the mail server is down")


def test_whose_role_ended_or_who_changed_her_mind_gets_none(bakery: Bakery, owner: OnTeam) -> None:
    wanted(bakery, "owner")
    wanted(bakery, "analyst")
    letters.begin(at=DUE)
    TeamMember.objects.filter(member_id=bakery.analyst.id).update(role="editor")
    wishes.forget(owner)
    assert [send(each) for each in arguments()] == [False, False]
    assert mail.outbox == []


def test_a_wish_of_after_the_day_begins_with_the_next_month(bakery: Bakery) -> None:
    wanted(bakery, day=1)
    assert letters.begin(at=DUE) == 0
    assert letters.begin(at=AT + timedelta(days=30)) == 1
    assert arguments()[0]["month"] == "2026-11-01"


@pytest.mark.parametrize(("day", "language"), [(0, "en"), (29, "en"), (-3, "en"), (3, "xx"), (3, "")])
def test_wishes_that_cannot_be_kept(owner: OnTeam, day: int, language: str) -> None:
    with pytest.raises(BadInput):
        wishes.keep(owner, day=day, language=language, at=AT)
    assert not ReportWish.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one(bakery: Bakery) -> None:
    wanted(bakery)
    letters.begin(at=DUE)
    (given,) = arguments()
    left: list[bool] = []

    def work() -> None:
        left.append(send(given))
        connection.close()

    threads = [threading.Thread(target=work) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(left) == [False, True]
    assert len(mail.outbox) == 1
