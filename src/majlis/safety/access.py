"""The doors of safety: a decision for the one it is about, a report for an operator."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotThere
from majlis.safety import letters, queries
from majlis.safety.views import DecisionView, ReportView, SeenDecision


def own_decision(*, decision_id: int, by: int) -> DecisionView:
    """A decision about the profile ``by``, which was told to it.

    Raises:
        NotThere: there is none, or it is about somebody else.
    """
    found = queries.decision(decision_id=decision_id, about=by)
    if found is None or found.kind == "none":
        raise NotThere(_("There is no such decision."))
    return found


def decision_by_key(*, key: str) -> DecisionView:
    """The decision that a letter's link is about: who is suspended cannot sign in, and may answer too.

    Raises:
        NotThere: the link was not made here, or the decision is gone.
    """
    decision_id = letters.decision_of_key(key)
    seen = queries.seen_decision(decision_id=decision_id) if decision_id else None
    if seen is None or seen.decision.kind == "none":
        raise NotThere(_("There is no such decision."))
    return seen.decision


def report(*, report_id: int) -> ReportView:
    """A report, for an operator (the caller has checked that she is one).

    Raises:
        NotThere: there is none.
    """
    found = queries.report(report_id=report_id)
    if found is None:
        raise NotThere(_("There is no such report."))
    return found


def decision(*, decision_id: int) -> SeenDecision:
    """A decision, for an operator.

    Raises:
        NotThere: there is none.
    """
    found = queries.seen_decision(decision_id=decision_id)
    if found is None:
        raise NotThere(_("There is no such decision."))
    return found
