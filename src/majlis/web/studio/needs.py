"""What of the plan needs somebody today: each as a sentence, then the entries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.studio import queries
from majlis.studio.entries import Entry
from majlis.studio.states import State
from majlis.web import formats
from majlis.web.studio import clock
from majlis.web.studio.chips import chips

_SHOWN = 5


def failed(team: OnTeam, *, at: datetime) -> dict[str, Any] | None:
    """What did not leave."""
    found = queries.failed(team=team, limit=40)
    said = _said(
        team,
        found,
        lambda n: ngettext("%(n)s post did not leave.", "%(n)s posts did not leave.", n),
        icon="warning",
        tone="danger",
    )
    if said is not None:
        told = queries.told_of_failures(entries=found[:_SHOWN])
        for each in said["entries"]:
            each.told = told.get(int(each.id), [])
    return said


def waiting(team: OnTeam, *, at: datetime) -> dict[str, Any] | None:
    """What waits for the yes of whoever looks: not her own, where the page wants another's."""
    if not team.may(Permission.APPROVE):
        return None
    found = [
        entry
        for entry in queries.waiting(team=team, limit=40)
        if not (team.approval_needed and entry.changed_by == team.by)
    ]
    return _said(
        team,
        found,
        lambda n: ngettext("%(n)s post waits for your yes.", "%(n)s posts wait for your yes.", n),
        icon="eye",
        tone="warn",
    )


def changes(team: OnTeam, *, at: datetime) -> dict[str, Any] | None:
    """What she asked a yes for, and somebody wants changed."""
    if not team.may(Permission.WRITE):
        return None
    return _said(
        team,
        queries.refused(team=team, limit=40),
        lambda n: ngettext(
            "Changes are wanted to %(n)s post of yours.", "Changes are wanted to %(n)s posts of yours.", n
        ),
        icon="write",
        tone="warn",
    )


def due_today(team: OnTeam, *, at: datetime) -> dict[str, Any] | None:
    """What leaves today, and whether all of it can."""
    today = clock.today(at, zone=team.time_zone)
    found = [
        entry
        for entry in queries.between(team=team, first=today, days=1)
        if entry.state(approval_needed=team.approval_needed) in (State.SCHEDULED, State.HELD)
    ]
    held = any(entry.state(approval_needed=team.approval_needed) is State.HELD for entry in found)
    return _said(
        team,
        found,
        lambda n: ngettext("%(n)s post leaves today.", "%(n)s posts leave today.", n),
        icon="clock",
        tone="warn" if held else "",
    )


def _said(
    team: OnTeam, found: list[Entry], sentence: Callable[[int], str], *, icon: str, tone: str
) -> dict[str, Any] | None:
    if not found:
        return None
    with timezone.override(ZoneInfo(team.time_zone)):
        shown = chips(found[:_SHOWN], team)
    return {
        "template": "web/studio/today/plan.html",
        "answer": sentence(len(found)) % {"n": formats.number(len(found))},
        "entries": shown,
        "more": max(0, len(found) - _SHOWN),
        "icon": icon,
        "tone": tone,
        "zone": team.time_zone,
    }
