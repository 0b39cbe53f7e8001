"""What readers were served. Told after every answer of a feed, so telling is one append; a thread does the rest.

Kept in memory for a second: a process that is killed loses that second of *served*, nothing else; one that is
stopped writes it down first. Bounded: when the database is away for long, the oldest answers are forgotten.
A post is served once an hour to a reader in one place, however often she asks.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final, NamedTuple, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction

from majlis.core import sql
from majlis.core.clock import now
from majlis.feeds.rules import LeftOut
from majlis.insights.kinds import Kind, Source, State
from majlis.insights.recording import NewFact, record
from majlis.insights.states import Noted, Opened, note, opened
from majlis.insights.tables import SQL

log = logging.getLogger(__name__)
T = TypeVar("T")

MOST_WAITING: Final = 20_000
AT_ONCE: Final = 2_000
EVERY: Final = 1.0
_REMEMBERED: Final = 200_000
_LATE: Final = timedelta(minutes=2)
_REASONS: Final = {
    LeftOut.MUTED: State.MUTED,
    LeftOut.FILTERED: State.FILTERED,
    LeftOut.LANGUAGE: State.LANGUAGE,
    LeftOut.BOOSTS_HIDDEN: State.BOOSTS_HIDDEN,
    LeftOut.HELD_OUT: State.HELD_OUT,
}


class Answer(NamedTuple):
    """One answer of a feed. ``ids`` are entries: posts, or boosts of them."""

    viewer: int
    ids: Sequence[int]
    source: Source
    paid_ids: Collection[int]
    left_out: Sequence[tuple[int, LeftOut]]
    ranked: bool
    first_page: bool
    at: datetime


_waiting: Final[deque[Answer]] = deque(maxlen=MOST_WAITING)


def served(
    *,
    viewer: int,
    ids: Sequence[int],
    source: Source,
    paid_ids: Collection[int] = (),
    left_out: Sequence[tuple[int, LeftOut]] = (),
    ranked: bool = False,
    first_page: bool,
    at: datetime,
) -> None:
    """A signed-in reader was answered with these. ``first_page``: of home or a list, which opens a feed. The
    sequences are not looked at before the next flush, and must not be changed any more."""
    _waiting.append(Answer(viewer, ids, source, paid_ids, left_out, ranked, first_page, at))


class Visit(NamedTuple):
    """A signed-in reader looked at the page of a business."""

    viewer: int
    page_id: int
    source: Source
    at: datetime


_visits: Final[deque[Visit]] = deque(maxlen=MOST_WAITING)


def visited(*, viewer: int, page_id: int, source: Source, at: datetime) -> None:
    """A reader looks at a profile that is a business's; ``source``: where she came from. Once an hour."""
    _visits.append(Visit(viewer, page_id, source, at))


