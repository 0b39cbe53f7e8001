"""What insights tells those above."""

from __future__ import annotations

from datetime import datetime

from majlis.core.events import Event


class PaidImpressions(Event, frozen=True):
    """Facts came of impressions that somebody pays for: their nonces. Some may be known already, or be of somebody
    of whom nothing is kept; what there is a fact of, the tables say."""

    nonces: tuple[int, ...]
    at: datetime


class MeasuringChanged(Event, frozen=True):
    """A member lets herself be measured from now on, or not any more."""

    profile_id: int
    at: datetime


class NoLongerMeasured(Event, frozen=True):
    """A member does not let herself be measured any more; until now she was this pseudonym."""

    viewer: int
    at: datetime
