"""Knowing what customers write: read by the model as it comes, put right by the team with one key.

Readings of a conversation are the highest of its messages, as somebody said or as they were read. Whatever a person or a
rule said of priority and cause stays, whatever is read later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.care import access, readings
from majlis.care.acting import step
from majlis.care.events import WordsRead
from majlis.care.readings import Read
from majlis.care.settling import gather, hold
from majlis.care.statements import SQL
from majlis.core import sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.events import emit
from majlis.core.ids import new_id
from majlis.core.paging import Page

AT_ONCE: Final = 200
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "complaint": ("yes", "no"),
    "sentiment": readings.SOUNDS,
    "urgency": ("high", "normal"),
}
"""What may be said of a text, by what it is about; of ``cause`` any cause of the model's list."""


def read_new(*, at: datetime) -> int:
    """Read what was said and not read yet, the newest first; how many texts."""
    with transaction.atomic():
        # conversations before their messages, as everybody takes them
        held = sql.column(SQL["where_to_read"], limit=AT_ONCE)
        if not held:
            return 0
        hold(held)
        rows = sql.rows(SQL["to_read"], limit=AT_ONCE, held=held)
        if not rows:
            return 0
        found = {row[0]: readings.read(row[3]) for row in rows}
        _keep(found, at=at)
        by_page: dict[int, list[sql.Row]] = defaultdict(list)
        for row in rows:
            by_page[row[1]].append(row)
        for page, said in by_page.items():
            ids = sorted({row[2] for row in said})
            gather(page, ids, at=at)
            told = WordsRead(
                page_id=page, message_ids=tuple(row[0] for row in said), conversation_ids=tuple(ids), at=at
            )
            emit(told)
    return len(rows)


def _keep(found: Mapping[int, Read], *, at: datetime) -> None:
    columns: dict[str, list[Any]] = {
        name: [getattr(each, name) for each in found.values()] for name in Read.__struct_fields__
    }
    sql.execute(SQL["keep_readings"], ids=list(found), at=at, **columns)


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """A correction, with who made it and what was read before; ``undone_at``: it was taken back."""

    id: int
    message_id: int
    conversation_id: int
    text: str
    about: str
    said: str
    read: str
    by: int | None
    by_name: str
    at: datetime
    undone_at: datetime | None


def correct(team: OnTeam, *, message_id: int, about: str, said: str, at: datetime) -> int:
    """Say what a customer's text really is; the correction's id. It counts from now on, and the page's reading learns from
    it. Said again, the newer one stands.

    Raises:
        BadInput: there is no such choice.
        NotThere: the message is no customer's of this page.
    """
    if about not in CHOICES or said not in CHOICES[about]:
        raise BadInput(_("There is no such choice."), field="said")
    with transaction.atomic():
        row = sql.one(SQL["message"], page=team.page_id, message=message_id)
        if row is None:
            raise NotThere(_("There is no such message."))
        found = access.conversation(team, conversation_id=row[0], lock=True)
        made, before = new_id(), _before(about, row)
        sql.execute(SQL["uncorrect"], message=message_id, about=about, by=team.by, at=at)
        sql.execute(
            SQL["correct"], id=made, page=team.page_id, message=message_id, about=about, said=said, read=before, by=team.by,
            at=at,
        )  # fmt: skip
        step(
            found,
            "corrected",
            by=team.by,
            at=at,
            about=about,
            said=said,
            read=before,
            message=str(message_id),
        )
        gather(team.page_id, [found.id], at=at)
    return made


def _before(about: str, row: sql.Row) -> str:
    _conversation, complaint, negative, neutral, positive, urgency = row
    if complaint is None:
        return ""
    if about == "complaint":
        return "yes" if complaint >= readings.COMPLAINT else "no"
    if about == "urgency":
        return "high" if (urgency or 0) >= readings.URGENT else "normal"
    return max(
        zip(readings.SOUNDS, (negative, neutral, positive), strict=True), key=lambda each: float(each[1])
    )[0]


def take_back(team: OnTeam, *, correction_id: int, at: datetime) -> None:
    """A correction counts no longer; that it was made, and taken back, stays on record.

    Raises:
        NotThere: there is none that counts.
    """
    with transaction.atomic():
        row = sql.one(SQL["correction"], page=team.page_id, id=correction_id)
        if row is None:
            raise NotThere(_("There is no such correction."))
        found = access.conversation(team, conversation_id=row[0], lock=True)
        sql.execute(SQL["take_back"], id=correction_id, by=team.by, at=at)
        step(found, "uncorrected", by=team.by, at=at, about=row[1])
        gather(team.page_id, [found.id], at=at)


def corrections(team: OnTeam, *, page: Page) -> list[Corrected]:
    """What the team put right, the newest first.

    Raises:
        NotAllowed: her role does not answer.
    """
    team.require(Permission.ANSWER)
    rows = sql.rows(SQL["corrections"], page=team.page_id, below=page.max_id or 2**63 - 1, limit=page.limit)
    return [Corrected(**dict(zip(Corrected.__struct_fields__, row, strict=True))) for row in rows]
