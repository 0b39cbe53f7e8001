"""The bakery in Beirut, and entries of its plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

if TYPE_CHECKING:
    from cast import Bakery, Member

Write = Callable[..., int]


@pytest.fixture
def bakery(db: None, tmp_path: Path, settings: Any) -> Bakery:
    """In Beirut, with a folder of its own for pictures."""
    import cast as people
    from majlis.brands.models import Page
    from plans import ZONE

    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path)
    made = people.bakery()
    Page.objects.filter(pk=made.page.id).update(time_zone=ZONE)
    return made


@pytest.fixture
def write(bakery: Bakery) -> Write:
    """A draft, the editor's unless said otherwise; its id."""
    from cast import MOMENT
    from majlis.studio import actions
    from plans import content, team_of

    def made(text: str = "خبز طازج اليوم", *, who: str = "editor", **more: Any) -> int:
        at = more.pop("at", MOMENT)
        draft = actions.Draft(content=content(text, **more))
        return actions.make(team=team_of(bakery, who), draft=draft, at=at)

    return made


@pytest.fixture
def publish(db: None) -> Callable[..., int]:
    """Publish a post of somebody; its id."""
    from cast import MOMENT
    from majlis.posts import actions
    from majlis.posts.composing import PostParams

    def post(by: Member, text: str = "A walk by the sea.", **params: Any) -> int:
        return actions.publish(by=by.id, params=PostParams(text=text, **params), at=MOMENT).post_id

    return post
