"""Pseudonyms: who reads is a random number in everything that is counted, and only one table joins it to her.

The number says nothing about her and is no function of her id: when her row goes, no key turns it back.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Final

from majlis.core import sql
from majlis.insights.tables import SQL

_LARGEST: Final = 2**63 - 1


def new_pseudonym() -> int:
    """A number that was never anybody's: positive, 63 bits of chance."""
    return secrets.randbelow(_LARGEST) + 1


def ensure(profile_ids: Iterable[int]) -> None:
    """See to it that these members have pseudonyms. In the caller's transaction; two at once agree."""
    wanted = sorted({id_ for id_ in profile_ids if id_})
    missing = sql.column(SQL["members_missing"], profiles=wanted) if wanted else []
    if missing:
        pseudonyms = [new_pseudonym() for _member in missing]
        sql.execute(SQL["make_members"], profiles=missing, pseudonyms=pseudonyms)
