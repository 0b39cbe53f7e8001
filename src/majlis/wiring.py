"""Event → who reacts. Every consequence in the product, on one screen.

Reactions run inside the transaction of the action: they enqueue jobs and append to the change log.
"""

from __future__ import annotations

from majlis.core import events


def install() -> None:
    """Called once, when all modules are loaded."""
    events.wire({})
