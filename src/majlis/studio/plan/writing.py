"""A plan written as a table, which reading takes in again as it was."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from majlis.brands.access import OnTeam
from majlis.core import sql
from majlis.people import queries as people
from majlis.studio import moments
from majlis.studio.entries import Entry, of_row
from majlis.studio.plan.cells import written_cell
from majlis.studio.plan.columns import HEADINGS
from majlis.studio.plan.rows import PART
from majlis.studio.statements import SQL

_AT_ONCE: Final = 500
MARK: Final = "\ufeff"
"""At the beginning, by which spreadsheets know UTF-8."""


def lines(*, team: OnTeam) -> Iterator[str]:
    """The table piece by piece: the headings in the reader's language, then entry by entry."""
    yield MARK + _line(str(name) for name in HEADINGS.values())
    circles = {each.id: each.name for each in people.circles(owner_id=team.page_id)}
    above = 0
    while found := sql.rows(SQL["plan"], page=team.page_id, above=above, limit=_AT_ONCE):
        entries: list[Entry] = [of_row(row) for row in found]
        above = entries[-1].id
        yield "".join(_line(_cells(entry, team, circles)) for entry in entries)


def _cells(entry: Entry, team: OnTeam, circles: dict[int, str]) -> Iterator[str]:
    params = entry.content.params
    wall = moments.on_the_wall(entry.due_at, zone=team.time_zone) if entry.due_at else None
    circle = circles.get(params.circle_id or 0, "")
    cells = {
        "date": wall.date().isoformat() if wall else "",
        "time": wall.strftime("%H:%M") if wall else "",
        "text": params.text,
        "link": "",
        "image": "",
        "campaign": entry.campaign,
        "audience": f"circle:{circle}" if params.circle_id else params.audience,
        "language": _of_parts(params.language, [part.language for part in entry.content.thread]),
        "title": params.title.strip() or entry.title,
        "warning": _of_parts(params.warning, [part.warning for part in entry.content.thread]),
        "thread": PART.join(part.text for part in entry.content.thread),
        "comment": entry.content.first_comment,
        "state": entry.state(approval_needed=team.approval_needed).value,
    }
    return (written_cell(cells[column]) for column in HEADINGS)


def _of_parts(post: str, parts: Sequence[str]) -> str:
    """What the post has, and behind it what parts have of their own."""
    return PART.join([post, *parts]) if any(parts) else post


def _line(cells: Iterator[str]) -> str:
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerow(cells)
    return made.getvalue()
