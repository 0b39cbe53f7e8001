"""What the queries give. Never changed, safe to share; what a member gets never names an operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec


class ReportedPost(msgspec.Struct, frozen=True):
    """What a post said when it was reported."""

    id: str
    title: str
    text: str
    warning: str
    audience: str
    reply_to: str | None
    made_at: datetime


class ReportedThing(msgspec.Struct, frozen=True):
    """What something of another module (a review) said when it was reported; ``about`` is the id of what it
    stands on."""

    kind: str
    id: str
    text: str
    about: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule. The Arabic may be empty: then the other language is shown."""

    id: int
    position: int
    text: str
    text_ar: str
    hint: str
    hint_ar: str
    made_at: datetime
    withdrawn_at: datetime | None
    replaces: int | None

    def text_in(self, language: str) -> str:
        """The rule in a language ("ar", "en")."""
        return self.text_ar if language == "ar" and self.text_ar else self.text

    def hint_in(self, language: str) -> str:
        """What explains it."""
        return self.hint_ar if language == "ar" and self.text_ar else self.hint


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report, for operators. ``reporter`` and ``about`` are profiles, ``assigned_to`` and
    ``closed_by`` logins."""

    id: int
    reporter: int | None
    about: int
    posts: tuple[ReportedPost, ...]
    things: tuple[ReportedThing, ...]
    rule_ids: tuple[int, ...]
    category: str
    comment: str
    forward: bool
    made_at: datetime
    changed_at: datetime | None
    assigned_to: int | None
    closed_at: datetime | None
    closed_by: int | None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision, for the profile it is about and for operators."""

    id: int
    about: int
    report_id: int | None
    kind: str
    post_ids: tuple[int, ...]
    text: str
    made_at: datetime
    appeal: str
    appealed_at: datetime | None
    appeal_answer: str
    appeal_answered_at: datetime | None
    lifted_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it is in force."""
        return self.lifted_at is None

    @property
    def may_be_appealed(self) -> bool:
        """Whether a second look can still be asked for."""
        return self.stands and self.appealed_at is None and self.kind != "none"


@dataclass(frozen=True, slots=True)
class SeenDecision:
    """A decision with who decided (logins' ids): for operators alone."""

    decision: DecisionView
    made_by: int | None
    appeal_answered_by: int | None
    lifted_by: int | None


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """Reports: open ones (of them assigned to nobody) and closed ones; and appeals that wait."""

    open: int
    unassigned: int
    closed: int
    appeals: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """The house at a glance. Today begins at midnight UTC."""

    logins: int
    profiles: int
    joined_today: int
    posts_today: int
    open_reports: int
    appeals: int
    awaiting_approval: int


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A line of the operator's search."""

    profile_id: int
    user_id: int | None
    email: str
    withdrawn: bool
    limited: bool
    login_closed: bool


@dataclass(frozen=True, slots=True)
class TagLine:
    """A hashtag, whether it may trend, and on how many posts it was in the last seven days."""

    id: int
    name: str
    shown: str
    usable: bool
    uses: int


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    """An announcement. ``html`` comes from the sanitiser; a language may be empty."""

    id: int
    text: str
    html: str
    text_ar: str
    html_ar: str
    starts_at: datetime | None
    ends_at: datetime | None
    published_at: datetime | None
    made_at: datetime
    read: bool = False
    withdrawn_at: datetime | None = None

    def text_in(self, language: str) -> str:
        """The text in a language, or in the one there is."""
        return (self.text_ar or self.text) if language == "ar" else (self.text or self.text_ar)

    def html_in(self, language: str) -> str:
        """The same as HTML."""
        return (self.html_ar or self.html) if language == "ar" else (self.html or self.html_ar)


@dataclass(frozen=True, slots=True)
class AuditView:
    """A line of the book: who did what to what, when."""

    id: int
    made_at: datetime
    who: str
    action: str
    target: str
    detail: dict[str, object]
