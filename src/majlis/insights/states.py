"""States of followers that no fact tells: left out of a feed she opened, not reached in it, held out, undelivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction

from majlis.core import sql
from majlis.insights.kinds import State
from majlis.insights.recording import hold
from majlis.insights.tables import SQL

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Noted(NamedTuple):
    """A member's state towards a post."""

    profile_id: int
    post_id: int
    state: State


def note(noted: Sequence[Noted]) -> None:
    """Write states down, in the caller's transaction. The strongest stands; only the eligible have one."""
    if not noted:
        return
    with transaction.atomic():
        pages = sql.rows(SQL["measured_among"], posts=list({each.post_id for each in noted}))
        if not pages:
            return
        hold(page_id for _post, page_id in pages)
        sql.rows(
            SQL["note_states"],
            profiles=[each.profile_id for each in noted],
            posts=[each.post_id for each in noted],
            states=[int(each.state) for each in noted],
        )


class Opened(NamedTuple):
    """A member opened a feed; ``ranked``: not one in the order of time."""

    profile_id: int
    at: datetime
    ranked: bool = False


def opened(openings: Sequence[Opened]) -> None:
    """What appeared since each last opened a feed and did not meet her, she did not come to so far. What she is
    shown moves on from that, told before or after."""
    if not openings:
        return
    ranked = {each.profile_id for each in openings if each.ranked}
    columns = {
        "profiles": [each.profile_id for each in openings],
        "ats": [(each.at - _EPOCH) // _MICROSECOND for each in openings],
    }
    with transaction.atomic():
        found = sql.rows(SQL["appeared_since_opening"], **columns)
        note(
            [
                Noted(profile, post, State.BELOW_THE_FOLD if profile in ranked else State.NOT_SO_FAR)
                for profile, post in found
            ]
        )
        sql.execute(SQL["opened"], **columns)
