"""What happens to reports and decisions. Ids only; who decided is never told to the outside."""

from __future__ import annotations

from datetime import datetime

from majlis.core.events import Event


class ReportMade(Event, frozen=True, kw_only=True):
    """A member reported a profile (``reporter``, ``about``: profile ids). Not told when she adds to it."""

    report_id: int
    reporter: int
    about: int
    forward: bool
    at: datetime


class ReportClosed(Event, frozen=True, kw_only=True):
    """A report is answered. ``acted``: something was done about the profile; what, is its own affair."""

    report_id: int
    reporter: int | None
    about: int
    acted: bool
    at: datetime


class DecisionMade(Event, frozen=True, kw_only=True):
    """Something was decided about a profile, which is told. That nothing is done is no event."""

    decision_id: int
    about: int
    kind: str
    at: datetime


class DecisionLifted(Event, frozen=True, kw_only=True):
    """A decision was taken back; what it did is undone."""

    decision_id: int
    about: int
    kind: str
    at: datetime


class _OfThings(Event, frozen=True, kw_only=True):
    """``things`` are (kind, id); the module whose kind it is acts."""

    about: int
    things: tuple[tuple[str, int], ...]
    at: datetime


class ThingsTakenDown(_OfThings, frozen=True, kw_only=True):
    """Nobody is to see them any more."""


class ThingsPutBack(_OfThings, frozen=True, kw_only=True):
    """That was taken back, and no other decision is about them."""


class AppealMade(Event, frozen=True, kw_only=True):
    """The profile asks for a second look."""

    decision_id: int
    about: int
    at: datetime


class AppealAnswered(Event, frozen=True, kw_only=True):
    """The second look was taken; ``lifted`` says how it ended."""

    decision_id: int
    about: int
    lifted: bool
    at: datetime


class RulesChanged(Event, frozen=True, kw_only=True):
    """A rule was added, reworded, moved or withdrawn."""

    at: datetime


class AnnouncementPublished(Event, frozen=True, kw_only=True):
    """Everybody may read it from now on (or from its beginning on)."""

    announcement_id: int
    at: datetime


class AnnouncementWithdrawn(Event, frozen=True, kw_only=True):
    """It is not shown any more."""

    announcement_id: int
    at: datetime


class AnnouncementDismissed(Event, frozen=True, kw_only=True):
    """A member has read it."""

    announcement_id: int
    profile_id: int
    at: datetime
