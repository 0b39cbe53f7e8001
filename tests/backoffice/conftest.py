"""The cast and signed-in browsers for tests of the back office."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from cast import Member

sys.path.insert(0, str(Path(__file__).parent.parent / "safety"))


def _member(name: str) -> Callable[[None], Member]:
    def make(db: None) -> Member:
        import cast

        return getattr(cast, name)()  # type: ignore[no-any-return]

    return make


alice = pytest.fixture(name="alice")(_member("alice"))
bob = pytest.fixture(name="bob")(_member("bob"))
dana = pytest.fixture(name="dana")(_member("dana"))
charlie = pytest.fixture(name="charlie")(_member("charlie"))
omar = pytest.fixture(name="omar")(_member("operator"))


@pytest.fixture
def office(omar: Member) -> Client:
    """The operator's browser."""
    from rooms import signed_in

    return signed_in(omar)
