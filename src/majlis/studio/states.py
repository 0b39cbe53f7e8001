"""In which state an entry is: what its columns say, in one place."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    """From the first word of a draft until it is out."""

    DRAFT = "draft"
    WAITING = "waiting"  # for somebody's yes
    CHANGES = "changes"  # somebody said: not like this
    APPROVED = "approved"  # and has no hour yet
    SCHEDULED = "scheduled"
    HELD = "held"  # has an hour and lacks the yes it needs: will not leave
    PUBLISHED = "published"
    FAILED = "failed"
    DISCARDED = "discarded"


class Columns(Protocol):
    """What a state is read from."""

    @property
    def version(self) -> int: ...
    @property
    def asked_at(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def queued_at(self) -> datetime | None: ...
    @property
    def post_id(self) -> int | None: ...
    @property
    def failed_at(self) -> datetime | None: ...
    @property
    def discarded_at(self) -> datetime | None: ...
    @property
    def decided_version(self) -> int | None: ...
    @property
    def decided_yes(self) -> bool | None: ...
    @property
    def decided_at(self) -> datetime | None: ...


def approved(entry: Columns) -> bool:
    """Whether the last word about exactly this version was yes."""
    return bool(entry.decided_yes) and entry.decided_version == entry.version


def waits(entry: Columns) -> bool:
    """Whether somebody was asked and has not answered since."""
    return entry.asked_at is not None and (entry.decided_at is None or entry.asked_at > entry.decided_at)


def lacks_yes(entry: Columns, *, approval_needed: bool) -> bool:
    """Whether it needs an approval, by the page's rule or because somebody was asked, and has none."""
    return (approval_needed or entry.asked_at is not None) and not approved(entry)


def state_of(entry: Columns, *, approval_needed: bool) -> State:
    """The state, the later ones first."""
    if entry.discarded_at:
        return State.DISCARDED
    if entry.post_id:
        return State.PUBLISHED
    if entry.failed_at:
        return State.FAILED
    if entry.due_at or entry.queued_at:
        held = lacks_yes(entry, approval_needed=approval_needed)
        return State.HELD if held else State.SCHEDULED
    return _of_draft(entry)


def _of_draft(entry: Columns) -> State:
    if approved(entry):
        return State.APPROVED
    if waits(entry):
        return State.WAITING
    refused = entry.decided_yes is False and entry.asked_at is not None
    return State.CHANGES if refused else State.DRAFT
