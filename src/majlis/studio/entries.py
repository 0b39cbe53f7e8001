"""An entry as it is read: one shape for calendar, lists, editor, review and the worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec
from django.utils.translation import get_language

from majlis.core import json
from majlis.studio import states
from majlis.studio.content import Content, read

_SNIPPET: Final = 140


class Entry(msgspec.Struct, frozen=True):
    """A post that is planned, with the last word about it. Names are empty where nobody is known."""

    id: int
    page_id: int
    content: Content
    title: str
    campaign_id: int | None
    campaign: str
    version: int
    made_by: int | None
    changed_by: int | None
    changed_by_name: str
    changed_at: datetime
    asked_at: datetime | None
    due_at: datetime | None
    queued_at: datetime | None
    scheduled_by: int | None
    again_every: int | None
    again_left: int
    again_of: int | None
    post_id: int | None
    published_at: datetime | None
    failed_at: datetime | None
    failures: dict[str, str]
    discarded_at: datetime | None
    decided_version: int | None
    decided_yes: bool | None
    decided_by_name: str
    decided_at: datetime | None

    def state(self, *, approval_needed: bool) -> states.State:
        """In which state it is, for a page with this rule."""
        return states.state_of(self, approval_needed=approval_needed)

    @property
    def open(self) -> bool:
        """Whether it can still be changed: neither out nor thrown away."""
        return self.post_id is None and self.discarded_at is None

    @property
    def waits(self) -> bool:
        """Whether somebody was asked for a yes and has not answered since."""
        return states.waits(self)

    @property
    def failure(self) -> str:
        """Why it did not leave, in the reader's language."""
        found = self.failures.get((get_language() or "en")[:2])
        return found or next(iter(self.failures.values()), "")

    @property
    def words(self) -> str:
        """Its first words, for a line in a list."""
        params = self.content.params
        text = " ".join((self.title or params.title.strip() or params.text or params.warning).split())
        return text if len(text) <= _SNIPPET else f"{text[:_SNIPPET].rstrip()}…"

    @property
    def kind(self) -> str:
        """post, article, thread or poll: what the picture beside it shows."""
        if self.content.params.is_article:
            return "article"
        if self.content.thread:
            return "thread"
        return "poll" if self.content.params.poll else "post"


class SeenEntry(Entry, frozen=True):
    """An entry that was checked to be of the page whose team asked. Only ``access`` makes it."""


def of_row(row: tuple[Any, ...], kind: type[Entry] = Entry) -> Any:
    """An entry of a row of the query ``entry``."""
    values = [row[0], row[1], read(row[2], row[3], row[4]), *row[5:]]
    failure = 21
    values[failure] = json.decode_own(values[failure]) if values[failure] else {}
    return kind(*values)
