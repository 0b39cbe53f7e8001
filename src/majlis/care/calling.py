"""Calling those who should act: a complaint came, a conversation is theirs, an answer is due soon, or late.

Each is told once for each end of a clock. In a flood the first are told one by one; the list, and the watch for a crisis,
say the rest.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from django.db import transaction

from majlis.brands.roles import Permission, Role, roles_with
from majlis.care import readings
from majlis.care.clocks import seconds_between
from majlis.care.events import AnswerersCalled, ConversationAnswered, ConversationChanged, WordsRead
from majlis.care.statements import SQL
from majlis.care.terms import PageTerms, terms_of
from majlis.core import sql
from majlis.core.events import emit

MOST_AN_HOUR: Final = 30
"""Complaints of one page that people are called to one by one."""
_AT_ONCE: Final = 500
_AHEAD: Final = timedelta(days=7)
_LATELY: Final = timedelta(days=1)
_OVER: Final = frozenset({"answered", "solved", "blocked", "confirmed", "waited", "merged"})


def words_read(event: WordsRead) -> None:
    """A complaint that nobody answered: whose it is, or all who answer, are called; the most urgent first."""
    rows = sql.rows(
        SQL["to_call"], ids=list(event.conversation_ids), page=event.page_id, complaint=readings.COMPLAINT, at=event.at,
        since=event.at - timedelta(hours=1), most=MOST_AN_HOUR,
    )  # fmt: skip
    for conversation, handle, assignee in rows:
        tell = [assignee] if assignee else _who(event.page_id)
        _call(event.page_id, handle, conversation, "complaint", tell, at=event.at)


def changed(event: ConversationChanged) -> None:
    """Whom it was given to hears of it, unless she took it herself; of what was answered nobody needs to be told."""
    if event.what == "assigned":
        row = sql.one(SQL["whose"], id=event.conversation_id)
        if row and row[0] and row[0] != event.by:
            _call(event.page_id, row[1], event.conversation_id, "assigned", [row[0]], at=event.at)
    elif event.what in _OVER:
        emit(ConversationAnswered(conversation_id=event.conversation_id, at=event.at))


def call_in_time(*, at: datetime) -> int:
    """Warn of answers that are due soon, and call further people to those that are late; how many were looked at."""
    terms = cache(terms_of)
    with transaction.atomic():
        late = sql.rows(SQL["late"], at=at, limit=_AT_ONCE)
        told: dict[int, int] = {}
        for page, handle, conversation, assignee, due in late:
            if due < at - _LATELY:
                continue  # words that came late themselves: the list says it
            told[page] = told.get(page, 0) + 1
            if told[page] <= MOST_AN_HOUR:
                _call(page, handle, conversation, "late", _escalated(page, assignee, terms(page)), at=at)
        soon = sql.rows(SQL["soon"], at=at, until=at + _AHEAD, limit=_AT_ONCE)
        warned = [row for row in soon if _is_near(row, terms(row[0]), at)]
        for page, handle, conversation, assignee, *_rest in warned:
            told[page] = told.get(page, 0) + 1
            if told[page] <= MOST_AN_HOUR:
                _call(page, handle, conversation, "due", [assignee] if assignee else _who(page), at=at)
        sql.execute(SQL["warned"], ids=[row[2] for row in warned])
    return len(late) + len(warned)


def _is_near(row: sql.Row, terms: PageTerms, at: datetime) -> bool:
    """Whether less of the promised time is left than the page wants to be warned of."""
    *_start, due, kind, priority = row
    target = getattr(terms.targets[priority], kind, None)
    return target is not None and seconds_between(terms.hours, at, due) <= (1 - terms.warn_share) * target


def _escalated(page_id: int, assignee: int | None, terms: PageTerms) -> list[int]:
    further = [terms.escalate_to] if terms.escalate_to else _with_roles(page_id, [Role.OWNER.value])
    return list(dict.fromkeys([*([assignee] if assignee else _who(page_id)), *further]))


def _who(page_id: int) -> list[int]:
    return _with_roles(page_id, roles_with(Permission.ANSWER))


def _with_roles(page_id: int, roles: Collection[str]) -> list[int]:
    return sql.column(SQL["members_with"], page=page_id, roles=list(roles))


def _call(
    page_id: int, handle: str, conversation: int, why: str, tell: Collection[int], *, at: datetime
) -> None:
    who = _who(page_id)  # nobody who has left, whatever is still given to her
    told = tuple(each for each in tell if each in who) or tuple(who)
    emit(
        AnswerersCalled(
            page_id=page_id, handle=handle, conversation_id=conversation, why=why, tell=told, at=at
        )
    )
