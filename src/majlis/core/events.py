"""Events: what a lower module tells the higher ones, without knowing them.

An action calls :func:`emit` inside its transaction. Reactions run at once, in the same transaction,
and may only do what is undone with it: enqueue a job, append to the change log, write rows. What must
not happen before the commit goes through ``transaction.on_commit`` or, better, a job.
All reactions stand in ``majlis/wiring.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from django.db import transaction


class Event(msgspec.Struct, frozen=True):
    """Something that happened. A structure of msgspec's because there are many kinds, and making the classes
    as dataclasses took 30 ms of every start."""


Reaction = Callable[[Any], None]
_reactions: dict[type[Event], tuple[Reaction, ...]] = {}


def wire(table: Mapping[type[Event], Iterable[Reaction]]) -> None:
    """Install the table of reactions, replacing any earlier one (at start, once)."""
    _reactions.clear()
    _reactions.update({kind: tuple(reactions) for kind, reactions in table.items()})


def emit(event: Event) -> None:
    """Tell everybody wired to this kind of event.

    Raises:
        LookupError: the kind of event is missing from the wiring; a forgotten consequence is an error.
        TransactionManagementError: called outside a transaction, where a half-done action could be told.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"{type(event).__name__} was told outside a transaction")
    if type(event) not in _reactions:
        raise LookupError(f"{type(event).__name__} is not in wiring.py")
    for reaction in _reactions[type(event)]:
        reaction(event)
