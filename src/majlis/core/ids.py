"""Ids that sort by time: decimal, positive, under 2**63, unique without asking the database.

An id is milliseconds since 1970 in the upper 47 bits and 16 bits below: ten that count within the millisecond
of one process, from a random start, and six that tell processes apart (the process id, modulo 64). Two
processes of one machine started after each other never meet; others hardly, and a primary key refuses the
rest. Apps compare ids by length and then by text (Tusky does), which for decimals without leading zeros is
the numeric order.
"""

from __future__ import annotations

import os
import secrets
import threading
from datetime import UTC, datetime, timedelta
from typing import Final

from majlis.core.clock import now

_SHIFT: Final = 16
_COUNTING: Final = 10
_PROCESSES: Final = _SHIFT - _COUNTING
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_lock = threading.Lock()
_last_tick = 0


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def new_id() -> int:
    """A new id, larger than every id this process took before."""
    global _last_tick
    with _lock:
        # a random start below half, so that the rest of the millisecond has room to count
        tick = (_milliseconds(now()) << _COUNTING) | secrets.randbelow(1 << (_COUNTING - 1))
        _last_tick = tick if tick > _last_tick else _last_tick + 1
        # asked each time: a forked process is another one
        return (_last_tick << _PROCESSES) | (os.getpid() % (1 << _PROCESSES))


def id_at(moment: datetime) -> int:
    """An id for something that happened at ``moment`` (an imported post), random in its millisecond.

    Moments before 1970 are taken as 1970: ids are never negative.
    """
    return (max(_milliseconds(moment), 0) << _SHIFT) | secrets.randbelow(1 << _SHIFT)


def lowest_id_at(moment: datetime) -> int:
    """The lowest id that could have been taken at ``moment``, for "since then" in SQL."""
    return max(_milliseconds(moment), 0) << _SHIFT


def moment_of(id_: int) -> datetime:
    """When the id was taken, to the millisecond."""
    return _EPOCH + timedelta(milliseconds=id_ >> _SHIFT)
