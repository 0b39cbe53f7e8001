"""What brands does when something happens below. The table is ``wiring.py``."""

from __future__ import annotations

from django.conf import settings

from majlis.brands.access import SQL
from majlis.core import sql
from majlis.people import events


def profile_told(event: events.ProfileMade | events.ProfileChanged) -> None:
    """A profile that is a business has a page. One that is a business no longer keeps it, unseen."""
    sql.execute(SQL["make_page"], profile=event.profile_id, zone=settings.TIME_ZONE, at=event.at)
