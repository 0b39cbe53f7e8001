"""One running Majlis for all cheap tests of the lane."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import houses
from houses import House
from town import Town


@pytest.fixture(scope="session")
def running_house() -> Iterator[House]:
    with houses.house() as made:
        yield made


@pytest.fixture(scope="session")
def town(running_house: House) -> Town:
    return Town(running_house)
