"""What follows from the words and steps of a conversation, worked out from all of them whenever one comes.

So words that come late, or in another order, lead to the same figures; and whoever doubts one can recompute it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.db import transaction

from majlis.care import readings
from majlis.care.clocks import Clocks, Side, Status, Turn, Word, clocks
from majlis.care.statements import SQL
from majlis.care.terms import PageTerms, terms_of
from majlis.core import sql

_AT_ONCE: Final = 500


@transaction.atomic
def settle(ids: Collection[int], *, at: datetime) -> None:
    """Bring these conversations up to date with what was said and done in them. Three queries and one statement."""
    rows = sql.rows(SQL["to_settle"], ids=list(ids))
    words: dict[int, list[Word]] = defaultdict(list)
    for conversation, moment, side, by, _language in sql.rows(SQL["words_of"], ids=list(ids)):
        words[conversation].append(Word(at=moment, side=Side(side), by=by))
    turns: dict[int, list[Turn]] = defaultdict(list)
    for conversation, moment, status in sql.rows(SQL["turns_of"], ids=list(ids)):
        turns[conversation].append(Turn(at=moment, status=Status(status)))
    terms = cache(terms_of)
    settled = [
        _settled(row, words[row[0]], turns[row[0]], terms(row[1]), at) for row in rows if words[row[0]]
    ]
    if settled:
        sql.execute(SQL["settle"], **{name: [each[name] for each in settled] for name in settled[0]})


@transaction.atomic
def gather(page_id: int, ids: Collection[int], *, at: datetime) -> None:
    """Bring conversations in step with the readings of what was said in them: priority and cause too, where nobody has
    said those; clocks follow."""
    hold(ids)
    sql.execute(
        SQL["gather"], ids=list(ids), page=page_id, complaint=readings.COMPLAINT, urgent=readings.URGENT
    )
    settle(ids, at=at)


def hold(ids: Collection[int]) -> None:
    """Hold conversations until the caller's transaction ends, in the order in which everybody does."""
    sql.rows(SQL["hold"], ids=list(ids))


def _settled(
    row: sql.Row, words: Sequence[Word], turns: Sequence[Turn], terms: PageTerms, at: datetime
) -> dict[str, Any]:
    conversation, _page, status, priority, *_rest = row
    found: Clocks = clocks(words, turns, hours=terms.hours, targets=terms.targets[priority], at=at)
    said = [each for each in words if each.side is not Side.AUTOMATIC]
    customers = [each.at for each in words if each.side is Side.CUSTOMER]
    team = [each.at for each in words if each.side is Side.TEAM]
    runs = status in (Status.OPEN, Status.SNOOZED)  # what sleeps is due all the same
    first = found.first if found.first and found.first.stopped else None
    solved = found.resolution if found.resolution and found.resolution.stopped else None
    return {
        "ids": conversation,
        "opened_at": min(customers) if customers else words[0].at,
        "last_at": max(each.at for each in words),
        "last_in_at": max(customers, default=None),
        "last_out_at": max(team, default=None),
        "messages": len(words),
        "unanswered": bool(said) and said[-1].side is Side.CUSTOMER,
        "first_reply_at": first.stopped if first else None,
        "first_reply_seconds": first.seconds if first else None,
        "resolution_seconds": solved.seconds if solved else None,
        "due_at": found.due if runs else None,
        "due_kind": found.due_kind if runs and found.due else "",
        "breached": any(each.breached for each in (found.first, *found.nexts, found.resolution) if each),
    }


def resettle(page_id: int, *, at: datetime) -> int:
    """All that is not solved anew, after other promises were made; how many."""
    done, last = 0, 0
    while ids := sql.column(SQL["running"], page=page_id, after=last, limit=_AT_ONCE):
        settle(ids, at=at)
        done, last = done + len(ids), ids[-1]
    return done
