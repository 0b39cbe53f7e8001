"""The timer on a page of the studio: shown, and running, only for who switched it on (js/hours.js)."""

from __future__ import annotations

from typing import Any

from majlis.brands.access import OnTeam
from majlis.core.clock import now
from majlis.studio.money.hours import BEAT, Place, running
from majlis.web.studio.frame import path
from majlis.web.studio.money_words import measuring


def timer(page: OnTeam, place: Place, *, entry_id: int | None = None) -> dict[str, Any] | None:
    """What ``money/timer.html`` reads; None: her hours are not measured. One query."""
    found = running(page, at=now())
    if found is None:
        return None
    return {
        "url": path(page.handle, "money/hours/beat"), "place": place.value, "entry": entry_id or "", "beat": BEAT,
        "idle": found.idle_seconds, "said": measuring(found.seconds),
    }  # fmt: skip
