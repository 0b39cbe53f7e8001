"""The list as templates read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from majlis.brands.access import OnTeam
from majlis.care import inbox
from majlis.care.access import Priority, Status
from majlis.care.choices import Choices
from majlis.care.inbox import COUNTED_TO, Counts, Listing, Row, Wanted
from majlis.media.store import url_for
from majlis.web import formats
from majlis.web.faces import Shown
from majlis.web.studio.inbox import words
from majlis.web.studio.inbox.asked import conversation_url, list_url

COMPLAINT: Final = 0.5
"""From this probability on it is shown as a complaint, as the view of complaints has it."""


@dataclass(slots=True)
class Line(Shown):
    """A conversation in the list. ``due`` in words; ``late``: and it is over."""

    id: str
    url: str
    current: bool
    display_name: str
    avatar_url: str
    kind: str
    source: str
    icon: str
    text: str
    dir: str
    gone: bool
    due: str
    late: bool
    priority: str | Promise
    urgent: bool
    status: str | Promise
    complaint: bool
    cause: str
    assignee: str
    tags: tuple[str, ...]
    present: list[str]
    unanswered: bool
    last_at: datetime


@dataclass(slots=True)
class View(Shown):
    """A view to choose, with how many it has."""

    url: str
    label: str | Promise
    current: bool
    count: str


def lines(team: OnTeam, asked: Wanted, found: Listing, *, at: datetime, current: int = 0) -> list[Line]:
    """The rows of a list."""
    return [_line(team, asked, row, at=at, current=current) for row in found.rows]


def _line(team: OnTeam, asked: Wanted, row: Row, *, at: datetime, current: int) -> Line:
    text = row.text.removeprefix(f"@{team.handle}").lstrip()
    return Line(
        id=str(row.id),
        url=conversation_url(team, row.id, asked),
        current=row.id == current,
        display_name=row.name or _("Somebody whose account is gone"),
        avatar_url=url_for(row.avatar_key, "small.webp") if row.avatar_key else "",
        kind="person",
        source=words.source(row.source),
        icon=words.ICONS.get(row.source, "globe"),
        text=text,
        dir=words.running(text),
        gone=row.gone,
        due=words.due(row.due_at, at=at),
        late=row.due_at is not None and row.due_at < at,
        priority="" if row.priority is Priority.NORMAL else words.PRIORITIES[row.priority],
        urgent=row.priority is Priority.URGENT,
        status="" if row.status is Status.OPEN else words.STATUSES[row.status],
        complaint=(row.complaint or 0) >= COMPLAINT,
        cause=words.own_language(row.cause_name, row.cause_name_ar),
        assignee=_("you") if row.assignee == team.by else row.assignee_name,
        tags=row.tags,
        present=[
            (_("%(name)s is answering") if answering else _("%(name)s is reading")) % {"name": name}
            for _id, name, answering in row.present
        ],
        unanswered=row.unanswered,
        last_at=row.last_at,
    )


def views(team: OnTeam, asked: Wanted, counts: Counts) -> list[View]:
    """The views, each with its number where it is counted."""
    return [
        View(list_url(team, asked, view=name), label, name == asked.view, _counted(getattr(counts, name, 0)))
        for name, label in words.VIEWS.items()
    ]


def _counted(number: int) -> str:
    if number >= COUNTED_TO:
        return f"{formats.number(COUNTED_TO)}+"
    return formats.number(number) if number else ""


def filters(choices: Choices, asked: Wanted) -> list[dict[str, Any]]:
    """What a list can be narrowed by: name in the address, label, and what to choose from (value, words, chosen)."""
    causes = [(str(each.id), words.own_language(each.name, each.name_ar)) for each in choices.causes]
    every: list[tuple[str, str, list[tuple[str, str]], object]] = [
        ("source", _("Source"), [(key, str(name)) for key, name in words.SOURCES.items()], asked.source),
        ("cause", _("Cause"), [*causes, ("0", _("None yet"))], asked.cause),
        ("priority", _("Priority"), [(str(int(k)), str(v)) for k, v in words.PRIORITIES.items()], asked.priority),
        ("assignee", _("With"), [(str(each.id), each.name) for each in choices.answerers], asked.assignee),
        ("language", _("Language"), [(code, words.language(code)) for code in choices.languages], asked.language),
        ("tag", _("Tag"), [(name, name) for name in choices.tags], asked.tag),
    ]  # fmt: skip
    return [
        {
            "name": name, "label": label,
            "options": [(value, said, value == str(chosen)) for value, said in options],
            "on": chosen not in ("", None),
        }
        for name, label, options, chosen in every
    ]  # fmt: skip


def listed(team: OnTeam, asked: Wanted, *, at: datetime, limit: int, current: int = 0) -> dict[str, Any]:
    """The context of ``web/studio/inbox/rows.html``. One query."""
    found = inbox.listing(team, asked, at=at, limit=limit)
    more = list_url(team, asked)
    mark = "&" if "?" in more else "?"
    return {
        "lines": lines(team, asked, found, at=at, current=current),
        "more_url": f"{more}{mark}after={found.next}" if found.next else "",
        "following": bool(asked.after),
        "searching": bool(asked.words),
    }
