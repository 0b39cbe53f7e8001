"""One running Majlis for the apps that people already have, with two members in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import Person

from running_house import House, running_house


@pytest.fixture(scope="session")
def app_house() -> Iterator[House]:
    with running_house(MAJLIS_LIMITS="false") as house:
        yield house


@pytest.fixture(scope="session")
def nadia(app_house: House) -> Person:
    return Person.joined(app_house, "nadia")


@pytest.fixture(scope="session")
def omar(app_house: House) -> Person:
    return Person.joined(app_house, "omar")


@pytest.fixture(scope="session")
def charlie(app_house: House) -> Person:
    return Person.joined(app_house, "charlie")
