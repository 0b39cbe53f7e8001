"""What the owner asks, the report of a month, and who gets it by mail. docs/owner.md."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.errors import BadInput
from majlis.insights.exports.sheet import Cell, Sheet
from majlis.mastodon_api.described import NOTHING, Moment, Nothing
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.entities.figure import Figure, figure
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.studio.owner import months, questions, wishes
from majlis.studio.owner.answers import Answer, Question
from majlis.studio.owner.document import document
from majlis.studio.owner.letters import file_name
from majlis.studio.owner.printing import printed
from majlis.studio.owner.report import report


class OfReport(msgspec.Struct, frozen=True, kw_only=True):
    """Any day of one of the last six months that are over; none: the newest of them."""

    month: date | None = None


class ReportTable(msgspec.Struct, frozen=True, kw_only=True):
    """A table in the reader's language, as files have it; ``kinds`` is how each column is written. Amounts are text."""

    title: str
    columns: list[str]
    kinds: list[str]
    rows: list[list[str | int | float | None]]


class Advice(msgspec.Struct, frozen=True):
    """What to do about it, and where: the address after the page's handle in the studio."""

    text: str
    part: str


class OwnersAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A question and its answer. ``enough`` false: the sentence says what is missing, ``more`` about how much."""

    question: Question
    asked: str
    sentence: str
    enough: bool
    more: int | None
    figures: list[Figure]
    todo: list[Advice]
    table: ReportTable


class MonthlyReport(msgspec.Struct, frozen=True, kw_only=True):
    """The report of a month. ``figures``: every number in it, with how it was computed."""

    title: str
    month: date
    made_at: Moment
    answers: list[OwnersAnswer]
    reach: str
    ledger: ReportTable
    best: ReportTable
    money: list[Figure]
    weeks: ReportTable
    changes: str
    changed: ReportTable
    figures: list[Figure]


class WantedReport(msgspec.Struct, frozen=True, kw_only=True):
    """On which day of each month, in the page's time zone, and in which language it comes by mail."""

    day: Annotated[int, Meta(ge=1, le=28)]
    language: Literal["en", "ar"]


class ReportWish(msgspec.Struct, frozen=True, kw_only=True):
    """Your own wish; ``day`` null: you get none."""

    day: int | None
    language: str | None


@team(
    Permission.MONEY,
    says=_("The owner’s four questions, each answered with a sentence first"),
    takes=OfReport,
    gives=list[OwnersAnswer],
)
def index(call: Call, team: OnTeam, sent: OfReport) -> list[OwnersAnswer]:
    found = questions.answers(team, month=_month(call, team, sent), at=call.at)
    return [_answer(each, team.time_zone) for each in found]


@team(Permission.MONEY, says=_("The report of a month"), takes=OfReport, gives=MonthlyReport)
def show(call: Call, team: OnTeam, sent: OfReport) -> MonthlyReport:
    found = report(team, month=_month(call, team, sent), at=call.at)
    return MonthlyReport(
        title=found.title, month=found.month, made_at=moment(found.made_at),
        answers=[_answer(each, team.time_zone) for each in found.answers], reach=found.reach.sentence,
        ledger=_table(found.reach.plot.sheet), best=_table(found.reach.best), money=[figure(each) for each in found.money],
        weeks=_table(found.weeks), changes=found.change_words, changed=_table(found.changed),
        figures=[figure(each) for each in found.figures],
    )  # fmt: skip


@team(Permission.MONEY, says=_("The report of a month as a PDF"), takes=OfReport, gives="application/pdf")
def pdf(call: Call, team: OnTeam, sent: OfReport) -> HttpResponse:
    found = report(team, month=_month(call, team, sent), at=call.at)
    response = HttpResponse(printed(document(found)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name(found)}"'
    return response


@team(Permission.MONEY, says=_("When and in which language you get the report by mail"), gives=ReportWish)
def wanted(call: Call, team: OnTeam) -> ReportWish:
    found = wishes.wish(team)
    return ReportWish(day=found.day if found else None, language=found.language if found else None)


@team(
    Permission.MONEY,
    writes=True,
    says=_("Get the report by mail, every month"),
    takes=WantedReport,
    gives=ReportWish,
)
def want(call: Call, team: OnTeam, sent: WantedReport) -> ReportWish:
    wishes.keep(team, day=sent.day, language=sent.language, at=call.at)
    return ReportWish(day=sent.day, language=sent.language)


@team(Permission.MONEY, writes=True, says=_("Get the report by mail no more"))
def want_no_more(call: Call, team: OnTeam) -> Nothing:
    wishes.forget(team)
    return NOTHING


def _month(call: Call, team: OnTeam, sent: OfReport) -> date:
    offered = months.offered(at=call.at, zone=team.time_zone)
    if sent.month is None:
        return offered[0]
    month = sent.month.replace(day=1)
    if month not in offered:
        raise BadInput(_("Reports are there of the last six months that are over."), field="month")
    return month


def _answer(view: Answer, zone: str) -> OwnersAnswer:
    return OwnersAnswer(
        question=view.question, asked=view.asked, sentence=view.sentence, enough=view.enough, more=view.more,
        figures=[figure(each) for each in view.figures], todo=[Advice(each.text, each.part) for each in view.todo],
        table=_table(view.sheet),
    )  # fmt: skip


def _table(view: Sheet) -> ReportTable:
    return ReportTable(
        title=view.title, columns=[each.name for each in view.columns], kinds=[each.kind for each in view.columns],
        rows=[[_cell(cell) for cell in row] for row in view.rows],
    )  # fmt: skip


def _cell(cell: Cell) -> str | int | float | None:
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, Decimal) else cell


_PAGE = "api/v1/studio/<page_id>"
urls = [
    route(f"{_PAGE}/questions", GET=index),
    route(f"{_PAGE}/report", GET=show),
    route(f"{_PAGE}/report/pdf", GET=pdf),
    route(f"{_PAGE}/report/wish", GET=wanted, PUT=want, DELETE=want_no_more),
]
