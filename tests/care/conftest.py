"""The bakery, its customer, and how they speak."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from datetime import datetime

    from talking import Say

    from cast import Bakery, Member
    from majlis.brands.access import OnTeam


@pytest.fixture
def bakery(db: None) -> Bakery:
    import cast

    return cast.bakery()


@pytest.fixture
def dana(db: None) -> Member:
    import cast

    return cast.dana()


@pytest.fixture
def charlie(db: None) -> Member:
    import cast

    return cast.charlie()


@pytest.fixture
def salma(bakery: Bakery) -> OnTeam:
    """Answers for the bakery."""
    from talking import team

    return team(bakery, bakery.support)


@pytest.fixture
def say(db: None) -> Say:
    """Publish a post, and take in what it says to pages."""
    from talking import take_in

    from cast import MOMENT
    from majlis.posts import actions as posts
    from majlis.posts.composing import PostParams

    def said(by: Member, text: str, *, at: datetime = MOMENT, **params: Any) -> int:
        made = posts.publish(by=by.id, params=PostParams(text=text, **params), at=at).post_id
        take_in(at=at)
        return made

    return said
