"""Recurring jobs: one worker of several fires each tick."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from majlis.core import sql
from majlis.core.jobs import actions, registry

_SQL: Final = sql.load("majlis.core.jobs")


class Ticks:
    """The recurring jobs as one worker sees them; it asks the database only when a slot begins."""

    def __init__(self, *, at: datetime) -> None:
        self._newest = {kind.name: kind.slot(at) for kind in registry.recurring()}
        for name, slot in self._newest.items():
            sql.execute(_SQL["known_tick"], name=name, slot=slot)
        # A tick may have been missed while no worker ran: claim the present slot too.
        for name in self._newest:
            fire(name, slot=self._newest[name])

    def fire_due(self, *, at: datetime) -> None:
        for kind in registry.recurring():
            slot = kind.slot(at)
            if kind.name in self._newest and slot > self._newest[kind.name]:
                fire(kind.name, slot=slot)
                self._newest[kind.name] = slot


def fire(name: str, *, slot: datetime) -> bool:
    """Enqueue a recurring job for a slot, unless a worker did already.

    While the last one still waits, no second is put behind it.
    """
    with transaction.atomic():
        if not sql.rows(_SQL["fire_tick"], name=name, slot=slot):
            return False
        actions.enqueue(name, key="tick")
    return True
