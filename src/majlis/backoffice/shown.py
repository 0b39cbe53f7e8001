"""Decisions and reports with the people in them, for templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from majlis.accounts import queries as accounts
from majlis.backoffice.faces import Face, faces
from majlis.backoffice.words import CATEGORIES, KINDS
from majlis.safety.views import DecisionView, ReportView, SeenDecision


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision, whom it is about, and who decided."""

    decision: DecisionView
    name: Promise
    about: Face | None
    made_by: str
    answered_by: str
    lifted_by: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report with its two sides and who looks after it."""

    report: ReportView
    category: Promise
    reporter: Face | None
    about: Face | None
    assigned_to: str
    closed_by: str


def decisions(found: Iterable[SeenDecision]) -> list[DecisionLine]:
    """Lines of decisions."""
    found = list(found)
    people = faces(each.decision.about for each in found)
    who = operators(id_ for each in found for id_ in (each.made_by, each.appeal_answered_by, each.lifted_by))
    return [
        DecisionLine(
            each.decision,
            KINDS[each.decision.kind],
            people.get(each.decision.about),
            who.get(each.made_by or 0, ""),
            who.get(each.appeal_answered_by or 0, ""),
            who.get(each.lifted_by or 0, ""),
        )
        for each in found
    ]


def reports(found: Iterable[ReportView]) -> list[ReportLine]:
    """Lines of reports."""
    found = list(found)
    people = faces(id_ for each in found for id_ in (each.reporter, each.about))
    who = operators(id_ for each in found for id_ in (each.assigned_to, each.closed_by))
    return [
        ReportLine(
            each,
            CATEGORIES[each.category],
            people.get(each.reporter or 0),
            people.get(each.about),
            who.get(each.assigned_to or 0, ""),
            who.get(each.closed_by or 0, ""),
        )
        for each in found
    ]


def operators(ids: Iterable[int | None]) -> dict[int, str]:
    """From login to address, of operators named in lines."""
    return accounts.addresses(user_ids={id_ for id_ in ids if id_})
