"""What brands does when something happens below. The table is ``wiring.py``."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from majlis.brands import signals
from majlis.brands.access import SQL
from majlis.brands.actions.reviewing import KIND
from majlis.brands.events import ReviewGone
from majlis.brands.models import Review
from majlis.core import sql
from majlis.core.events import emit
from majlis.people import events
from majlis.safety.events import ThingsPutBack, ThingsTakenDown


def profile_told(event: events.ProfileMade | events.ProfileChanged) -> None:
    """A profile that is a business has a page. One that is a business no longer keeps it, unseen."""
    sql.execute(SQL["make_page"], profile=event.profile_id, zone=settings.TIME_ZONE, at=event.at)


def things_taken_down(event: ThingsTakenDown) -> None:
    """An operator took reviews down."""
    for review in Review.objects.filter(pk__in=_reviews(event.things), withdrawn_at=None):
        Review.objects.filter(pk=review.pk).update(withdrawn_at=event.at)
        emit(ReviewGone(page_id=review.page_id, review_id=review.pk, at=event.at))
        signals.changed(review.page_id, "reviews", event.at)


def things_put_back(event: ThingsPutBack) -> None:
    """The operator thought better of it."""
    for review in Review.objects.filter(pk__in=_reviews(event.things)).exclude(withdrawn_at=None):
        Review.objects.filter(pk=review.pk).update(withdrawn_at=None)
        signals.changed(review.page_id, "reviews", event.at)


def _reviews(things: Iterable[tuple[str, int]]) -> list[int]:
    return [id_ for kind, id_ in things if kind == KIND]
