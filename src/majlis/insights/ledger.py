"""The reach ledger: for one post, every follower it was for, each in exactly one state.

Encounters hold those of whom something is known, one row each, so the states of the rows exclude one another.
Who is on another server and who is not measured was counted when the post appeared. The rest opened no feed
since. So the states sum to the eligible by construction; tests prove that the rows are right.

The privacy floor: a business sees no group of one to nine. Hiding it alone would not do, since the rest can be
subtracted from the sum; so small groups are one, and if they are still too few, the smallest other joins them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.core import sql
from majlis.core.errors import NotThere
from majlis.insights.floor import hidden, too_few
from majlis.insights.kinds import FEWEST_SHOWN, State
from majlis.insights.tables import SQL

REST: Final = (State.NOT_OPENED, State.OUTSIDE, State.NOT_MEASURED)
"""States of which there are no encounters."""
SEEN: Final = (State.ENGAGED, State.VIEWED)
"""States of those who saw it: what a business asks first, so they are counted together too."""


class Reached(msgspec.Struct, frozen=True):
    """Distinct members who viewed a post: in all, unpaid, paid (somebody may be both), and how often."""

    people: int = 0
    organic: int = 0
    paid: int = 0
    impressions: int = 0
    engaged: int = 0


class Exact(msgspec.Struct, frozen=True):
    """The ledger to the last person. For computing on; what is shown goes through :func:`floored`."""

    post_id: int
    page_id: int
    appeared_at: datetime
    eligible: int
    states: Mapping[State, int]
    followers: Reached
    strangers: Reached


class Line(msgspec.Struct, frozen=True):
    """One state. ``count`` None: it is among those merged."""

    state: State
    count: int | None


class Ledger(msgspec.Struct, frozen=True):
    """What a business sees of it. ``merged`` counts all lines without a count of their own together; None
    where even these are fewer than ten, and then so is ``eligible``. ``seen`` counts the engaged and those who
    viewed together, whether their lines have counts or not; None where that would tell of fewer than ten."""

    post_id: int
    page_id: int
    appeared_at: datetime
    eligible: int | None
    lines: tuple[Line, ...]
    merged: int | None
    seen: int | None
    strangers: int | None  # reached without having been followers; None: fewer than ten


def exact(*, post_id: int) -> Exact:
    """The ledger of a post. Two queries.

    Raises:
        NotThere: it is not measured.
    """
    head = sql.one(SQL["ledger_head"], post=post_id)
    if head is None:
        raise NotThere(_("This post is not measured."), code="not_measured")
    return whole(post_id, head, sql.rows(SQL["ledger_states"], post=post_id))


def whole(post_id: int, head: Sequence[Any], counted: Iterable[Sequence[Any]]) -> Exact:
    """A ledger from what the two queries say: the post and whom it was for; its encounters by state."""
    page_id, appeared_at, eligible, outside, unmeasured = head
    states = dict.fromkeys(State, 0)
    reached = {True: Reached(), False: Reached()}
    for follower, state, count, *rest in counted:
        if follower:
            states[State(state)] += count
        reached[follower] = _more(reached[follower], rest, engaged=count if state == State.ENGAGED else 0)
    states[State.OUTSIDE], states[State.NOT_MEASURED] = outside, unmeasured
    states[State.NOT_OPENED] = 0
    states[State.NOT_OPENED] = eligible - sum(states.values())
    return Exact(post_id, page_id, appeared_at, eligible, states, reached[True], reached[False])


def _more(so_far: Reached, counts: Sequence[int], *, engaged: int) -> Reached:
    people, organic, paid, impressions = counts
    return Reached(
        so_far.people + people,
        so_far.organic + organic,
        so_far.paid + paid,
        so_far.impressions + impressions,
        so_far.engaged + engaged,
    )


def ledger(*, post_id: int) -> Ledger:
    """The ledger of a post as its business may see it. Raises as :func:`exact`."""
    return floored(exact(post_id=post_id))


def floored(exact: Exact) -> Ledger:
    """The same with every group of one to nine hidden, and nothing left to subtract."""
    merged, apart = _to_merge(exact.states)
    together = sum(exact.states[state] for state in merged)
    few = bool(merged) and together < FEWEST_SHOWN
    return Ledger(
        post_id=exact.post_id,
        page_id=exact.page_id,
        appeared_at=exact.appeared_at,
        eligible=None if few else exact.eligible,
        lines=tuple(Line(state, None if state in merged else exact.states[state]) for state in State),
        merged=None if few else together,
        seen=sum(exact.states[state] for state in SEEN) if apart else None,
        strangers=at_least_ten(exact.strangers.people),
    )


def at_least_ten(count: int) -> int | None:
    """A number of people, or None for one to nine of them."""
    return None if too_few(count) else count


def _to_merge(states: Mapping[State, int]) -> tuple[frozenset[State], bool]:
    """What is hidden; and whether those who saw it may be told as one number, because the hidden among them hide
    one another, and so do those among the rest."""
    seen = {state: states[state] for state in SEEN}
    rest = {state: count for state, count in states.items() if state not in SEEN}
    if not too_few(sum(seen.values())):
        among_rest = hidden(rest)
        if not too_few(sum(states[state] for state in among_rest)):
            return hidden(seen) | among_rest, True
    return hidden(states), False
