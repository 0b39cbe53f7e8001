"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from running import open_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the database's account can pass through."""
    with open_folder() as made:
        yield made
