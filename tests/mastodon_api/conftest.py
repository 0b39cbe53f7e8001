"""Logins on the database, and what the entities of the API must have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logins import choice, post, told

if TYPE_CHECKING:
    from entity_rules import Entities

__all__ = ["choice", "post", "rules", "told"]


@pytest.fixture(scope="session")
def rules() -> Entities:
    """What Mastodon's entities must have."""
    from entity_rules import Entities, shared_folder

    return Entities(shared_folder())
