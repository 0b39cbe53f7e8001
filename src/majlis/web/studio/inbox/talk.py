"""One conversation as templates read it: what was said and done, the clocks, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from majlis.brands.access import OnTeam
from majlis.care import reading, replies, sources
from majlis.care.access import Priority, Status
from majlis.care.choices import Choices
from majlis.care.clocks import Clock
from majlis.care.inbox import Wanted
from majlis.care.presence import Present
from majlis.care.reading import Done, Reading, Said
from majlis.core.text.html import stored_html
from majlis.web.cards import AUDIENCES
from majlis.web.faces import Shown, profile_path
from majlis.web.studio import clock
from majlis.web.studio.inbox import words
from majlis.web.studio.inbox.asked import conversation_url, list_url, query
from majlis.web.studio.inbox.rows import COMPLAINT

_QUIET: Final = frozenset({"noted"})
"""Steps that the conversation itself shows."""
_LATER: Final = timedelta(hours=3)


@dataclass(slots=True)
class Message(Shown):
    """Something that was said, in the order of the conversation. ``kind`` "message"."""

    kind: str
    id: str
    side: str
    name: str
    by: str
    text: str
    dir: str
    html: SafeString
    gone: bool
    url: str
    source: str
    audience: str | Promise
    stars: int | None
    at: datetime
    edited: bool
    complaint: bool


@dataclass(slots=True)
class Line(Shown):
    """Something that was done, between what was said. ``kind`` "step"."""

    kind: str
    words: str
    at: datetime


@dataclass(slots=True)
class ClockShown(Shown):
    """A clock that is due."""

    label: str | Promise
    due: str
    late: bool
    at: datetime | None


@dataclass(slots=True)
class EarlierShown(Shown):
    """Another conversation with the same person."""

    id: str
    url: str
    source: str
    status: str | Promise
    opened_at: datetime
    complaint: bool
    cause: str


def context(
    team: OnTeam, conversation_id: int, asked: Wanted, choices: Choices, *, at: datetime
) -> dict[str, Any]:
    """All that ``talk.html``, ``facts.html`` and ``answer.html`` read."""
    found = reading.read(team, conversation_id=conversation_id, at=at)
    own = found.conversation
    first = next((each for each in found.ways if each.handle), found.ways[0] if found.ways else None)
    return {
        "conversation": own,
        "conversation_id": str(own.id),
        "here_url": conversation_url(team, own.id),
        "list_query": query(asked),
        "back_to_list": list_url(team, asked),
        "customer": (first.name if first else "") or _("Somebody whose account is gone"),
        "customer_url": profile_path(first.handle) if first and first.handle else "",
        "status": words.STATUSES[own.status],
        "is_open": own.status in (Status.OPEN, Status.SNOOZED, Status.WAITING),
        "is_waiting": own.status is Status.WAITING,
        "source": words.source(own.source),
        "entries": _entries(found, choices, page=team.handle),
        "clocks": _clocks(found, at=at),
        "seen": str(max((each.id for each in found.said), default=0)),
        "reach": _reach(found),
        "can_answer": _can_answer(found),
        "replies": replies.offered(team, conversation_id=own.id) if _can_answer(found) else [],
        "read_as": _read_as(found),
        **_facts(team, found, choices, asked, at=at),
    }


def _read_as(found: Reading) -> dict[str, str] | None:
    """What the customer said last, and the other thing that it may be said to be."""
    last = next((each for each in reversed(found.said) if each.side == "customer" and not each.gone), None)
    if last is None:
        return None
    taken = last.corrected.get("complaint") or ("yes" if (last.complaint or 0) >= COMPLAINT else "no")
    return {"message": str(last.id), "other": "no" if taken == "yes" else "yes"}


def _entries(found: Reading, choices: Choices, *, page: str) -> list[Message | Line]:
    taken = {
        each.stopped: each.seconds
        for each in (found.clocks.first, *found.clocks.nexts)
        if each is not None and each.stopped is not None
    }
    everything: list[tuple[datetime, int, int, Message | Line]] = [
        (each.at, 0, each.id, _message(each, page=page)) for each in found.said
    ]
    everything += [
        (each.at, 1, each.id, _line(each, choices, taken=taken.get(each.at)))
        for each in found.done
        if each.what not in _QUIET
    ]
    return [each for *_order, each in sorted(everything, key=lambda entry: entry[:3])]


def _message(said: Said, *, page: str) -> Message:
    handle = said.author_handle if said.side == "customer" else page
    return Message(
        kind="message",
        id=str(said.id),
        side=said.side,
        name=said.author_name or _("Somebody whose account is gone"),
        by=said.by_name,
        text=said.text,
        dir=words.running(said.text),
        html=stored_html(said.html),
        gone=said.gone,
        url=f"{profile_path(handle)}/{said.post_id}" if said.post_id and handle and not said.gone else "",
        source=words.source(said.source) if said.side == "customer" else "",
        audience=AUDIENCES.get(said.audience, "") if said.audience not in ("", "public") else "",
        stars=said.stars,
        at=said.at,
        edited=said.edited,
        complaint=(said.complaint or 0) >= COMPLAINT,
    )


def _line(step: Done, choices: Choices, *, taken: float | None) -> Line:
    return Line(
        "step", words.done(step, choices=choices, taken=taken if step.what == "answered" else None), step.at
    )


def _clocks(found: Reading, *, at: datetime) -> list[ClockShown]:
    """Those that run and have an end; that of the solution only where no answer is due before."""
    every = (found.clocks.first, *found.clocks.nexts, found.clocks.resolution)
    if found.conversation.status is not Status.OPEN:
        return []
    return [_clock(each, at=at) for each in every if each is not None and each.runs and each.due is not None]


def _clock(running: Clock, *, at: datetime) -> ClockShown:
    late = running.due is not None and running.due < at
    return ClockShown(words.CLOCKS[running.kind], words.due(running.due, at=at), late, running.due)


def _last(found: Reading) -> Said | None:
    there = [each for each in found.said if each.side == "customer" and not each.gone]
    return there[-1] if there else None


def _can_answer(found: Reading) -> bool:
    last = _last(found)
    return last is not None and (
        not sources.is_outside(last.source) or sources.answering(last.source) is not None
    )


def _reach(found: Reading) -> str:
    """Who reads an answer, as a sentence."""
    last = _last(found)
    if last is None:
        return _("What was said is gone: there is nothing left to answer.")
    if sources.is_outside(last.source):
        if sources.answering(last.source) is None:
            return _("Please answer this where it was said: there is no way to it from here yet.")
        return _("It is sent to %(network)s.") % {"network": words.source(last.source)}
    if last.review_id is not None:
        return _("Everybody reads it below the review, in the page's name.")
    if last.audience in ("public", "unlisted"):
        return _("Everybody who sees the customer's post reads it, in the page's name.")
    return _("Only the customer reads it, in the page's name.")


def _facts(team: OnTeam, found: Reading, choices: Choices, asked: Wanted, *, at: datetime) -> dict[str, Any]:
    own = found.conversation
    return {
        "assignee": own.assignee,
        "is_mine": own.assignee == team.by,
        "answerers": [(each.id, each.name, each.id == own.assignee) for each in choices.answerers],
        "priorities": [(int(key), label, key == own.priority) for key, label in words.PRIORITIES.items()],
        "priority": "" if own.priority is Priority.NORMAL else words.PRIORITIES[own.priority],
        "causes": [
            (each.id, words.own_language(each.name, each.name_ar), each.id == own.cause) for each in choices.causes
        ],
        "tags": found.tags,
        "tags_typed": ", ".join(found.tags),
        "known_tags": choices.tags,
        "speaks": words.language(own.language) if own.language else "",
        "ways": [
            {"id": each.id, "name": each.name, "kind": _way(each.kind), "handle": each.handle, "joined": each.joined}
            for each in found.ways
        ],
        "earlier": [_earlier(team, each, asked) for each in found.earlier],
        "to_split": [
            {"id": each.id, "text": each.text, "dir": words.running(each.text)}
            for each in found.said if each.side == "customer" and not each.gone
        ],
        "member_ids": [int(each.key) for each in found.ways if each.kind == "member" and each.key.isdecimal()],
        "snoozes": _snoozes(team, at=at),
    }  # fmt: skip


def _way(kind: str) -> str:
    return _("Member here") if kind == "member" else kind.capitalize()


def _snoozes(team: OnTeam, *, at: datetime) -> list[tuple[str, str | Promise, str]]:
    """(value, label, the moment in words) of what can be chosen besides a moment of one's own."""
    zone = team.time_zone
    return [
        ("later", _("In three hours"), words.moment(at + _LATER)),
        ("tomorrow", _("Tomorrow morning"), words.moment(words.tomorrow_at_nine(at, zone=zone))),
        ("week", _("Next week"), words.moment(words.next_week(at, zone=zone))),
    ]


def until(team: OnTeam, choice: str, typed: str, *, at: datetime) -> datetime:
    """The moment that was chosen.

    Raises:
        BadInput: it is none.
    """
    zone = team.time_zone
    if choice == "later":
        return at + _LATER
    if choice == "tomorrow":
        return words.tomorrow_at_nine(at, zone=zone)
    if choice == "week":
        return words.next_week(at, zone=zone)
    return clock.moment_of(typed, zone=zone, field="until")


def _earlier(team: OnTeam, found: reading.Earlier, asked: Wanted) -> EarlierShown:
    return EarlierShown(
        id=str(found.id),
        url=conversation_url(team, found.id, asked),
        source=words.source(found.source),
        status=words.STATUSES[found.status],
        opened_at=found.opened_at,
        complaint=(found.complaint or 0) >= COMPLAINT,
        cause=found.cause_name,
    )


def presence(there: list[Present]) -> list[tuple[str, bool]]:
    """Who else is here, in words; and whether she is answering."""
    return [
        (
            (_("%(name)s is answering right now") if each.answering else _("%(name)s is reading this too"))
            % {"name": each.name},
            each.answering,
        )
        for each in there
    ]
