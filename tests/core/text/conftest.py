"""Foreign data beside the checkout: used when present, its absence said aloud."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

_BESIDE = Path(__file__).parents[4] / "shared"


@pytest.fixture(scope="session")
def shared_text() -> Callable[[str], Path]:
    """A function from a name to the file of that name in the shared text data; skips when it is not there."""
    folder = Path(os.environ.get("MAJLIS_SHARED", _BESIDE)) / "data" / "text"

    def find(name: str) -> Path:
        if not (folder / name).exists():
            pytest.skip(f"NOT RUN: {folder / name} is not on this machine (set MAJLIS_SHARED)")
        return folder / name

    return find
