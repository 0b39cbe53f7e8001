"""Reading reports, decisions, rules, announcements and the book. Functions give the views of ``views``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec
from django.db.models import Count, F, Q, QuerySet

from majlis.core import sql
from majlis.core.ids import lowest_id_at
from majlis.core.paging import Page, Slice
from majlis.people import queries as people
from majlis.safety.models import Announcement, AuditLine, Decision, Report, Rule
from majlis.safety.views import (
    AnnouncementView,
    AuditView,
    DecisionView,
    FoundPerson,
    Numbers,
    QueueCounts,
    ReportedPost,
    ReportedThing,
    ReportView,
    RuleView,
    SeenDecision,
    TagLine,
)

_SQL: Final = sql.load("majlis.safety")
State = Literal["open", "mine", "unassigned", "closed"]
PersonState = Literal["", "withdrawn", "limited", "operators"]


# rules --------------------------------------------------------------------------------------------


def rules() -> list[RuleView]:
    """The rules in force, in their order."""
    return [_rule(row) for row in Rule.objects.filter(withdrawn_at=None).order_by("position", "id")]


def rules_by_id(ids: Iterable[int]) -> dict[int, RuleView]:
    """Rules by id, withdrawn ones too: a report keeps the words it was made under."""
    return {row.pk: _rule(row) for row in Rule.objects.filter(pk__in=list(ids))}


def withdrawn_rules(*, limit: int = 50) -> list[RuleView]:
    """What the rules used to say, newest first."""
    rows = Rule.objects.exclude(withdrawn_at=None).order_by("-withdrawn_at")[:limit]
    return [_rule(row) for row in rows]


def _rule(row: Rule) -> RuleView:
    return RuleView(
        row.pk,
        row.position,
        row.text,
        row.text_ar,
        row.hint,
        row.hint_ar,
        row.made_at,
        row.withdrawn_at,
        row.replaces_id,
    )


# reports ------------------------------------------------------------------------------------------


def report(*, report_id: int) -> ReportView | None:
    """One report, for operators; its reporter gets what ``report_made_by`` gives."""
    row = Report.objects.filter(pk=report_id).first()
    return _report(row) if row else None


def report_made_by(*, report_id: int, reporter: int) -> ReportView | None:
    """A report, when this profile made it."""
    row = Report.objects.filter(pk=report_id, reporter_id=reporter).first()
    return _report(row) if row else None


def reports(*, state: State, operator: int | None = None, page: Page) -> Slice[ReportView]:
    """The queue, newest first; "mine" are the open ones assigned to the login ``operator``."""
    wanted: dict[State, QuerySet[Report]] = {
        "open": Report.objects.filter(closed_at=None),
        "mine": Report.objects.filter(closed_at=None, assigned_to=operator),
        "unassigned": Report.objects.filter(closed_at=None, assigned_to=None),
        "closed": Report.objects.exclude(closed_at=None),
    }
    return page.slice_of((row.pk, _report(row)) for row in _paged(wanted[state], page))


def reports_about(*, profile_id: int, limit: int = 50) -> list[ReportView]:
    """What was reported about a profile, newest first."""
    return [_report(row) for row in Report.objects.filter(about_id=profile_id).order_by("-id")[:limit]]


def reports_by(*, profile_id: int, limit: int = 50) -> list[ReportView]:
    """What a profile reported, newest first."""
    return [_report(row) for row in Report.objects.filter(reporter_id=profile_id).order_by("-id")[:limit]]


def queue_counts() -> QueueCounts:
    """How much waits, and how much was answered."""
    found = Report.objects.aggregate(
        open=Count("id", filter=Q(closed_at=None)),
        unassigned=Count("id", filter=Q(closed_at=None, assigned_to=None)),
        closed=Count("id", filter=Q(closed_at__isnull=False)),
    )
    return QueueCounts(**found, appeals=_waiting_appeals().count())


def open_counts() -> tuple[int, int]:
    """Open reports, waiting appeals."""
    return Report.objects.filter(closed_at=None).count(), _waiting_appeals().count()


def _report(row: Report) -> ReportView:
    return ReportView(
        id=row.pk,
        reporter=row.reporter_id,
        about=row.about_id,
        posts=msgspec.convert(tuple(row.posts), tuple[ReportedPost, ...]),
        things=msgspec.convert(tuple(row.things), tuple[ReportedThing, ...]),
        rule_ids=tuple(row.rule_ids),
        category=row.category,
        comment=row.comment,
        forward=row.forward,
        made_at=row.made_at,
        changed_at=row.changed_at,
        assigned_to=row.assigned_to_id,
        closed_at=row.closed_at,
        closed_by=row.closed_by_id,
    )


# decisions ----------------------------------------------------------------------------------------


def decision(*, decision_id: int, about: int) -> DecisionView | None:
    """A decision, when it is about this profile."""
    row = Decision.objects.filter(pk=decision_id, about_id=about).first()
    return _decision(row) if row else None


def decisions_about(*, profile_id: int, limit: int = 50) -> list[DecisionView]:
    """What was decided about a profile and told to it, newest first."""
    rows = Decision.objects.filter(about_id=profile_id).exclude(kind="none")
    return [_decision(row) for row in rows.order_by("-id")[:limit]]


def seen_decision(*, decision_id: int) -> SeenDecision | None:
    """A decision for operators."""
    row = Decision.objects.filter(pk=decision_id).first()
    return _seen(row) if row else None


def seen_decisions(*, profile_id: int, limit: int = 100) -> list[SeenDecision]:
    """All decisions about a profile, for operators, newest first."""
    return [_seen(row) for row in Decision.objects.filter(about_id=profile_id).order_by("-id")[:limit]]


def decisions_of_report(*, report_id: int) -> list[SeenDecision]:
    """What was decided under a report, for operators, newest first."""
    return [_seen(row) for row in Decision.objects.filter(report_id=report_id).order_by("-id")]


def appeals(*, waiting: bool, limit: int = 100) -> list[SeenDecision]:
    """Appeals: those that wait, the longest first; or those answered, the newest first."""
    if waiting:
        rows = _waiting_appeals().order_by("appealed_at")
    else:
        rows = Decision.objects.exclude(appeal_answered_at=None).order_by("-appeal_answered_at")
    return [_seen(row) for row in rows[:limit]]


def _waiting_appeals() -> QuerySet[Decision]:
    return Decision.objects.filter(appealed_at__isnull=False, appeal_answered_at=None, lifted_at=None)


def _seen(row: Decision) -> SeenDecision:
    return SeenDecision(_decision(row), row.made_by_id, row.appeal_answered_by_id, row.lifted_by_id)


def _decision(row: Decision) -> DecisionView:
    return DecisionView(
        id=row.pk,
        about=row.about_id,
        report_id=row.report_id,
        kind=row.kind,
        post_ids=tuple(row.post_ids),
        text=row.text,
        made_at=row.made_at,
        appeal=row.appeal,
        appealed_at=row.appealed_at,
        appeal_answer=row.appeal_answer,
        appeal_answered_at=row.appeal_answered_at,
        lifted_at=row.lifted_at,
    )


# announcements ------------------------------------------------------------------------------------


def announcements(*, viewer: int | None, at: datetime) -> list[AnnouncementView]:
    """What is announced at the moment, newest first, and whether the profile ``viewer`` has read it."""
    return [AnnouncementView(*row) for row in sql.rows(_SQL["announcements_for"], viewer=viewer or 0, at=at)]


def all_announcements(*, limit: int = 100) -> list[AnnouncementView]:
    """Drafts, published and withdrawn ones, for operators, newest first."""
    return [
        AnnouncementView(
            row.pk,
            row.text,
            row.html,
            row.text_ar,
            row.html_ar,
            row.starts_at,
            row.ends_at,
            row.published_at,
            row.made_at,
            withdrawn_at=row.withdrawn_at,
        )
        for row in Announcement.objects.order_by("-id")[:limit]
    ]


# for operators ------------------------------------------------------------------------------------


def numbers(*, at: datetime) -> Numbers:
    """The house at a glance."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    row = sql.one(_SQL["numbers"], day=lowest_id_at(day))
    return Numbers(*(row or (0,) * 7))


