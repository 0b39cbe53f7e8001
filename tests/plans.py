"""The team of a page as the doors let it in, and what its entries say."""

from __future__ import annotations

from typing import Any

from cast import Bakery
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.posts.composing import PostParams
from majlis.studio.content import Content, Part

ZONE = "Asia/Beirut"


def team_of(bakery: Bakery, who: str = "editor") -> OnTeam:
    """Somebody of the team, through the door."""
    by = getattr(bakery, who)
    return team_door(page_id=bakery.page.id, by=by.id, needs=Permission.READ)


def content(text: str = "خبز طازج اليوم", **more: Any) -> Content:
    """What an entry says."""
    about = {name: more.pop(name) for name in ("thread", "first_comment") if name in more}
    about["thread"] = tuple(
        part if isinstance(part, Part) else Part(text=part) for part in about.get("thread", ())
    )
    return Content(params=PostParams(text=text, **more), **about)
