"""What a member keeps for herself, taken in again: filters, and notes about people. (Drafts: ``drafts``.)

Invariant: what she has here stays as it is. A filter or a note that is here already is left out, whatever was
changed in it since.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from majlis.core.errors import Refused
from majlis.feeds import access as filters_access
from majlis.feeds import actions as filters
from majlis.networks import matching
from majlis.networks.archives.records import ArchiveFilter, ArchiveNote, Skipped
from majlis.networks.archives.report import Report
from majlis.networks.contacts import here, post_at
from majlis.people import access as people_access
from majlis.people import actions as people
from majlis.people import queries

_MOST_FILTERS: Final = 1_000
_MOST_NOTES: Final = 20_000


class Keeping:
    """What was read of it, until it is written."""

    def __init__(self, *, by: int, report: Report) -> None:
        self._by = by
        self._report = report
        self._filters: list[ArchiveFilter] = []
        self._notes: list[ArchiveNote] = []

    def add(self, record: ArchiveFilter | ArchiveNote) -> None:
        """Keep what was read; no archive of this house has more of them than is kept."""
        match record:
            case ArchiveFilter() if len(self._filters) < _MOST_FILTERS:
                self._filters.append(record)
            case ArchiveNote() if len(self._notes) < _MOST_NOTES:
                self._notes.append(record)
            case ArchiveFilter():
                self._skip(record.title, "filter_refused")
            case ArchiveNote():
                self._skip(record.handle, "note_refused")

    def write(self, *, own: Mapping[str, tuple[int, int]], at: datetime) -> None:
        """Write what is new. ``own`` are her posts, just taken in or here before, by their addresses there."""
        self._write_filters(own, at=at)
        self._write_notes(at=at)

    def _write_filters(self, own: Mapping[str, tuple[int, int]], *, at: datetime) -> None:
        present = [_signs_of_filter(each) for each in filters_access.own_filters(by=self._by)]
        new = matching.missing([_signs_of_filter(each) for each in self._filters], here=present)
        for each, is_new in zip(self._filters, new, strict=True):
            if not is_new:
                self._skip(each.title, "filter_here")
            elif each.expires_at is not None and each.expires_at <= at:
                self._skip(each.title, "filter_ended")
            else:
                self._write_filter(each, own, at=at)

    def _write_filter(self, each: ArchiveFilter, own: Mapping[str, tuple[int, int]], *, at: datetime) -> None:
        lifetime = min(each.expires_at - at, filters.LONGEST) if each.expires_at else None
        try:
            made = filters.create_filter(
                by=self._by,
                title=each.title,
                contexts=each.contexts,
                at=at,
                action=msgspec.convert(each.action, filters_access.Action),
                lifetime=lifetime,
                words=[filters.Word(word.keyword, word.whole_word) for word in each.keywords],
            )
        except (Refused, msgspec.ValidationError):
            self._skip(each.title, "filter_refused")
            return
        self._report.add(each)
        for url in each.posts[: filters.MOST_POSTS]:
            try:
                post = post_at(url, own=own, by=self._by)
            except Refused:
                self._skip(url, "post_not_here")
                continue
            own_filter = filters_access.own_filter(filter_id=made, by=self._by)
            filters.add_post(filter=own_filter, by=self._by, post=post, at=at)

    def _write_notes(self, *, at: datetime) -> None:
        found = here({each.handle for each in self._notes})
        known = queries.relationships(viewer_id=self._by, ids=found.values(), at=at)
        for each in self._notes:
            about = found.get(each.handle)
            if about is None or about == self._by:
                self._skip(each.handle, "contact_not_here")
            elif about in known and known[about].note:
                self._skip(each.handle, "note_here")
            else:
                self._write_note(each, about)

    def _write_note(self, each: ArchiveNote, about: int) -> None:
        try:
            whom = people_access.see_profile(profile_id=about, viewer_id=self._by)
            people.write_note(by=self._by, about=whom, text=each.text)
        except Refused:
            self._skip(each.handle, "note_refused")
            return
        self._report.add(each)

    def _skip(self, what: str, code: str) -> None:
        self._report.skip(Skipped(what=what, code=code))


def _signs_of_filter(each: ArchiveFilter | filters_access.OwnFilter) -> matching.Signs:
    words = frozenset((word.keyword, word.whole_word) for word in each.keywords)
    return (each.title, frozenset(each.contexts), each.action, words), each.title