def find_people(*, text: str, state: PersonState = "", page: Page) -> Slice[FoundPerson]:
    """Profiles by a part of handle, name or address, newest first; an empty text finds all."""
    wanted = text.strip().removeprefix("@").split("@")[0] if text.strip().startswith("@") else text.strip()
    found = sql.rows(_SQL["find_people"], like=_like(wanted), state=state, below=page.below, limit=page.limit)
    return page.slice_of((row[0], FoundPerson(*row)) for row in found)


def tags(*, text: str, at: datetime, limit: int = 60) -> list[TagLine]:
    """Hashtags by a part of the name; without a text those that may not trend and those used most lately."""
    since = lowest_id_at(at - timedelta(days=7))
    wanted = _like(text.strip().removeprefix("#"))
    return [TagLine(*row) for row in sql.rows(_SQL["tags"], like=wanted, since=since, limit=limit)]


def _like(text: str) -> str:
    """A pattern for ILIKE that finds the text anywhere, its own % and _ as they are."""
    text = text.replace("\x00", "")
    for mark in ("\\", "%", "_"):
        text = text.replace(mark, f"\\{mark}")
    return f"%{text}%" if text else ""


def login_of(*, profile_id: int) -> int | None:
    """The login behind a profile, for operators."""
    row = sql.one(_SQL["login_of"], profile=profile_id)
    return int(row[0]) if row else None


def standing_of_login(*, user_id: int) -> list[DecisionView]:
    """The decisions that keep a login closed, for operators."""
    profiles = people.all_ids_of_login(user_id=user_id)
    rows = Decision.objects.filter(about_id__in=profiles, closed_login=True, lifted_at=None)
    return [_decision(row) for row in rows.order_by("-id")]


def audit_lines(*, page: Page, target: str = "") -> Slice[AuditView]:
    """The book, newest first; of one thing ("report:123") or of all."""
    rows = AuditLine.objects.filter(target=target) if target else AuditLine.objects.all()
    return page.slice_of((row.pk, _audit(row)) for row in _paged(rows, page))


def _audit(row: AuditLine) -> AuditView:
    return AuditView(row.pk, row.made_at, row.who, row.action, row.target, row.detail)


def _paged(rows: QuerySet, page: Page) -> Iterator:  # type: ignore[type-arg]
    bounded = rows.filter(id__lt=page.below, id__gt=page.above)
    order = F("id").asc() if page.upward else F("id").desc()
    return iter(bounded.order_by(order)[: page.limit])
