"""The jobs there are: a name, a function taking keywords, and how it is run and retried."""

from __future__ import annotations

import functools
import inspect
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any, Final, TypeVar

Function = TypeVar("Function", bound=Callable[..., object])

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_DELAY: Final = 6 * 3600.0
"""Seconds; no retry waits longer, so that a repaired fault is noticed the same day."""


class Lane(IntEnum):
    """Which jobs go first. A lower lane is empty before the next is looked at."""

    URGENT = 0  # somebody is looking at the screen: a code by mail, a photo being made ready
    NORMAL = 1
    BULK = 2  # imports, backfills: nobody minds if they wait for the others


class PermanentError(Exception):
    """The job cannot succeed, however often it is tried: it becomes a dead letter at once.

    Any exception with ``permanent = True`` is taken the same way, and one with ``retry_after``
    (seconds) is not retried sooner than that.
    """

    permanent = True


class UnknownJobError(LookupError):
    """No function is registered under the name: a typing error, or a worker of an older release."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job, for functions that take a parameter ``run``."""

    id: int
    attempt: int  # 1 at the first run
    last: bool  # no retry follows
    enqueued_at: datetime
    at: datetime  # when this run started; pass it on as ``at=``


@dataclass(frozen=True, slots=True)
class Kind:
    """A registered job. See :func:`job` for the meaning of the fields."""

    name: str
    function: Callable[..., object]
    attempts: int = 8
    lease: float = 300.0
    atomic: bool = False
    backoff: float = 5.0
    lane: Lane = Lane.NORMAL
    every: timedelta | None = None
    offset: timedelta = timedelta(0)

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Raise ``TypeError`` when the function would not take these arguments."""
        run = {"run": None} if self.takes_run else {}
        _signature(self.function).bind(**arguments, **run)

    @property
    def takes_run(self) -> bool:
        return "run" in _signature(self.function).parameters

    def slot(self, at: datetime) -> datetime:
        """The newest moment, not after ``at``, at which a recurring job is due."""
        if self.every is None:
            raise ValueError(f"{self.name} does not recur")
        since = at - _EPOCH - self.offset
        return at - since % self.every


_kinds: dict[str, Kind] = {}
_signature = functools.cache(inspect.signature)


def job(
    name: str,
    *,
    attempts: int = 8,
    lease: float = 300.0,
    atomic: bool = False,
    backoff: float = 5.0,
    lane: Lane = Lane.NORMAL,
    every: timedelta | None = None,
    offset: timedelta = timedelta(0),
) -> Callable[[Function], Function]:
    """Register a function, which stays as it is and can be called directly.

    Args:
        name: ``module.what_it_does``; stored with every waiting job, so renaming loses those.
        attempts: how often it is started before it becomes a dead letter.
        lease: seconds one run may take. A longer one counts as failed and another worker starts anew.
            A worker that dies is noticed within seconds, whatever this says.
        atomic: run it in a transaction that also removes the job: its writes happen exactly once.
            Otherwise it runs at least once and must bear being repeated. Nothing outside the
            database (mail, HTTP, files) is undone by a transaction, so such jobs gain nothing here.
        backoff: seconds before the first retry; doubles each time, a quarter more or less by chance.
        lane: who goes first.
        every: makes it recur; it then takes no arguments. One worker of several fires each tick;
            ticks missed while no worker ran are made good by one run.
        offset: from midnight UTC (for a daily job), or from the start of the interval.

    Raises:
        ValueError: the name is taken or no name, or a number makes no sense.
    """
    if not _NAME.fullmatch(name) or len(name) > 100:
        raise ValueError(f"{name!r} is no name for a job; write module.what_it_does")
    if attempts < 1 or lease <= 0 or backoff < 0 or (every is not None and every < timedelta(seconds=1)):
        raise ValueError(f"{name}: attempts, lease, backoff and every are positive (every: a second or more)")

    def register(function: Function) -> Function:
        if name in _kinds and _kinds[name].function is not function:
            raise ValueError(f"two jobs are named {name}")
        kind = Kind(name, function, attempts, lease, atomic, backoff, lane, every, offset)
        if every is not None:
            kind.check({})
        _kinds[name] = kind
        return function

    return register


def find(name: str) -> Kind:
    """The job of that name.

    Raises:
        UnknownJobError: nothing is registered under it.
    """
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownJobError(f"no job is named {name}") from None


def recurring() -> list[Kind]:
    """All jobs that recur."""
    return [kind for kind in _kinds.values() if kind.every is not None]


def delay(failures: int, *, first: float) -> float:
    """Seconds until the next try after so many failures: doubling, capped, a quarter more or less.

    The chance keeps jobs that failed together (a server that was down) from coming back together.
    """
    planned = min(first * 2.0 ** min(failures - 1, 60), LONGEST_DELAY)
    return planned * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, keeps no secret
