"""What every action on two people needs: the lock on both, and counters that follow the rows.

Invariant: follows, requests, blocks and memberships of a profile are only written by who holds the
lock of its counters, taken in the order of ids. So no two actions on one pair run at once, none wait
for each other in a circle, and a counter equals the number of rows whenever anybody else can look.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput, NotAllowed, NotThere
from majlis.core.sql import execute, load, one, rows

SQL: Final = load("majlis.people", "actions.sql")


class Locked(NamedTuple):
    """What an action must know of a profile that it has locked."""

    id: int
    domain: str
    asks: bool  # follows of it are asked for
    limited: bool
    withdrawn: bool


def lock(*profile_ids: int) -> dict[int, Locked]:
    """Keep the relationships of these profiles to this transaction until its end.

    Raises:
        NotThere: one of them is gone.
    """
    found = {row[0]: Locked(*row) for row in rows(SQL["lock"], ids=sorted(set(profile_ids)))}
    if len(found) < len(set(profile_ids)):
        raise NotThere(_("There is nobody at this address."), cause=f"{profile_ids}, of which {list(found)}")
    return found


def lock_two(by: int, other: int) -> dict[int, Locked]:
    """The same for two that must not be one.

    Raises:
        BadInput: they are one.
        NotThere: one of them is gone.
    """
    if by == other:
        raise BadInput(_("You cannot do that to yourself."), code="self")
    return lock(by, other)


def check_no_block(by: int, other: int) -> None:
    """Go on only when neither blocks the other.

    Raises:
        NotAllowed: one does; which one is not said.
    """
    if one(SQL["block_between"], one=by, other=other):
        raise NotAllowed(_("One of you has blocked the other."), code="blocked", cause=f"{by} and {other}")


def count_follow(*, follower: int, followed: int, change: int) -> None:
    """Let both counters follow one row of Follow that came (1) or went (-1)."""
    execute(SQL["count_follow"], follower=follower, followed=followed, change=change)
