"""The cast, on the database, for every test of discovery.

What needs Django is imported late: this file is read before Django is set up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cast import Member


def _member(name: str) -> Callable[[None], Member]:
    def make(db: None) -> Member:
        import cast

        return getattr(cast, name)()  # type: ignore[no-any-return]

    return make


alice = pytest.fixture(name="alice")(_member("alice"))
bob = pytest.fixture(name="bob")(_member("bob"))
dana = pytest.fixture(name="dana")(_member("dana"))
charlie = pytest.fixture(name="charlie")(_member("charlie"))
operator = pytest.fixture(name="operator")(_member("operator"))