class Writer:
    """Writes down what waits. One per process."""

    def __init__(self) -> None:
        self._entries: dict[int, tuple[int, int] | None] = {}
        self._told: set[tuple[int, int, int, int, bool]] = set()
        self._noted: set[Noted] = set()
        self._opened: dict[int, datetime] = {}
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Write every second from now on."""
        self._end.clear()
        self._thread = threading.Thread(target=self._run, name="served", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what is left, and end."""
        self._end.set()
        if self._thread is not None:
            self._thread.join(10)
            self._thread = None

    def _run(self) -> None:
        ended = False
        while not ended:
            ended = self._end.wait(EVERY)
            try:
                close_old_connections()
                self.flush()
            except Exception:
                log.exception("what was served could not be written")
        connection.close()

    def flush(self) -> int:
        """Write down all that waits; how many answers that were."""
        done = 0
        visits = _next(_visits, MOST_WAITING)
        with _kept(_visits, visits):
            _write_visits(visits)
        while answers := _next(_waiting, AT_ONCE):
            with _kept(_waiting, answers):
                self._write(answers)
            done += len(answers)
        return done

    def _write(self, answers: list[Answer]) -> None:
        distinct = _distinct(answers)
        self._learn(distinct)
        self._write_openings(distinct)
        facts = list(self._facts(distinct))
        if facts:
            record(facts, arrived_at=max(now(), *(fact.at for fact in facts)))
            self._remember(facts)
        fresh = [each for each in self._left_out(distinct) if each not in self._noted]
        note(fresh)
        self._noted.update(fresh)

    def _learn(self, answers: Iterable[Answer]) -> None:
        """Which of the entries are measured, or boosts of what is. It never changes once a post is there."""
        entries = {id_ for answer in answers for id_ in answer.ids}
        entries.update(id_ for answer in answers for id_, _reason in answer.left_out)
        unknown = [id_ for id_ in entries if id_ not in self._entries]
        if not unknown:
            return
        if len(self._entries) > _REMEMBERED:
            self._entries.clear()
            unknown = list(entries)
        self._entries.update(dict.fromkeys(unknown))
        for entry, post_id, page_id in sql.rows(SQL["measured_entries"], ids=unknown):
            self._entries[entry] = (post_id, page_id)

    def _facts(self, answers: Iterable[Answer]) -> Iterable[NewFact]:
        """Those not told yet in this hour."""
        for viewer, ids, source, paid_ids, _left, _ranked, _first, at in answers:
            nonce = int(at.timestamp()) // 3600 << 8 | source
            for id_ in ids:
                found = self._entries.get(id_)
                if found is None:
                    continue
                post_id, page_id = found
                paid = post_id in paid_ids or id_ in paid_ids
                if (viewer, post_id, nonce, page_id, paid) not in self._told:
                    yield NewFact(
                        page_id=page_id, post_id=post_id, profile_id=viewer, kind=Kind.SERVED, source=source,
                        paid=paid, nonce=nonce << 1 | paid, at=at,
                    )  # fmt: skip

    def _remember(self, facts: Iterable[NewFact]) -> None:
        if len(self._told) > _REMEMBERED:
            self._told.clear()
            self._noted.clear()
        self._told.update(
            (fact.profile_id, fact.post_id, fact.nonce >> 1, fact.page_id, fact.paid) for fact in facts
        )

    def _left_out(self, answers: Iterable[Answer]) -> Iterable[Noted]:
        for answer in answers:
            for id_, reason in answer.left_out:
                found = self._entries.get(id_)
                if found is not None and reason in _REASONS:
                    yield Noted(answer.viewer, found[0], _REASONS[reason])

    def _write_openings(self, answers: Iterable[Answer]) -> None:
        """Openings since whose predecessor nothing of any page appeared tell nothing new."""
        openings: dict[int, Opened] = {}
        for answer in answers:
            known = openings.get(answer.viewer)
            if answer.first_page and (known is None or known.at < answer.at):
                openings[answer.viewer] = Opened(answer.viewer, answer.at, answer.ranked)
        newest = sql.one(SQL["newest_measured"]) if openings else None
        if newest is None:
            return
        told = [each for each in openings.values() if not self._is_up_to(newest[0], each.profile_id)]
        with transaction.atomic():
            opened(told)
        if len(self._opened) > _REMEMBERED:
            self._opened.clear()
        self._opened.update({each.profile_id: each.at for each in told})

    def _is_up_to(self, newest: datetime, viewer: int) -> bool:
        last = self._opened.get(viewer)
        return last is not None and newest < last - _LATE


def _write_visits(visits: list[Visit]) -> None:
    """As facts about the page itself. The nonce holds page and hour, for such facts have no post in their key."""
    facts = [
        NewFact(
            page_id=visit.page_id, profile_id=visit.viewer, kind=Kind.PROFILE_VISIT, source=visit.source,
            nonce=_once_an_hour(visit.page_id, visit.at), at=visit.at,
        )
        for visit in visits
    ]  # fmt: skip
    if facts:
        record(facts, arrived_at=max(now(), *(fact.at for fact in facts)))


def _once_an_hour(page_id: int, at: datetime) -> int:
    """A number of page and hour that no other page has in any hour: ids of two may lie close together."""
    both = f"{page_id} {int(at.timestamp()) // 3600}".encode()
    return int.from_bytes(blake2b(both, digest_size=8).digest()) >> 1


def _next(waiting: deque[T], most: int) -> list[T]:
    taken: list[T] = []
    while len(taken) < most:
        try:
            taken.append(waiting.popleft())
        except IndexError:
            break
    return taken


@contextmanager
def _kept(waiting: deque[T], taken: list[T]) -> Iterator[None]:
    """While the database is away they wait on, the newest of too many. What it refuses is not tried again."""
    try:
        yield
    except (OperationalError, InterfaceError):
        room = MOST_WAITING - len(waiting)
        waiting.extendleft(reversed(taken[-room:] if room > 0 else []))
        raise


def _distinct(answers: list[Answer]) -> list[Answer]:
    """The same page of the same reader, sent again and again, once: the latest."""
    return list({(a.viewer, id(a.ids), a.source, a.first_page): a for a in answers}.values())


WRITER: Final = Writer()
"""The writer of this process."""
