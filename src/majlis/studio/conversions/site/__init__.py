"""The script that a business puts on its own site, and the picture for visitors without scripts."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

PIXEL: Final = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002014c003b"
)
"""A transparent GIF of one pixel."""


@cache
def script() -> bytes:
    """``/measure.js``."""
    return (files(__package__) / "measure.js").read_bytes()
