"""The list of a shift: what waits for an answer, what is due first, who has it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.care.access import Priority, Status
from majlis.care.statements import SQL
from majlis.core import json, sql
from majlis.core.errors import BadInput
from majlis.core.text.arabic import tokens_for_query

AT_ONCE: Final = 50
COUNTED_TO: Final = 1_000
"""More than this is counted as this, and shown as "1,000+"."""
LOOKED_THROUGH: Final = 2_000
"""Among so many conversations words are looked for at once: a page of a list that is narrowed by words may have fewer
rows than it could, or none, and goes on all the same."""
PRESENT: Final = 45
"""Seconds after her last sign that somebody counts as looking at a conversation."""
_NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
VIEWS: Final = ("open", "mine", "unassigned", "late", "complaints", "waiting", "snoozed", "solved", "all")
ORDERS: Final = ("due", "newest")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is to show. ``view`` one of :data:`VIEWS`; ``order`` by what is due first (the more urgent before),
    or by what was said last. ``cause`` 0: none. ``words`` as a search for posts."""

    view: str = "open"
    order: str = "due"
    source: str = ""
    cause: int | None = None
    priority: int | None = None
    language: str = ""
    tag: str = ""
    assignee: int | None = None
    person: int | None = None
    words: str = ""
    after: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation in a list. ``text`` is the beginning of what the person said last; empty where that is gone or not for
    the page's eyes (any longer). ``handle`` is empty for people of outside and for accounts that are gone."""

    id: int
    source: str
    status: Status
    priority: Priority
    name: str
    handle: str
    avatar_key: str
    profile_id: int | None
    text: str
    gone: bool
    messages: int
    unanswered: bool
    complaint: float | None
    negative: float | None
    urgency: float | None
    language: str
    cause: int | None
    cause_name: str
    cause_name_ar: str
    assignee: int | None
    assignee_name: str
    opened_at: datetime
    last_at: datetime
    due_at: datetime | None
    due_kind: str
    breached: bool
    snoozed_until: datetime | None
    reopened: int
    tags: tuple[str, ...]
    present: tuple[tuple[int, str, bool], ...]
    version: int


class Listing(msgspec.Struct, frozen=True):
    """A page of the list, and where the next one begins; empty: there is none."""

    rows: list[Row]
    next: str


def listing(team: OnTeam, wanted: Wanted, *, at: datetime, limit: int = AT_ONCE) -> Listing:
    """The conversations of a page that are wanted, 50 at most. One query, two with words.

    Raises:
        NotAllowed: her role does not answer.
        BadInput: there is no such view or order, or the place to go on from is none.
    """
    team.require(Permission.ANSWER)
    if wanted.view not in VIEWS or wanted.order not in ORDERS:
        raise BadInput(_("There is no such list."), field="view")
    newest = wanted.order == "newest" or wanted.view in ("all", "solved")
    tokens = " ".join(tokens_for_query(wanted.words)) if wanted.words.strip() else ""
    if wanted.words.strip() and not tokens:
        return Listing([], "")
    asked = dict(
        page=team.page_id, by=team.by, at=at, source=wanted.source, cause=wanted.cause, priority=wanted.priority,
        language=wanted.language, tag=wanted.tag, assignee=wanted.assignee, person=wanted.person, words=tokens,
        typed=wanted.words.strip(), limit=limit + 1, present=PRESENT, slice=LOOKED_THROUGH,
        **_after(wanted.after, newest=newest),
    )  # fmt: skip
    rows = sql.rows(_query("listing", wanted, newest=newest, words=bool(tokens)), **asked)
    found = [_row(row) for row in rows[:limit]]
    if len(rows) > limit:
        last = found[-1]
        return Listing(found, _cursor(last.priority, last.last_at, last.due_at, last.id, newest=newest))
    looked = sql.one(_query("last_looked_through", wanted, newest=newest), **asked) if tokens else None
    return Listing(found, _cursor(*looked, newest=newest) if looked else "")


