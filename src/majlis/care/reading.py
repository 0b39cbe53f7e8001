"""One conversation, as the team reads it: what was said, what was done, who it is with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from majlis.brands.access import OnTeam
from majlis.care import access
from majlis.care.access import OwnConversation
from majlis.care.clocks import Clocks, Side, Turn, Word, clocks
from majlis.care.clocks import Status as ClockStatus
from majlis.care.fixing import links
from majlis.care.statements import SQL
from majlis.care.terms import terms_of
from majlis.core import json, sql

EARLIER: Final = 10


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A message. ``html`` for posts and reviews is the sanitised one of the thing itself; ``text`` its plain words, and
    alone for notes and outside. Both empty where it is ``gone``: taken away by its author or an operator, or no longer for
    the page's eyes. ``by`` is who of the team wrote it. Readings None: not read yet, or no customer's."""

    id: int
    side: str
    source: str
    post_id: int | None
    review_id: int | None
    author_name: str
    author_handle: str
    by: int | None
    by_name: str
    text: str
    html: str
    gone: bool
    audience: str
    stars: int | None
    at: datetime
    edited: bool
    complaint: float | None
    negative: float | None
    neutral: float | None
    positive: float | None
    cause: str
    cause_sure: float | None
    urgency: float | None
    language: str
    dialect: str
    corrected: dict[str, str]


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A step: what was done, by whom, when."""

    id: int
    what: str
    status: str
    by: int | None
    by_name: str
    by_customer: bool
    details: dict[str, Any]
    at: datetime


class Way(msgspec.Struct, frozen=True):
    """A channel of the person."""

    id: int
    kind: str
    key: str
    name: str
    handle: str
    joined: bool


class Earlier(msgspec.Struct, frozen=True):
    """Another conversation with the same person."""

    id: int
    status: str
    source: str
    opened_at: datetime
    complaint: float | None
    cause_name: str
    messages: int


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of a conversation. ``can_answer``: there is a way to answer from here."""

    conversation: OwnConversation
    said: list[Said]
    done: list[Done]
    ways: list[Way]
    earlier: list[Earlier]
    clocks: Clocks
    tags: tuple[str, ...]


def read(team: OnTeam, *, conversation_id: int, at: datetime) -> Reading:
    """A conversation of the page. Six queries.

    Raises:
        NotAllowed: her role does not answer.
        NotThere: there is none, or it is another page's.
    """
    found = access.conversation(team, conversation_id=conversation_id)
    said = [_said(row) for row in sql.rows(SQL["said"], conversation=found.id)]
    done = [_done(row) for row in sql.rows(SQL["steps"], conversation=found.id)]
    terms = terms_of(team.page_id)
    words = [Word(at=each.at, side=Side(each.side), by=each.by) for each in said if each.side != "note"]
    turns = [Turn(at=each.at, status=ClockStatus(each.status)) for each in done if each.status]
    return Reading(
        conversation=found, said=said, done=done,
        ways=[Way(*row) for row in sql.rows(SQL["ways"], person=found.person_id)],
        earlier=[Earlier(*row) for row in sql.rows(SQL["earlier"], person=found.person_id, id=found.id, limit=EARLIER)],
        clocks=clocks(words, turns, hours=terms.hours, targets=terms.targets[found.priority], at=at),
        tags=tuple(sql.column(SQL["tags"], conversation=found.id)),
    )  # fmt: skip


_DETAILS: Final = json.own_reader(dict[str, Any])
_CORRECTED: Final = json.own_reader(dict[str, str])


def _said(row: Sequence[Any]) -> Said:
    named = dict(zip(Said.__struct_fields__, row, strict=True))
    named["corrected"] = _CORRECTED(named["corrected"])
    if named["side"] == "automatic" and (text := links.hidden(named["text"])) != named["text"]:
        named |= {"text": text, "html": ""}
    return Said(**named)


def _done(row: Sequence[Any]) -> Done:
    named = dict(zip(Done.__struct_fields__, row, strict=True))
    named["details"] = _DETAILS(named["details"])
    return Done(**named)
