"""What is counted about a member, for her to see; and the switch that ends it.

Switching off erases: her facts leave everything that was counted from them, and she gets a new pseudonym, so
that what may still lie in old files leads to nobody. The posts she was eligible for say *not measured* of her.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec
from django.db import transaction

from majlis.core import sql
from majlis.core.events import emit
from majlis.insights import members
from majlis.insights.events import MeasuringChanged, NoLongerMeasured
from majlis.insights.tables import SPACE, SQL
from majlis.people import events

ALWAYS: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Counted(msgspec.Struct, frozen=True):
    """What is counted about somebody for one page."""

    page_id: int
    posts: int  # that met her
    views: int
    engaged: int  # posts she did something with
    visits: int  # to the page itself: visits, follows
    since: datetime | None


class Measured(msgspec.Struct, frozen=True):
    """Whether she lets herself be measured, and what came of it."""

    measured: bool
    since: datetime | None  # None: ever since she joined
    pages: list[Counted]


def measured(*, profile_id: int) -> Measured:
    """All that is counted about a member. Two queries."""
    row = sql.one(SQL["member"], profile=profile_id)
    if row is None:
        return Measured(True, None, [])
    viewer, on, since = row
    pages = [Counted(*found) for found in sql.rows(SQL["counted_about"], viewer=viewer)]
    return Measured(on, None if since == ALWAYS else since, pages)


def exported(profile_id: int) -> Measured:
    """The same for her export."""
    return measured(profile_id=profile_id)


@transaction.atomic
def switch_off(*, by: int, at: datetime) -> None:
    """Measure her no longer, and forget what was counted. Again: nothing happens."""
    sql.rows(SQL["hold_alone"], space=SPACE)
    members.ensure([by])
    viewer, on, since = _row(by)
    if not on:
        return
    sql.execute(SQL["no_longer_measured"], viewer=viewer, measured_since=since)
    sql.rows(SQL["erase"], viewer=viewer)
    sql.execute(SQL["forget_opening"], viewer=viewer)
    fresh = members.new_pseudonym()
    sql.execute(SQL["rename_viewer"], viewer=viewer, fresh=fresh)
    sql.execute(SQL["set_measured"], profile=by, measured=False, since=at, pseudonym=fresh)
    emit(NoLongerMeasured(viewer, at))
    emit(MeasuringChanged(by, at))


@transaction.atomic
def switch_on(*, by: int, at: datetime) -> None:
    """Measure her from now on: posts that appear from this moment. Again: nothing happens."""
    sql.rows(SQL["hold_alone"], space=SPACE)
    members.ensure([by])
    viewer, on, _since = _row(by)
    if not on:
        sql.execute(SQL["set_measured"], profile=by, measured=True, since=at, pseudonym=viewer)
        emit(MeasuringChanged(by, at))


def _row(profile_id: int) -> tuple[int, bool, datetime]:
    row = sql.one(SQL["member"], profile=profile_id)
    assert row is not None  # noqa: S101  # it was just made
    return int(row[0]), bool(row[1]), row[2]


def gone(event: events.ProfileDeleted) -> None:
    """A profile ends. Its pseudonym goes with its row; what is left is about nobody."""
    row = sql.one(SQL["member"], profile=event.profile_id)
    if row is not None:
        sql.execute(SQL["forget_opening"], viewer=row[0])