_VIEWS: Final[Mapping[str, str]] = {
    "open": "c.status = 'open'",
    "mine": "c.status = 'open' AND c.assignee_id = %(by)s",
    "unassigned": "c.status = 'open' AND c.assignee_id IS NULL",
    "late": "c.status = 'open' AND c.due_at < %(at)s",
    "complaints": "c.status = 'open' AND c.complaint >= 0.5",
    "waiting": "c.status = 'waiting'",
    "snoozed": "c.status = 'snoozed'",
    "solved": "c.status IN ('solved', 'confirmed')",
    "all": "TRUE",
}
_NARROWED: Final[Mapping[str, str]] = {
    "source": "c.source LIKE %(source)s || '%%'",
    "cause": "coalesce(c.cause_id, 0) = %(cause)s",
    "priority": "c.priority = %(priority)s",
    "language": "c.language = %(language)s",
    "tag": "EXISTS (SELECT FROM care_conversationtag t WHERE t.conversation_id = c.id AND t.name = %(tag)s)",
    "assignee": "c.assignee_id = %(assignee)s",
    "person": "c.person_id = %(person)s",
}


def _query(query: str, wanted: Wanted, *, newest: bool, words: bool = False) -> str:
    """The statement for what is wanted: conditions that are not asked for are left out, so that the planner sees those
    that are."""
    conditions = [_VIEWS[wanted.view]]
    for name, condition in _NARROWED.items():
        if getattr(wanted, name) not in ("", None):
            conditions.append(condition)
    order = (
        "c.last_at DESC, c.id DESC"
        if newest
        else "c.priority, coalesce(c.due_at, 'infinity'::timestamptz), c.id"
    )
    if wanted.after:
        conditions.append(
            "(c.last_at, c.id) < (%(last)s, %(id)s)"
            if newest
            else "(c.priority, coalesce(c.due_at, 'infinity'::timestamptz), c.id) > (%(rank)s, %(due)s::timestamptz, %(id)s)"
        )
    among, within = "care_conversation", " AND ".join(conditions)
    if words:
        among, within = SQL["looked_through"].replace("/*conditions*/", within), SQL["with_words"]
    filled = SQL[query].replace("/*conditions*/", within).replace("/*among*/", among)
    return filled.replace("/*order*/", order)


class _Place(msgspec.Struct, array_like=True):
    rank: int
    moment: datetime | None
    id: int


def _cursor(priority: int, last_at: datetime, due_at: datetime | None, id_: int, *, newest: bool) -> str:
    place = _Place(int(priority), last_at if newest else due_at, id_)
    return base64.urlsafe_b64encode(json.encode(place)).decode().rstrip("=")


def _after(cursor: str, *, newest: bool) -> dict[str, object]:
    if not cursor:
        return {"last": None, "rank": None, "due": None, "id": None}
    try:
        place = json.decode_as(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), _Place)
    except (BadInput, binascii.Error, ValueError) as error:
        raise BadInput(_("The list cannot go on from there."), field="after") from error
    due = place.moment.isoformat() if place.moment else "infinity"
    return {"last": place.moment or _NEVER, "rank": place.rank, "due": due, "id": place.id}


_TAGS: Final = json.own_reader(tuple[str, ...])
_PRESENT: Final = json.own_reader(tuple[tuple[int, str, bool], ...])


def _row(row: Sequence[Any]) -> Row:
    named = dict(zip(Row.__struct_fields__, row, strict=True))
    named["status"], named["priority"] = Status(named["status"]), Priority(named["priority"])
    named["tags"], named["present"] = _TAGS(named["tags"]), _PRESENT(named["present"])
    return Row(**named)


class Counts(msgspec.Struct, frozen=True):
    """How many there are in each view, counted to a thousand."""

    open: int
    mine: int
    unassigned: int
    late: int
    complaints: int
    waiting: int
    snoozed: int


def counts(team: OnTeam, *, at: datetime) -> Counts:
    """How many conversations each view has. One query, over what is not solved.

    Raises:
        NotAllowed: her role does not answer.
    """
    team.require(Permission.ANSWER)
    return Counts(
        *(sql.one(SQL["counts"], page=team.page_id, by=team.by, at=at, most=COUNTED_TO) or (0,) * 7)
    )


def open_ones(team: OnTeam) -> int:
    """How many are open, counted to a thousand. One query, of an index alone.

    Raises:
        NotAllowed: her role does not answer.
    """
    team.require(Permission.ANSWER)
    row = sql.one(SQL["open_ones"], page=team.page_id, most=COUNTED_TO)
    return int(row[0]) if row else 0
