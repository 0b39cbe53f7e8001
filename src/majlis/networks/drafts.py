"""Drafts of an archive, taken in again.

Invariants. A draft that is here already is left out, whatever was changed in it since. Nothing is published:
what waited for its hour comes back as a draft, since an archive may be old, may be brought to a second
account, and may have been changed on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Final

from django.conf import settings

from majlis.core import sql
from majlis.core.errors import Refused
from majlis.core.text.length import first_graphemes
from majlis.media import actions as media
from majlis.networks import matching
from majlis.networks.archives.records import ArchiveDraft, ArchivePicture, Skipped
from majlis.networks.archives.report import Report, note
from majlis.networks.contacts import post_at
from majlis.networks.photos import Photos
from majlis.networks.staging import Stage
from majlis.posts import actions as posts
from majlis.posts.composing import (
    LONGEST_OPTION,
    LONGEST_TITLE,
    LONGEST_WARNING,
    MOST_OPTIONS,
    MOST_PHOTOS,
    PollParams,
    PostParams,
)
from majlis.posts.models import Permit

Own = Mapping[str, tuple[int, int]]
"""Her posts and their threads by the addresses that an archive gives them."""
_HERE: Final = """
    SELECT d.made_at, d.params->>'title', d.params->>'text' FROM posts_draft d WHERE d.author_id = %(by)s ORDER BY d.id
"""
_MOST: Final = 1_000  # a member has 300, and 300 that wait for their hour


@dataclass(slots=True)
class _Draft:
    """Where a draft stands, what it is known by, its photos and its text once the photos were taken in."""

    place: int
    signs: matching.Signs
    photo_ids: list[int] = field(default_factory=list)
    cover_id: int | None = None
    text: str = ""


class Drafts:
    """What was read of them, until they are written. ``audience`` is the widest that each may have now."""

    def __init__(self, *, by: int, report: Report, audience: Callable[[str], str], folder: Path) -> None:
        self._by = by
        self._report = report
        self._audience = audience
        self._found: list[_Draft] = []
        self._circles: set[str] = set()
        self._staged = Stage(ArchiveDraft, folder=folder)

    def __enter__(self) -> Drafts:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._staged.__exit__(kind, error, trace)

    def add(self, record: ArchiveDraft) -> None:
        """Keep what was read."""
        if len(self._found) == _MOST:
            self._skip(record.text, "draft_refused")
            return
        self._found.append(
            _Draft(self._staged.add(record), _signs(record.made_at, record.title, record.text))
        )

    def pictures(self) -> Iterator[ArchivePicture]:
        """What they show, which ``Photos`` wants to know before the first photo is taken."""
        for draft in self._found:
            yield from self._staged.get(draft.place).pictures

    def prepare(self, photos: Photos) -> None:
        """Leave out what is here already, and take in the photos of the rest."""
        rows = sql.rows(_HERE, by=self._by)
        present = [_signs(made_at, title or "", text or "") for made_at, title, text in rows]
        new = matching.missing([each.signs for each in self._found], here=present)
        wanted: list[_Draft] = []
        for draft, is_new in zip(self._found, new, strict=True):
            record = self._staged.get(draft.place)
            if is_new:
                self._take_photos(draft, record, photos, number=len(wanted) + 1)
                self._circles.update([record.circle] if record.circle else [])
                wanted.append(draft)
            else:
                self._skip(record.text, "draft_here")
        self._found = wanted

    def _take_photos(self, draft: _Draft, record: ArchiveDraft, photos: Photos, *, number: int) -> None:
        of = record.text[:40]
        draft.photo_ids = photos.taken(record.media, of=of)
        draft.cover_id = photos.one(record.cover, of=of) if record.cover else None
        # no post has a negative id: what is left of the pictures is this draft's
        draft.text = photos.with_pictures(record.text, record.pictures, post_id=-number, of=of)
        draft.photo_ids += photos.left_on(-number)

    def circles(self) -> set[str]:
        """The circles that they are for."""
        return self._circles

    def write(self, *, circles: Mapping[str, int], own: Own) -> None:
        """Write what is new."""
        for draft in self._found:
            record = self._staged.get(draft.place)
            try:
                params = self._params(record, draft, circles, own)
                posts.keep_draft(by=self._by, params=params, at=record.made_at)
            except Refused:
                self._skip(record.text, "draft_refused")
                continue
            media.hold(photo_ids=draft.photo_ids[MOST_PHOTOS:], owner=self._by)
            self._report.add(record)
            if record.due_at:
                note(self._report, "draft_unscheduled", record.text)

    def _params(
        self, record: ArchiveDraft, draft: _Draft, circles: Mapping[str, int], own: Own
    ) -> PostParams:
        audience = self._audience(record.audience)
        circle = circles.get(record.circle) if audience == "circle" else None
        return PostParams(
            text=first_graphemes(draft.text, settings.MAJLIS.article_characters),
            audience="mentioned" if audience == "circle" and circle is None else audience,
            circle_id=circle,
            title=record.title[:LONGEST_TITLE],
            warning=record.content_warning[:LONGEST_WARNING],
            sensitive=record.sensitive,
            language=record.language,
            reply_to_id=self._post(record.answers, record, own),
            quote_of_id=self._post(record.quotes, record, own),
            photo_ids=tuple(draft.photo_ids[:MOST_PHOTOS]),
            cover_id=draft.cover_id,
            poll=_poll(record),
            may_reply=record.may_reply if record.may_reply in Permit.values else "nobody",
            may_quote=record.may_quote if record.may_quote in Permit.values else "nobody",
        )

    def _post(self, url: str | None, record: ArchiveDraft, own: Own) -> int | None:
        """What it answers or quotes, when it is here and she may see it."""
        try:
            return post_at(url, own=own, by=self._by).id if url else None
        except Refused:
            note(self._report, "draft_alone", record.text)
            return None

    def _skip(self, what: str, code: str) -> None:
        self._report.skip(Skipped(what=what, code=code))


def _signs(made_at: datetime, title: str, text: str) -> matching.Signs:
    """A draft keeps its moment when it is changed, and its words when it is put off to another hour."""
    words = sha256(f"{title.strip()}\0{text.strip()}".encode()).digest()
    return (made_at, words), made_at, words if (title + text).strip() else None


def _poll(record: ArchiveDraft) -> PollParams | None:
    poll = record.poll
    if poll is None:
        return None
    return PollParams(
        options=tuple(each[:LONGEST_OPTION] for each in poll.options[:MOST_OPTIONS]),
        lasts=poll.lasts,
        multiple=poll.multiple,
        hide_totals=poll.hide_totals,
    )
