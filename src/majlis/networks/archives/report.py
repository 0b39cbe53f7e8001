"""What was taken of an archive, what was not, and why: counted, with a few examples of each.

Memory does not grow with the archive: a reason is kept once, with its count and its first examples.
"""

from __future__ import annotations

from typing import Final

import msgspec

from majlis.networks.archives.reasons import NOT_TAKEN, TAKEN_WITH
from majlis.networks.archives.records import (
    ArchiveDraft,
    ArchiveFilter,
    ArchiveFollow,
    ArchiveNote,
    ArchivePage,
    ArchivePost,
    ArchiveProfile,
    ArchiveReference,
    Record,
    Skipped,
)

EXAMPLES_KEPT: Final = 5
_EXAMPLE_LENGTH: Final = 120


class ReportLine(msgspec.Struct, kw_only=True):
    """One reason: how often, its parameters and its first examples."""

    code: str
    count: int = 0
    params: dict[str, str] = {}
    examples: list[str] = []

    @property
    def sentence(self) -> str:
        """The reason in the reader's language at the moment of asking."""
        sentence = NOT_TAKEN.get(self.code) or TAKEN_WITH[self.code]
        return str(sentence) % self.params


class Report(msgspec.Struct, kw_only=True):
    """Counts of an import, serialisable as JSON so that a job can keep it.

    ``taken`` counts by kind of record; ``not_taken`` and ``notes`` are by code of ``reasons``.
    """

    taken: dict[str, int] = {}
    not_taken: dict[str, ReportLine] = {}
    notes: dict[str, ReportLine] = {}

    def add(self, record: Record) -> None:
        """Counts one record, taken or not."""
        if isinstance(record, Skipped):
            self.skip(record)
            return
        kind = _kind(record)
        self.taken[kind] = self.taken.get(kind, 0) + 1
        if isinstance(record, ArchivePost):
            self._count_post(record)

    def skip(self, skipped: Skipped) -> None:
        """Counts something not taken; the importing half adds its own refusals here, too."""
        line = self.not_taken.setdefault(
            skipped.code, ReportLine(code=skipped.code, params=dict(skipped.params), examples=[])
        )
        _count(line, skipped.what)

    def _count_post(self, post: ArchivePost) -> None:
        if post.media:
            self.taken["media"] = self.taken.get("media", 0) + len(post.media)
        for code in post.notes:
            note(self, code, post.source_id)

    @property
    def not_taken_total(self) -> int:
        """How many things were not taken, over all reasons."""
        return sum(line.count for line in self.not_taken.values())

    def reasons(self) -> list[ReportLine]:
        """Why things were not taken, the most frequent first."""
        return sorted(self.not_taken.values(), key=lambda line: (-line.count, line.code))


def note(report: Report, code: str, what: str) -> None:
    """Counts something that was taken with a repair; a code of ``reasons.TAKEN_WITH``."""
    _count(report.notes.setdefault(code, ReportLine(code=code, examples=[])), what)


def _kind(record: Record) -> str:
    match record:
        case ArchiveProfile():
            return "profile"
        case ArchivePost():
            return "post"
        case ArchiveFollow(relation=relation):
            return relation
        case ArchiveReference(kind=kind):
            return kind
        case ArchiveFilter():
            return "filter"
        case ArchiveNote():
            return "note"
        case ArchiveDraft():
            return "draft"
        case ArchivePage():
            return "page"
        case Skipped():
            return "skipped"


def _count(line: ReportLine, example: str) -> None:
    line.count += 1
    if len(line.examples) < EXAMPLES_KEPT:
        line.examples.append(example[:_EXAMPLE_LENGTH])
