"""What happens to reports and decisions. Ids only; who decided is never told to the outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMade:
    """A member reported a profile (``reporter``, ``about``: profile ids). Not told when she adds to it."""

    report_id: int
    reporter: int
    about: int
    forward: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportClosed:
    """A report is answered. ``acted``: something was done about the profile; what, is its own affair."""

    report_id: int
    reporter: int | None
    about: int
    acted: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade:
    """Something was decided about a profile, which is told. That nothing is done is no event."""

    decision_id: int
    about: int
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLifted:
    """A decision was taken back; what it did is undone."""

    decision_id: int
    about: int
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealMade:
    """The profile asks for a second look."""

    decision_id: int
    about: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealAnswered:
    """The second look was taken; ``lifted`` says how it ended."""

    decision_id: int
    about: int
    lifted: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesChanged:
    """A rule was added, reworded, moved or withdrawn."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementPublished:
    """Everybody may read it from now on (or from its beginning on)."""

    announcement_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementWithdrawn:
    """It is not shown any more."""

    announcement_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementDismissed:
    """A member has read it."""

    announcement_id: int
    profile_id: int
    at: datetime
