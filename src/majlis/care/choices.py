"""What a team chooses from when it works on conversations: causes, colleagues, tags, languages."""

from __future__ import annotations

from typing import Final

import msgspec

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission, roles_with
from majlis.care.causes import Cause, causes
from majlis.care.statements import SQL
from majlis.core import sql

MOST_TAGS: Final = 100
LATELY: Final = 500
"""Languages are those of so many of the newest conversations."""


class Answerer(msgspec.Struct, frozen=True):
    """Somebody of the team who answers."""

    id: int
    name: str


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """All there is to choose from."""

    causes: list[Cause]
    answerers: list[Answerer]
    tags: list[str]
    languages: list[str]


def choices(team: OnTeam) -> Choices:
    """What there is to choose from. Four queries.

    Raises:
        NotAllowed: her role does not answer.
    """
    team.require(Permission.ANSWER)
    page = team.page_id
    return Choices(
        causes=causes(team),
        answerers=[
            Answerer(*row)
            for row in sql.rows(SQL["names_of_answerers"], page=page, roles=roles_with(Permission.ANSWER))
        ],
        tags=sql.column(SQL["tags_used"], page=page, limit=MOST_TAGS),
        languages=sql.column(SQL["languages_used"], page=page, lately=LATELY),
    )
