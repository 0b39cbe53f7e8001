"""What happens to pages. ``tell`` are the profiles that are to hear of it."""

from __future__ import annotations

from datetime import datetime

from majlis.core.events import Event


class ReviewWritten(Event, frozen=True, kw_only=True):
    """A member reviewed a page; an edit is not told again."""

    page_id: int
    handle: str
    review_id: int
    author_id: int
    tell: tuple[int, ...]
    at: datetime


class ReviewAnswered(Event, frozen=True, kw_only=True):
    """The page answered a review."""

    page_id: int
    handle: str
    review_id: int
    author_id: int
    at: datetime


class ReviewGone(Event, frozen=True, kw_only=True):
    """A review was taken back by its author or taken down by an operator."""

    page_id: int
    review_id: int
    at: datetime


class InvitedToTeam(Event, frozen=True, kw_only=True):
    """A page asks a member into its team."""

    page_id: int
    invitation_id: int
    invited: int
    at: datetime


class InvitationEnded(Event, frozen=True, kw_only=True):
    """It was answered, or taken back."""

    page_id: int
    invitation_id: int
    at: datetime


class DomainLost(Event, frozen=True, kw_only=True):
    """A domain stopped proving that it is the page's."""

    page_id: int
    handle: str
    verification_id: int
    tell: tuple[int, ...]
    at: datetime
