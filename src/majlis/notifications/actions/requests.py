"""Senders whose notifications were kept back: to accept, or to dismiss."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from majlis.core import sql
from majlis.core.ids import new_id
from majlis.notifications.statements import ACTIONS


@transaction.atomic
def accept_requests(*, by: int, request_ids: Iterable[int], at: datetime) -> int:
    """Take all that these senders sent, and whatever they will; how many senders.

    It stands among the others when this returns: there is nothing left to be merged.
    """
    senders = _senders(by, request_ids)
    if senders:
        ids = [new_id() for _sender in senders]
        sql.execute(ACTIONS["accept"], by=by, ids=ids, senders=senders, at=at)
        sql.execute(ACTIONS["merge"], by=by, senders=senders)
    return len(senders)


@transaction.atomic
def dismiss_requests(*, by: int, request_ids: Iterable[int]) -> int:
    """Remove what these senders sent so far; how many senders. What comes later is kept back anew."""
    senders = _senders(by, request_ids)
    if senders:
        sql.execute(ACTIONS["discard"], by=by, senders=senders)
    return len(senders)


def _senders(by: int, request_ids: Iterable[int]) -> list[int]:
    return sql.column(ACTIONS["senders"], by=by, ids=list(request_ids))
