"""What the operator tells everybody, and who has read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotThere
from majlis.safety.models import Announcement, AnnouncementRead


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    """An announcement as one member sees it. ``html`` comes from the sanitiser."""

    id: int
    html: str
    text: str
    starts_at: datetime | None
    ends_at: datetime | None
    published_at: datetime
    made_at: datetime
    read: bool


def _shown(*, at: datetime) -> Q:
    """Published, and not over."""
    return Q(published_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def announcements(*, viewer: int, at: datetime, with_read: bool = True) -> list[AnnouncementView]:
    """What is told at the moment ``at``, the newest first; without what she has read when asked so."""
    read = AnnouncementRead.objects.filter(announcement=OuterRef("id"), profile_id=viewer)
    found = (
        Announcement.objects.filter(_shown(at=at))
        .annotate(read=Exists(read))
        .order_by("-published_at", "-id")
    )
    return [
        AnnouncementView(
            id=each.id,
            html=each.html,
            text=each.text,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            published_at=each.published_at or each.made_at,
            made_at=each.made_at,
            read=each.read,
        )
        for each in found
        if with_read or not each.read
    ]


def dismiss(*, announcement_id: int, by: int, at: datetime) -> None:
    """She has read it. Nothing happens when she had.

    Raises:
        NotThere: there is no such announcement (any more).
    """
    if not Announcement.objects.filter(_shown(at=at), id=announcement_id).exists():
        raise NotThere(_("There is no such announcement."))
    AnnouncementRead.objects.get_or_create(announcement_id=announcement_id, profile_id=by)
