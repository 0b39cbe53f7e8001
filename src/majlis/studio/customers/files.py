"""Customers as files: a group as a sheet, one person's data whole, as JSON or as a sheet. The business's own data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from majlis.brands.access import OnTeam
from majlis.brands.customers.records import Record, record
from majlis.core import json
from majlis.insights.exports.sheet import Column, Note, Sheet
from majlis.studio.customers import lists
from majlis.studio.customers.lists import Bought, Line
from majlis.studio.customers.rules import Rule

MOST: int = 100_000


def stage_names() -> dict[str, str]:
    """The stages in the reader's language."""
    return {
        "new": pgettext("stage of a customer", "new"),
        "recent": pgettext("stage of a customer", "recent"),
        "quiet": pgettext("stage of a customer", "quiet"),
        "old": pgettext("stage of a customer", "old"),
        "none": pgettext("stage of a customer", "no order yet"),
    }


def group(team: OnTeam, *, title: str, rule: Rule, at: datetime) -> Sheet:
    """All customers of a group, up to 100,000."""
    stages = stage_names()
    consents = {"yes": _("yes"), "no": _("no"), "unknown": _("unknown")}
    rows = []
    for line in lists.everybody(team, rule=rule, at=at):
        rows.append(_row(line, stages, consents))
        if len(rows) == MOST:
            break
    return Sheet(
        title=title,
        columns=(
            Column(_("Name")), Column(_("Contact")), Column(_("Stage")), Column(_("Orders"), "number"),
            Column(_("Value"), "money"), Column(_("Currency")), Column(_("First order"), "day"),
            Column(_("Last order"), "day"), Column(_("Usual gap in days"), "number"), Column(_("Recency (1–5)"), "number"),
            Column(_("Frequency (1–5)"), "number"), Column(_("Money (1–5)"), "number"),
            Column(_("May be written to")), Column(_("Tags")),
        ),
        rows=tuple(rows),
        notes=(
            Note(
                _("Population"),
                _("Customers of this page by its own orders, refunds taken off, cancelled ones left out."),
            ),
            Note(_("As of"), at.isoformat(timespec="minutes")),
            Note(_("Grade"), _("exact")),
        ),
    )  # fmt: skip


def _row(line: Line, stages: dict[str, str], consents: dict[str, str]) -> tuple[Any, ...]:
    return (
        line.name, line.contact or "", stages[line.stage], line.orders or 0, line.value, line.currency or "",
        line.first_at.date() if line.first_at else None, line.last_at.date() if line.last_at else None,
        line.usual_days, line.recency, line.frequency, line.money, consents[line.consent], ", ".join(line.tags),
    )  # fmt: skip


def person_json(team: OnTeam, *, customer_id: int, at: datetime) -> bytes:
    """All that the page keeps of one customer.

    Raises:
        NotThere, NotAllowed: there is no such record, or not for her role.
    """
    kept = record(team, customer_id=customer_id)
    bought = lists.bought(team, customer_id=customer_id, at=at, limit=100_000)
    return bytes(json.encode(_whole(kept, bought, at)))


def _whole(kept: Record, bought: Bought, at: datetime) -> dict[str, Any]:
    return {
        "as_of": at.isoformat(),
        "id": str(kept.id),
        "name": kept.name,
        "emails": kept.of_kind("email"),
        "phones": kept.of_kind("phone"),
        "ids": kept.of_kind("id"),
        "note": kept.note,
        "tags": list(kept.tags),
        "source": kept.source,
        "made_at": kept.made_at.isoformat(),
        "consent": kept.consent,
        "consent_history": [
            {
                "consent": each.consent, "how": each.how, "said_at": each.said_at.isoformat(),
                "written_at": each.made_at.isoformat(),
            }
            for each in kept.consents
        ],
        "stage": bought.line.stage,
        "joined_to_a_member": bool(kept.joined),
        "orders": [
            {
                "id": each.external_id, "value": None if each.value is None else str(each.value),
                "currency": each.currency, "ordered_at": each.ordered_at.isoformat(),
                "cancelled": each.cancelled_at is not None,
            }
            for each in bought.orders
        ],
    }  # fmt: skip


def person_sheet(team: OnTeam, *, customer_id: int, at: datetime) -> Sheet:
    """The same as rows of what and value, for people who have no use for JSON."""
    kept = record(team, customer_id=customer_id)
    bought = lists.bought(team, customer_id=customer_id, at=at, limit=100_000)
    rows: list[tuple[str, str]] = [
        (_("Name"), kept.name),
        *((_("E-mail"), each) for each in kept.of_kind("email")),
        *((_("Phone"), each) for each in kept.of_kind("phone")),
        *((_("Id"), each) for each in kept.of_kind("id")),
        (_("Note"), kept.note),
        (_("Tags"), ", ".join(kept.tags)),
        (_("Came from"), kept.source),
        *(
            (_("Consent"), f"{each.consent} · {each.said_at:%Y-%m-%d} · {each.how}".rstrip(" ·"))
            for each in kept.consents
        ),
        *(
            (_("Order"), f"{each.external_id} · {each.ordered_at:%Y-%m-%d} · {each.value} {each.currency}")
            for each in bought.orders
        ),
    ]
    return Sheet(
        title=kept.name or _("Customer"), columns=(Column(_("What")), Column(_("Value"), "prose")), rows=tuple(rows)
    )  # fmt: skip
