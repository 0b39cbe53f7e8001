"""What an error of the database means for whoever asked: it is away, or it takes nothing new just now."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from django.db import Error, InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import NotNow

RETRY_AFTER: Final = 5
"""Seconds after which one may ask again."""
_AWAY: Final = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
# a write where only reading is allowed (see core.postgres.room), and a disk that is full all the same
_FULL: Final = (psycopg.errors.ReadOnlySqlTransaction, psycopg.errors.DiskFull)


def refusal(error: BaseException) -> NotNow | None:
    """The refusal that the error deserves, or None when the database has no part in it.

    Its code is ``disk_full`` when everything can still be read. Templates and transactions put errors of
    their own around what the database said, so the causes are looked at too.
    """
    found = list(_causes(error))
    if any(isinstance(each, _FULL) or _no_room(each) for each in found):
        sentence = _("There is no room left on this server, so nothing new can be kept. Reading goes on.")
        return NotNow(sentence, code="disk_full", cause=str(error))
    if any(isinstance(each, _AWAY) for each in found):
        sentence = _("This is not possible just now. Please try again in a minute.")
        return NotNow(sentence, cause=str(error))
    return None


def _no_room(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def spared() -> Iterator[None]:
    """For a note in passing of somebody who reads: left out when nothing new can be kept."""
    try:
        yield
    except (Error, OSError) as error:
        refused = refusal(error)
        if refused is None or refused.code != "disk_full":
            raise


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
