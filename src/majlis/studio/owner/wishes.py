"""Who wants the monthly report by mail: each for herself, on a day of hers, in a language of hers. Off until asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.core import sql
from majlis.core.errors import BadInput
from majlis.studio.owner.pieces import SQL

DAYS: Final = range(1, 29)
"""Days that every month has."""


class Wish(msgspec.Struct, frozen=True):
    """The day of the month after, in the page's time zone; and the language."""

    day: int
    language: str
    made_at: datetime


def wish(team: OnTeam) -> Wish | None:
    """Her own; None: she gets no report.

    Raises:
        NotAllowed: her role does not see the money.
    """
    team.require(Permission.MONEY)
    row = sql.one(SQL["wish"], page=team.page_id, by=team.by)
    return Wish(*row) if row else None


def keep(team: OnTeam, *, day: int, language: str, at: datetime) -> None:
    """She wants it from now on.

    Raises:
        BadInput: no day that every month has; a language the house does not speak.
        NotAllowed: her role does not see the money.
    """
    if day not in DAYS:
        raise BadInput(_("Choose a day between 1 and 28: every month has those."), field="day")
    if language not in dict(settings.LANGUAGES):
        raise BadInput(_("The house does not speak this language."), field="language")
    with transaction.atomic():
        team_door(page_id=team.page_id, by=team.by, needs=Permission.MONEY, lock=True)
        sql.execute(SQL["keep_wish"], page=team.page_id, by=team.by, day=day, language=language, at=at)


def forget(team: OnTeam) -> None:
    """She wants it no more; a letter that has not left does not leave.

    Raises:
        NotAllowed: her role does not see the money.
    """
    team.require(Permission.MONEY)
    sql.execute(SQL["forget_wish"], page=team.page_id, by=team.by)
