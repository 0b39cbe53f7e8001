"""Goals: what a business wants to happen on its own site, and from which sites that may be told."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.core import json, sql
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.studio.conversions.promo_codes import SQL
from majlis.studio.links import targets

KINDS: Final = ("order", "event")
LONGEST_NAME: Final = 60
MOST_ORIGINS: Final = 10
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16}")


class Goal(msgspec.Struct, frozen=True):
    """A goal of a page. ``key`` is public and names it in the script."""

    id: int
    name: str
    kind: str
    origins: tuple[str, ...]
    key: str
    made_at: datetime
    retired_at: datetime | None


class Told(msgspec.Struct, frozen=True):
    """A goal in use, as the script's reports find it."""

    id: int
    page_id: int
    kind: str
    origins: tuple[str, ...]
    name: str

    def takes_from(self, origin: str) -> bool:
        """Whether reports may come from this site."""
        return origin in self.origins


def make_goal(team: OnTeam, *, name: str, kind: str, origins: Sequence[str], at: datetime) -> Goal:
    """A new goal.

    Raises:
        BadInput: no name, no such kind, or an origin that is none.
        Conflict: the page has a goal of this name.
        NotThere, NotAllowed: her role does not include it (any more).
    """
    words = clean_text(name).strip()
    if not words or len(words) > LONGEST_NAME:
        raise BadInput(_("Give the goal a name, at most 60 characters."), code="bad_name", field="name")
    if kind not in KINDS:
        raise BadInput(_("A goal is an order or an event."), code="bad_kind", field="kind")
    kept = checked_origins(origins)
    goal = Goal(new_id(), words, kind, kept, secrets.token_urlsafe(12), at, None)
    with transaction.atomic():
        _held(team)
        if not sql.execute(
            SQL["make_goal"], id=goal.id, page=team.page_id, name=words, kind=kind,
            origins=json.encode(kept).decode(), key=goal.key, at=at,
        ):  # fmt: skip
            raise Conflict(_("There is a goal of this name already."), code="goal_there", field="name")
        deeds.note(team, "goal.made", at=at, subject=goal.id, name=words)
    return goal


def change_goal(team: OnTeam, *, goal_id: int, origins: Sequence[str], at: datetime) -> None:
    """Other sites from which it may be told.

    Raises:
        BadInput, NotThere, NotAllowed: see :func:`make_goal`; also when it is not the page's, or retired.
    """
    kept = checked_origins(origins)
    with transaction.atomic():
        _held(team)
        _require(
            sql.execute(
                SQL["change_goal"], goal=goal_id, page=team.page_id, origins=json.encode(kept).decode()
            )
        )
        deeds.note(team, "goal.changed", at=at, subject=goal_id, origins=list(kept))


def retire_goal(team: OnTeam, *, goal_id: int, at: datetime) -> None:
    """Nothing more is taken for it; what was stays.

    Raises:
        NotThere, NotAllowed: it is not the page's, or is retired, or is not for her role.
    """
    with transaction.atomic():
        _held(team)
        _require(sql.execute(SQL["retire_goal"], goal=goal_id, page=team.page_id, at=at))
        deeds.note(team, "goal.retired", at=at, subject=goal_id)


def goals(team: OnTeam) -> list[Goal]:
    """The page's goals, those in use first. One query."""
    return [
        Goal(id_, name, kind, tuple(json.decode_own(origins)), key, made_at, retired_at)
        for id_, name, kind, origins, key, made_at, retired_at in sql.rows(SQL["goals"], page=team.page_id)
    ]


def by_key(key: str) -> Told:
    """The goal in use that a script names.

    Raises:
        NotThere: there is none.
    """
    return _told(sql.one(SQL["goal_by_key"], key=key) if _KEY.fullmatch(key) else None)


def by_name(*, page_id: int, name: str) -> Told:
    """A page's goal in use.

    Raises:
        NotThere: there is none.
    """
    return _told(sql.one(SQL["goal_by_name"], page=page_id, name=clean_text(name).strip()[:LONGEST_NAME]))


def checked_origins(typed: Sequence[str]) -> tuple[str, ...]:
    """Origins (``https://shop.example``), each once. An address of a page is taken as that of its site.

    Raises:
        BadInput: one is no site on the public web, or there are more than ten.
    """
    found = dict.fromkeys(_origin(text) for text in typed if text.strip())
    if len(found) > MOST_ORIGINS:
        raise BadInput(_("At most ten sites are taken."), code="too_many_origins", field="origins")
    return tuple(found)


def _origin(text: str) -> str:
    try:
        parts = urlsplit(targets.checked_target(text))
    except BadInput as error:
        raise BadInput(error.sentence, code=error.code, field="origins", cause=error.cause) from error
    plain = {"http": 80, "https": 443}[parts.scheme]
    port = f":{parts.port}" if parts.port not in (None, plain) else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def _held(team: OnTeam) -> None:
    team_door(page_id=team.page_id, by=team.by, needs=Permission.TRACK, lock=True)


def _require(touched: int) -> None:
    if not touched:
        raise NotThere(_("There is no such goal."))


def _told(row: tuple[Any, ...] | None) -> Told:
    if row is None:
        raise NotThere(_("There is no such goal."))
    return Told(row[0], row[1], row[2], tuple(json.decode_own(row[3])), row[4])
