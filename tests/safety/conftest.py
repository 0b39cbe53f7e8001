"""The operator by his name, for tests of safety."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cast import Member


@pytest.fixture
def omar(operator: Member) -> Member:
    return operator
