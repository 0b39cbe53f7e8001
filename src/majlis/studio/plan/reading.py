"""A plan is read and looked at first; then it is taken as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from itertools import islice
from typing import IO, Any, Final

import msgspec
from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core import json, sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.ids import new_id
from majlis.studio import access
from majlis.studio.actions.entries import MOST_PLANNED, planned, require_room
from majlis.studio.actions.scheduling import require_ahead
from majlis.studio.actions.shelf import kept_on_shelf
from majlis.studio.changing import did
from majlis.studio.content import kept, read
from majlis.studio.plan.cells import read_cell
from majlis.studio.plan.columns import columns_of
from majlis.studio.plan.opening import table
from majlis.studio.plan.rows import Known, Problem, Row, read_row
from majlis.studio.statements import SQL

MOST_PROBLEMS: Final = 200
MOST_EMPTY: Final = 10_000
"""Rows that say nothing: a spreadsheet writes a million of them where somebody formatted a whole column."""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a table says. With problems nothing can be taken; without, ``import_id`` takes all of it."""

    rows: list[Row]
    problems: list[Problem]
    import_id: int | None


def look_at(
    *, team: OnTeam, file: IO[bytes], pictures: Mapping[str, int] | None = None, at: datetime
) -> Preview:
    """Read a table and keep what it says for :func:`take`. ``pictures`` are photos of the shelf by file name.

    Not more is read than there is room for in the plan, so that a huge table is refused as soon as a small one.

    Raises:
        BadInput: it is no table, its columns are not known, it has more rows than there is room for, or
            thousands that say nothing.
    """
    access.again(team, Permission.WRITE)
    rows: list[Row] = []
    problems: list[Problem] = []
    known = Known.of(team, pictures or {}, at=at)
    for number, cells in _numbered(file, room=MOST_PLANNED - planned(team)):
        found = read_row(number, cells, known) if isinstance(cells, dict) else [cells]
        if isinstance(found, Row):
            rows.append(found)
        else:
            problems += found
        if len(problems) >= MOST_PROBLEMS:
            break
    if not rows and not problems:
        raise BadInput(_("There is nothing in this table below the names of its columns."), field="file")
    return Preview(rows=rows, problems=problems, import_id=None if problems else _keep(team, rows, at=at))


def _numbered(file: IO[bytes], *, room: int) -> Iterator[tuple[int, dict[str, str] | Problem]]:
    """The rows that say something, with their numbers, as long as there is room for them."""
    with closing(table(file)) as lines:
        columns = columns_of([read_cell(name) for name in next(lines, [])])
        taken = empty = 0
        for number, line in enumerate(lines, start=2):
            if not any(map(str.strip, line)):
                empty += 1
                if empty > MOST_EMPTY:
                    raise BadInput(
                        _("There are thousands of empty rows in this table. Remove them and send it again."),
                        code="empty_rows",
                        field="file",
                    )
                continue
            taken += 1
            if taken > room:
                raise BadInput(_no_room(room), code="plan_full", field="file")
            if any(cell.strip() for cell in line[len(columns) :]):
                yield number, Problem(number, "text", _("This row has more cells than there are columns."))
                continue
            named = zip(columns, line, strict=False)
            yield number, {column: read_cell(cell) for column, cell in named if column}


def _no_room_now(room: int) -> str:
    if room <= 0:
        return str(_("The plan is full: it holds 2,000 entries at the most."))
    return ngettext(
        "This table has more rows than there is room for: %(n)d more entry fits into the plan.",
        "This table has more rows than there is room for: %(n)d more entries fit into the plan.",
        room,
    ) % {"n": room}


# Translated when it is shown, in the reader's language, not when it is raised.
_no_room: Final = lazy(_no_room_now, str)


def _keep(team: OnTeam, rows: list[Row], *, at: datetime) -> int:
    import_id = new_id()
    kept_rows = [
        {
            "number": row.number,
            **kept(row.content),
            "title": row.title,
            "campaign": row.campaign_id,
            "due": row.due,
            "notes": row.notes,
        }
        for row in rows
    ]
    sql.execute(
        SQL["keep_import"],
        id=import_id,
        page=team.page_id,
        by=team.by,
        rows=json.encode(kept_rows).decode(),
        at=at,
    )
    return import_id


def take(*, team: OnTeam, import_id: int, at: datetime) -> int:
    """Take a plan that was looked at, all of it or nothing; how many entries.

    Raises:
        NotThere: it is not hers, was taken before, or was looked at more than a day ago.
        BadInput: there is no room any more, or the hour of a row has passed meanwhile.
    """
    with transaction.atomic():
        access.again(team, Permission.PUBLISH)
        row = sql.one(SQL["take_import"], id=import_id, page=team.page_id, by=team.by)
        if row is None:
            raise NotThere(_("This plan was taken already, or was looked at too long ago."))
        rows = [_of_kept(each) for each in json.decode_own(row[0])]
        require_room(team, len(rows))
        for each in rows:
            if each.due:
                require_ahead(each.due, at=at)
        _insert(team, rows, at=at)
        did(team, "plan.imported", at=at, entries=len(rows))
    return len(rows)


def _of_kept(found: dict[str, Any]) -> Row:
    return Row(
        number=found["number"],
        content=read(found["params"], found["thread"], found["first_comment"]),
        title=found["title"],
        campaign_id=found["campaign"],
        due=datetime.fromisoformat(found["due"]) if found["due"] else None,
        notes=tuple(found["notes"]),
    )


def _insert(team: OnTeam, rows: list[Row], *, at: datetime) -> None:
    contents = [kept(kept_on_shelf(row.content, page_id=team.page_id, at=at)) for row in rows]
    ids = [new_id() for _row in rows]
    sql.execute(
        SQL["insert_many"],
        page=team.page_id,
        by=team.by,
        at=at,
        ids=ids,
        version_ids=[new_id() for _row in rows],
        campaigns=[row.campaign_id for row in rows],
        params=[content["params"] for content in contents],
        threads=[content["thread"] for content in contents],
        comments=[content["first_comment"] for content in contents],
        titles=[row.title[:120] for row in rows],
        dues=[row.due for row in rows],
    )
    notes = [(id_, note) for id_, row in zip(ids, rows, strict=True) for note in row.notes]
    for batch in _batches(notes):
        sql.execute(
            SQL["say_many"],
            by=team.by,
            at=at,
            ids=[new_id() for _note in batch],
            entries=[id_ for id_, _text in batch],
            texts=[text for _id, text in batch],
        )


def _batches(notes: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    waiting = iter(notes)
    while batch := list(islice(waiting, 500)):
        yield batch
