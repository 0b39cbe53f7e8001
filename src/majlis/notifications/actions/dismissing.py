"""Taking notifications away, by the one who was told. The cause stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import changes, sql
from majlis.core.errors import NotThere
from majlis.notifications.statements import ACTIONS
from majlis.notifications.telling import gone

ALL = 0  # subject of the line that says: everything of this recipient


def dismiss(*, by: int, notification_id: int, at: datetime) -> None:
    """Remove one.

    Raises:
        NotThere: it is not there, or not hers.
    """
    if not dismiss_many(by=by, notification_ids=[notification_id], at=at):
        raise NotThere(_("There is no such notification."))


@transaction.atomic
def dismiss_many(*, by: int, notification_ids: Iterable[int], at: datetime) -> int:
    """Remove those of the ids that are hers; how many they were."""
    return gone(sql.rows(ACTIONS["dismiss"], by=by, ids=list(notification_ids)), at=at)


@transaction.atomic
def dismiss_group(*, by: int, group_key: str, at: datetime) -> int:
    """Remove a group (also ``ungrouped-<id>``); how many there were in it."""
    prefix, _dash, number = group_key.partition("-")
    if prefix == "ungrouped" and number.isascii() and number.isdecimal() and len(number) < 19:
        return dismiss_many(by=by, notification_ids=[int(number)], at=at)
    return gone(sql.rows(ACTIONS["dismiss_group"], by=by, group_key=group_key), at=at)


@transaction.atomic
def clear(*, by: int, at: datetime) -> int:
    """Remove all but those that are kept back; how many. One line tells it: subject ``ALL``."""
    removed = sql.execute(ACTIONS["clear"], by=by)
    if removed:
        changes.append("notification.gone", ALL, at=at, recipient=by)
    return removed
