"""How a page answers, in public: worked out from the log by this function alone, and by nobody's hand.

Everything that people said to the page and that began in the window counts, but what was said of it and not to it. Whoever
was blocked counts too: a page cannot become quick by shutting people out. Automatic words are no answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction

from majlis.care.clocks import Side, Status, Turn, Word, clocks
from majlis.care.statements import SQL
from majlis.care.terms import terms_of
from majlis.core import sql

WINDOW: Final = timedelta(days=90)
FEWEST: Final = 10
"""Below so many conversations nothing is said."""


class Badge(msgspec.Struct, frozen=True, kw_only=True):
    """Of ``conversations`` that began in the window: how many were answered by a person, the median of the seconds of
    business time until then, how many were solved, and of those how many the customer confirmed."""

    since: datetime
    until: datetime
    conversations: int
    answered: int
    median_seconds: float | None
    solved: int
    confirmed: int
    at: datetime

    @property
    def share_answered(self) -> float:
        """Of all."""
        return self.answered / self.conversations if self.conversations else 0.0

    @property
    def share_confirmed(self) -> float | None:
        """Of those that count as solved; None: none does."""
        return self.confirmed / self.solved if self.solved else None


def work_out(page_id: int, *, at: datetime) -> Badge:
    """Work a page's badge out and keep it. One query and one statement."""
    since = at - WINDOW
    with transaction.atomic():
        row = sql.one(SQL["badge"], page=page_id, since=since, until=at) or (0, 0, None, 0, 0)
        found = Badge(
            since=since, until=at, conversations=row[0], answered=row[1], median_seconds=row[2], solved=row[3],
            confirmed=row[4], at=at,
        )  # fmt: skip
        sql.execute(SQL["keep_badge"], page=page_id, **msgspec.structs.asdict(found))
    return found


def recompute(page_id: int, *, since: datetime, until: datetime) -> Badge:
    """The same from nothing but what was said and done, for whoever doubts it."""
    words: dict[int, list[Word]] = defaultdict(list)
    for conversation, moment, side in sql.rows(SQL["badge_words"], page=page_id):
        words[conversation].append(Word(at=moment, side=Side(side)))
    turns: dict[int, list[Turn]] = defaultdict(list)
    for conversation, moment, status in sql.rows(SQL["badge_turns"], page=page_id):
        turns[conversation].append(Turn(at=moment, status=Status(status)))
    terms = terms_of(page_id)
    seconds, counted, solved, confirmed = [], 0, 0, 0
    for conversation, said in words.items():
        asked = min((each.at for each in said if each.side is Side.CUSTOMER), default=None)
        if asked is None or not since <= asked < until:
            continue
        counted += 1
        done = turns[conversation]
        found = clocks(said, done, hours=terms.hours, targets=terms.targets[0], at=until)
        if found.first is not None and found.first.stopped is not None:
            seconds.append(found.first.seconds)
        last = max(done, key=lambda each: each.at).status if done else Status.OPEN
        solved += last.over
        confirmed += last is Status.CONFIRMED
    return Badge(
        since=since, until=until, conversations=counted, answered=len(seconds), median_seconds=_median(seconds),
        solved=solved, confirmed=confirmed, at=until,
    )  # fmt: skip


def _median(values: Sequence[float]) -> float | None:
    ordered, half = sorted(values), len(values) // 2
    if not ordered:
        return None
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def shown(page_id: int) -> Badge | None:
    """The badge as anybody sees it; None: too few conversations, or the page does not show it. One query."""
    row = sql.one(SQL["badge_shown"], page=page_id, fewest=FEWEST)
    return Badge(**dict(zip(Badge.__struct_fields__, row, strict=True))) if row else None


def work_out_all(*, at: datetime) -> int:
    """The badges of all pages to whom somebody spoke in the window; how many."""
    pages = sql.column(SQL["pages_with_conversations"], since=at - WINDOW)
    for page_id in pages:
        work_out(page_id, at=at)
    return len(pages)
