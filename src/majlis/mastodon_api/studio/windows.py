"""The window that figures are asked for."""

from __future__ import annotations

from typing import Literal

import msgspec

from majlis.brands.access import OnTeam
from majlis.insights.windows import USUAL, Window, last_days
from majlis.mastodon_api.request import Call


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """Today so far and the days before it, in the page's time zone: a week, four, thirteen, or a year. Windows that
    differ by a day would tell of those whom a single day is about, however few they are."""

    days: Literal[7, 28, 90, 365] = USUAL


def asked(call: Call, team: OnTeam, sent: Days) -> Window:
    """The window of a page's days."""
    return last_days(sent.days, at=call.at, zone=team.time_zone)
