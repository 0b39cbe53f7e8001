"""Ways for tests of care to speak to the bakery, and to read its inbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cast import MOMENT, Bakery, Member
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.care import inbox, intake, reading
from majlis.care.inbox import Row, Wanted
from majlis.care.intake import Outside

Say = Callable[..., int]


def team(bakery: Bakery, who: Member) -> OnTeam:
    """Somebody acting for the bakery."""
    return team_door(page_id=bakery.page.id, by=who.id, needs=Permission.READ)


def take_in(*, at: datetime = MOMENT) -> None:
    """Put everything that arrived into conversations."""
    while intake.take_in(at=at):
        pass


def outside(
    id_: str, *, thread: str = "t", team: bool = False, at: datetime = MOMENT, **given: Any
) -> Outside:
    """Something that was said on another network."""
    author, text = given.pop("author", "page" if team else "customer"), given.pop("text", id_)
    return Outside(network="x", id=id_, thread=thread, author=author, at=at, text=text, team=team, **given)


def listed(team: OnTeam, *, at: datetime = MOMENT, **wanted: Any) -> list[Row]:
    """The conversations of a list."""
    return inbox.listing(team, Wanted(**wanted), at=at).rows


def only(team: OnTeam, *, at: datetime = MOMENT, **wanted: Any) -> Row:
    """The only one."""
    (row,) = listed(team, at=at, **{"view": "all", **wanted})
    return row


def read(team: OnTeam, conversation_id: int, *, at: datetime = MOMENT) -> reading.Reading:
    """A conversation."""
    return reading.read(team, conversation_id=conversation_id, at=at)
