"""Posts of somebody, to hang links and orders on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cast import Member


@pytest.fixture
def publish(db: None) -> Callable[..., int]:
    """Publish a post of somebody; its id."""
    from cast import MOMENT
    from majlis.posts import actions
    from majlis.posts.composing import PostParams

    def write(by: Member, text: str = "A walk by the sea.", **params: Any) -> int:
        return actions.publish(by=by.id, params=PostParams(text=text, **params), at=MOMENT).post_id

    return write
