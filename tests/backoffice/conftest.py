"""The operator and his browser, for tests of the back office."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from cast import Member

sys.path.insert(0, str(Path(__file__).parent.parent / "safety"))


@pytest.fixture
def omar(operator: Member) -> Member:
    return operator


@pytest.fixture
def office(omar: Member) -> Client:
    """The operator's browser."""
    from rooms import signed_in

    return signed_in(omar)
